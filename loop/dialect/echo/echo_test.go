package echo

import (
	"bytes"
	"testing"
)

func TestAppendKeepsEveryByte(t *testing.T) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	tests := []struct {
		name       string
		dst, frame []byte
	}{
		{"nothing", nil, nil},
		{"a line", nil, []byte("hello\r\n")},
		{"every byte", nil, every},
		{"behind what is there", []byte("first "), []byte("second")},
		{"an empty frame", []byte("first"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := string(tt.dst) + string(tt.frame)
			if got := Append(tt.dst, tt.frame); string(got) != want {
				t.Errorf("Append(%q, %q) = %q, want %q", tt.dst, tt.frame, got, want)
			}
		})
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	frame := bytes.Repeat([]byte("x"), 512)
	dst := make([]byte, 0, len(frame))
	if n := testing.AllocsPerRun(100, func() { dst = Append(dst[:0], frame) }); n != 0 {
		t.Errorf("Append with room in dst: %v allocations, want 0", n)
	}
}
