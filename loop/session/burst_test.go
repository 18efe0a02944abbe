package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"looproom/loop/opening"
	"looproom/loop/rate"
)

// pause lets the pause of b's bursts pass, as its loop does.
func (b *bench) pause(t *testing.T) {
	t.Helper()
	after := b.s.WatchPause()
	if after != burstForm.Pause {
		t.Fatalf("the pause is watched for %v, want %v", after, burstForm.Pause)
	}
	if b.s.WatchPause() != 0 {
		t.Fatal("it is watched twice")
	}
	b.at += after / 2
	if left := b.s.BurstIsOver(b.at); left != after-after/2 {
		t.Fatalf("in the middle of the pause %v are left", left)
	}
	b.at += after
	if left := b.s.BurstIsOver(b.at); left != 0 {
		t.Fatalf("behind the pause %v are left", left)
	}
	b.hear(b.s.EndBurst(b.lines))
}

// TestBursts: a pause ends a frame; what has an LF doesn't wait for it.
func TestBursts(t *testing.T) {
	tests := []struct {
		name   string
		lines  rate.Rate
		bursts []string
		want   []string
	}{
		{"one by one", rate.Rate{}, []string{"one", "two"}, []string{`line "one"`, `line "two"`}},
		{"lines in one", rate.Rate{}, []string{"one\ntwo", "three\n"}, []string{`line "one"`, `line "two"`, `line "three"`}},
		{"too long", rate.Rate{}, []string{long, "two"}, []string{"too long", `line "two"`}},
		{"HTTP in two", rate.Rate{}, []string{"OPTIONS ", "* HTTP/1.1"}, []string{`line "OPTIONS "`, fmt.Sprint("stranger ", opening.HTTP)}},
		{"no HTTP in two", rate.Rate{}, []string{"OPTIONS\n", "* HTTP/1.1"}, []string{`line "OPTIONS"`, `line "* HTTP/1.1"`}},
		{"too soon", rate.New(0.001, 1), []string{"one", "two\nthree", "four", "five"}, []string{`line "one"`, "wait 6"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(burstForm, test.lines)
			for _, burst := range test.bursts {
				b.feed(burst)
				b.pause(t)
			}
			if got, want := strings.Join(b.heard, " "), strings.Join(test.want, " "); got != want {
				t.Errorf("heard %s, want %s", got, want)
			}
		})
	}
}

// TestDelayedBurstsStayApart: a pause ends a burst also while bursts wait, for whatever reason.
func TestDelayedBurstsStayApart(t *testing.T) {
	bursts := []string{"two\nthree", "four", "five"}
	for _, why := range []Hold{ForRate, ForAnswer, ForReader} {
		b := newBench(burstForm, rate.Rate{})
		b.s.HoldFor(why)
		for _, burst := range bursts {
			b.feed(burst)
			b.pause(t)
		}
		b.Resume(&b.s, 1, why)
		b.feed("")
		if got, want := strings.Join(b.heard, " "), `line "two" line "three" line "four" line "five"`; got != want {
			t.Errorf("held for %d: heard %s, want %s", why, got, want)
		}
	}
}

// TestBurstCosts: a burst costs a line, at the time it came, whether or not it has an LF.
func TestBurstCosts(t *testing.T) {
	for _, burst := range []string{"one", "one\n"} {
		b := newBench(burstForm, tenASecond)
		b.feed(burst)
		came := b.at
		b.pause(t)
		if got := b.s.Paid(); got != came+tenASecond.Every {
			t.Errorf("%q is paid until %v behind it came, want %v", burst, got-came, tenASecond.Every)
		}
	}
}

// TestBurstTooSoon: a burst that must wait when its pause is over stays apart from the next one.
func TestBurstTooSoon(t *testing.T) {
	b := newBench(burstForm, rate.Rate{})
	b.feed("SEND one")
	b.lines = rate.New(1, 1) // which was changed meanwhile
	b.s.SetPaid(b.at + 2*time.Second)
	b.pause(t)
	b.feed("two")
	b.s.Release(ForRate)
	b.at += time.Minute
	b.feed("")
	if got, want := strings.Join(b.heard, " "), `wait 6 line "SEND one" wait 6`; got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
}

// TestOnlyBurstsPause: no other framing is watched.
func TestOnlyBurstsPause(t *testing.T) {
	for _, form := range []Form{lineForm, blockForm, rawForm, messageForm} {
		b := newBench(form, rate.Rate{})
		b.feed("x")
		if after := b.s.WatchPause(); after != 0 {
			t.Errorf("framing %d is watched for %v", form.Framing, after)
		}
		if f := b.s.EndBurst(rate.Rate{}); f.Kind != Done || b.s.BurstIsOver(b.at+time.Hour) != 0 {
			t.Errorf("framing %d has a burst", form.Framing)
		}
	}
	b := newBench(burstForm, rate.Rate{})
	b.feed("x")
	b.s.End()
	if after := b.s.WatchPause(); after != 0 {
		t.Errorf("one that has ended is watched for %v", after)
	}
}

// TestFirstLineIsBounded: of a first line in very many parts no more is kept than is looked at.
func TestFirstLineIsBounded(t *testing.T) {
	b := newBench(blockForm, rate.Rate{})
	for range 10 * maxFirst / 8 {
		b.feed("ABCDEFGH") // might be a method of HTTP all the time
	}
	if !b.s.has(spoke) || b.s.few.first != nil {
		t.Errorf("%d bytes of a first line are kept", len(b.s.few.first))
	}
}
