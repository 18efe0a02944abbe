//go:build linux

package delivery

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"looproom/codec"
)

// TestSkipKeepsTheStreamWhole lets a receiver lose messages at random moments, in every layout, and reads what it was sent, cut anywhere: all answers
// have come, in order, every line is whole, and the notices tell how many messages are missing.
func TestSkipKeepsTheStreamWhole(t *testing.T) {
	layouts := []struct {
		name   string
		layout Layout
	}{
		{"lines", Layout{Framing: Lines}},
		{"blocks", Layout{Framing: Blocks, Size: 64}},
		{"bursts", Layout{Framing: Bursts}},
		{"messages", Layout{Framing: Messages}},
		{"lines with returns", Layout{Framing: CRLF}},
	}
	for _, test := range layouts {
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%s/%d", test.name, seed), func(t *testing.T) {
				h := newHouse(t, roomy)
				h.layout = test.layout
				c := loser{house: h, client: h.connect(1, 0, true), group: &Group{}, rng: rand.New(rand.NewPCG(seed, 7))}
				h.w.Join(&c.client.r, c.group, 0)
				for range 3000 {
					c.step()
				}
				c.send(1 << 30)
				c.check(t)
			})
		}
	}
}

// loser is a receiver that may lose messages. What it is sent is taken from its outbox without a socket.
type loser struct {
	*house
	client        *client
	group         *Group
	rng           *rand.Rand
	got           []byte
	answers, said []string
}

// laid is a line as the layout has it.
type laid struct {
	layout Layout
	line   string
}

func (m laid) Append(dst []byte, _ uint8) []byte {
	switch m.layout.Framing {
	case Blocks:
		return codec.AppendBlocks(dst, []byte(m.line), 0, m.layout.Size)
	case Bursts:
		return append(append(dst, '\n'), m.line...)
	case Messages:
		return codec.AppendTextFrame(dst, []byte(m.line))
	case CRLF:
		return append(append(dst, m.line...), "\r\n"...)
	}
	return append(append(dst, m.line...), '\n')
}

func (c *loser) step() {
	r, words := &c.client.r, strings.Repeat("x", c.rng.IntN(30))
	switch n := c.rng.IntN(20); {
	case n < 10:
		c.said = append(c.said, fmt.Sprintf("[ana] %d %s", len(c.said), words))
		c.w.Publish(c.group, nil, laid{c.layout, c.said[len(c.said)-1]})
	case n < 14:
		c.answers = append(c.answers, fmt.Sprintf("= %d %s", len(c.answers), words))
		c.w.Tell(r, laid{c.layout, c.answers[len(c.answers)-1]}, 0)
	case n < 18:
		c.send(c.rng.IntN(200))
	case n == 18:
		c.age()
	default:
		if c.w.settle(r); r.out != nil {
			c.w.skip(r, 1+c.rng.IntN(600))
		}
	}
	if r.out != nil && r.out.empty() && r.out.size != 0 {
		panic(fmt.Sprintf("an empty outbox has %d bytes", r.out.size))
	}
}

// age has what waits stand in copies, as of one who has waited for long.
func (c *loser) age() {
	r := &c.client.r
	c.w.settle(r)
	for _, s := range c.group.streams {
		s.forget(c.w, s.end)
	}
	if r.out != nil {
		c.w.copyOut(r.out)
	}
}

// send lets the socket take at most n bytes. On a chunk door nothing but the pause stands between the end of one write and the next line.
func (c *loser) send(n int) {
	r := &c.client.r
	for c.w.settle(r); n > 0 && r.out != nil; {
		all := bytes.Join(r.out.appendSlices(nil, n), nil)
		all = all[:min(n, len(all))]
		c.got = append(c.got, all...)
		c.w.took(r, len(all))
		n -= len(all)
		if r.out.empty() {
			c.w.discard(r)
			if c.layout.Framing == Bursts && len(all) > 0 {
				c.got = append(c.got, '\n')
			}
		}
	}
}

// lines are what the client has read.
func (c *loser) lines() (all []string) {
	switch c.layout.Framing {
	case Blocks:
		for block := range slices.Chunk(c.got, c.layout.Size) {
			line, _, _ := bytes.Cut(block, []byte{0})
			all = append(all, string(line))
		}
	case Messages:
		for rest := c.got; len(rest) > 0; rest = rest[codec.FrameSize(rest):] {
			all = append(all, string(rest[2:codec.FrameSize(rest)])) // none is longer than 125 bytes
		}
	case CRLF:
		all = strings.Split(strings.TrimSuffix(string(c.got), "\r\n"), "\r\n")
	default:
		all = strings.Split(strings.TrimSuffix(string(c.got), "\n"), "\n")
	}
	return all
}

func (c *loser) check(t *testing.T) {
	t.Helper()
	var answers []string
	next, lost := 0, 0
	for _, line := range c.lines() {
		var n int
		switch _, err := fmt.Sscanf(line, "skipped %d", &n); {
		case err == nil:
			lost += n
		case line == "" && c.layout.Framing == Bursts: // the end of a line that is lost
		case strings.HasPrefix(line, "= "):
			answers = append(answers, line)
		default:
			at := slices.Index(c.said[next:], line)
			if at < 0 {
				t.Fatalf("read %q, which was not said, or before", line)
			}
			next += at + 1
			lost -= at
		}
	}
	lost -= len(c.said) - next
	if !slices.Equal(answers, c.answers) {
		t.Errorf("read %d answers, want %d", len(answers), len(c.answers))
	}
	if lost != 0 {
		t.Errorf("the notices tell of %d messages more than are missing", lost)
	}
	if c.w.copied != 0 || c.client.r.out != nil {
		t.Errorf("%d bytes of copies are left, and an outbox: %v", c.w.copied, c.client.r.out)
	}
}
