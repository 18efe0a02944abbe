package session

import (
	"strings"
	"testing"
	"time"

	"looproom/loop/rate"
)

// gone goes through a whole piece, as a loop does, and returns how many lines it had.
func (b *bench) gone(piece []byte) (lines int) {
	b.BeginTurn(b.at)
	b.Read(&b.s, b.lines, b.at, piece)
	for b.Has() {
		f := b.Next()
		if f.Kind == Done || f.Kind == Wait {
			break
		}
		if f.Kind == Line {
			lines++
		}
	}
	b.Keep()
	b.EndTurn()
	return lines
}

// TestLinesAllocateNothing: a line that comes whole costs no memory, on any door.
func TestLinesAllocateNothing(t *testing.T) {
	for _, row := range []struct {
		form  Form
		piece string
	}{
		{lineForm, "hello\nthere\n"},
		{blockForm, "hello\x00\x00\x00there\x00\x00\x00"},
		{burstForm, "hello\nthere\n"},
		{messageForm, said("hello") + said("there")},
	} {
		b := newBench(row.form, rate.New(1e9, 1e6))
		b.gone([]byte(row.piece)) // the first line is looked at
		piece := make([]byte, len(row.piece))
		allocs := testing.AllocsPerRun(100, func() {
			copy(piece, row.piece) // a mask is taken off in place
			if n := b.gone(piece); n != 2 {
				t.Fatalf("framing %d: %d lines, want 2", row.form.Framing, n)
			}
		})
		if allocs != 0 {
			t.Errorf("framing %d: %v allocations for two lines", row.form.Framing, allocs)
		}
	}
}

// BenchmarkLine is what a line costs until it is a frame.
func BenchmarkLine(b *testing.B) {
	const lines = 100
	piece := []byte(strings.Repeat("a line of usual length\n", lines))
	s := newBench(lineForm, rate.New(1e9, 1e6))
	for b.Loop() {
		s.at += time.Second
		if n := s.gone(piece); n != lines {
			b.Fatalf("%d lines", n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
}
