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

// TestABurstInManyFormsTakesNoMemoryAgain: what a burst took is there for the next one, however many forms the group is read in, and is given back when it is no longer used.
func TestABurstInManyFormsTakesNoMemoryAgain(t *testing.T) {
	const forms, messages = 5, 1024
	b := newBencher(t, 2*forms)
	b.join(b.a, forms)
	burst := func() {
		for range messages {
			b.publish(b.a)
		}
		for b.w.Sweep() {
		}
	}
	burst()
	burst()
	if n := testing.AllocsPerRun(20, burst); n != 0 {
		t.Errorf("a burst allocates %v times, want 0", n)
	}
	held := b.w.Memory()
	if Tidy(b.w, false); !Lavish(b.w) || b.w.Memory() != held {
		t.Errorf("%d bytes are kept of %d that have just been used", b.w.Memory(), held)
	}
	Tidy(b.w, false)
	if Lavish(b.w) {
		t.Error("it is lavish when nothing is said")
	}
	burst()
	if Tidy(b.w, true); Lavish(b.w) {
		t.Error("it is lavish when there is too little memory")
	}
	if quiet := b.w.Memory(); quiet > held/2 || quiet > 2*256<<10 {
		t.Errorf("%d bytes are kept of %d when nothing is said", quiet, held)
	}
}
