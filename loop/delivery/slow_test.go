//go:build linux

package delivery

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func readAll(c *client, buf []byte) (n int) {
	for {
		m, err := unix.Read(c.theirs, buf)
		if err != nil || m == 0 {
			return n
		}
		n += m
	}
}

// Small pieces count with their own size: who is sent very many of them and reads none owes no less than the memory that they take.
func TestSmallPiecesCount(t *testing.T) {
	limits := roomy
	limits.HardSendQ = 64 << 10
	h := newHouse(t, limits)
	a, all := h.crowd(2)
	slow := all[0]
	slow.slept = true
	h.w.Publish(a, nil, text(strings.Repeat("x", 512<<10))) // fills the socket
	h.pump()
	said := 0
	for slow.failed == nil && said < 100_000 {
		h.w.Publish(a, nil, text("a"))
		h.w.Tell(&slow.r, text("b"), 0)
		said++
		h.w.Sweep()
	}
	if !errors.Is(slow.failed, ErrSlow) {
		t.Fatalf("failed with %v after %d messages, want %v", slow.failed, said, ErrSlow)
	}
}

// Who takes nothing for the time of grace though too much waits is dropped; who takes some is not, and who owes little may wait for ever.
func TestGrace(t *testing.T) {
	limits := Limits{SendQ: 100 << 10, HardSendQ: 64 << 20, Grace: 5 * time.Second}
	h := newHouse(t, limits)
	now := time.Duration(1)
	h.clock = func() time.Duration { return now }
	g, all := h.crowd(3)
	stuck, steady, little := all[0], all[1], all[2]
	h.w.Leave(&little.r, g)
	for _, c := range all {
		c.slept = true
	}
	h.w.Tell(&little.r, text(strings.Repeat("y", 300<<10)), 0)
	for range 20 {
		h.w.Publish(g, nil, text(strings.Repeat("x", 100<<10)))
	}
	h.pump()
	for range 12 {
		now += time.Second
		h.read(steady, 64<<10)
		if h.watched[&steady.r] {
			delete(h.watched, &steady.r)
			h.w.Writable(&steady.r)
		}
		h.pump()
		h.w.Check()
	}
	if !errors.Is(stuck.failed, ErrSlow) || steady.failed != nil {
		t.Errorf("who takes nothing: %v, who reads steadily: %v", stuck.failed, steady.failed)
	}
}

// The time in which the process was stopped does not count against a receiver whose socket is full.
func TestForgive(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 1, HardSendQ: 64 << 20, Grace: 5 * time.Second})
	now := time.Duration(1)
	h.clock = func() time.Duration { return now }
	c := h.connect(1, 0, false)
	c.slept = true
	h.w.Tell(&c.r, text(strings.Repeat("y", 1<<20)), 0)
	h.pump()
	now += time.Minute
	h.w.Forgive(time.Minute)
	if h.w.Check(); c.failed != nil {
		t.Fatalf("failed with %v at once after the process was stopped", c.failed)
	}
	h.w.Check()
	now += 5 * time.Second
	if h.w.Check(); !errors.Is(c.failed, ErrSlow) {
		t.Errorf("failed with %v after the grace, want %v", c.failed, ErrSlow)
	}
}

// A source whose receiver takes nothing is no reason to keep it.
func TestGraceForSources(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 1 << 20, HardSendQ: 16 << 20, Grace: time.Second})
	now := time.Duration(1)
	h.clock = func() time.Duration { return now }
	c := h.connect(1, 0, false)
	c.slept = true
	s := &list{}
	for range 1000 {
		s.lines = append(s.lines, strings.Repeat("z", 4<<10))
	}
	h.w.TellFrom(&c.r, s, 0, 0)
	h.pump()
	for range 2 {
		now += 2 * time.Second
		h.w.Check()
	}
	if !errors.Is(c.failed, ErrSlow) || s.closed != 1 {
		t.Errorf("failed: %v, the source was closed %d times; want %v, once", c.failed, s.closed, ErrSlow)
	}
}

// Slow receivers keep what they wait for, in copies of a bounded size, and the chunks go back to the others.
func TestSlowReceiversAreCopiedOut(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 64 << 20, HardSendQ: 64 << 20, Grace: time.Hour})
	g, all := h.crowd(4)
	slow := all[1]
	slow.slept = true
	line := strings.Repeat("x", 100<<10)
	for i := range 200 {
		h.w.Publish(g, nil, text(fmt.Sprint(i, line)))
		slow.want = text(fmt.Sprint(i, line)).Append(slow.want, 0)
		h.pump()
	}
	if h.w.pool.stuck > spillOver+largestChunk {
		t.Errorf("%d bytes of chunks are kept for one slow receiver, want at most %d", h.w.pool.stuck, spillOver)
	}
	slow.slept = false
	h.pump()
	if !bytes.Equal(slow.got, slow.want) {
		t.Errorf("the slow one heard %s", difference(slow.got, slow.want))
	}
	if h.w.copied != 0 {
		t.Errorf("%d bytes of copies are left", h.w.copied)
	}
}

// Many that never read end before they hold more than is promised.
func TestManySlowReceiversAreBounded(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 1 << 20, HardSendQ: 16 << 20, Grace: time.Hour})
	g, all := h.crowd(60)
	for _, c := range all[1:] {
		c.slept = true
	}
	most := 0
	line := strings.Repeat("x", 200<<10)
	for range 300 {
		h.w.Publish(g, nil, text(line))
		h.pump()
		most = max(most, h.w.Held())
	}
	if promised := spillMost + spillWait + 4<<20; most > promised {
		t.Errorf("slow receivers held %d MiB, want at most %d", most>>20, promised>>20)
	}
	if len(all[0].got) != 300*(len(line)+1) {
		t.Errorf("who reads got %d bytes", len(all[0].got))
	}
}

// A receiver that may lose messages loses the oldest, whole ones, keeps its answers, and is told how many it lost.
func TestSkip(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 64 << 10, HardSendQ: 256 << 10, Grace: time.Hour})
	g := &Group{}
	c := h.connect(1, 0, true)
	h.w.Join(&c.r, g, 0)
	c.slept = true
	pad := strings.Repeat("x", 1000)
	for i := range 3000 {
		h.w.Publish(g, nil, text(fmt.Sprint(i, pad)))
		if i%100 == 0 {
			h.w.Tell(&c.r, text(fmt.Sprint("answer", i)), 0)
		}
		h.pump()
	}
	c.slept = false
	h.pump()
	next, answers, lost := 0, 0, 0
	for line := range strings.Lines(string(c.got)) {
		var n int
		switch _, err := fmt.Sscanf(line, "skipped %d\n", &n); {
		case err == nil:
			next, lost = next+n, lost+n
		case strings.HasPrefix(line, "answer"):
			answers++
		case line == fmt.Sprint(next, pad, "\n"):
			next++
		default:
			t.Fatalf("heard %.20q when %d was due", line, next)
		}
	}
	if next != 3000 || answers != 30 || lost == 0 || c.failed != nil {
		t.Errorf("accounted for %d of 3000 messages, %d of 30 answers, lost %d, failed: %v", next, answers, lost, c.failed)
	}
}

// Throttle tells once when little waits again.
func TestEased(t *testing.T) {
	h := newHouse(t, roomy)
	c := h.connect(1, 0, false)
	c.slept = true
	for range 100 {
		h.w.Answer(&c.r, text(strings.Repeat("x", 8<<10)), 0)
	}
	h.pump()
	h.w.Throttle(&c.r)
	if h.pump(); c.eased != 0 {
		t.Fatalf("eased while %d bytes wait", c.r.Owes())
	}
	c.slept = false
	if h.pump(); c.eased != 1 {
		t.Errorf("eased %d times, want once", c.eased)
	}
}

// What a receiver has asked for counts apart from what others say to it, whichever way it goes; a source counts until it has no more.
func TestAnswersCountApart(t *testing.T) {
	h := newHouse(t, roomy)
	c := h.connect(1, 0, true)
	g := &Group{}
	h.w.Join(&c.r, g, 0)
	c.slept = true
	total := 0
	for n := range 400 {
		h.w.Publish(g, nil, text(strings.Repeat("x", 4000)))
		h.w.Tell(&c.r, text(strings.Repeat("y", 100)), 0)
		h.w.Answer(&c.r, text(strings.Repeat("z", 1000)), 0)
		if total += 1000; n%50 == 0 {
			h.pump()
		}
	}
	line := len(text(strings.Repeat("z", 1000)).Append(nil, 0))
	if got := c.r.Answers(); got > 400*line || got < 200*line {
		t.Errorf("%d bytes of answers wait, want at most %d and at least half of that", got, 400*line)
	}
	before := c.r.Answers()
	h.w.TellFrom(&c.r, &list{lines: []string{"one", "two"}}, 1000, 5000)
	if got := c.r.Answers() - before; got != 5000 {
		t.Errorf("the source counts as %d bytes, want 5000", got)
	}
	c.slept = false
	if h.pump(); c.r.Answers() != 0 || h.w.copied != 0 {
		t.Errorf("%d bytes of answers and %d bytes of copies when all has been sent", c.r.Answers(), h.w.copied)
	}
}

// stock is a list of which all is in memory.
type stock struct{ list }

func (s *stock) Held() (bytes int) {
	for _, line := range s.lines {
		bytes += len(line)
	}
	return bytes
}

// What a source holds counts as waiting, from when it has it until that has been taken, and is not taken for bytes that are on their way.
func TestWhatASourceHoldsCounts(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 1 << 20, HardSendQ: 16 << 20, Grace: time.Hour})
	c := h.connect(1, 0, false)
	s := &stock{}
	h.w.TellFrom(&c.r, s, 0, 0)
	before := c.r.Owes()
	for range 100 {
		s.lines = append(s.lines, strings.Repeat("z", 4<<10))
	}
	c.slept = true
	h.w.Supply(&c.r, s, 0)
	if got, want := c.r.Owes()-before, 400<<10-sourceBytes; got != want {
		t.Errorf("it owes %d bytes more when the source has them, want %d", got, want)
	}
	if got := c.r.Untaken(); got != 0 {
		t.Errorf("%d bytes are on their way, want none", got)
	}
	h.pump()
	if got, left := c.r.Owes()-before+sourceBytes, s.Held(); left == 0 || got < left || got > left+8<<10 {
		t.Errorf("it owes %d bytes more when its socket is full, want the %d that are left and a piece", got, left)
	}
	c.slept = false
	if h.pump(); c.r.Owes() != 0 || h.w.copied != 0 || s.closed != 1 {
		t.Errorf("%d bytes and %d bytes of copies are left when all has been sent, and the source was closed %d times", c.r.Owes(), h.w.copied, s.closed)
	}
}
