//go:build linux

package delivery

import "testing"

// What is said in a busy room goes out by one slice for each member, and what a quiet one needs is small again.
func TestABusyStreamIsOneSlice(t *testing.T) {
	const batch, size = 64, 100 // more than the smallest chunk
	h := newHouse(t, roomy)
	g, _ := h.crowd(3)
	s := g.streams[0]
	lap := func(messages int) (slices int) {
		for range messages {
			h.w.Publish(g, nil, text(string(make([]byte, size))))
		}
		slices = len(s.appendIovecs(nil, s.end-uint64(messages*(size+1)), s.end))
		h.pump()
		return slices
	}
	if lap(batch); len(s.chunks) != 0 {
		t.Fatalf("%d chunks are left when all have read", len(s.chunks))
	}
	if n := lap(batch); n != 1 {
		t.Errorf("the second batch of %d bytes stands in %d slices, want 1", batch*(size+1), n)
	}
	lap(1)
	if lap(1); s.class != 0 {
		t.Errorf("after a single message the next chunk has %d bytes, want %d", classSize(int(s.class)), smallestChunk)
	}
}
