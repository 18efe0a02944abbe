//go:build linux

package transport

import (
	"bytes"
	"testing"
)

// TestRecordsHoweverCut: records are counted alike wherever the stream is cut, and one that is not whole counts as none.
func TestRecordsHoweverCut(t *testing.T) {
	var stream []byte
	lengths := []int{0, 1, 24, 300, 0, 16 << 10}
	for _, n := range lengths {
		stream = append(append(stream, 23, 3, 3, byte(n>>8), byte(n)), bytes.Repeat([]byte{0xff}, n)...)
	}
	for _, size := range []int{1, 2, 3, 5, 7, 256, 1000, len(stream)} {
		var r records
		useless := 0
		for rest := stream; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			r.note(rest[:min(size, len(rest))])
			useless += r.useless()
		}
		if useless != len(lengths) {
			t.Errorf("cut every %d bytes: %d records, want %d", size, useless, len(lengths))
		}
	}
	var r records
	r.note(stream[:5+5+1+5+3]) // two whole ones and a part of the third, of which the first has brought something
	r.brought()
	if n := r.useless(); n != 1 {
		t.Errorf("%d whole records have brought nothing, want 1", n)
	}
}
