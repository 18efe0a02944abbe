//go:build linux

package generator

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"looproom/bench"
)

// load returns a small workload of a kind.
func load(kind bench.Kind) bench.Workload {
	w := bench.Workload{Kind: kind, Clients: 10, Rooms: 1, Size: 64, Warmup: 50 * time.Millisecond, Duration: 300 * time.Millisecond}
	switch kind {
	case bench.Echo:
		w.Depth = 4
	case bench.Fanout:
		w.Window, w.Senders = 16, 1
	case bench.Chat, bench.Slow, bench.Knee, bench.Bystander:
		w.Senders, w.Rate, w.Bound = 5, 500, 100*time.Millisecond
		if kind == bench.Bystander {
			w.Pings = 500
		}
	case bench.Rooms:
		w.Senders = 10
	}
	return w
}

func mustRun(t *testing.T, w bench.Workload, o Options) *bench.Measurement {
	t.Helper()
	m, err := Run(t.Context(), w, o)
	if err != nil {
		t.Fatalf("Run %s: %v", w.Kind, err)
	}
	return m
}

// TestNothingWrongIsReportedAsThat runs each workload against a server that does what it should.
func TestNothingWrongIsReportedAsThat(t *testing.T) {
	for _, workers := range []int{1, 3} {
		for _, kind := range []bench.Kind{bench.Echo, bench.Fanout, bench.Chat, bench.Rooms, bench.Idle, bench.Storm, bench.Bystander} {
			t.Run(fmt.Sprintf("%s/workers=%d", kind, workers), func(t *testing.T) {
				s := startFake(t, kind == bench.Echo)
				m := mustRun(t, load(kind), s.options(workers))
				if m.Lost+m.Duplicated+m.Reordered != 0 || m.Received != m.Expected {
					t.Errorf("expected %d, received %d, lost %d, duplicated %d, reordered %d", m.Expected, m.Received, m.Lost, m.Duplicated, m.Reordered)
				}
				if kind != bench.Idle && m.Received == 0 {
					t.Error("nothing was received")
				}
				if kind != bench.Idle && m.Latency.Count() != m.Received {
					t.Errorf("%d latencies of %d deliveries", m.Latency.Count(), m.Received)
				}
				if kind == bench.Chat && (m.LastLatency.Count() != m.Sent || m.Sent != m.Received/9) {
					t.Errorf("%d messages were sent, %d came to the last receiver, %d deliveries came; want 9 of each", m.Sent, m.LastLatency.Count(), m.Received)
				}
				if kind != bench.Storm && m.Held != 10 {
					t.Errorf("%d connections were held, want 10", m.Held)
				}
				if len(m.Disconnects) > 0 {
					t.Errorf("disconnects: %v", m.Disconnects)
				}
			})
		}
	}
}

// TestFaultsAreCounted has the server lose, repeat and reorder what a test says, and expects just that in the result.
func TestFaultsAreCounted(t *testing.T) {
	tests := []struct {
		name   string
		mangle func(tell *expectation) func(int, uint32, uint64, []byte) ([][]byte, time.Duration)
	}{
		{"every 7th is lost to one receiver", func(tell *expectation) func(int, uint32, uint64, []byte) ([][]byte, time.Duration) {
			return func(receiver int, _ uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
				if receiver == 3 && seq%7 == 0 {
					tell.lost.Add(1)
					return nil, 0
				}
				return [][]byte{line}, 0
			}
		}},
		{"every 5th comes twice", func(tell *expectation) func(int, uint32, uint64, []byte) ([][]byte, time.Duration) {
			return func(_ int, _ uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
				if seq%5 == 0 {
					tell.duplicated.Add(1)
					return [][]byte{line, line}, 0
				}
				return [][]byte{line}, 0
			}
		}},
		{"pairs change places", func(tell *expectation) func(int, uint32, uint64, []byte) ([][]byte, time.Duration) {
			held := map[string][]byte{}
			return func(receiver int, sender uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
				key := fmt.Sprint(receiver, sender)
				if seq%2 == 0 {
					held[key] = line
					tell.lost.Add(1)
					return nil, 0
				}
				tell.lost.Add(-1)
				tell.reordered.Add(1)
				return [][]byte{line, held[key]}, 0
			}
		}},
	}
	for _, test := range tests {
		for _, workers := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s/workers=%d", test.name, workers), func(t *testing.T) {
				s := startFake(t, false)
				var tell expectation
				s.setMangle(test.mangle(&tell))
				w := load(bench.Chat)
				w.Warmup = 0
				m := mustRun(t, w, s.options(workers))
				if m.Lost != tell.lost.Load() || m.Duplicated != tell.duplicated.Load() || m.Reordered != tell.reordered.Load() {
					t.Errorf("lost %d, duplicated %d, reordered %d; want %d, %d, %d", m.Lost, m.Duplicated, m.Reordered,
						tell.lost.Load(), tell.duplicated.Load(), tell.reordered.Load())
				}
				if m.Received != m.Expected-m.Lost {
					t.Errorf("received %d of %d with %d lost", m.Received, m.Expected, m.Lost)
				}
			})
		}
	}
}

type expectation struct {
	lost, duplicated, reordered atomic.Int64
}

// TestDelaysAreMeasured delays what one receiver gets. A machine that is busy makes latencies longer, never shorter.
func TestDelaysAreMeasured(t *testing.T) {
	const delay = 40 * time.Millisecond
	s := startFake(t, false)
	s.setMangle(func(receiver int, _ uint32, _ uint64, line []byte) ([][]byte, time.Duration) {
		if receiver == 9 {
			return [][]byte{line}, delay
		}
		return [][]byte{line}, 0
	})
	w := load(bench.Chat)
	m := mustRun(t, w, s.options(1))
	if got := m.LastLatency.Percentile(1); got < delay*99/100 {
		t.Errorf("the fastest message was everywhere after %v, want %v at least", got, delay)
	}
	if got := m.Latency.Percentile(95); got < delay*99/100 {
		t.Errorf("the slowest ninth of the deliveries took %v at the 95th percentile, want %v at least", got, delay)
	}
}

// TestAStallCountsFromWhenSendsWereDue stops the server for a while: in an open loop all messages due in that time are late, not only
// the one that was on its way (coordinated omission).
func TestAStallCountsFromWhenSendsWereDue(t *testing.T) {
	const stall = 200 * time.Millisecond
	s := startFake(t, false)
	var once atomic.Bool
	s.setMangle(func(_ int, _ uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
		if seq == 10 && once.CompareAndSwap(false, true) {
			<-time.After(stall) // the lock is held: nobody gets anything
		}
		return [][]byte{line}, 0
	})
	w := load(bench.Chat)
	w.Warmup, w.Rate, w.Duration = 0, 1000, 500*time.Millisecond
	m := mustRun(t, w, s.options(1))
	late := 0
	for _, p := range []float64{70, 80, 90, 99} {
		if m.LastLatency.Percentile(p) >= 5*time.Millisecond {
			late++
		}
	}
	if late != 4 {
		t.Errorf("after a stall of %v in %v the percentiles 70, 80, 90, 99 are %v, %v, %v, %v; want all of 5ms at least", stall, w.Duration,
			m.LastLatency.Percentile(70), m.LastLatency.Percentile(80), m.LastLatency.Percentile(90), m.LastLatency.Percentile(99))
	}
	if m.Lost != 0 {
		t.Errorf("lost %d, want 0", m.Lost)
	}
}

// TestDisconnectsHaveReasons has the server close a connection in the middle.
func TestDisconnectsHaveReasons(t *testing.T) {
	s := startFake(t, false)
	var once atomic.Bool
	s.setMangle(func(receiver int, _ uint32, seq uint64, line []byte) ([][]byte, time.Duration) {
		if receiver == 8 && seq == 5 && once.CompareAndSwap(false, true) {
			for c, index := range s.clients {
				if index == receiver {
					c.Close()
				}
			}
		}
		return [][]byte{line}, 0
	})
	m := mustRun(t, load(bench.Chat), s.options(1))
	if m.Held != 9 || m.Asked != 10 || len(m.Disconnects) != 1 {
		t.Errorf("%d of %d were held, disconnects %v; want 9 of 10 and one reason", m.Held, m.Asked, m.Disconnects)
	}
	if m.Lost == 0 {
		t.Error("nothing was lost, want what the closed connection did not get")
	}
}

func TestKneeIsFound(t *testing.T) {
	s := startFake(t, false)
	const limit = 800 // messages a second: each one takes a receiver 1.25 ms
	s.setMangle(func(receiver int, _ uint32, _ uint64, line []byte) ([][]byte, time.Duration) {
		if receiver == 0 {
			<-time.After(time.Second / limit)
		}
		return [][]byte{line}, 0
	})
	w := load(bench.Knee)
	w.Clients, w.Senders, w.Rate, w.Duration, w.Bound = 3, 2, 100, 300*time.Millisecond, 50*time.Millisecond
	m := mustRun(t, w, s.options(1))
	// Only one of the two senders' messages go to receiver 0 and wait, the lock holds up the other's as well.
	if m.Knee > 4*limit || len(m.Steps) < 3 {
		t.Errorf("knee = %.0f after %d steps, want at most some hundreds", m.Knee, len(m.Steps))
	}
	held := map[float64]bool{}
	for _, step := range m.Steps {
		held[step.Rate] = held[step.Rate] || step.Held
	}
	for rate, held := range held {
		if held != (rate <= m.Knee) {
			t.Errorf("%.0f a second held: %v, though the knee is %.0f", rate, held, m.Knee)
		}
	}
}

func TestInterruptedRunGivesWhatThereIs(t *testing.T) {
	s := startFake(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	w := load(bench.Chat)
	w.Duration = time.Hour
	o := s.options(1)
	o.Progress = func(p Progress) {
		if p.Phase == "measuring" && p.Delivered > 0 {
			cancel()
		}
	}
	m, err := Run(ctx, w, o)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	interrupted := func(warning string) bool { return strings.Contains(warning, "interrupted") }
	if m.Received == 0 || !slices.ContainsFunc(m.Warnings, interrupted) {
		t.Errorf("received %d with warnings %q, want some and one that says interrupted", m.Received, m.Warnings)
	}
}

// TestWhatComesAPhaseTooLate holds a delivery of the warm-up back until the measured time: that is neither a loss nor a duplicate of it.
func TestWhatComesAPhaseTooLate(t *testing.T) {
	s := startFake(t, false)
	w := load(bench.Chat)
	w.Warmup, w.Duration = 100*time.Millisecond, 500*time.Millisecond
	o := s.options(1)
	var measuring atomic.Bool
	o.Watch = starting(func() { measuring.Store(true) })
	var held []byte
	s.setMangle(func(receiver int, _ uint32, _ uint64, line []byte) ([][]byte, time.Duration) {
		switch {
		case receiver == 3 && held == nil:
			held = bytes.Clone(line)
			return nil, 0
		case receiver == 3 && len(held) > 0 && measuring.Load():
			late := held
			held = []byte{}
			return [][]byte{late, line}, 0
		}
		return [][]byte{line}, 0
	})
	m := mustRun(t, w, o)
	if m.Lost+m.Duplicated+m.Reordered != 0 {
		t.Errorf("lost %d, duplicated %d, reordered %d, want none", m.Lost, m.Duplicated, m.Reordered)
	}
	for _, want := range []string{"1 of the warm-up's deliveries had not come", "1 deliveries of an earlier phase came only now"} {
		if !slices.ContainsFunc(m.Warnings, func(warning string) bool { return strings.Contains(warning, want) }) {
			t.Errorf("warnings %q, want one that says %q", m.Warnings, want)
		}
	}
}

// starting is a Watch that is called when the measured time begins, before the first message of it.
type starting func()

func (s starting) Begin() error                     { s(); return nil }
func (starting) End() (s, g bench.Usage, err error) { return s, g, nil }

func TestWorkloadsThatCannotBe(t *testing.T) {
	tests := []struct {
		name, want string
		change     func(w *bench.Workload)
	}{
		{"no clients", "clients", func(w *bench.Workload) { w.Clients = 0 }},
		{"one client", "receiver", func(w *bench.Workload) { w.Clients = 1 }},
		{"small", "size", func(w *bench.Workload) { w.Size = 3 }},
		{"many rooms", "rooms", func(w *bench.Workload) { w.Rooms = 11 }},
		{"many senders", "senders", func(w *bench.Workload) { w.Senders = 11 }},
		{"all slow", "slow", func(w *bench.Workload) { w.Slow = 10 }},
		{"no rate", "rate", func(w *bench.Workload) { w.Rate = 0 }},
		{"ways that there are not", "forms", func(w *bench.Workload) { w.Forms = 2 }},
		{"answers to echoes", "answers", func(w *bench.Workload) { w.Kind, w.Answers = bench.Echo, true }},
		{"ways to be idle", "forms", func(w *bench.Workload) { w.Kind, w.Forms = bench.Idle, 2 }},
		{"a silent bystander", "pings", func(w *bench.Workload) { w.Kind = bench.Bystander }},
		{"a crowd in rooms", "rooms", func(w *bench.Workload) { w.Kind, w.Rooms, w.Pings = bench.Bystander, 2, 1 }},
		{"rooms without receivers", "clients", func(w *bench.Workload) { w.Kind, w.Rooms = bench.Fanout, 10 }},
	}
	for _, test := range tests {
		w := load(bench.Chat)
		test.change(&w)
		if _, err := Run(t.Context(), w, Options{Address: "127.0.0.1:1", Dialect: plain{}}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Run = %v, want an error about %s", test.name, err, test.want)
		}
	}
}

func TestNoServerIsAnError(t *testing.T) {
	s := startFake(t, false)
	o := s.options(1)
	s.listener.Close()
	if m, err := Run(t.Context(), load(bench.Chat), o); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("Run without a server = %v, %v; want an error that says refused", m, err)
	}
}

func TestScheduleIsEvenOrPoisson(t *testing.T) {
	even := newSchedule(1000, false, 0, 1)
	for i := range 10 {
		due, ok := even.take(time.Hour)
		if want := time.Duration(i) * time.Millisecond; !ok || due != want {
			t.Errorf("message %d is due at %v, want %v", i, due, want)
		}
	}
	random := newSchedule(1000, true, 0, 1)
	n := 0
	for {
		if _, ok := random.take(10 * time.Second); !ok {
			break
		}
		n++
	}
	if n < 9500 || n > 10500 {
		t.Errorf("%d messages in 10 s at 1000 a second, want about 10000", n)
	}
}
