//go:build linux

package delivery

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// model is what everyone should hear, the simple way.
type model struct {
	h       *house
	rng     *rand.Rand
	clients []*client
	groups  []*Group
	form    map[*client]map[*Group]uint8
	said    int
	lists   map[*client][]*list
}

func (m *model) client() *client { return m.clients[m.rng.IntN(len(m.clients))] }
func (m *model) group() *Group   { return m.groups[m.rng.IntN(len(m.groups))] }

func (m *model) hears(c *client, line string, form uint8) {
	if c.failed == nil && !c.r.Deaf() {
		c.want = append(c.want, text(line).Append(nil, form)...)
	}
}

func (m *model) line() string {
	m.said++
	return fmt.Sprintf("%d %s", m.said, strings.Repeat("x", m.rng.IntN(300)))
}

func (m *model) publish() {
	g, line := m.group(), m.line()
	var speaker *client
	if m.rng.IntN(3) > 0 {
		speaker = m.client()
	}
	for _, c := range m.clients {
		if form, in := m.form[c][g]; in && c != speaker {
			m.hears(c, line, form)
		}
	}
	if speaker == nil {
		m.h.w.Publish(g, nil, text(line))
		return
	}
	m.h.w.Publish(g, &speaker.r, text(line))
}

func (m *model) publishOnce() {
	groups, line := m.groups[:1+m.rng.IntN(len(m.groups))], m.line()
	speaker := m.client()
	for _, c := range m.clients {
		for _, g := range groups {
			if form, in := m.form[c][g]; in && c != speaker {
				m.hears(c, line, form)
				break
			}
		}
	}
	m.h.w.PublishOnce(groups, &speaker.r, text(line))
}

func (m *model) tell() {
	c, line := m.client(), m.line()
	m.hears(c, line, 1)
	m.h.w.Tell(&c.r, text(line), 1)
}

func (m *model) tellFrom() {
	c := m.client()
	s := &list{}
	for range m.rng.IntN(4) {
		line := m.line()
		m.hears(c, line, 0)
		s.lines = append(s.lines, line)
	}
	m.lists[c] = append(m.lists[c], s)
	m.h.w.TellFrom(&c.r, s, 0, 0)
}

func (m *model) move() {
	c, g, form := m.client(), m.group(), uint8(m.rng.IntN(3))
	_, in := m.form[c][g]
	switch {
	case !in && !c.r.Closed():
		m.form[c][g] = form
		m.h.w.Join(&c.r, g, form)
	case m.rng.IntN(2) == 0:
		delete(m.form[c], g)
		m.h.w.Leave(&c.r, g)
	default:
		m.form[c][g] = form
		m.h.w.Switch(&c.r, g, form)
	}
}

// list is a source of lines.
type list struct {
	lines  []string
	closed int
}

func (s *list) Next() ([]byte, bool) {
	if len(s.lines) == 0 {
		return nil, false
	}
	line := s.lines[0]
	s.lines = s.lines[1:]
	return text(line).Append(nil, 0), len(s.lines) > 0
}

func (s *list) Close() { s.closed++ }

// Whoever comes, goes, changes its form, is answered, doesn't read for a while or talks: everyone hears each line once, whole, and all in the
// order in which they were said.
func TestEveryoneHearsAllInOrder(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			limits := roomy
			limits.MergeWait = time.Duration(seed%3) * time.Millisecond
			h := newHouse(t, limits)
			m := &model{h: h, rng: rand.New(rand.NewPCG(seed, 1)), form: map[*client]map[*Group]uint8{}, lists: map[*client][]*list{}}
			for range 1 + m.rng.IntN(4) {
				m.groups = append(m.groups, &Group{})
			}
			slots := m.rng.Perm(1000)
			for i := range 2 + m.rng.IntN(120) {
				c := h.connect(slots[i], 4096*m.rng.IntN(3), false)
				m.clients = append(m.clients, c)
				m.form[c] = map[*Group]uint8{}
			}
			for range 3000 {
				m.step()
				m.checkUntaken(t, m.client())
			}
			m.check(t)
		})
	}
}

func (m *model) step() {
	switch n := m.rng.IntN(100); {
	case n < 47:
		m.publish()
	case n < 50:
		m.publishOnce()
	case n < 62:
		m.tell()
	case n < 66:
		m.tellFrom()
	case n < 86:
		m.move()
	case n < 90:
		c := m.client()
		c.slept = !c.slept
	case n < 91:
		c := m.client()
		m.h.w.Finish(&c.r)
	case n < 95:
		m.h.w.Sweep()
	default:
		c := m.client()
		if m.h.read(c, 3000); m.h.watched[&c.r] {
			delete(m.h.watched, &c.r)
			m.h.w.Writable(&c.r)
		}
		m.h.w.Sweep()
	}
}

func (m *model) check(t *testing.T) {
	t.Helper()
	for _, c := range m.clients {
		c.slept = false
	}
	m.h.pump()
	for i, c := range m.clients {
		if !bytes.Equal(c.got, c.want) {
			t.Fatalf("client %d heard %s", i, difference(c.got, c.want))
		}
		if c.r.out != nil || c.failed != nil {
			t.Errorf("client %d: outbox %v, failed: %v; want neither", i, c.r.out, c.failed)
		}
	}
	m.checkMemory(t)
}

// checkMemory shows that nothing is kept once all have heard everything.
func (m *model) checkMemory(t *testing.T) {
	t.Helper()
	w := m.h.w
	if w.copied != 0 || w.pool.stuck != 0 {
		t.Errorf("%d bytes of copies, %d of old chunks are kept; want none", w.copied, w.pool.stuck)
	}
	for _, g := range m.groups {
		for _, s := range g.streams {
			if len(s.chunks) > 0 || len(s.marks) > 0 {
				t.Errorf("a stream keeps %d chunks, %d marks; want none", len(s.chunks), len(s.marks))
			}
		}
	}
	if own := w.own; own != nil && w.pool.held != cap(own.bytes) {
		t.Errorf("held %d, want the %d of the chunk for answers", w.pool.held, cap(own.bytes))
	}
}

func difference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range w {
		if i >= len(g) {
			return fmt.Sprintf("%d lines, want %d", len(g), len(w))
		}
		if g[i] != w[i] {
			return fmt.Sprintf("line %d %.30q, want %.30q", i, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines more than %d", len(g)-len(w), len(w))
}

// crowd joins n clients to a new group.
func (h *house) crowd(n int) (*Group, []*client) {
	g := &Group{}
	var all []*client
	for slot := range n {
		c := h.connect(slot, 0, false)
		h.w.Join(&c.r, g, 0)
		all = append(all, c)
	}
	return g, all
}

// A message that comes in the middle of a lap is in the same write for those who are not yet visited.
func TestAMessageJoinsTheLap(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(3 * visitsAtOnce)
	h.w.Publish(g, nil, text("one"))
	h.w.round(g, visitsAtOnce)
	h.w.Publish(g, nil, text("two"))
	h.pump()
	if got, want := h.w.Tally.Writes, uint64(4*visitsAtOnce); got != want {
		t.Errorf("%d writes for two messages, want %d: a lap, and once more those who had the first", got, want)
	}
	for i, c := range all {
		if string(c.got) != "one\ntwo\n" {
			t.Errorf("client %d heard %q", i, c.got)
		}
	}
}

// A turn ends, however large the group is, and what another client is told comes first in the next.
func TestATurnIsBounded(t *testing.T) {
	h := newHouse(t, roomy)
	now := time.Duration(0)
	h.clock = func() time.Duration { now += 100 * time.Microsecond; return now }
	g, _ := h.crowd(300)
	other := h.connect(301, 0, false)
	h.w.Publish(g, nil, text("to all"))
	if more := h.w.Sweep(); !more {
		t.Fatal("all is sent in one turn; want more to come")
	}
	if writes := h.w.Tally.Writes; writes > 6*visitsAtOnce {
		t.Errorf("%d writes in a turn of %v", writes, turn)
	}
	h.w.Tell(&other.r, text("alone"), 0)
	h.w.Sweep()
	if h.read(other, 100); string(other.got) != "alone\n" {
		t.Errorf("the next turn brought %q to the other client, want its answer", other.got)
	}
}

// Groups with something pending take turns.
func TestGroupsTakeTurns(t *testing.T) {
	h := newHouse(t, roomy)
	now := time.Duration(0)
	h.clock = func() time.Duration { now += 60 * time.Microsecond; return now }
	large, _ := h.crowd(500)
	small := &Group{}
	c := h.connect(600, 0, false)
	h.w.Join(&c.r, small, 0)
	h.w.Publish(large, nil, text("large"))
	h.w.Publish(small, nil, text("small"))
	h.w.Sweep()
	if h.read(c, 100); string(c.got) != "small\n" {
		t.Errorf("the first turn brought %q to the small group", c.got)
	}
}

// A lone answer diverges that member alone.
func TestAnAnswerDivergesItsMemberAlone(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(100)
	h.w.Publish(g, nil, text("one"))
	h.w.Tell(&all[7].r, text("answer"), 0)
	h.w.Publish(g, nil, text("two"))
	for i, c := range all {
		if has := c.r.out != nil; has != (i == 7) {
			t.Errorf("client %d has an outbox: %t", i, has)
		}
	}
	h.pump()
	if got, want := h.w.Tally.Writes, uint64(len(all)); got != want {
		t.Errorf("%d writes, want one for each of %d", got, want)
	}
	if got := string(all[7].got); got != "one\nanswer\ntwo\n" {
		t.Errorf("who was answered heard %q", got)
	}
}

// counting counts how often it is encoded.
type counting struct{ forms *[]uint8 }

func (m counting) Append(dst []byte, form uint8) []byte {
	*m.forms = append(*m.forms, form)
	return append(dst, "x\n"...)
}

// A message is encoded once for each form that someone reads.
func TestOnlyFormsThatAreReadAreEncoded(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(10)
	h.w.Switch(&all[3].r, g, 5)
	h.w.Switch(&all[4].r, g, 6)
	h.w.Switch(&all[4].r, g, 5)
	var forms []uint8
	h.w.Publish(g, nil, counting{&forms})
	slices.Sort(forms)
	if want := []uint8{0, 5}; !slices.Equal(forms, want) {
		t.Errorf("encoded in the forms %v, want %v", forms, want)
	}
}

// Who hears two rooms that talk by turns gets both by one prepared write, as the others in its place do.
func TestTwoGroupsByTurnsCostOneWrite(t *testing.T) {
	h := newHouse(t, roomy)
	a, all := h.crowd(200)
	b := &Group{}
	for _, c := range all {
		h.w.Join(&c.r, b, 0)
	}
	want := ""
	for i := range 40 {
		g := a
		if i%2 == 1 {
			g = b
		}
		h.w.Publish(g, nil, text(fmt.Sprint(i)))
		want += fmt.Sprintln(i)
	}
	h.pump()
	if got := h.w.Tally.Writes; got != uint64(len(all)) {
		t.Errorf("%d writes to %d clients", got, len(all))
	}
	for i, c := range all {
		if string(c.got) != want {
			t.Fatalf("client %d heard %s", i, difference(c.got, []byte(want)))
		}
	}
}

// A write that panics costs its receiver; the sweep goes on.
func TestAPanicCostsOneReceiver(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(50)
	h.w.Seal(&all[20].r)
	h.seal = func(*Receiver, [][]byte) ([]byte, int, error) { panic("broken seal") }
	h.w.Publish(g, nil, text("hello"))
	h.pump()
	for i, c := range all {
		if want := map[bool]string{false: "hello\n"}[i == 20]; string(c.got) != want || (c.failed != nil) != (i == 20) {
			t.Errorf("client %d heard %q, failed: %v", i, c.got, c.failed)
		}
	}
	if len(h.panicked) != 1 || g.Len() != 49 {
		t.Errorf("panics %v, members %d; want one and 49", h.panicked, g.Len())
	}
}

// Who leaves while the sweep stands on it takes nobody along.
func TestWhoGoesInTheMiddleOfALap(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(64)
	h.w.Publish(g, nil, text("hello"))
	h.w.round(g, visitsAtOnce)
	for _, c := range all[visitsAtOnce-2 : visitsAtOnce+2] {
		h.fail(&c.r, ErrSlow)
	}
	h.w.Publish(g, nil, text("again"))
	h.pump()
	for i, c := range all {
		if c.failed == nil && string(c.got) != "hello\nagain\n" {
			t.Errorf("client %d heard %q", i, c.got)
		}
	}
}

// Nothing is allocated for a message once there has been one.
func TestPublishAllocatesNothing(t *testing.T) {
	h := newHouse(t, roomy)
	g, all := h.crowd(100)
	var m Message = text("hello")
	buf := make([]byte, 4096)
	round := func() {
		h.w.Publish(g, &all[3].r, m)
		h.w.Tell(&all[5].r, m, 0)
		for h.w.Sweep() {
		}
		for _, c := range all {
			readAll(c, buf)
		}
	}
	round()
	if n := testing.AllocsPerRun(20, round); n > 0 {
		t.Errorf("%v allocations for a message to 100 and an answer, want 0", n)
	}
}
