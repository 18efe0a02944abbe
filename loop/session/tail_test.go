package session

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"looproom/loop/rate"
)

// TestTailMovesLittle: however much waits, going through it line by line moves each byte once at most, and what is left is what was put in.
func TestTailMovesLittle(t *testing.T) {
	const size, line = 1 << 20, 64
	whole := make([]byte, size)
	for i := range whole {
		whole[i] = byte(i / line)
	}
	var waits tail
	waits.add(whole)
	moved := 0
	for left := size - line; left >= 0; left -= line {
		moved += waits.keep(left)
		if !bytes.Equal(waits.rest(), whole[size-left:]) {
			t.Fatalf("with %d bytes left it has others", left)
		}
	}
	if moved > size {
		t.Errorf("%d bytes were moved of %d, want each once at most", moved, size)
	}
}

// TestTailIsShort: what has been gone through is never more than half of what is kept, also where as much comes as is gone through.
func TestTailIsShort(t *testing.T) {
	var waits tail
	moved, came := 0, 0
	for range 10_000 {
		waits.add(make([]byte, 100))
		came += 100
		moved += waits.keep(min(len(waits.rest())-90, 50_000))
		if len(waits.bytes) > 2*len(waits.rest()) {
			t.Fatalf("%d bytes are kept for %d", len(waits.bytes), len(waits.rest()))
		}
	}
	if moved > came {
		t.Errorf("%d bytes were moved of %d, want each once at most", moved, came)
	}
}

// TestTakenIsApart: what was taken doesn't change with what comes and is gone through behind it.
func TestTakenIsApart(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	b.s.HoldFor(ForUpload)
	b.feed("filebehind\nmore\n")
	taken := b.s.Take(4)
	b.s.HoldFor(Nothing)
	b.feed(strings.Repeat("x", 10))
	b.feed("\n")
	if string(taken) != "file" {
		t.Errorf("taken = %q, want what it was", taken)
	}
	if got, want := strings.Join(b.heard, " "), `line "behind" line "more" line "xxxxxxxxxx"`; got != want {
		t.Errorf("behind it came %s, want %s", got, want)
	}
}

// TestWaitingMovesLittle: of a very large --recvq all of which waits, a line at a time is let through without moving the rest.
func TestWaitingMovesLittle(t *testing.T) {
	const lines = 10_000
	b := newBench(lineForm, rate.New(1, 1))
	b.feed(strings.Repeat("a line\n", lines))
	first := &b.s.few.tail.bytes[0]
	for range lines / 2 {
		b.at += time.Second
		b.s.LineIsDue(b.at)
		b.Resume(&b.s, 1, ForRate)
		b.feed("")
	}
	if first != &b.s.few.tail.bytes[0] {
		t.Error("what waits was moved before half of it was gone through")
	}
	if b.s.Waiting() != len("a line\n")*(lines/2-1) {
		t.Errorf("%d bytes wait behind %d lines", b.s.Waiting(), len(b.heard))
	}
}

// TestWeighs: what is told of the memory that waiting input takes adds up, and ends at nothing.
func TestWeighs(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	sum := 0
	for _, piece := range []string{"half", " a line", "\n", "x", strings.Repeat("y", 100), "\n"} {
		b.feed(piece)
		sum += b.s.Weigh()
		if sum != b.s.Weighed() || sum < b.s.Waiting() {
			t.Errorf("behind %q %d bytes have been told, %d are weighed, %d wait", piece, sum, b.s.Weighed(), b.s.Waiting())
		}
	}
	if sum != 0 {
		t.Errorf("%d bytes are told where nothing waits", sum)
	}
}
