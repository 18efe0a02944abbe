//go:build linux

package main_test

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"looproom/codec"
	"looproom/loop/dialect"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// TestFuzzedInput feeds random inputs to each framer and to the dialect.
func TestFuzzedInput(t *testing.T) { fuzzInput(t, 100_000, 1) }

// fuzzInput feeds count inputs, the same for the same seed. Each framer takes all of its input in whatever pieces it comes, no frame is over
// the limit, what the dialect makes of it is fit to be shown, and no memory is kept.
func fuzzInput(t *testing.T, count int, seed uint64) {
	t.Logf("%d inputs, PCG seed (5, %d)", count, seed)
	random := rand.New(rand.NewPCG(5, seed))
	before, frames, refused := heap(), 0, 0
	for n := range count {
		framer, limit := randomFramer(random)
		input := noise(random, 1+random.IntN(100))
		f := feed{framer: framer, limit: limit}
		if !f.all(random, bytes.Clone(input)) {
			t.Fatalf("input %d, %T with limit %d: %s; input %q", n, framer, limit, f.wrong, input)
		}
		frames += f.frames
		refused += f.refused
	}
	if grown := int64(heap()) - int64(before); grown > 1<<20 {
		t.Errorf("the heap grew by %d bytes over %d inputs, want at most 1 MiB", grown, count)
	}
	if frames == 0 || refused == 0 {
		t.Errorf("%d frames and %d refusals, want some of each", frames, refused)
	}
	t.Logf("%d frames, %d over the limit", frames, refused)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// randomFramer returns one of the three kinds, with a limit that its input may pass.
func randomFramer(random *rand.Rand) (codec.Framer, int) {
	limit := codec.MinBlockSize + random.IntN(80)
	switch random.IntN(3) {
	case 0:
		f := codec.NewFixed(limit)
		return &f, limit
	case 1:
		f := codec.NewChunk(limit)
		return &f, limit
	default:
		f := codec.NewLines(limit)
		return &f, limit
	}
}

// feed is one input on its way through a framer and the dialect.
type feed struct {
	framer          codec.Framer
	limit           int
	frames, refused int
	wrong           string
}

// all feeds the input in random pieces, as a connection brings it.
func (f *feed) all(random *rand.Rand, input []byte) bool {
	var tail []byte
	for len(input) > 0 && f.wrong == "" {
		n := 1 + random.IntN(len(input))
		tail = f.take(append(tail, input[:n]...))
		input = input[n:]
	}
	if frame := f.framer.Flush(tail); frame != nil {
		f.frame(frame)
	}
	return f.wrong == ""
}

// take takes the whole frames of buf and returns the rest.
func (f *feed) take(buf []byte) []byte {
	for len(buf) > 0 && f.wrong == "" {
		frame, n, err := f.framer.Next(buf)
		if n < 0 || n > len(buf) {
			f.wrong = "it took more than there is"
			return nil
		}
		if n == 0 {
			break
		}
		buf = buf[n:]
		if err != nil {
			f.refused++
		} else if frame != nil {
			f.frame(frame)
		}
	}
	if len(buf) > f.limit {
		f.wrong = "it leaves more than its limit"
	}
	return buf
}

func (f *feed) frame(frame []byte) {
	f.frames++
	if len(frame) > f.limit {
		f.wrong = "a frame is over the limit"
	}
	var cmd room.Command
	line.Dialect{}.Parse(frame, &cmd)
	said := line.Dialect{}.Append(nil, &room.Event{Kind: room.Said, Who: "ana", Text: cmd.Text}, dialect.Reader{Here: true})
	for _, s := range []string{cmd.Name, strings.TrimSuffix(string(said), "\n")} {
		if !fit(s) {
			f.wrong = "the command has " + s
		}
	}
}
