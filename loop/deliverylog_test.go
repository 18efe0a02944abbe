//go:build linux

package loop

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// joined is the bytes of a range.
func joined(l *deliveryLog, start, end uint64) []byte {
	return bytes.Join(l.slices(nil, start, end), nil)
}

// TestDeliveryLogHoldsWhatIsWaitedFor compares the log with one long slice of bytes under random appends and trims.
func TestDeliveryLogHoldsWhatIsWaitedFor(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	log := newDeliveryLog()
	var all []byte
	var kept uint64 // the log may have let go of what is before
	for step := range 4000 {
		entry := bytes.Repeat([]byte{byte(step)}, 1+random.IntN(4000))
		if step%500 == 0 {
			entry = bytes.Repeat([]byte{byte(step)}, chunkSize+random.IntN(chunkSize))
		}
		s := log.close(append(log.open(headroom), entry...))
		if s.start != uint64(len(all)) || s.end != s.start+uint64(len(entry)) {
			t.Fatalf("step %d: close = [%d, %d), want [%d, %d)", step, s.start, s.end, len(all), len(all)+len(entry))
		}
		all = append(all, entry...)
		start := kept + random.Uint64N(s.end-kept)
		end := start + random.Uint64N(s.end-start+1)
		if got := joined(&log, start, end); !bytes.Equal(got, all[start:end]) {
			t.Fatalf("step %d: slices(%d, %d) differ from what was appended", step, start, end)
		}
		if random.IntN(10) == 0 {
			kept = start
			log.trim(kept)
		}
	}
	log.trim(log.end())
	if log.held() != 0 || len(log.chunks) != 1 || cap(log.chunks[0].bytes) != chunkSize {
		t.Errorf("trimmed to its end the log holds %d bytes in %d chunks of %d, want 0 in 1 of %d",
			log.held(), len(log.chunks), cap(log.chunks[0].bytes), chunkSize)
	}
}

// TestOutboxSendsAllInOrder sends what random pushes put in, in random portions, with trims and spills in between.
func TestOutboxSendsAllInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	log := newDeliveryLog()
	var box outbox
	var want, got []byte
	for step := range 20000 {
		entry := bytes.Repeat([]byte{byte(step)}, 1+random.IntN(100))
		s := log.close(append(log.open(headroom), entry...))
		if random.IntN(3) > 0 {
			box.add(s, false)
			want = append(want, entry...)
		}
		switch random.IntN(4) {
		case 0:
			got = append(got, sendSome(&box, &log, random.IntN(500))...)
		case 1:
			log.trim(box.oldest(log.end()))
		case 2:
			if step%100 == 0 {
				box.spill(&log, log.end())
			}
		}
		if waits := len(want) - len(got); box.size != waits {
			t.Fatalf("step %d: size = %d, want %d", step, box.size, waits)
		}
	}
	for len(box.parts) > 0 {
		got = append(got, sendSome(&box, &log, 1000)...)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("what was sent (%d bytes) differs from what was put in (%d bytes)", len(got), len(want))
	}
}

// sendSome does what a socket would that takes at most n bytes.
func sendSome(box *outbox, log *deliveryLog, n int) []byte {
	all := bytes.Join(box.slices(nil, log, maxSlices), nil)
	took := all[:min(n, len(all))]
	box.sent(len(took))
	return took
}

func TestOutboxMergesRangesThatTouch(t *testing.T) {
	var box outbox
	for _, s := range []span{{0, 10, 0}, {10, 20, 0}, {30, 40, 0}, {40, 41, 0}} {
		box.add(s, false)
	}
	if len(box.parts) != 2 || box.size != 31 {
		t.Errorf("4 spans of which 2 pairs touch made %d parts of %d bytes, want 2 of 31", len(box.parts), box.size)
	}
}

func TestOutboxLeavesOutTheLeadOfTheFirst(t *testing.T) {
	var box outbox
	box.add(span{0, 10, 1}, false)
	box.add(span{10, 20, 1}, false)
	if box.parts[0].start != 1 || box.size != 19 {
		t.Errorf("the first range starts at %d of %d bytes in all, want 1 of 19", box.parts[0].start, box.size)
	}
}

func BenchmarkOutboxAdd(b *testing.B) {
	var box outbox
	b.ReportAllocs()
	for i := range uint64(b.N) {
		box.add(span{start: i * 64, end: i*64 + 64}, false)
	}
}
