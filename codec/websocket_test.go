package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// wsFrame is a client's frame as a test writes it: any first byte, and the payload masked.
func wsFrame(first byte, payload string) string {
	frame := AppendMaskedFrame(nil, Opcode(first&0xf), 0x9d3c51a7, []byte(payload))
	frame[0] = first
	return string(frame)
}

// Frames of each kind; the last letter says that more of the message follows.
func text(s string) string     { return wsFrame(0x81, s) }
func textMore(s string) string { return wsFrame(0x01, s) }
func more(s string) string     { return wsFrame(0x00, s) }
func end(s string) string      { return wsFrame(0x80, s) }
func binaryOf(s string) string { return wsFrame(0x82, s) }
func ping(s string) string     { return wsFrame(0x89, s) }

// closing is a close with that code.
func closing(code uint16, reason string) string {
	return wsFrame(0x88, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}

// pieces plays a stream that is cut as cuts says, and returns what came: neighbouring bytes of files as one.
func pieces(t *testing.T, limit int, stream string, cuts []byte) (got []string) {
	t.Helper()
	return piecesOf(t, NewWebSocket(limit), stream, cuts)
}

func piecesOf(t *testing.T, w WebSocket, stream string, cuts []byte) (got []string) {
	t.Helper()
	var tail []byte
	file := ""
	note := func(s string) {
		if file != "" {
			got, file = append(got, "file "+file), ""
		}
		if s != "" {
			got = append(got, s)
		}
	}
	for _, part := range cut([]byte(stream), cuts) {
		buf := slices.Concat(tail, part)
		for len(buf) > 0 || w.Pending() {
			piece, n, err := w.Next(buf)
			if n < 0 || n > len(buf) {
				t.Fatalf("Next took %d of %d bytes", n, len(buf))
			}
			var broken *CloseError
			switch {
			case errors.As(err, &broken):
				note(fmt.Sprintf("%d %s", broken.Code, broken.Reason))
				return got
			case err != nil:
				note(err.Error())
			case piece.Kind == BinaryPiece:
				file += string(piece.Bytes)
			case piece.Kind == LinePiece:
				note("line " + string(piece.Bytes))
			case piece.Kind == PingPiece:
				note("ping " + string(piece.Bytes))
			case piece.Kind == ClosePiece:
				note(fmt.Sprint("close ", piece.Code))
			}
			if buf = buf[n:]; n == 0 && piece.Kind == NoPiece && err == nil {
				break
			}
		}
		tail = buf
	}
	note("")
	return got
}

func TestWebSocket(t *testing.T) {
	long := strings.Repeat("x", 200)
	tests := []struct {
		name, stream string
		want         []string
	}{
		{"a line", text("hello"), []string{"line hello"}},
		{"a CR at its end", text("hello\r"), []string{"line hello"}},
		{"nothing in it", text("") + text("a"), []string{"line a"}},
		{"several lines", text("a\nb\n\nc\n"), []string{"line a", "line b", "line c"}},
		{"in fragments", textMore("he") + more("") + more("ll") + end("o\nyou"), []string{"line hello", "line you"}},
		{"fragments with nothing in them", textMore("") + end("") + text("a"), []string{"line a"}},
		{"fragments of empty lines", textMore("\n") + end("\n") + text("a"), []string{"line a"}},
		{"an empty first fragment", textMore("") + end("a") + text("b"), []string{"line a", "line b"}},
		{"a rune in two fragments", textMore("\xc3") + end("\xa9"), []string{"line é"}},
		{"a ping between fragments", textMore("a") + ping("p") + end("b"), []string{"ping p", "line ab"}},
		{"pings and pongs", ping("") + wsFrame(0x8a, "what") + ping("2"), []string{"ping ", "ping 2"}},
		{"a file", binaryOf("ab") + wsFrame(0x02, "cd") + ping("") + end("ef") + text("a"), []string{"file abcd", "ping ", "file ef", "line a"}},
		{"an empty binary message", binaryOf("") + text("a"), []string{"line a"}},
		{"16 bits of length", binaryOf(long), []string{"file " + long}},
		{"as long as may be", text(strings.Repeat("x", 63)), []string{"line " + strings.Repeat("x", 63)}},
		{"too long", text(strings.Repeat("x", 64)) + text("a"), []string{"line too long", "line a"}},
		{"too long in fragments", textMore(strings.Repeat("x", 40)) + more(strings.Repeat("x", 40)) + ping("p") + end("x") + text("a"),
			[]string{"line too long", "ping p", "line a"}},
		{"too long all at the end", textMore("x") + end(long) + text("a"), []string{"line too long", "line a"}},
		{"a close", closing(1000, "bye"), []string{"close 1000"}},
		{"a close without a code", wsFrame(0x88, ""), []string{"close 0"}},
		{"a close in half", wsFrame(0x88, "\x03"), []string{"1002 a close with a code or a length that there can't be"}},
		{"a code that is none", closing(1005, ""), []string{"1002 a close with a code or a length that there can't be"}},
		{"a reason that is no text", closing(1000, "\xff"), []string{"1007 text that is not UTF-8"}},
		{"no text", text("a\xff"), []string{"1007 text that is not UTF-8"}},
		{"no text over fragments", textMore("\xc3") + end("a"), []string{"1007 text that is not UTF-8"}},
		{"reserved bits", wsFrame(0xc1, "a"), []string{"1002 reserved bits are set, and no extension is in use"}},
		{"a reserved opcode", wsFrame(0x83, ""), []string{"1002 reserved opcode"}},
		{"a reserved control opcode", wsFrame(0x8b, ""), []string{"1002 reserved opcode"}},
		{"no mask", "\x81\x01a", []string{"1002 a client must mask its frames"}},
		{"a long ping", ping(strings.Repeat("x", 126)), []string{"1002 a control frame is fragmented or longer than 125 bytes"}},
		{"a ping in fragments", wsFrame(0x09, ""), []string{"1002 a control frame is fragmented or longer than 125 bytes"}},
		{"a continuation of nothing", text("a") + end("b"), []string{"line a", "1002 a continuation of nothing"}},
		{"a message within another", textMore("a") + text("b"), []string{"1002 a new message within another one"}},
		{"a length in too many bytes", "\x81\xfe\x00\x05....", []string{"1002 the length of a frame is not written as it has to be"}},
		{"a negative length", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff....", []string{"1002 the length of a frame is not written as it has to be"}},
		{"65 MiB", "\x82\xff\x00\x00\x00\x00\x04\x10\x00\x00....", []string{"1009 a frame of more than 64 MiB"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, cuts := range everyCut {
				if got := pieces(t, 64, test.stream, cuts); !slices.Equal(got, test.want) {
					t.Errorf("cut by %v: %.200q, want %.200q", cuts, got, test.want)
				}
			}
		})
	}
}

// TestWebSocketOfLines: where there are no files, binary messages hold lines, in any bytes.
func TestWebSocketOfLines(t *testing.T) {
	tests := []struct {
		name, stream string
		want         []string
	}{
		{"text and binary", text("a") + binaryOf("b\r\n") + text("c"), []string{"line a", "line b", "line c"}},
		{"several lines", binaryOf("a\nb\r\n\nc") + binaryOf(""), []string{"line a", "line b", "line c"}},
		{"any bytes", binaryOf("\xe9t\xe9\xff") + binaryOf("a"), []string{"line \xe9t\xe9\xff", "line a"}},
		{"any bytes in fragments", wsFrame(0x02, "\xe9") + ping("p") + more("t") + end("\xe9\nb") + text("a"), []string{"ping p", "line \xe9t\xe9", "line b", "line a"}},
		{"text in any bytes", text("a") + text("\xe9"), []string{"line a", "1007 text that is not UTF-8"}},
		{"text in fragments in any bytes", textMore("a") + end("\xe9"), []string{"1007 text that is not UTF-8"}},
		{"as long as may be", binaryOf(strings.Repeat("\xff", 63)), []string{"line " + strings.Repeat("\xff", 63)}},
		{"too long", binaryOf(strings.Repeat("\xff", 64)) + text("a"), []string{"line too long", "line a"}},
		{"too long in fragments", wsFrame(0x02, strings.Repeat("x", 40)) + more(strings.Repeat("\xff", 40)) + ping("p") + end("x") + binaryOf("a"),
			[]string{"line too long", "ping p", "line a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, cuts := range everyCut {
				if got := piecesOf(t, NewWebSocketOfLines(64), test.stream, cuts); !slices.Equal(got, test.want) {
					t.Errorf("cut by %v: %.200q, want %.200q", cuts, got, test.want)
				}
			}
		})
	}
}

// TestCloseCodes has every code that a client may and may not say.
func TestCloseCodes(t *testing.T) {
	may := func(code uint16) bool {
		return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999
	}
	for code := range uint16(6000) {
		want := "close " + fmt.Sprint(code)
		if !may(code) {
			want = "1002 " + errCloseCode.Reason
		}
		if got := pieces(t, 64, closing(code, ""), nil); !slices.Equal(got, []string{want}) {
			t.Errorf("a close with code %d: %q, want %q", code, got, want)
		}
	}
}

func TestUnmask(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		payload, key := make([]byte, random.IntN(70)), random.Uint32()
		for i := range payload {
			payload[i] = byte(random.Uint32())
		}
		want := make([]byte, len(payload))
		for i := range payload {
			want[i] = payload[i] ^ byte(key>>(i%4*8))
		}
		at := random.IntN(len(payload) + 1)
		got := bytes.Clone(payload)
		unmask(got[at:], unmask(got[:at], key))
		if !bytes.Equal(got, want) {
			t.Fatalf("unmask(%x, %08x) in two parts at %d = %x, want %x", payload, key, at, got, want)
		}
	}
}

func TestHasPrefix(t *testing.T) {
	tests := []struct {
		name, stream string
		taken        int // pieces taken before
		want         bool
	}{
		{"a frame", text("SEND 5 x"), 0, true},
		{"another", text("LIST"), 0, false},
		{"a shorter one", text("SEN"), 0, false},
		{"half of one", text("SEND 5 x")[:8], 0, false},
		{"binary", binaryOf("SEND 5 x"), 0, false},
		{"a later line", text("a\nSEND 5 x"), 2, true}, // the first piece is the header
		{"a later line of fragments", textMore("a\nSE") + end("ND 5 x"), 3, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w, buf := NewWebSocket(64), []byte(test.stream)
			for range test.taken {
				_, n, _ := w.Next(buf)
				buf = buf[n:]
			}
			if got := w.HasPrefix(buf, []byte("SEND ")); got != test.want {
				t.Errorf("HasPrefix(%q) = %v, want %v", buf, got, test.want)
			}
		})
	}
}

// TestAppendFrame has what the server writes read back by its own header, at each way to write a length.
func TestAppendFrame(t *testing.T) {
	for _, length := range []int{0, 1, 125, 126, 65535, 65536, 1 << 20} {
		payload := bytes.Repeat([]byte("x"), length)
		frame := AppendTextFrame([]byte("before"), payload)[6:]
		if size := FrameSize(frame); size != len(frame) || !bytes.HasSuffix(frame, payload) || frame[0] != 0x81 {
			t.Errorf("a frame of %d bytes begins with %x and FrameSize says %d; want 81 and %d", length, frame[:2], size, len(frame))
		}
	}
	if got := AppendCloseFrame(nil, 1001, "bye"); string(got) != "\x88\x05\x03\xe9bye" {
		t.Errorf("AppendCloseFrame = %q", got)
	}
	if got := AppendCloseFrame(nil, 0, "bye"); string(got) != "\x88\x00" {
		t.Errorf("AppendCloseFrame without a code = %q, want no payload", got)
	}
}

func TestWebSocketAllocatesNothing(t *testing.T) {
	w, stream := NewWebSocket(MaxLine), []byte(text("hello\nyou")+ping("p")+binaryOf("abc")+text(strings.Repeat("x", 300)))
	buf := make([]byte, len(stream))
	allocs := testing.AllocsPerRun(100, func() {
		copy(buf, stream)
		for rest := buf; len(rest) > 0; {
			_, n, _ := w.Next(rest)
			rest = rest[n:]
		}
	})
	if allocs != 0 {
		t.Errorf("Next over %d bytes: %v allocations, want 0", len(stream), allocs)
	}
}

// FuzzWebSocket: however the stream is cut, the pieces are the same.
func FuzzWebSocket(f *testing.F) {
	f.Add([]byte(text("a\nb")+textMore("a")+ping("p")+end("b")+binaryOf("abc")+closing(1000, "x")), []byte{3})
	f.Add([]byte(text(strings.Repeat("x", 300))+textMore("")+end("")), []byte{0})
	f.Add([]byte(closing(1005, "")), []byte{})
	f.Fuzz(func(t *testing.T, stream, cuts []byte) {
		want := pieces(t, 64, string(stream), nil)
		if got := pieces(t, 64, string(stream), cuts); !slices.Equal(got, want) {
			t.Errorf("%q cut by %v = %q, want %q as when whole", stream, cuts, got, want)
		}
		want = piecesOf(t, NewWebSocketOfLines(64), string(stream), nil)
		if got := piecesOf(t, NewWebSocketOfLines(64), string(stream), cuts); !slices.Equal(got, want) {
			t.Errorf("%q cut by %v = %q, want %q as when whole, without files", stream, cuts, got, want)
		}
	})
}

func BenchmarkWebSocket(b *testing.B) {
	stream := []byte(strings.Repeat(text(strings.Repeat("x", 64)), 100))
	buf, w := make([]byte, len(stream)), NewWebSocket(MaxLine)
	b.SetBytes(int64(len(stream)))
	for b.Loop() {
		copy(buf, stream)
		for rest := buf; len(rest) > 0; {
			_, n, _ := w.Next(rest)
			rest = rest[n:]
		}
	}
}
