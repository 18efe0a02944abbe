package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"looproom/codec"
	"looproom/loop/rate"
)

// tenASecond is a rate with 50 at once: the usual one.
var tenASecond = rate.New(10, 50)

// TestCosts: what a stream costs, in lines.
func TestCosts(t *testing.T) {
	tests := []struct {
		name   string
		form   Form
		stream string
		want   float64
	}{
		{"lines", lineForm, "one\ntwo\nthree\n", 3},
		{"empty lines", lineForm, strings.Repeat("\n", 250), 1},
		{"telnet commands", lineForm, strings.Repeat("\xff\xf1", 250), 1},
		{"a telnet question and a line", lineForm, "\xff\xf6\nx\n", 1 + 1.0/250 + 1 + 1.0/250},
		{"the beginning of a line", lineForm, "one\ntw", 1},
		{"too long", lineForm, long + "\n", 1 + 1.0/250},
		{"very much too long", lineForm, strings.Repeat("x", maxLine+64<<10) + "\n", 1 + 4},
		{"empty blocks", blockForm, strings.Repeat("\x00", 8*250), 1},
		{"a burst too long", burstForm, strings.Repeat("x", maxLine+32<<10) + "\n", 1 + 2},
		{"raw", rawForm, strings.Repeat("x", 1000), 0},
		{"messages", messageForm, said("one") + said("two"), 2},
		{"lines of a message", messageForm, said("one\ntwo\nthree"), 3},
		{"pings", messageForm, strings.Repeat(sent(codec.OpPing, "x"), 5), 5},
		{"pongs", messageForm, strings.Repeat(sent(codec.OpPong, "x"), 251), 1}, // the first one may be a header
		{"a message too long", messageForm, said(strings.Repeat("x", 32<<10)), 1 + 2},
		{"SEND that is dropped", lineForm, "SEND 1000 x\n" + strings.Repeat("\n", 1000) + "one\n", 2},
		{"SEND of messages that is dropped", messageForm, said("SEND 1000 x") + strings.Repeat(sent(codec.OpBinary, "0123456789"), 100) + said("one"), 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, cut := range []int{0, 1, len(test.stream) / 2, len(test.stream) - 1} {
				b := newBench(test.form, rate.New(10, 1000))
				b.obey = func(f Frame) {
					if strings.HasPrefix(string(f.Bytes), "SEND") {
						b.s.Skip(1000)
					}
				}
				b.feed(test.stream[:cut])
				b.feed(test.stream[cut:])
				paid := max(b.s.Paid()-b.at, 0).Seconds() * 10
				if diff := paid - test.want; diff < -0.02 || diff > 0.02 {
					t.Errorf("cut at %d it costs %.3f lines, want %.3f", cut, paid, test.want)
				}
			}
		})
	}
}

// TestTooLongIsBounded: however long the rest of a line is, and in however large pieces it is read, its client owes no more than twice what it may have at once.
func TestTooLongIsBounded(t *testing.T) {
	b := newBench(lineForm, tenASecond)
	b.feed(strings.Repeat("x", 1<<30>>4))
	if owes := b.s.Paid() - b.at; owes > 2*(tenASecond.Ahead+tenASecond.Every) {
		t.Errorf("it owes %v", owes)
	}
	b.feed("\nPING\n")
	if b.s.Hold() != ForRate {
		t.Error("the next line doesn't wait")
	}
	b.at += 2 * (tenASecond.Ahead + tenASecond.Every)
	b.Resume(&b.s, 1, ForRate)
	b.feed("")
	if got := strings.Join(b.heard, " "); !strings.HasSuffix(got, `line "PING"`) {
		t.Errorf("heard %q, want the line behind it", got)
	}
}

// TestLinesAhead: who says many lines at once has those of a burst handled at once, and then as many as the rate has.
func TestLinesAhead(t *testing.T) {
	b := newBench(lineForm, tenASecond)
	var stream strings.Builder
	for n := range 60 {
		fmt.Fprintf(&stream, "%d\n", n)
	}
	b.feed(stream.String())
	if got := len(b.heard); got != 50+1 || b.s.Hold() != ForRate {
		t.Fatalf("%d lines and verdicts at once, held for %d; want 50 lines and that the next one waits", got, b.s.Hold())
	}
	for n := 50; n < 60; n++ {
		b.heard = nil
		if b.s.LineIsDue(b.at) {
			t.Fatal("the next line is due at once")
		}
		b.at += 100 * time.Millisecond
		if !b.s.LineIsDue(b.at) || !b.Resume(&b.s, 1, ForRate) && n == 50 {
			t.Fatalf("line %d isn't due after 100 ms", n)
		}
		b.s.Release(ForRate)
		b.TakeTurns(func(uint64, Hold) { b.feed("") })
		if len(b.heard) == 0 || b.heard[0] != fmt.Sprintf("line %q", fmt.Sprint(n)) {
			t.Fatalf("heard %q, want line %d", b.heard, n)
		}
	}
}

// TestOneAlarm: whoever waits is looked at anew at each change of the limits, and has one alarm all the same.
func TestOneAlarm(t *testing.T) {
	b := newBench(lineForm, rate.New(1, 1))
	alarms := 0
	look := func(piece string) {
		b.BeginTurn(b.at)
		b.Read(&b.s, b.lines, b.at, []byte(piece))
		for b.Has() {
			if f := b.Next(); f.Kind == Wait && f.At != 0 {
				alarms++
			}
		}
		b.Keep()
		b.EndTurn()
	}
	look("one\ntwo\n")
	for range 5 {
		b.s.Release(ForRate)
		look("")
	}
	if alarms != 1 {
		t.Errorf("%d alarms, want 1", alarms)
	}
	b.lines = rate.New(10, 1) // so it is due sooner
	b.s.Release(ForRate)
	look("")
	if alarms != 2 {
		t.Errorf("%d alarms behind a change, want another one", alarms)
	}
	b.lines = rate.Rate{} // so nothing waits any more
	b.s.Release(ForRate)
	look("")
	b.s.Weigh()
	if b.s.few == nil || !b.s.LineIsDue(b.at+time.Minute) || b.s.few != nil || b.s.LineIsDue(b.at+time.Minute) {
		t.Error("the alarm is forgotten before it rings, or kept behind that")
	}
}

// TestSendIsNotDelayed: a line that announces an upload doesn't wait, as long as it is no more than twice as early as others may be.
func TestSendIsNotDelayed(t *testing.T) {
	for _, form := range []Form{lineForm, messageForm} {
		b := newBench(form, rate.New(10, 5))
		text := func(s string) string {
			if form.Framing == Messages {
				return said(s)
			}
			return s + "\n"
		}
		for range 5 {
			b.feed(text("x"))
		}
		for range 20 {
			b.feed(text("SEND 0 x"))
		}
		handled := 0
		for _, heard := range b.heard {
			if strings.Contains(heard, "SEND") {
				handled++
			}
		}
		if handled != 5 || b.s.Hold() != ForRate {
			t.Errorf("framing %d: %d of 20 uploads are announced at once, held for %d; want 5 more than lines, and then a wait", form.Framing, handled, b.s.Hold())
		}
	}
}

// TestDroppedFileDoesNotWait: the bytes of an upload that was refused are dropped however much their client owes; what is behind them waits.
func TestDroppedFileDoesNotWait(t *testing.T) {
	for _, row := range []struct {
		form         Form
		file, behind string
	}{
		{lineForm, "abcde", "one\n"},
		{messageForm, sent(codec.OpBinary, "abcde"), said("one")},
	} {
		b := newBench(row.form, rate.New(10, 1))
		b.s.SetPaid(b.at + time.Second)
		b.s.Skip(5)
		b.feed(row.file + row.behind)
		if b.s.Skipping() || b.s.Waiting() != len(row.behind) || b.s.Hold() != ForRate {
			t.Errorf("framing %d: %d bytes wait, skipping %v, held for %d; want that only what is behind the file waits", row.form.Framing, b.s.Waiting(), b.s.Skipping(), b.s.Hold())
		}
	}
}

// TestOnlyFilesAreAnnounced: on a door that takes no files, a line that looks as if it announced one waits as others do.
func TestOnlyFilesAreAnnounced(t *testing.T) {
	for _, form := range []Form{blockForm, burstForm} {
		b := newBench(form, rate.New(10, 5))
		b.feed(strings.Repeat("SEND 0 \n", 20))
		if got := len(b.heard); got != 5+1 {
			t.Errorf("framing %d: %d frames and verdicts, want 5 lines and that the next one waits", form.Framing, got)
		}
	}
	b := newBench(rawForm, rate.Rate{})
	b.Read(&b.s, b.lines, b.at, []byte("SEND 0 x\n"))
	if b.Announces() {
		t.Error("bytes as they are announce a file")
	}
	b.Keep()
}

// TestRecords: a record of TLS with a line costs that line, one that ends none a part, one that brings nothing a line.
func TestRecords(t *testing.T) {
	b := newBench(lineForm, tenASecond)
	record := func(text string) {
		paid := b.s.Paid()
		b.feed(text)
		b.s.PayForRecord(paid, b.lines, b.at)
	}
	owes := func() float64 { return max(b.s.Paid()-b.at, 0).Seconds() * 10 }
	record("one\n")
	if owes() != 1 {
		t.Errorf("a record with a line costs %v lines", owes())
	}
	for range recordsALine {
		record("x")
	}
	if got := owes(); got < 1.99 || got > 2.01 {
		t.Errorf("%d records without a line end cost %v lines, want 1", recordsALine, got-1)
	}
	b.s.HoldFor(ForUpload)
	record("of a file")
	if got := owes(); got > 2.01 {
		t.Errorf("a record of a file costs %v", got-2)
	}
	if !b.s.PayForNothing(3, b.lines, b.at) || owes() < 4.99 {
		t.Errorf("three records with nothing: owes %v, want 5", owes())
	}
	if b.s.PayForNothing(2*49+spareRecords, b.lines, b.at) {
		t.Error("very many records with nothing are paid for")
	}
}

// TestOverflow: who sends on is told once, and then it is too much; who waits for its answers is only read no further.
func TestOverflow(t *testing.T) {
	const most = 100
	for _, why := range []Hold{ForRate, ForAnswer, ForHome, ForReader} {
		b := newBench(lineForm, rate.Rate{})
		b.s.HoldFor(why)
		var got []Overflow
		for range 12 {
			b.feed("ten bytes\n")
			got = append(got, b.s.Overflow(most, false))
		}
		for i, g := range got {
			want := Fits
			switch {
			case i == 5:
				want = Much
			case i >= 10:
				want = Spill
			}
			if g != want {
				t.Errorf("held for %d, %d bytes: %d, want %d", why, 10*(i+1), g, want)
			}
		}
		if got := b.s.Overflow(most, true); got != Fits {
			t.Errorf("held for %d and paused: %d", why, got)
		}
	}
	b := newBench(lineForm, rate.Rate{})
	b.s.HoldFor(ForTurn)
	b.feed(strings.Repeat("x", mostAside))
	if got := b.s.Overflow(most, false); got != Fits {
		t.Errorf("what one read brings before its turn: %d", got)
	}
	b.feed("x")
	if got := b.s.Overflow(most, false); got != Spill {
		t.Errorf("more than that: %d", got)
	}
	b.s.HoldFor(ForUpload)
	if got := b.s.Overflow(most, false); got != Fits {
		t.Errorf("behind an upload: %d", got)
	}
	for _, row := range []struct {
		why   Hold
		bytes int
		want  bool
	}{{ForReader, pauseAt + 1, true}, {ForReader, pauseAt, false}, {ForHome, pauseAt + 1, true}, {ForTurn, pauseAt + 1, true}, {ForAnswer, 1 << 20, false}, {ForRate, 1 << 20, false}} {
		b := newBench(lineForm, rate.Rate{})
		b.s.HoldFor(row.why)
		b.feed(strings.Repeat("x", row.bytes))
		if got := b.s.MayPause(); got != row.want {
			t.Errorf("MayPause held for %d with %d bytes = %v", row.why, row.bytes, got)
		}
	}
}

// TestEndedHearsNothing: behind a frame that ends it, or End, nothing of a session counts.
func TestEndedHearsNothing(t *testing.T) {
	b := newBench(lineForm, tenASecond)
	b.feed("one\ntw")
	b.s.End()
	b.feed("o\nthree\n")
	b.s.Put([]byte("four\n"))
	b.feed("")
	b.end()
	if got := strings.Join(b.heard, " "); got != `line "one"` || b.s.Waiting() != 0 || b.s.few != nil {
		t.Errorf("heard %s, %d bytes wait", got, b.s.Waiting())
	}
}
