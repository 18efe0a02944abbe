package quota

import (
	"testing"
	"time"
)

func TestTake(t *testing.T) {
	type step struct {
		at    time.Duration
		key   string
		bytes int64
		want  time.Duration // to wait; 0: it is allowed
	}
	for _, row := range []struct {
		name  string
		limit Limit
		steps []step
	}{
		{"things", Limit{Things: 2}, []step{{0, "a", 9, 0}, {0, "a", 9, 0}, {0, "a", 9, Day / 2}, {0, "b", 9, 0}, {Day/2 + time.Second, "a", 9, 0}, {Day/2 + time.Second, "a", 9, Day/2 - time.Second}}},
		{"bytes", Limit{Bytes: 100}, []step{{0, "a", 60, 0}, {0, "a", 60, Day / 5}, {0, "a", 40, 0}, {0, "a", 0, 0}, {Day / 4, "a", 25, 0}}},
		{"more than ever fits", Limit{Bytes: 100}, []step{{0, "a", 101, -1}, {0, "a", 100, 0}}},
		{"what comes first", Limit{Things: 1, Bytes: 100}, []step{{0, "a", 50, 0}, {0, "a", 10, Day}, {2 * Day, "a", 100, 0}}},
		{"no limit", Limit{}, []step{{0, "a", 1 << 60, 0}, {0, "a", 1 << 60, 0}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := NewLedger[string]()
			for n, s := range row.steps {
				wait, ok := l.Take(s.key, s.bytes, row.limit, s.at)
				if off := wait - s.want; ok != (s.want == 0) || off < -time.Millisecond || off > time.Millisecond {
					t.Errorf("step %d: Take(%q, %d) at %v = %v, %v, want %v", n, s.key, s.bytes, s.at, wait, ok, s.want)
				}
			}
		})
	}
}

func TestReturn(t *testing.T) {
	l, limit := NewLedger[string](), Limit{Things: 1, Bytes: 10}
	for n := range 5 {
		if _, ok := l.Take("a", 10, limit, 0); !ok {
			t.Fatalf("Take %d = false, want true: the one before was given back", n)
		}
		l.Return("a", 10)
	}
	l.Return("nobody", 10)
}

// A limit that is lowered doesn't hold who had taken much longer than a day.
func TestLoweredLimit(t *testing.T) {
	l := NewLedger[string]()
	for range 100 {
		l.Take("a", 0, Limit{Things: 100}, 0)
	}
	if wait, ok := l.Take("a", 0, Limit{Things: 1}, 0); ok || wait > Day+time.Second {
		t.Errorf("Take = %v, %v, want to wait for a day", wait, ok)
	}
}

// However many come, some at a time are remembered, and those for a day.
func TestMemoryIsBounded(t *testing.T) {
	l, limit := NewLedger[int](), Limit{Things: 1}
	for key := range 3 * MaxKeys {
		l.Take(key, 0, limit, 0)
		if n := l.Len(); n > MaxKeys {
			t.Fatalf("%d keys after %d, want at most %d", n, key+1, MaxKeys)
		}
	}
	if _, ok := l.Take(3*MaxKeys-1, 0, limit, 0); ok {
		t.Error("the last one may take more, want it remembered")
	}
	for key := range MaxKeys {
		l.Take(key, 0, limit, 2*Day)
	}
	if n := l.Len(); n > MaxKeys {
		t.Errorf("%d keys, want at most %d", n, MaxKeys)
	}
}
