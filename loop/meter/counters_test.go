package meter

import (
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"
)

// TestCountingDoesNotAllocate: it is done for each line and each batch.
func TestCountingDoesNotAllocate(t *testing.T) {
	l, _ := logged()
	got := testing.AllocsPerRun(100, func() {
		l.BeginNow()
		l.Tally.Lines++
		l.Applied(time.Microsecond)
		l.Rest(l.clock(), Sent{Deliveries: 1000, Writes: 1, Bytes: 64}, 0)
	})
	if got != 0 {
		t.Errorf("allocations = %v, want 0", got)
	}
}

// TestCountersAreToldByTheirNames counts each thing a different number of times, so that none can stand for another.
func TestCountersAreToldByTheirNames(t *testing.T) {
	l, _ := logged()
	l.Tally = Tally{Lines: 1, BytesIn: 2}
	l.Rest(time.Second, Sent{Deliveries: 3, Writes: 4, Bytes: 5}, 6)
	l.SlowDrops.Add(7)
	l.Skipped.Add(8)
	l.Shed.Add(9)
	l.FloodsDelayed.Add(10)
	l.FloodsDropped.Add(11)
	l.InputsDeferred.Add(12)
	l.PasswordsWrong.Add(13)
	l.AttemptsRefused.Add(14)
	l.Panics.Add(15)
	l.Uploads.Begun.Add(16)
	for range 17 {
		l.Uploads.Ended(1, errors.New("gone"))
	}
	l.Uploads.Ended(18, nil)
	l.Uploads.Ended(1, nil)
	l.Applied(19)
	got := l.Stats()
	if n := got.Lag.Count; n != 1 {
		t.Errorf("batches = %d, want 1", n)
	}
	if n, sum := got.Apply.Count, got.Apply.Sum; n != 1 || sum != 19 {
		t.Errorf("commands = %d in %v, want 1 in 19ns", n, sum)
	}
	got.Lag, got.Apply, got.Stalls = Histogram{}, Histogram{}, nil
	want := LoopStats{
		Lines: 1, BytesIn: 2, Deliveries: 3, Writes: 4, BytesOut: 5, LogBytes: 6, SlowDrops: 7, Skipped: 8, Shed: 9, FloodsDelayed: 10, FloodsDropped: 11,
		InputsDeferred: 12, PasswordsWrong: 13, AttemptsRefused: 14, Panics: 15, Uploads: UploadStats{Begun: 16, Failed: 17, Kept: 2, Bytes: 19},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Stats() = %+v, want %+v", got, want)
	}
}

// TestTallyIsCountedOnce: what a batch has counted is added when it ends, and then forgotten.
func TestTallyIsCountedOnce(t *testing.T) {
	l, _ := logged()
	l.Tally.Lines = 2
	if got := l.Stats().Lines; got != 0 {
		t.Errorf("lines before the end of the batch = %d, want 0", got)
	}
	l.Settle(Sent{Writes: 3})
	l.Settle(Sent{})
	if got := l.Stats(); got.Lines != 2 || got.Writes != 3 || got.Lag.Count != 0 {
		t.Errorf("lines, writes, batches = %d, %d, %d; want 2, 3, 0", got.Lines, got.Writes, got.Lag.Count)
	}
}

func TestCensus(t *testing.T) {
	var c Census
	steps := []struct {
		from, to Standing
		want     DoorStats
	}{
		{Outside, Outside, DoorStats{}},
		{Outside, Locked, DoorStats{Locked: 1}},
		{Locked, Locked, DoorStats{Locked: 1}},
		{Outside, Guest, DoorStats{Locked: 1, Guests: 1}},
		{Locked, Guest, DoorStats{Guests: 2}},
		{Guest, SignedIn, DoorStats{Guests: 1, SignedIn: 1}},
		{SignedIn, Lingering, DoorStats{Guests: 1, Lingering: 1}},
		{Guest, Outside, DoorStats{Lingering: 1}},
		{Lingering, Outside, DoorStats{}},
	}
	for _, s := range steps {
		c.Move(s.from, s.to)
		s.want.URL = "line://:7777"
		if got := c.Stats("line://:7777"); got != s.want {
			t.Errorf("Move(%d, %d): %+v, want %+v", s.from, s.to, got, s.want)
		}
	}
}

func TestReasons(t *testing.T) {
	var r Reasons
	if got := r.All(); len(got) != 0 {
		t.Errorf("All() of none = %v, want none", got)
	}
	for _, reason := range []string{"banned", "server-full", "banned"} {
		r.Add(reason)
	}
	got := r.All()
	got["banned"]++ // it is a copy
	if got, want := r.All(), map[string]uint64{"banned": 2, "server-full": 1}; !maps.Equal(got, want) {
		t.Errorf("All() = %v, want %v", got, want)
	}
}
