package match

import (
	"bytes"
	"testing"
)

// FuzzCounter checks that the count is the same however the stream is cut, and what bytes.Count says of all of it.
func FuzzCounter(f *testing.F) {
	f.Add([]byte("xPONG y\nPONG z\n"), []byte("PONG "), uint8(3), uint8(4))
	f.Add([]byte("aaaa"), []byte("aa"), uint8(1), uint8(1))
	f.Add([]byte{0xd0, 0, 0x30, 0xd0, 0}, []byte{0xd0, 0}, uint8(1), uint8(2))
	f.Add([]byte("PPOPONPONG"), []byte("PONG"), uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, stream, pattern []byte, first, each uint8) {
		if len(pattern) == 0 || each == 0 {
			return
		}
		c := Counter{Pattern: pattern}
		cut := min(int(first), len(stream))
		got := c.Count(stream[:cut])
		for rest := stream[cut:]; len(rest) > 0; {
			n := min(int(each), len(rest))
			got += c.Count(rest[:n])
			rest = rest[n:]
		}
		if want := bytes.Count(stream, pattern); got != want {
			t.Errorf("%q in %q cut at %d and each %d: counted %d, want %d", pattern, stream, first, each, got, want)
		}
	})
}
