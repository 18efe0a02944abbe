//go:build linux

package delivery

import (
	"os"
	"testing"
)

// The user part of a delivery: what it costs besides the system call. The sockets are /dev/null, 1,000 of them; each batch is 64 messages.
func BenchmarkDelivery(b *testing.B) {
	const members, messages = 1000, 64
	for _, bench := range []struct {
		name  string
		build func(*bencher)
		say   func(h *bencher, n int)
	}{
		{"alike", func(h *bencher) { h.join(h.a, 1) }, func(h *bencher, _ int) { h.publish(h.a) }},
		{"two forms", func(h *bencher) { h.join(h.a, 2) }, func(h *bencher, _ int) { h.publish(h.a) }},
		{"four forms", func(h *bencher) { h.join(h.a, 4) }, func(h *bencher, _ int) { h.publish(h.a) }},
		{"two rooms by turns", func(h *bencher) { h.join(h.a, 1); h.join(h.b, 1) }, func(h *bencher, n int) { h.publish([]*Group{h.a, h.b}[n%2]) }},
		{"an answer each", func(h *bencher) { h.join(h.a, 1) }, func(h *bencher, n int) {
			h.publish(h.a)
			h.w.Tell(&h.all[h.next%members], line, 0)
			h.next++
		}},
		{"everyone talks", func(h *bencher) { h.join(h.a, 1) }, func(h *bencher, n int) {
			h.w.Publish(h.a, &h.all[h.next%members], line)
			h.next++
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			h := newBencher(b, members)
			bench.build(h)
			b.ReportAllocs()
			for range b.N {
				for n := range messages {
					bench.say(h, n)
				}
				for h.w.Sweep() {
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*members*messages), "ns/delivery")
			b.ReportMetric(float64(h.w.Tally.Writes)/float64(b.N*members), "writes/member")
		})
	}
}

var line Message = text("[ana] sixty-four bytes of a message, as people write it, or nearly so.")

// bencher is a Host whose sockets take everything.
type bencher struct {
	house
	null *os.File
	all  []Receiver
	a, b *Group
	next int
}

func newBencher(b testing.TB, members int) *bencher {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { null.Close() })
	h := &bencher{null: null, all: make([]Receiver, members), a: &Group{}, b: &Group{}}
	h.house = *newHouse(nil, Limits{SendQ: 1 << 20, HardSendQ: 16 << 20})
	h.w = New(h, roomy)
	for i := range h.all {
		h.w.Open(&h.all[i], uint64(i), int(null.Fd()), 0, false)
	}
	return h
}

// join has all join g, in so many forms.
func (h *bencher) join(g *Group, forms int) {
	for i := range h.all {
		h.w.Join(&h.all[i], g, uint8(i%forms))
	}
}

func (h *bencher) publish(g *Group) { h.w.Publish(g, nil, line) }
