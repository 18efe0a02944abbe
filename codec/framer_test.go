package codec

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
)

// peer drives a Framer as a connection does: it keeps what Next left, puts the next bytes behind it, and notes what came.
type peer struct {
	t      *testing.T
	framer Framer
	tail   []byte
	got    []string // quoted frames, and the errors between them
}

// receive hands piece to the framer, in a buffer of its own so that nothing borrowed from the last one stays valid.
func (p *peer) receive(piece []byte) {
	p.t.Helper()
	buf := slices.Concat(p.tail, piece)
	for len(buf) > 0 {
		before := bytes.Clone(buf)
		frame, n, err := p.framer.Next(buf)
		if n < 0 || n > len(buf) || n == 0 && (frame != nil || err != nil) || frame != nil && err != nil {
			p.t.Fatalf("Next(%q) = %q, %d, %v: breaks the contract", before, frame, n, err)
		}
		if !bytes.Equal(buf[n:], before[n:]) {
			p.t.Fatalf("Next(%q) took %d bytes and changed those behind: %q", before, n, buf)
		}
		if frame != nil {
			p.got = append(p.got, fmt.Sprintf("%q", frame))
		}
		if err != nil {
			p.got = append(p.got, err.Error())
		}
		if n == 0 {
			break
		}
		buf = buf[n:]
	}
	p.tail = buf
}

// pause flushes, as at the end of a burst or of the stream.
func (p *peer) pause() {
	if frame := p.framer.Flush(bytes.Clone(p.tail)); frame != nil {
		p.got = append(p.got, fmt.Sprintf("flush %q", frame))
	}
	p.tail = nil
}

// cut splits stream into pieces of the sizes that cuts names, over and over; without cuts it stays whole.
func cut(stream, cuts []byte) [][]byte {
	if len(cuts) == 0 {
		return [][]byte{stream}
	}
	var pieces [][]byte
	for i := 0; len(stream) > 0; i++ {
		size := min(int(cuts[i%len(cuts)])%32+1, len(stream))
		pieces = append(pieces, stream[:size])
		stream = stream[size:]
	}
	return pieces
}

// frames plays bursts to framer, each cut as cuts says and followed by a pause, and returns what came.
func frames(t *testing.T, framer Framer, bursts [][]byte, cuts []byte) []string {
	t.Helper()
	p := peer{t: t, framer: framer}
	for _, burst := range bursts {
		for _, piece := range cut(burst, cuts) {
			p.receive(piece)
		}
		p.pause()
	}
	return p.got
}

// everyCut are cuts that each table is played with: whole, byte by byte, and some between.
var everyCut = [][]byte{nil, {0}, {1}, {2}, {0, 4}, {6, 0, 2}}

// checkFrames wants the same frames for every cut.
func checkFrames(t *testing.T, make func() Framer, bursts [][]byte, want []string) {
	t.Helper()
	for _, cuts := range everyCut {
		if got := frames(t, make(), bursts, cuts); !slices.Equal(got, want) {
			t.Errorf("frames of %q cut by %v = %v, want %v", bursts, cuts, got, want)
		}
	}
}

// checkNoAllocs wants Next to allocate nothing over the whole of stream.
func checkNoAllocs(t *testing.T, framer Framer, stream []byte) {
	t.Helper()
	buf := make([]byte, len(stream))
	allocs := testing.AllocsPerRun(100, func() {
		copy(buf, stream)
		rest := buf
		for n := 1; n > 0 && len(rest) > 0; rest = rest[n:] {
			_, n, _ = framer.Next(rest)
		}
		framer.Flush(rest)
	})
	if allocs != 0 {
		t.Errorf("Next over %d bytes: %v allocations, want 0", len(stream), allocs)
	}
}

func TestFrameEndsItsCapacity(t *testing.T) {
	lines, fixed, chunk := NewLines(16), NewFixed(6), NewChunk(16)
	tests := []struct {
		name   string
		framer Framer
		stream string
	}{
		{"lines", &lines, "abc\r\nnext"},
		{"fixed", &fixed, "abc\x00oldnext"},
		{"fixed with lf", &fixed, "abc\n\x00onext"},
		{"chunk", &chunk, "abc\r\nnext"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			buf := []byte(test.stream)
			frame, _, _ := test.framer.Next(buf)
			// Short enough to fit into buf: a longer one would get memory of its own in any case.
			_ = append(frame, "xyz"...)
			if string(frame) != "abc" || string(buf) != test.stream {
				t.Errorf("an append to frame %q made buf %q, want %q", frame, buf, test.stream)
			}
		})
	}
}

// TestFlushWhileSkipping flushes bytes that Next has not seen, in the middle of a frame that is too long: they belong to it.
func TestFlushWhileSkipping(t *testing.T) {
	lines, chunk := NewLines(4), NewChunk(4)
	for name, framer := range map[string]Framer{"lines": &lines, "chunk": &chunk} {
		if _, n, err := framer.Next([]byte("01234567")); n != 4 || err != ErrTooLong {
			t.Fatalf("%s: Next(%q) = %d, %v, want 4, %v", name, "01234567", n, err, ErrTooLong)
		}
		if frame := framer.Flush([]byte("4567")); frame != nil {
			t.Errorf("%s: Flush(%q) = %q, want nil", name, "4567", frame)
		}
		if frame, _, _ := framer.Next([]byte("ab\n")); string(frame) != "ab" {
			t.Errorf("%s: Next(%q) = %q after Flush, want %q", name, "ab\n", frame, "ab")
		}
	}
}
