package budget

import (
	"sync"
	"testing"
)

func TestTake(t *testing.T) {
	var b Budget
	b.SetMost(160)
	for _, row := range []struct {
		name   string
		source Source
		bytes  int64
		want   bool
		left   int64
	}{
		{"first", SendQ, 100, true, 50},
		{"too much", TLS, 51, false, 50},
		{"more than a source may", Uploads, 41, false, 50},
		{"as much as it may", Uploads, 40, true, 10},
		{"up to the mark", TLS, 10, true, 0},
		{"beyond it", TLS, 1, false, 0},
		{"a connection", Connections, 110, true, 0},
		{"one beyond the ceiling", Connections, 1, false, 0},
	} {
		if got := b.Take(row.source, row.bytes); got != row.want || b.Left() != row.left {
			t.Errorf("%s: Take(%v, %d) = %v, %d left, want %v, %d", row.name, row.source, row.bytes, got, b.Left(), row.want, row.left)
		}
	}
	if !b.Over() || b.Total() != 260 || b.Held(Uploads) != 40 {
		t.Errorf("Over = %v, Total = %d, of uploads %d, want true, 260, 40", b.Over(), b.Total(), b.Held(Uploads))
	}
	b.Add(SendQ, -100)
	b.Add(Connections, -100)
	if b.Over() || b.Left() != 90 {
		t.Errorf("when the first is given back: Over = %v, Left = %d, want false, 90", b.Over(), b.Left())
	}
	b.SetMost(0)
	if !b.Take(SendQ, 1<<50) || b.Over() {
		t.Error("without a ceiling there is one")
	}
}

func TestGauge(t *testing.T) {
	var b Budget
	g, other := b.Gauge(RecvQ), b.Gauge(RecvQ)
	g.Set(70)
	other.Set(5)
	g.Move(10)
	g.Set(30)
	other.Move(-2)
	if b.Held(RecvQ) != 33 || b.Total() != 33 {
		t.Errorf("held %d, in all %d, want 33", b.Held(RecvQ), b.Total())
	}
}

// Whoever takes at the same time, the ceiling holds, and what is given back is there again.
func TestTogether(t *testing.T) {
	var b Budget
	b.SetMost(1600)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10_000 {
				if b.Take(TLS, 100) {
					if held := b.Held(TLS); held > 1500 {
						t.Errorf("%d bytes are held, want at most 1500", held)
					}
					b.Add(TLS, -100)
				}
			}
		})
	}
	all.Wait()
	if b.Total() != 0 || b.Held(TLS) != 0 {
		t.Errorf("held %d, in all %d, want none", b.Held(TLS), b.Total())
	}
}

func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if s.String() == "" || seen[s.String()] {
			t.Errorf("source %d is called %q, want a name of its own", s, s)
		}
		seen[s.String()] = true
	}
}
