package main

import (
	"strings"
	"testing"
	"time"
)

func TestCalls(t *testing.T) {
	rows := []struct {
		text, name string
		want       string // the text with «» around each call
	}{
		{"hello ana", "ana", "hello «ana»"},
		{"Ana: hello, ANA!", "ana", "«Ana»: hello, «ANA»!"},
		{"banana, anas, ana_2, ana-b, anaé", "ana", "banana, anas, ana_2, ana-b, anaé"},
		{"a@ana.example", "ana", "a@«ana».example"},
		{"日本 と 日本語 と日本", "日本", "«日本» と 日本語 と日本"},
		{"an a n", "ana", "an a n"},
		{"anaana ana", "ana", "anaana «ana»"},
		{"hello", "", "hello"},
		{"", "ana", ""},
	}
	for _, row := range rows {
		var b strings.Builder
		at := 0
		for {
			from, to := nextCall(row.text, row.name, at)
			if from < 0 {
				break
			}
			b.WriteString(row.text[at:from] + "«" + row.text[from:to] + "»")
			at = to
		}
		if got := b.String() + row.text[at:]; got != row.want {
			t.Errorf("calls of %q: %q, want %q", row.name, got, row.want)
		}
		if got := calls(row.text, row.name); got != strings.Contains(row.want, "«") {
			t.Errorf("calls(%q, %q) = %v", row.text, row.name, got)
		}
	}
}

func TestBellIsBounded(t *testing.T) {
	var b bell
	now, rings := time.Now(), 0
	for i := range 100 {
		if b.ring(now.Add(time.Duration(i)*bellEvery/10)) != nil {
			rings++
		}
	}
	if rings != 10 {
		t.Errorf("the bell rings %d times, want 10", rings)
	}
}

// TestPresence: who types isn't away, and who doesn't is told to be so once.
func TestPresence(t *testing.T) {
	start := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	p := newPresence(10*time.Minute, start)
	var told []string
	tell := func(d time.Duration, line string) {
		if line != "" {
			told = append(told, d.String()+" "+line)
		}
	}
	d := time.Duration(0)
	// Half an hour of typing, with three pauses for thought, and then silence.
	for ; d < 30*time.Minute; d += time.Second {
		if d%(8*time.Minute) < 2*time.Minute {
			tell(d, p.press(at(d)))
		}
		tell(d, p.tick(at(d), false))
	}
	for ; d < time.Hour; d += time.Second {
		tell(d, p.tick(at(d), false))
	}
	tell(d, p.press(at(d)))
	tell(d, p.press(at(d)))
	want := "8m0s BACK, 16m0s BACK, 24m0s BACK, 35m59s AWAY, 1h0m0s BACK"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("the server is told %s, want %s", got, want)
	}
	p = newPresence(0, start)
	if got := p.tick(at(24*time.Hour), false); got != "" {
		t.Errorf("tick() = %q with no time for being away, want nothing", got)
	}
	p = newPresence(time.Minute, start)
	if got := p.tick(at(time.Hour), true); got != "" {
		t.Errorf("tick() = %q for who is away already, want nothing", got)
	}
}

func TestSizeText(t *testing.T) {
	rows := map[int64]string{0: "0 B", 13: "13 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 200 << 10: "200 KiB", 5 << 20: "5.0 MiB", 3 << 40: "3072 GiB"}
	for bytes, want := range rows {
		if got := sizeText(bytes); got != want {
			t.Errorf("sizeText(%d) = %q, want %q", bytes, got, want)
		}
	}
}
