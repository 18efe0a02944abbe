//go:build linux

package room

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// BenchmarkNodeGone ends 100,000 clients of a node that is gone: in a room of all and in rooms of 50 of which each hears it, and in 20 such rooms each.
func BenchmarkNodeGone(b *testing.B) {
	for _, rooms := range []int{1, 20} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var longest, all time.Duration
			ticks, events := 0, 0
			for b.Loop() {
				s := onOneNode(100_000/rooms, rooms)
				do := func(cmd Command) {
					began := onProcessor(b)
					events += len(s.Apply(&cmd))
					took := onProcessor(b) - began
					longest, all = max(longest, took), all+took
				}
				do(Command{Verb: NodeGone, Client: NoClient, N: 2, Text: "The server n2 is gone"})
				for s.Behind() {
					do(Command{Verb: Tick, Client: NoClient, At: time.Hour})
					ticks++
				}
				if s.Len() > 0 {
					b.Fatalf("%d users are still there", s.Len())
				}
			}
			b.ReportMetric(float64(longest.Microseconds()), "µs/longest")
			b.ReportMetric(float64(all.Microseconds())/float64(ticks), "µs/tick")
			b.ReportMetric(float64(ticks)/float64(b.N), "ticks")
			b.ReportMetric(float64(events)/float64(ticks), "events/tick")
		})
	}
}

// onOneNode is a State with so many users on node 2, in the lobby and in so many rooms of 50 each.
func onOneNode(users, rooms int) *State {
	s := New(Config{AnnounceMax: 200, Recent: 10})
	for i := range users {
		id := NewClientID(uint32(i), 1).On(2)
		s.Apply(&Command{Verb: Connect, Client: id, Name: fmt.Sprintf("10.%d.%d.%d:51234", i>>16, i>>8&255, i&255)})
		s.Apply(&Command{Verb: SignIn, Client: id, Name: fmt.Sprint("someone-", i)})
		for n := range rooms {
			s.Apply(&Command{Verb: Join, Client: id, Name: fmt.Sprintf("#room-%d-%d", n, i/50)})
		}
	}
	return s
}
