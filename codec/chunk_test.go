package codec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

func TestChunk(t *testing.T) {
	tests := []struct {
		name   string
		bursts []string
		want   []string
	}{
		{"nothing", []string{""}, nil},
		{"a burst is a frame", []string{"hi", "to you"}, []string{`flush "hi"`, `flush "to you"`}},
		{"lf ends a frame", []string{"hi\nyou\r\nthere"}, []string{`"hi"`, `"you"`, `flush "there"`}},
		{"lf ends a burst", []string{"hi\n", "you\r\n"}, []string{`"hi"`, `"you"`}},
		{"cr ends a burst", []string{"hi\r", "\nyou"}, []string{`flush "hi"`, `""`, `flush "you"`}},
		{"telnet stays", []string{"h\xff\xf1i"}, []string{`flush "h\xff\xf1i"`}},
		{"as long as the limit", []string{"01234567", "x"}, []string{`flush "01234567"`, `flush "x"`}},
		{"lf as last byte of the limit", []string{"0123456\nx"}, []string{`"0123456"`, `flush "x"`}},
		{"lf behind the limit", []string{"01234567\nx"}, []string{"line too long", `flush "x"`}},
		{"over the limit up to lf", []string{"0123456789abcdef0123\nx"}, []string{"line too long", `flush "x"`}},
		{"over the limit up to a pause", []string{"0123456789abcdef0123", "x\ny"}, []string{"line too long", `"x"`, `flush "y"`}},
		{"over the limit in each of two bursts", []string{"0123456789", "0123456789"}, []string{"line too long", "line too long"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var bursts [][]byte
			for _, burst := range test.bursts {
				bursts = append(bursts, []byte(burst))
			}
			checkFrames(t, func() Framer { chunk := NewChunk(8); return &chunk }, bursts, test.want)
		})
	}
}

func TestChunkSize(t *testing.T) {
	if size := unsafe.Sizeof(Chunk{}); size > 16 {
		t.Errorf("a Chunk has %d bytes, want at most 16", size)
	}
}

func TestChunkNoAllocs(t *testing.T) {
	chunk := NewChunk(64)
	checkNoAllocs(t, &chunk, []byte("hello\r\n"+strings.Repeat("y", 100)+"\nrest"))
}

// naiveChunk is what Chunk has to do with one burst that is there as a whole.
func naiveChunk(burst []byte, limit int) (want []string) {
	for len(burst) > 0 {
		line, rest, found := bytes.Cut(burst, []byte("\n"))
		tooLong := len(line) > limit || found && len(line) == limit
		text := bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case tooLong:
			want = append(want, ErrTooLong.Error())
		case found:
			want = append(want, fmt.Sprintf("%q", text))
		case len(text) > 0:
			want = append(want, fmt.Sprintf("flush %q", text))
		}
		burst = rest
	}
	return want
}

func FuzzChunk(f *testing.F) {
	f.Add([]byte("hi\nyou"), []byte("there\r\n"), []byte{0}, byte(8))
	f.Add([]byte("0123456789"), []byte("x\ny"), []byte{8, 0}, byte(8))
	f.Add([]byte("01234567\nx"), []byte("\n"), []byte{7}, byte(8))
	f.Fuzz(func(t *testing.T, first, second, cuts []byte, limit byte) {
		bursts := [][]byte{first, second}
		want := naiveChunk(first, max(int(limit), 1))
		want = append(want, naiveChunk(second, max(int(limit), 1))...)
		for _, cuts := range [][]byte{nil, {0}, cuts} {
			chunk := NewChunk(int(limit))
			if got := frames(t, &chunk, bursts, cuts); !slices.Equal(got, want) {
				t.Errorf("limit %d: frames of %q cut by %v = %v, want %v", limit, bursts, cuts, got, want)
			}
		}
	})
}
