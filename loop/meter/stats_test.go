package meter

import (
	"reflect"
	"testing"
	"time"

	"looproom/loop/web/status"
)

// someStats are of two loops and two doors, with a different number for each thing.
func someStats() Stats {
	loop := func(n uint64) LoopStats {
		return LoopStats{
			Lines: n, Deliveries: 10 * n, Writes: 100 * n, LogBytes: int64(1000 * n), SlowDrops: n + 1, Skipped: n + 2, FloodsDropped: n + 3, PasswordsWrong: n + 4, Panics: n + 5,
			Stalls: map[string]uint64{"apply": n + 6, "batch": 1},
			Lag:    Histogram{Longest: time.Duration(n) * time.Millisecond, Buckets: []Bucket{{time.Microsecond, n}, {time.Millisecond, 2 * n}}},
		}
	}
	return Stats{
		Uptime: 90*time.Second + time.Millisecond, Clients: 21, Bans: 22, Names: 23, LogDropped: 24, AcceptErrors: 25, Store: StoreStats{Stored: 26, Lost: 27, Waiting: 28, Looks: 29},
		Loops:   []LoopStats{loop(200), loop(100)},
		Doors:   []DoorStats{{Locked: 1, Guests: 2, SignedIn: 4, Lingering: 8}, {Locked: 16, Guests: 32, SignedIn: 64, Lingering: 128}},
		Refused: map[string]uint64{"banned": 3, "server-full": 4},
	}
}

// TestFigures: programs know the names and their order; what is of the process at this moment is only there.
func TestFigures(t *testing.T) {
	stats := someStats()
	want := []Figure{
		{"uptime-seconds", 90}, {"clients", 21}, {"signed-in", 68}, {"lines", 300}, {"deliveries", 3000}, {"writes", 30000}, {"waiting-bytes", 300_000},
		{"longest-lag-us", 200_000}, {"slow-drops", 302}, {"floods-disconnected", 306}, {"refused", 7}, {"wrong-passwords", 308}, {"panics", 310}, {"log-dropped", 24},
		{"bans", 22}, {"registered-names", 23}, {"stored", 26}, {"lost", 27}, {"store-waiting-bytes", 28}, {"heap-bytes", 0}, {"goroutines", 0},
	}
	got := stats.Figures()
	for i, f := range got {
		if f.Name == "heap-bytes" || f.Name == "goroutines" {
			if f.Value <= 0 {
				t.Errorf("%s = %d, want some", f.Name, f.Value)
			}
			got[i].Value = 0
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Figures() = %v, want %v", got, want)
	}
}

// TestReading: the status page draws sums, and the longest time of any loop.
func TestReading(t *testing.T) {
	stats := someStats()
	got := stats.Reading()
	if got.RSS <= 0 || got.Heap <= 0 {
		t.Errorf("memory of the process = %d resident, %d on the heap; want some", got.RSS, got.Heap)
	}
	got.RSS, got.Heap = 0, 0
	want := status.Reading{
		Connections: 255, SignedIn: 68, Lines: 300, Deliveries: 3000, Writes: 30000, Waiting: 300_000, Longest: 200 * time.Millisecond,
		Lag:       []status.Bucket{{AtMost: time.Microsecond, Count: 300}, {AtMost: time.Millisecond, Count: 600}},
		SlowDrops: 302, Skipped: 304, Floods: 306, Panics: 310, Stalls: 314, Refused: 7, AcceptErrors: 25,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Reading() = %+v, want %+v", got, want)
	}
}
