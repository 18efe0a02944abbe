package session

import (
	"math"
	"strings"
	"testing"
	"time"

	"looproom/loop/rate"
)

// TestReadElsewhere: while a file is read elsewhere nothing is handled, and what was read behind it comes before whatever comes then.
func TestReadElsewhere(t *testing.T) {
	b := newBench(lineForm, tenASecond)
	b.obey = func(f Frame) {
		if strings.HasPrefix(string(f.Bytes), "SEND") {
			b.s.HoldFor(ForUpload)
		}
	}
	b.feed("SEND 4 x\nfi")
	early := string(b.s.Take(math.MaxInt64))
	if early != "fi" || b.s.Waiting() != 0 {
		t.Errorf("early = %q, and %d bytes wait behind it", early, b.s.Waiting())
	}
	if b.s.Put(nil); b.s.few != nil {
		t.Errorf("few = %+v while nothing waits", *b.s.few)
	}
	b.s.Put([]byte("one\ntw"))
	b.s.SetPaid(b.at + time.Minute)
	if !b.s.Release(ForUpload) || b.s.Release(ForUpload) {
		t.Error("the wait ends other than once")
	}
	b.feed("")
	if b.s.Hold() != ForRate {
		t.Error("what was paid elsewhere doesn't count")
	}
	b.at += time.Minute
	b.Resume(&b.s, 1, ForRate)
	b.feed("o\n")
	if got, want := strings.Join(b.heard, " "), `line "SEND 4 x" wait 6 line "one" line "two"`; got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
}

// TestWebSocketElsewhere: the frames of a file can be cut elsewhere, and gone on with here.
func TestWebSocketElsewhere(t *testing.T) {
	b := newBench(messageForm, rate.Rate{})
	b.obey = func(f Frame) { b.s.HoldFor(ForUpload) }
	file := sent(2, "file")
	b.feed(said("SEND 4 x") + file[:3])
	stream := append(b.s.Take(math.MaxInt64), file[3:]+said("one")...)
	piece, n, err := b.s.WebSocket().Next(stream)
	if err != nil || string(piece.Bytes) != "file" {
		t.Fatalf("Next = %q, %v", piece.Bytes, err)
	}
	b.s.Put(stream[n:])
	b.s.Release(ForUpload)
	b.feed("")
	if got, want := strings.Join(b.heard, " "), `line "SEND 4 x" line "one"`; got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	for _, form := range []Form{lineForm, blockForm, burstForm, rawForm} {
		if b := newBench(form, rate.Rate{}); b.s.WebSocket() != nil {
			t.Errorf("framing %d has a WebSocket", form.Framing)
		}
	}
}

// TestUnread: what of bytes nobody took waits, and comes again before the rest.
func TestUnread(t *testing.T) {
	b := newBench(rawForm, rate.Rate{})
	took := ""
	b.obey = func(f Frame) {
		n := min(3, len(f.Bytes))
		took += string(f.Bytes[:n])
		b.Unread(f, len(f.Bytes)-n)
		b.s.HoldFor(ForReader)
	}
	for _, piece := range []string{"0123456", "789", "", "", "abc", ""} {
		b.feed(piece)
		b.Resume(&b.s, 1, ForReader)
	}
	if took != "0123456789abc" || b.s.Waiting() != 0 {
		t.Errorf("%q was taken and %d bytes wait, want all in order", took, b.s.Waiting())
	}
	b.obey = nil
	b.s.HoldFor(ForReader)
	b.feed("left")
	if f := b.s.Last(); f.Kind != Uncut || string(f.Bytes) != "left" {
		t.Errorf("Last = %+v, want what was left", f)
	}
}

// TestNumbers: that a client numbers its lines is kept, whatever comes.
func TestNumbers(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	if b.s.Numbers() {
		t.Error("a new client numbers lines")
	}
	b.s.Number()
	b.feed("one\ntw")
	b.s.End()
	if !b.s.Numbers() {
		t.Error("it is forgotten")
	}
}

// TestHeardAt: Now and Seen are the times that were told.
func TestHeardAt(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	b.feed("one\n")
	at := b.at
	b.at += time.Second
	b.Saw(b.at)
	if b.Now() != at || b.Seen() != b.at {
		t.Errorf("Now = %v, Seen = %v, want %v and %v", b.Now(), b.Seen(), at, b.at)
	}
}
