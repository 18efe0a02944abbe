//go:build linux

package generator

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"looproom/bench"
)

// TestAnswersAreCounted: each message is followed by a question, and the answers are counted beside the deliveries.
func TestAnswersAreCounted(t *testing.T) {
	for _, kind := range []bench.Kind{bench.Fanout, bench.Chat} {
		for _, silent := range []bool{false, true} {
			s := startFake(t, false)
			s.locked(func() { s.silent = silent })
			w := load(kind)
			w.Answers, w.Warmup = true, 0
			o := s.options(2)
			if silent {
				o.Patience = time.Second // which is waited for
			}
			m := mustRun(t, w, o)
			want := m.Sent
			if silent {
				want = 0
			}
			var asked int64
			s.locked(func() { asked = int64(s.asked) })
			if m.Sent == 0 || asked != m.Sent || m.Answers != want || m.Lost != 0 {
				t.Errorf("%s: %d messages, %d questions, %d answers, lost %d; want as many questions and %d answers", kind, m.Sent, asked, m.Answers, m.Lost, want)
			}
			warned := slices.ContainsFunc(m.Warnings, func(warning string) bool { return strings.Contains(warning, "0 answers came to") })
			if warned != silent {
				t.Errorf("%s: warnings %q, want one of missing answers: %v", kind, m.Warnings, silent)
			}
		}
	}
}

// TestFormsAreEven: the members of each room come in each way.
func TestFormsAreEven(t *testing.T) {
	one, other := startFake(t, false), startFake(t, false)
	w := load(bench.Rooms)
	w.Clients, w.Rooms, w.Forms, w.Warmup, w.Rate = 12, 2, 2, 0, 100
	o := one.options(2)
	o.Ways = []Way{{Address: other.listener.Addr().String(), Dialect: plain{}}}
	o.Patience = 100 * time.Millisecond
	m := mustRun(t, w, o)
	for _, s := range []*fake{one, other} {
		s.locked(func() {
			if s.came != 6 {
				t.Errorf("%d clients came in one way, want 6 in each", s.came)
			}
		})
	}
	// The two servers don't know of each other: half of a room hears nothing of the other half.
	if m.Received == 0 || m.Received > m.Expected/2 {
		t.Errorf("received %d of %d, want those of one's own way", m.Received, m.Expected)
	}
}

// TestNodesAreEven: clients come to each node by turns, whichever room they are in, and what is heard at another node than it was said at is told apart.
func TestNodesAreEven(t *testing.T) {
	one, other := startFake(t, false), startFake(t, false)
	w := load(bench.Rooms)
	w.Clients, w.Rooms, w.Warmup, w.Rate = 12, 2, 0, 100
	o := one.options(2)
	o.Nodes = []string{other.listener.Addr().String()}
	o.Patience = 100 * time.Millisecond
	m := mustRun(t, w, o)
	for _, s := range []*fake{one, other} {
		s.locked(func() {
			if s.came != 6 {
				t.Errorf("%d clients came to one node, want 6 at each", s.came)
			}
		})
	}
	// The two servers don't know of each other.
	if m.Received == 0 || m.Received > m.Expected/2 || m.AcrossLatency.Count() != 0 {
		t.Errorf("received %d of %d, %d of them across nodes; want those of one's own node", m.Received, m.Expected, m.AcrossLatency.Count())
	}
	o.Nodes = []string{one.listener.Addr().String()}
	m = mustRun(t, w, o)
	if m.Lost != 0 || m.AcrossLatency.Count() <= m.Received/2 || m.AcrossLatency.Count() >= m.Received {
		t.Errorf("received %d, lost %d, %d across nodes; want those of 3 receivers of 5", m.Received, m.Lost, m.AcrossLatency.Count())
	}
}

// TestTurns: one client talks in two rooms alternately, and everybody gets their room's.
func TestTurns(t *testing.T) {
	s := startFake(t, false)
	var mu sync.Mutex
	var order []uint32
	s.setMangle(func(receiver int, sender uint32, _ uint64, line []byte) ([][]byte, time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		if receiver == 5 {
			order = append(order, sender)
		}
		return [][]byte{line}, 0
	})
	w := load(bench.Fanout)
	w.Rooms, w.Clients = 2, 11
	m := mustRun(t, w, s.options(2))
	if m.Received == 0 || m.Lost+m.Duplicated+m.Reordered != 0 || m.Received != m.Expected || m.Received != 5*m.Sent {
		t.Errorf("sent %d, received %d of %d, lost %d; want 5 receivers of each", m.Sent, m.Received, m.Expected, m.Lost)
	}
	mu.Lock()
	defer mu.Unlock()
	for i, sender := range order {
		if sender != uint32(i%2) {
			t.Fatalf("message %d was said in room %d, want the rooms by turns", i, sender)
		}
	}
}

// TestBystanderSeesTheStall that the crowd's messages are.
func TestBystanderSeesTheStall(t *testing.T) {
	const stall = 30 * time.Millisecond
	s := startFake(t, false)
	s.setMangle(func(receiver int, _ uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
		if receiver == 9 {
			<-time.After(stall) // the lock is held: nobody is answered
		}
		return [][]byte{line}, 0
	})
	w := load(bench.Bystander)
	w.Rate, w.Senders, w.Warmup, w.Duration = 5, 1, 0, time.Second
	m := mustRun(t, w, s.options(1))
	if m.Received == 0 || m.Lost != 0 || m.RoundTrip.Count() == 0 || m.RoundTrip.Max() < stall/2 {
		t.Errorf("received %d, lost %d, %d round trips, the longest %v; want one of %v at least", m.Received, m.Lost, m.RoundTrip.Count(), m.RoundTrip.Max(), stall/2)
	}
	if m.Held != w.Clients {
		t.Errorf("%d were held, want %d: the bystander is none of them", m.Held, w.Clients)
	}
}

// TestWhatADialectCannotSay is refused with its name.
func TestWhatADialectCannotSay(t *testing.T) {
	for _, row := range []struct {
		want   string
		change func(w *bench.Workload)
	}{
		{"answers: the dialect plain", func(w *bench.Workload) { w.Answers = true }},
		{"bystander: the dialect plain", func(w *bench.Workload) { w.Kind, w.Pings = bench.Bystander, 10 }},
		{"can't talk in several", func(w *bench.Workload) { w.Kind, w.Rooms = bench.Fanout, 2 }},
	} {
		w := load(bench.Chat)
		row.change(&w)
		if _, err := Run(t.Context(), w, Options{Address: "127.0.0.1:1", Dialect: mute{plain{}}}); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("Run = %v, want an error with %q", err, row.want)
		}
	}
}
