//go:build linux

package main_test

import (
	"bufio"

	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/codec"
)

// rawWeb is a client of WebSocket that sends frames as they stand, and reads frames.
type rawWeb struct {
	t  *testing.T
	c  net.Conn
	in *bufio.Reader
}

func dialRawWeb(t *testing.T, s *server) *rawWeb {
	t.Helper()
	conn := s.dial(t, 0)
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, upgradeRequest()); err != nil {
		t.Fatal(err)
	}
	c := &rawWeb{t: t, c: conn, in: bufio.NewReader(conn)}
	if response, err := http.ReadResponse(c.in, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("response = %v, %v; want status 101", response, err)
	}
	if got := c.frame(); !strings.HasPrefix(got, "> Connected") {
		t.Fatalf("first frame = %q, want the greeting", got)
	}
	return c
}

// frame reads a frame and says what it is: the text of one, or its kind and payload. "gone" is the end of the stream.
func (c *rawWeb) frame() string {
	c.t.Helper()
	start := make([]byte, 10)
	if _, err := io.ReadFull(c.in, start[:2]); err != nil {
		if err != io.EOF {
			return err.Error()
		}
		return "gone"
	}
	more := map[byte]int{126: 2, 127: 8}[start[1]]
	if _, err := io.ReadFull(c.in, start[2:2+more]); err != nil {
		c.t.Fatal(err)
	}
	payload := make([]byte, codec.FrameSize(start)-2-more)
	if _, err := io.ReadFull(c.in, payload); err != nil {
		c.t.Fatal(err)
	}
	switch {
	case start[0] == 0x81:
		return string(payload)
	case start[0] == 0x8a:
		return "pong:" + string(payload)
	case start[0] == 0x88 && len(payload) == 0:
		return "close"
	case start[0] == 0x88 && len(payload) >= 2:
		return fmt.Sprint("close ", int(payload[0])<<8|int(payload[1]))
	}
	return fmt.Sprintf("%x:%.20q", start[0], payload)
}

// frames reads up to the end of the stream, or to the answer of a last line.
func (c *rawWeb) frames() (got []string) {
	c.t.Helper()
	for {
		f := c.frame()
		switch {
		case f == "PONG fence":
			return got
		case strings.HasPrefix(f, "> "), strings.HasPrefix(f, "< "):
			continue // others come and go
		}
		got = append(got, f)
		if f == "gone" || len(got) > 10000 {
			return got
		}
	}
}

// raw is a frame with any first byte; a client's frames are masked.
func raw(first byte, payload string) string {
	frame := codec.AppendMaskedFrame(nil, codec.Opcode(first&0xf), 0xa35f6e19, []byte(payload))
	frame[0] = first
	return string(frame)
}

const (
	final = 0x80
	opc   = 0x0 // continuation
	opt   = 0x1 // text
	opb   = 0x2 // binary
	opx   = 0x8 // close
	opp   = 0x9 // ping
	opo   = 0xa // pong
)

// say is a line whose answer repeats it.
func say(word string) string { return raw(final|opt, "PING "+word) }

// ended is a close with a code.
func ended(code int, reason string) string {
	return raw(final|opx, string([]byte{byte(code >> 8), byte(code)})+reason)
}

// TestWebFrames has the cases of RFC 6455 in the numbering of the Autobahn test suite, whose echo is PING here.
func TestWebFrames(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	protocol, invalid := []string{"close 1002", "gone"}, []string{"close 1007", "gone"}
	type row struct {
		number, name string
		send         string
		want         []string
	}
	rows := []row{
		{"2.1", "a ping of nothing", raw(final|opp, ""), []string{"pong:"}},
		{"2.2", "a ping of text", raw(final|opp, "hello"), []string{"pong:hello"}},
		{"2.3", "a ping of bytes", raw(final|opp, "\x00\xff\xfe"), []string{"pong:\x00\xff\xfe"}},
		{"2.4", "a ping of 125 bytes", raw(final|opp, x(125)), []string{"pong:" + x(125)}},
		{"2.5", "a ping of 126 bytes", raw(final|opp, x(126)), protocol},
		{"2.7", "a pong of nothing", raw(final|opo, ""), nil},
		{"2.8", "a pong of something", raw(final|opo, "hello"), nil},
		{"2.9", "a pong, then a ping", raw(final|opo, "no") + raw(final|opp, "yes"), []string{"pong:yes"}},
		{"2.10", "ten pings", raw(final|opp, "0") + raw(final|opp, "1") + raw(final|opp, "2") + raw(final|opp, "3") + raw(final|opp, "4") +
			raw(final|opp, "5") + raw(final|opp, "6") + raw(final|opp, "7") + raw(final|opp, "8") + raw(final|opp, "9"),
			[]string{"pong:0", "pong:1", "pong:2", "pong:3", "pong:4", "pong:5", "pong:6", "pong:7", "pong:8", "pong:9"}},
		{"3.1", "RSV 1", raw(final|opt|0x10, "a"), protocol},
		{"3.2", "RSV 2 behind a line", say("a") + raw(final|opt|0x20, "a") + say("b"), append([]string{"PONG a"}, protocol...)},
		{"3.3", "RSV 3 behind a line", say("a") + raw(final|opt|0x30, "a") + say("b"), append([]string{"PONG a"}, protocol...)},
		{"3.4", "RSV 4, as permessage-deflate has it", say("a") + raw(final|opt|0x40, "a"), append([]string{"PONG a"}, protocol...)},
		{"3.5", "RSV 5 of binary", raw(final|opb|0x50, "a"), protocol},
		{"3.6", "RSV 6 of a ping", raw(final|opp|0x60, ""), protocol},
		{"3.7", "RSV 7 of a close", raw(final|opx|0x70, ""), protocol},
		{"5.1", "a ping in two fragments", raw(opp, "a") + raw(final|opc, "b"), protocol},
		{"5.2", "a pong in two fragments", raw(opo, "a") + raw(final|opc, "b"), protocol},
		{"5.3", "text in two fragments", raw(opt, "PING a") + raw(final|opc, "b"), []string{"PONG ab"}},
		{"5.6", "a ping between two fragments", raw(opt, "PING a") + raw(final|opp, "p") + raw(final|opc, "b"), []string{"pong:p", "PONG ab"}},
		{"5.9", "a continuation of nothing", raw(final|opc, "a") + say("a"), protocol},
		{"5.11", "an unfinished continuation of nothing", raw(opc, "a") + say("a"), protocol},
		{"5.15", "a continuation behind a whole message", raw(opt, "PING a") + raw(final|opc, "b") + raw(opc, "c") + say("a"),
			append([]string{"PONG ab"}, protocol...)},
		{"5.18", "text within text", raw(opt, "PING a") + raw(final|opt, "PING b"), protocol},
		{"5.19", "five fragments with pings", raw(opt, "PING a") + raw(opc, "b") + raw(final|opp, "1") + raw(opc, "c") + raw(opc, "d") +
			raw(final|opp, "2") + raw(final|opc, "e"), []string{"pong:1", "pong:2", "PONG abcde"}},
		{"6.1.1", "text of nothing", raw(final|opt, ""), nil},
		{"6.1.2", "three fragments of nothing", raw(opt, "") + raw(opc, "") + raw(final|opc, ""), nil},
		{"6.1.3", "something in the middle", raw(opt, "") + raw(opc, "PING a") + raw(final|opc, ""), []string{"PONG a"}},
		{"6.2.1", "UTF-8", say("Hello-µ@ßöäüàá-UTF-8!!"), []string{"PONG Hello-µ@ßöäüàá-UTF-8!!"}},
		{"6.2.2", "cut between characters", raw(opt, "PING µ@ß") + raw(final|opc, "öäü"), []string{"PONG µ@ßöäü"}},
		{"6.2.4", "κόσμε", say("κόσμε"), []string{"PONG κόσμε"}},
		{"6.3.1", "a surrogate", raw(final|opt, "κόσμε\xed\xa0\x80edited"), invalid},
		{"6.4.1", "over U+10FFFF in the second fragment", raw(opt, "κόσμε") + raw(final|opc, "\xf4\x90\x80\x80") + say("a"), invalid},
		{"6.6", "a character that is cut off", raw(final|opt, "\xce\xba\xe1\xbd"), invalid},
		{"6.10", "an overlong NUL", raw(final|opt, "\xc0\x80"), invalid},
		{"6.12", "a byte that can't be", raw(final|opt, "\xfe"), invalid},
		{"6.13", "a continuation byte alone", raw(final|opt, "\x80"), invalid},
		{"6.21", "a surrogate pair", raw(final|opt, "\xed\xa0\x80\xed\xb0\x80"), invalid},
		{"6.23", "U+10FFFF and U+1F600", say("\U0010ffff\U0001f600"), []string{"PONG \U0010ffff\U0001f600"}},
		{"7.1.1", "a line, then a close", say("a") + ended(1000, ""), []string{"PONG a", "close 1000", "gone"}},
		{"7.1.2", "two closes", ended(1000, "") + ended(1000, ""), []string{"close 1000", "gone"}},
		{"7.1.3", "a ping behind a close", ended(1000, "") + raw(final|opp, "p"), []string{"close 1000", "gone"}},
		{"7.1.4", "a line behind a close", ended(1000, "") + say("a"), []string{"close 1000", "gone"}},
		{"7.1.5", "a close between fragments", raw(opt, "PING a") + ended(1000, "") + raw(final|opc, "b"), []string{"close 1000", "gone"}},
		{"7.3.1", "a close of nothing", raw(final|opx, ""), []string{"close", "gone"}},
		{"7.3.2", "a close of one byte", raw(final|opx, "a"), protocol},
		{"7.3.4", "a close with a reason", ended(1000, "goodbye"), []string{"close 1000", "gone"}},
		{"7.3.5", "the longest reason", ended(1000, x(123)), []string{"close 1000", "gone"}},
		{"7.3.6", "a reason that is too long", ended(1000, x(124)), protocol},
		{"7.5.1", "a reason that is no text", ended(1000, "\xce\xba\xed\xa0\x80"), invalid},
		{"7.13.1", "code 5000", ended(5000, ""), protocol},
		{"7.13.2", "code 65535", ended(65535, ""), protocol},
		{"9.1", "a line over the limit", raw(final|opt, x(20_000)) + say("a"), []string{tooLong, "PONG a"}},
		{"9.3", "a line over the limit in fragments of 64 bytes", raw(opt, x(64)) + strings.Repeat(raw(opc, x(64)), 400) + raw(final|opc, x(64)) + say("a"),
			[]string{tooLong, "PONG a"}},
		{"9.7", "a thousand lines", strings.Repeat(say("a"), 1000), slices.Repeat([]string{"PONG a"}, 1000)},
		{"9.9", "a frame of 64 MiB and one byte", "\x82\xff\x00\x00\x00\x00\x04\x00\x00\x01abcd", []string{"close 1009", "gone"}},
		{"-", "no mask", "\x81\x01a", protocol},
		{"-", "a length in more bytes than it needs", "\x81\xfe\x00\x01abcdx", protocol},
	}
	for i, n := range []int{0, 125, 126, 127, 128, 4000, 8000} {
		rows = append(rows, row{fmt.Sprint("1.1.", i+1), fmt.Sprint("a word of ", n), say("w" + x(n)), []string{"PONG w" + x(n)}})
	}
	for i, op := range []byte{3, 4, 5, 6, 7} {
		rows = append(rows, row{fmt.Sprint("4.1.", i+1), fmt.Sprint("opcode ", op), say("a") + raw(final|op, "x") + say("b"), append([]string{"PONG a"}, protocol...)})
	}
	for i, op := range []byte{11, 12, 13, 14, 15} {
		rows = append(rows, row{fmt.Sprint("4.2.", i+1), fmt.Sprint("opcode ", op), raw(final|op, ""), protocol})
	}
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		rows = append(rows, row{fmt.Sprint("7.7.", i+1), fmt.Sprint("code ", code), ended(code, ""), []string{fmt.Sprint("close ", code), "gone"}})
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		rows = append(rows, row{fmt.Sprint("7.9.", i+1), fmt.Sprint("code ", code), ended(code, ""), protocol})
	}
	s := startServer(t, "--listen", onWeb)
	for _, row := range rows {
		t.Run(row.number+" "+row.name, func(t *testing.T) {
			for _, step := range []int{len(row.send) + 99, 1} { // whole, and byte by byte
				if step == 1 && len(row.send) > 600 {
					continue
				}
				if got := sendRaw(t, s, row.send+say("fence"), step); !slices.Equal(got, row.want) {
					t.Errorf("by %d bytes: frames = %.300q, want %.300q", step, got, row.want)
				}
			}
		})
	}
}

// tooLong is the answer to a line over the limit.
const tooLong = "! line-too-long a line has at most 8 KiB; it was dropped"

// sendRaw sends bytes, some at a time, and returns what comes until the answer to the last line or the end.
func sendRaw(t *testing.T, s *server, bytes string, step int) []string {
	t.Helper()
	c := dialRawWeb(t, s)
	for rest := bytes; len(rest) > 0; {
		n := min(step, len(rest))
		if _, err := io.WriteString(c.c, rest[:n]); err != nil {
			break // the server has closed, as it may have to
		}
		rest = rest[n:]
	}
	return c.frames()
}
