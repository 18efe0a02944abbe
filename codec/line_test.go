package codec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

func TestLines(t *testing.T) {
	tests := []struct {
		name   string
		stream string
		want   []string
	}{
		{"nothing", "", nil},
		{"lf", "ab\n", []string{`"ab"`}},
		{"crlf", "ab\r\nc\r\n", []string{`"ab"`, `"c"`}},
		{"empty lines", "\n\r\n", []string{`""`, `""`}},
		{"only one cr is cut", "ab\r\r\n", []string{`"ab\r"`}},
		{"cr inside stays", "a\rb\n", []string{`"a\rb"`}},
		{"the stream ends without lf", "ab\ncd", []string{`"ab"`, `flush "cd"`}},
		{"the stream ends after cr", "ab\r", []string{`flush "ab"`}},
		{"the stream ends with a lone cr", "ab\n\r", []string{`"ab"`}},
		{"as long as the limit", "0123456789abcde\nx\n", []string{`"0123456789abcde"`, `"x"`}},
		{"as long as the limit with crlf", "0123456789abcd\r\nx\n", []string{`"0123456789abcd"`, `"x"`}},
		{"one over the limit", "0123456789abcdef\nx\n", []string{"line too long", `"x"`}},
		{"cr is the last byte of the limit", "0123456789abcde\r\nx\n", []string{"line too long", `"x"`}},
		{"far over the limit", strings.Repeat("y", 50) + "\nx\n", []string{"line too long", `"x"`}},
		{"two over the limit", strings.Repeat("y", 40) + "\n" + strings.Repeat("z", 40) + "\nx\n", []string{"line too long", "line too long", `"x"`}},
		{"the stream ends over the limit", strings.Repeat("y", 20), []string{"line too long"}},
		{"the stream ends at the limit", strings.Repeat("y", 16), []string{"line too long"}},
		{"commands before a line", "\xff\xfb\x01\xff\xf1hi\n", []string{`"hi"`}},
		{"commands in a line", "h\xff\xfd\x03i\xff\xf1\r\n", []string{`"hi"`}},
		{"command between cr and lf", "hi\r\xff\xf1\n", []string{`"hi"`}},
		{"an option that is lf", "h\xff\xfd\ni\n", []string{`"hi"`}},
		{"lf in a subnegotiation", "h\xff\xfa\x1f\n\n\xff\xf0i\n", []string{`"hi"`}},
		{"iac iac is a byte", "h\xff\xff\n", []string{`"h\xff"`}},
		{"iac iac begins a line", "\xff\xff\xff\xf1h\n", []string{`"\xffh"`}},
		{"iac before lf", "hi\xff\nx\n", []string{`"hi"`, `"x"`}},
		{"the stream ends in a command", "hi\xff\xfd", []string{`flush "hi"`}},
		{"the stream ends with only a command", "hi\n\xff\xfd", []string{`"hi"`}},
		{"keep-alives don't fill the line", strings.Repeat("\xff\xf1", 100) + "hi\n", []string{`"hi"`}},
		{"commands in a line count", "a" + strings.Repeat("\xff\xf1", 8) + "hi\nx\n", []string{"line too long", `"x"`}},
		{"endless subnegotiation", "\xff\xfa\x1f\n" + strings.Repeat("y", 40) + "\nx\n", []string{"line too long", `"x"`}},
		{"endless subnegotiation in a line", "a\xff\xfa\n" + strings.Repeat("y", 12) + "\nx\n", []string{"line too long", `"x"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFrames(t, func() Framer { lines := NewLines(16); return &lines }, [][]byte{[]byte(test.stream)}, test.want)
		})
	}
}

// TestPlainLines: where nobody speaks telnet, its commands are bytes of the line.
func TestPlainLines(t *testing.T) {
	tests := []struct {
		name   string
		stream string
		want   []string
	}{
		{"crlf and lf", "ab\r\nc\n\r\n", []string{`"ab"`, `"c"`, `""`}},
		{"bytes that begin commands", "h\xff\xfd\x03i\xff\xff\n\xff\xfb\x01\n", []string{`"h\xff\xfd\x03i\xff\xff"`, `"\xff\xfb\x01"`}},
		{"lf in what would be a command", "a\xff\xfd\nb\xff\xfa\n\xff\xf0\n", []string{`"a\xff\xfd"`, `"b\xff\xfa"`, `"\xff\xf0"`}},
		{"the stream ends", "ab\n\xff\xfdcd", []string{`"ab"`, `flush "\xff\xfdcd"`}},
		{"as long as the limit with crlf", "0123456789\xff\xfbcd\r\nx\n", []string{`"0123456789\xff\xfbcd"`, `"x"`}},
		{"over the limit", "0123456789\xff\xfbcdef\n\xff\xf1\n", []string{"line too long", `"\xff\xf1"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkFrames(t, func() Framer { lines := NewPlainLines(16); return &lines }, [][]byte{[]byte(test.stream)}, test.want)
		})
	}
}

func TestLinesLimitUnderOne(t *testing.T) {
	for _, limit := range []int{-1, 0, 1} {
		got := frames(t, func() Framer { lines := NewLines(limit); return &lines }(), [][]byte{[]byte("\na\n\n")}, nil)
		if want := []string{`""`, "line too long", `""`}; !slices.Equal(got, want) {
			t.Errorf("limit %d: frames = %v, want %v", limit, got, want)
		}
	}
}

func TestLinesSize(t *testing.T) {
	if size := unsafe.Sizeof(Lines{}); size > 16 {
		t.Errorf("a Lines has %d bytes, want at most 16", size)
	}
}

func TestLinesNoAllocs(t *testing.T) {
	lines := NewLines(64)
	checkNoAllocs(t, &lines, []byte("hello\r\n\xff\xf1h\xff\xfd\x01i\n"+strings.Repeat("y", 100)+"\nrest"))
}

// naiveLines is what Lines has to do, told for a stream that is there as a whole.
func naiveLines(stream []byte, limit int) (want []string) {
	for len(stream) > 0 {
		frame, n, kind := naiveLine(stream[:min(len(stream), limit)])
		switch {
		case kind == "line":
			want = append(want, fmt.Sprintf("%q", bytes.TrimSuffix(frame, []byte("\r"))))
		case kind == "open" && n == limit:
			want = append(want, ErrTooLong.Error())
			end := bytes.IndexByte(stream[n:], '\n')
			if end < 0 {
				return want
			}
			n += end + 1
		case kind == "open":
			if frame = bytes.TrimSuffix(frame, []byte("\r")); len(frame) > 0 {
				want = append(want, fmt.Sprintf("flush %q", frame))
			}
		}
		stream = stream[n:]
	}
	return want
}

// naiveLine reads a "line", a telnet "command" in front of one, or an "open" line that ends with window.
func naiveLine(window []byte) (frame []byte, n int, kind string) {
	for n < len(window) {
		size, data := naiveTelnet(window[n:])
		n += size
		switch {
		case len(data) == 1 && data[0] == '\n' && size > 0:
			return frame, n, "line"
		case size > 0:
			frame = append(frame, data...)
		default:
			return frame, len(window), "open"
		}
		if len(data) == 0 && n == size && window[0] == telnetIAC && window[1] >= 236 {
			return nil, n, "command"
		}
	}
	return frame, n, "open"
}

// naiveTelnet reads one byte or telnet sequence; size is 0 when it isn't whole.
func naiveTelnet(in []byte) (size int, data []byte) {
	if in[0] != telnetIAC {
		return 1, in[:1]
	}
	if len(in) < 2 {
		return 0, nil
	}
	switch b := in[1]; {
	case b < 236:
		return 2, in[1:2]
	case b == 255:
		return 2, in[1:2]
	case b == 250:
		for i := 2; i+1 < len(in); i++ {
			if in[i] != 255 {
				continue
			}
			if in[i+1] == 240 {
				return i + 2, nil
			}
			i++
		}
		return 0, nil
	case b > 250:
		if len(in) < 3 {
			return 0, nil
		}
		return 3, nil
	}
	return 2, nil
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("ab\r\nc\n"), []byte{0}, byte(16))
	f.Add([]byte("0123456789abcdef0123\nx\n"), []byte{15, 0}, byte(16))
	f.Add([]byte("\xff\xfb\x01h\xff\xfa\n\xff\xff\xff\xf0i\xff\xf1\r\n\xff\xff"), []byte{2, 1}, byte(30))
	f.Add([]byte("a\xff\xfa\n0123456789\xff\xf0\nx\n\xff\n"), []byte{4}, byte(8))
	f.Fuzz(func(t *testing.T, stream, cuts []byte, limit byte) {
		want := naiveLines(stream, max(int(limit), 1))
		for _, cuts := range [][]byte{nil, {0}, cuts} {
			lines := NewLines(int(limit))
			if got := frames(t, &lines, [][]byte{stream}, cuts); !slices.Equal(got, want) {
				t.Errorf("limit %d: frames of %q cut by %v = %v, want %v", limit, stream, cuts, got, want)
			}
		}
	})
}

func BenchmarkLinesNext(b *testing.B) {
	line := strings.Repeat("x", 63) + "\n"
	buf := []byte(strings.Repeat(line, 64<<10/len(line)))
	lines := NewLines(MaxLine)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		for rest := buf; len(rest) > 0; {
			_, n, _ := lines.Next(rest)
			rest = rest[n:]
		}
	}
}

// BenchmarkLinesByteByByte shows that a long line that arrives a byte at a time costs linear work: ns/byte is about the same for
// each length.
func BenchmarkLinesByteByByte(b *testing.B) {
	for _, kind := range []string{"x", "\xff\xf1"} {
		for _, size := range []int{1 << 10, 8 << 10, 64 << 10} {
			b.Run(fmt.Sprintf("%q/%d", kind, size), func(b *testing.B) {
				line := []byte("a" + strings.Repeat(kind, size)[:size-2] + "\n")
				lines := NewLines(len(line))
				buf := make([]byte, len(line))
				b.ReportAllocs()
				for b.Loop() {
					copy(buf, line)
					for end := range buf {
						lines.Next(buf[:end+1])
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/byte")
			})
		}
	}
}
