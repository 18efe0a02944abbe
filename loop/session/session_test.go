package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"looproom/codec"
	"looproom/loop/opening"
	"looproom/loop/rate"
)

// clock is a clock that stands still unless it is moved, or takes a step at each look.
type clock struct{ at, step time.Duration }

func (c *clock) read() time.Duration {
	c.at += c.step
	return c.at
}

// bench is a Reader with a session, without a loop.
type bench struct {
	clock
	Reader
	s     Session
	lines rate.Rate
	heard []string // the frames that have come
	obey  func(Frame)
}

func newBench(f Form, lines rate.Rate) *bench {
	b := &bench{s: New(f), lines: lines, clock: clock{at: time.Hour}}
	b.Reader = NewReader(b.read, "SEND ")
	return b
}

// feed has the session read piece, of which it gets a copy of its own.
func (b *bench) feed(piece string) {
	b.BeginTurn(b.at)
	b.Read(&b.s, b.lines, b.at, []byte(piece))
	for b.Has() {
		f := b.Next()
		b.hear(f)
		if f.Kind == Done || f.Kind == Wait {
			break
		}
		if b.obey != nil {
			b.obey(f)
		}
	}
	b.Keep()
	b.EndTurn()
}

// hear notes a frame as text.
func (b *bench) hear(f Frame) {
	if f.Reply != nil {
		b.heard = append(b.heard, fmt.Sprintf("reply %q", f.Reply))
	}
	switch f.Kind {
	case Done, Empty:
	case Wait:
		b.heard = append(b.heard, fmt.Sprintf("wait %d", b.s.Hold()))
	case Line:
		b.heard = append(b.heard, fmt.Sprintf("line %q", f.Bytes))
	case Uncut:
		if n := len(b.heard) - 1; n >= 0 {
			b.heard[n] += string(f.Bytes)
			return
		}
		b.heard = append(b.heard, "uncut "+string(f.Bytes))
	case TooLong:
		b.heard = append(b.heard, "too long")
	case Ping:
		b.heard = append(b.heard, fmt.Sprintf("ping %q", f.Bytes))
	case Close:
		b.heard = append(b.heard, fmt.Sprintf("close %d", f.Code))
	case Broken:
		b.heard = append(b.heard, "broken: "+f.Why.Reason)
	case Stranger:
		b.heard = append(b.heard, fmt.Sprintf("stranger %d", f.Opening))
	}
}

// end is when the stream has ended.
func (b *bench) end() {
	if b.s.Hold() == Nothing {
		b.hear(b.s.Last())
	}
}

const maxLine = 32

var (
	lineForm    = Form{Framing: Lines, MaxLine: maxLine}
	plainForm   = Form{Framing: Plain, MaxLine: maxLine}
	blockForm   = Form{Framing: Blocks, Size: 8}
	burstForm   = Form{Framing: Bursts, MaxLine: maxLine, Pause: time.Second}
	rawForm     = Form{Framing: Raw}
	messageForm = Form{Framing: Messages, MaxLine: maxLine}
	ircForm     = Form{Framing: PlainMessages, MaxLine: maxLine}
)

// said is a text frame of a browser.
func said(text string) string {
	return string(codec.AppendMaskedFrame(nil, codec.OpText, 0x01020304, []byte(text)))
}

func sent(op codec.Opcode, payload string) string {
	return string(codec.AppendMaskedFrame(nil, op, 0xdeadbeef, []byte(payload)))
}

const long = "this line has more bytes than a line may have, and then some"

// streams are what clients send, and what it is.
var streams = []struct {
	name   string
	form   Form
	stream string
	skip   int64 // the first line announces so many bytes that are dropped
	want   []string
}{
	{"lines", lineForm, "one\r\ntwo\n\nthree\n", 0, []string{`line "one"`, `line "two"`, `line "three"`}},
	{"no end", lineForm, "one\ntwo", 0, []string{`line "one"`, `line "two"`}},
	{"too long", lineForm, "one\n" + long + "\ntwo\n", 0, []string{`line "one"`, "too long", `line "two"`}},
	{"too long to the end", lineForm, "one\n" + long, 0, []string{`line "one"`, "too long"}},
	{"telnet asks", lineForm, "\xff\xf6on\xff\xfd\x03e\n\xff\xfd\x06two\n", 0,
		[]string{`reply "= HERE looproom hears you\n"`, `reply "\xff\xfc\x03"`, `line "one"`, `reply "\xff\xfc\x06"`, `line "two"`}},
	{"telnet asks twice", lineForm, "\xff\xfd\x03one\n\xff\xfd\x03two\n", 0, []string{`reply "\xff\xfc\x03"`, `line "one"`, `line "two"`}},
	{"a file that is dropped", lineForm, "SEND 5 x\na\nb\ncone\n", 5, []string{`line "SEND 5 x"`, `line "one"`}},
	{"a dropped file that is cut short", lineForm, "SEND 5 x\na\nb", 5, []string{`line "SEND 5 x"`}},
	{"HTTP", lineForm, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0, []string{fmt.Sprint("stranger ", opening.HTTP)}},
	{"HTTP behind a line", lineForm, "hi\nGET / HTTP/1.1\r\n", 0, []string{`line "hi"`, `line "GET / HTTP/1.1"`}},
	{"HTTP behind an empty line", lineForm, "\nGET / HTTP/1.1\r\n", 0, []string{fmt.Sprint("stranger ", opening.HTTP)}},
	{"HTTP too long", lineForm, "GET /" + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n", 0, []string{fmt.Sprint("stranger ", opening.HTTP)}},
	{"SSH", lineForm, "SSH-2.0-OpenSSH_9.2\r\nmore\n", 0, []string{fmt.Sprint("stranger ", opening.SSH)}},
	{"HTTP without an end", lineForm, "GET / HTTP/1.0", 0, []string{fmt.Sprint("stranger ", opening.HTTP)}},
	{"plain lines", plainForm, "one\r\ntwo\n\r\nthr\xff\xfd\x03ee\n\xff\xf6\nfour", 0,
		[]string{`line "one"`, `line "two"`, "line \"thr\\xff\\xfd\\x03ee\"", `line "\xff\xf6"`, `line "four"`}},
	{"a plain line too long", plainForm, "one\n" + long + "\ntwo\n", 0, []string{`line "one"`, "too long", `line "two"`}},
	{"HTTP in plain lines", plainForm, "\r\nPOST / HTTP/1.1\r\nHost: x\r\n\r\n", 0, []string{fmt.Sprint("stranger ", opening.HTTP)}},
	{"TLS in plain lines", plainForm, "\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03\n", 0, []string{fmt.Sprint("stranger ", opening.Binary)}},
	{"IRC in plain lines", plainForm, "CAP LS 302\r\nPASS /x\r\nUSER a 0 * :x", 0, []string{`line "CAP LS 302"`, `line "PASS /x"`, `line "USER a 0 * :x"`}},
	{"blocks", blockForm, "one\x00\x00\x00\x00\x00two\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00last", 0, []string{`line "one"`, `line "two"`, `line "last"`}},
	{"HTTP in blocks", blockForm, "OPTIONS * HTTP/1.1\r\n", 0, []string{`line "OPTIONS "`, fmt.Sprint("stranger ", opening.HTTP)}},
	{"text in blocks", blockForm, "hello, you there\x00\x00\x00\x00\x00\x00\x00\x00", 0, []string{`line "hello, y"`, `line "ou there"`}},
	{"bursts with ends", burstForm, "one\ntwo\r\nthree", 0, []string{`line "one"`, `line "two"`, `line "three"`}},
	{"bursts too long", burstForm, "one\n" + long + "\ntwo\n", 0, []string{`line "one"`, "too long", `line "two"`}},
	{"raw", rawForm, "any\xff\x00thing\n", 0, []string{"uncut any\xff\x00thing\n"}},
	{"messages", messageForm, said("one") + said("two\nthree\n") + sent(codec.OpPing, "x") + sent(codec.OpPong, "y") + said("") + said("four"), 0,
		[]string{`line "one"`, `line "two"`, `line "three"`, `ping "x"`, `line "four"`}},
	{"a message in parts", messageForm, "\x01\x83\x00\x00\x00\x00one" + sent(codec.OpPing, "") + "\x80\x84\x00\x00\x00\x00\ntwo" + said("three"), 0,
		[]string{`ping ""`, `line "one"`, `line "two"`, `line "three"`}},
	{"a message too long", messageForm, said(long) + said("one"), 0, []string{"too long", `line "one"`}},
	{"plain messages", ircForm, said("one") + sent(codec.OpBinary, "t\xffwo\r\nthree") + sent(codec.OpPing, "x") + sent(codec.OpBinary, "SEND 5 x") + said("abcde"), 0,
		[]string{`line "one"`, `line "t\xffwo"`, `line "three"`, `ping "x"`, `line "SEND 5 x"`, `line "abcde"`}},
	{"a plain message too long", ircForm, sent(codec.OpBinary, long) + said("one"), 0, []string{"too long", `line "one"`}},
	{"HTTP in a message", messageForm, said("GET / HTTP/1.1"), 0, []string{`line "GET / HTTP/1.1"`}},
	{"close", messageForm, said("one") + sent(codec.OpClose, "\x03\xe8") + said("two"), 0, []string{`line "one"`, "close 1000"}},
	{"broken", messageForm, said("one") + "\xf1\x80" + said("two"), 0, []string{`line "one"`, "broken: reserved bits are set, and no extension is in use"}},
	{"a dropped file in messages", messageForm, said("SEND 5 x") + sent(codec.OpBinary, "abc") + sent(codec.OpPing, "") + sent(codec.OpBinary, "de") + said("one"), 5,
		[]string{`line "SEND 5 x"`, `ping ""`, `line "one"`}},
	{"text in a dropped file", messageForm, said("SEND 5 x") + sent(codec.OpBinary, "abc") + said("one") + said("two"), 5,
		[]string{`line "SEND 5 x"`, "broken: " + codec.ErrTextInFile.Reason}},
	{"long text in a dropped file", messageForm, said("SEND 5 x") + said(long), 5, []string{`line "SEND 5 x"`, "broken: " + codec.ErrTextInFile.Reason}},
	{"a file that nobody announced", messageForm, said("one") + sent(codec.OpBinary, "x") + said("two"), 0, []string{`line "one"`, "broken: " + codec.ErrNotInFile.Reason}},
}

// play feeds a stream in pieces that end at cuts.
func play(form Form, stream string, skip int64, lines rate.Rate, cuts ...int) []string {
	b := newBench(form, lines)
	b.obey = func(f Frame) {
		if f.Kind == Line && skip > 0 {
			b.s.Skip(skip)
			skip = 0
		}
	}
	from := 0
	for _, cut := range append(cuts, len(stream)) {
		b.feed(stream[from:cut])
		from = cut
	}
	b.end()
	return b.heard
}

// TestHoweverCut: wherever a stream is cut, in up to two places, the frames are the same.
func TestHoweverCut(t *testing.T) {
	for _, test := range streams {
		t.Run(test.name, func(t *testing.T) {
			if got := play(test.form, test.stream, test.skip, rate.Rate{}); !slices.Equal(got, test.want) {
				t.Fatalf("whole: %q,\nwant %q", got, test.want)
			}
			for i := range test.stream {
				for j := i; j < len(test.stream); j++ {
					if got := play(test.form, test.stream, test.skip, rate.Rate{}, i, j); !slices.Equal(got, test.want) {
						t.Fatalf("cut at %d and %d: %q,\nwant %q", i, j, got, test.want)
					}
				}
			}
			var each []int
			for i := range test.stream {
				each = append(each, i)
			}
			if got := play(test.form, test.stream, test.skip, rate.Rate{}, each...); !slices.Equal(got, test.want) {
				t.Errorf("byte by byte: %q,\nwant %q", got, test.want)
			}
		})
	}
}

// TestHoweverHeld: whoever has to wait behind each line, for whatever reason and however its stream is cut, gets the same frames.
func TestHoweverHeld(t *testing.T) {
	for _, test := range streams {
		if test.form.Framing == Raw {
			continue
		}
		for _, why := range []Hold{ForAnswer, ForHome, ForReader} {
			for cut := range test.stream {
				b, skip := newBench(test.form, rate.Rate{}), test.skip
				b.obey = func(f Frame) {
					if f.Kind == Line && skip > 0 {
						b.s.Skip(skip)
						skip = 0
					}
					b.s.HoldFor(why)
				}
				b.feed(test.stream[:cut])
				b.feed(test.stream[cut:])
				for b.Resume(&b.s, 1, why) {
					b.TakeTurns(func(uint64, Hold) { b.feed("") })
				}
				b.end()
				if !slices.Equal(b.heard, test.want) {
					t.Fatalf("%s, cut at %d, held for %d: %q,\nwant %q", test.name, cut, why, b.heard, test.want)
				}
			}
		}
	}
}

// FuzzHoweverCut: two ways to cut a stream give the same frames.
func FuzzHoweverCut(f *testing.F) {
	for _, test := range streams {
		f.Add(uint8(test.form.Framing), []byte(test.stream), uint16(3), uint16(20), uint8(test.skip))
	}
	forms := []Form{lineForm, blockForm, burstForm, rawForm, messageForm, plainForm, ircForm}
	f.Fuzz(func(t *testing.T, which uint8, stream []byte, i, j uint16, skip uint8) {
		form := forms[int(which)%len(forms)]
		cuts := []int{int(i) % (len(stream) + 1), int(j) % (len(stream) + 1)}
		slices.Sort(cuts)
		whole, cut := play(form, string(stream), int64(skip), rate.Rate{}), play(form, string(stream), int64(skip), rate.Rate{}, cuts...)
		isReply := func(heard string) bool { return strings.HasPrefix(heard, "reply") } // what is asked for twice before it is answered is answered once
		if whole, cut = slices.DeleteFunc(whole, isReply), slices.DeleteFunc(cut, isReply); !slices.Equal(whole, cut) {
			t.Errorf("%+v of %q\nwhole:     %q\ncut at %d: %q", form, stream, whole, cuts, cut)
		}
	})
}

// TestSize: there are very many sessions.
func TestSize(t *testing.T) {
	if size := unsafe.Sizeof(Session{}); size > 32 {
		t.Errorf("a Session has %d bytes, want at most 32", size)
	}
}

// TestQuietHoldsNothing: what few have is given back when it is over, but for what a framing needs all the time.
func TestQuietHoldsNothing(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	for _, piece := range []string{long, "\n", "half a li", "ne\n"} {
		b.feed(piece)
		b.s.Weigh()
	}
	b.s.Skip(0)
	if b.s.few != nil {
		t.Errorf("few = %+v, want none", *b.s.few)
	}
	if b.s.Waiting() != 0 || b.s.Weighed() != 0 {
		t.Errorf("%d bytes wait, %d are weighed, want none", b.s.Waiting(), b.s.Weighed())
	}
}
