//go:build linux

package loop

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"looproom/codec"
)

// TestSkipKeepsTheStreamWhole lets a client lose messages at random moments, in every wire form, and reads what it was sent: all answers
// have come, in order, every line is whole, and the notices tell how many messages are missing.
func TestSkipKeepsTheStreamWhole(t *testing.T) {
	wires := []struct {
		name string
		wire wire
	}{
		{"lines", wire{framing: lines}},
		{"blocks", wire{framing: blocks, size: 64}},
		{"bursts", wire{framing: bursts}},
		{"messages", wire{framing: messages}},
	}
	for _, test := range wires {
		for seed := range uint64(20) {
			t.Run(fmt.Sprintf("%s/%d", test.name, seed), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 7))
				c := skipClient{wire: test.wire, log: newDeliveryLog(), box: newOutbox()}
				for range 3000 {
					c.step(random)
				}
				for len(c.box.parts) > 0 {
					c.send(1 << 30)
				}
				c.check(t)
			})
		}
	}
}

// skipClient is a client of a door with slow=skip.
type skipClient struct {
	wire          wire
	log           deliveryLog
	box           *outbox
	got           []byte
	answers, said []string
	lost          int
}

func (c *skipClient) step(random *rand.Rand) {
	words := strings.Repeat("x", random.IntN(40))
	if len(c.box.parts) == 0 && c.box.size != 0 {
		panic(fmt.Sprintf("an empty outbox has %d bytes", c.box.size))
	}
	switch n := random.IntN(20); {
	case n < 10:
		c.said = append(c.said, fmt.Sprintf("[ana] %d %s", len(c.said), words))
		c.push(c.said[len(c.said)-1], true)
	case n < 14:
		c.answers = append(c.answers, fmt.Sprintf("= %d %s", len(c.answers), words))
		c.push(c.answers[len(c.answers)-1], false)
	case n < 18:
		c.send(random.IntN(200))
		c.log.trim(c.box.oldest(c.log.end()))
	case n == 18:
		c.box.spill(&c.log, c.log.end())
	default:
		c.lost += c.box.skip(&c.log, &c.wire, 1+random.IntN(600))
	}
}

func (c *skipClient) push(line string, skippable bool) {
	s := c.log.close(c.wire.append(c.log.open(headroom), []byte(line)))
	s.lead = c.wire.lead()
	c.box.add(s, skippable)
}

// send lets the socket take some. On a chunk door nothing but the pause stands between the end of one write and the next line.
func (c *skipClient) send(n int) {
	if all := bytes.Join(c.box.slices(nil, &c.log, maxSlices), nil); c.wire.framing == messages {
		c.box.tear(&c.log, min(n, len(all)))
	}
	took := sendSome(c.box, &c.log, n)
	c.got = append(c.got, took...)
	if c.wire.framing == bursts && len(took) > 0 && len(c.box.parts) == 0 {
		c.got = append(c.got, '\n')
	}
}

// lines are what the client has read.
func (c *skipClient) lines() []string {
	switch c.wire.framing {
	case blocks:
		var all []string
		for block := range slices.Chunk(c.got, c.wire.size) {
			text, _, _ := bytes.Cut(block, []byte{0})
			all = append(all, string(text))
		}
		return all
	case messages:
		var all []string
		for rest := c.got; len(rest) > 0; rest = rest[codec.FrameSize(rest):] {
			all = append(all, string(rest[2:codec.FrameSize(rest)])) // none is longer than 125 bytes
		}
		return all
	case bursts:
		return strings.Split(strings.TrimPrefix(string(c.got), "\n"), "\n")
	}
	return strings.Split(strings.TrimSuffix(string(c.got), "\n"), "\n")
}

func (c *skipClient) check(t *testing.T) {
	t.Helper()
	var answers []string
	said, told, next := 0, 0, 0
	for _, line := range c.lines() {
		var n int
		switch {
		case line == "":
		case strings.HasPrefix(line, "= "):
			answers = append(answers, line)
		case strings.HasPrefix(line, "! skipped "):
			fmt.Sscanf(line, "! skipped %d", &n)
			told += n
		default:
			at := slices.Index(c.said[next:], line)
			if at < 0 {
				t.Fatalf("line %q was never said, or not after %d others", line, next)
			}
			next += at + 1
			said++
		}
	}
	if !slices.Equal(answers, c.answers) {
		t.Errorf("%d answers came, want %d", len(answers), len(c.answers))
	}
	if missing := len(c.said) - said; missing != c.lost || told != c.lost {
		t.Errorf("%d messages are missing, skip says %d and the client was told of %d; want the same", missing, c.lost, told)
	}
	if c.lost == 0 || c.box.size != 0 {
		t.Errorf("%d messages lost and %d bytes left, want some and none", c.lost, c.box.size)
	}
}
