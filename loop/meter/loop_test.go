package meter

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// logged returns the meter of loop 3 with a clock that goes on a microsecond whenever it is asked, and what it logs.
func logged() (*Loop, *bytes.Buffer) {
	now, log := time.Hour, &bytes.Buffer{}
	return NewLoop(3, func() time.Duration { now += time.Microsecond; return now }, zerolog.New(log)), log
}

// stalls returns what was logged, each line as what stalled, how long, and the field of that name, if there is one.
func stalls(t *testing.T, log *bytes.Buffer, field string) (all []string) {
	t.Helper()
	for line := range strings.Lines(log.String()) {
		var got map[string]any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("log line %q: %v", line, err)
		}
		if got["level"] != "warn" || got["loop"] != 3.0 || !strings.HasPrefix(got["message"].(string), "stall") {
			t.Errorf("log line %q, want a warning of loop 3", line)
		}
		words := got["what"].(string) + " " + got["took"].(string)
		if value, ok := got[field]; ok {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			words += " " + string(text)
		}
		all = append(all, words)
	}
	return all
}

// TestStalls: what is a stall, what the log says of it and how it is counted.
func TestStalls(t *testing.T) {
	rows := []struct {
		name  string
		do    func(*Loop)
		field string
		want  []string
	}{
		{"a sweep", func(l *Loop) { l.Swept(StallAfter, 7) }, "writes", []string{"flush 100ms 7"}},
		{"a sweep in time", func(l *Loop) { l.Swept(StallAfter-1, 7) }, "writes", nil},
		{"a command", func(l *Loop) { l.Applied(StallAfter).Str("verb", "LIST").Msg("stall") }, "verb", []string{`apply 100ms "LIST"`}},
		{"a command in time", func(l *Loop) {
			if l.Applied(StallAfter-1) != nil {
				panic("it is no stall")
			}
		}, "verb", nil},
		{"a batch", func(l *Loop) {
			l.Begin(time.Second)
			l.Tally.Lines = 5
			l.Rest(time.Second+StallAfter, Sent{Deliveries: 8}, 0)
		}, "deliveries", []string{"batch 100ms 8"}},
		{"a batch, its lines", func(l *Loop) {
			l.Begin(time.Second)
			l.Tally.Lines = 5
			l.Rest(time.Second+StallAfter, Sent{}, 0)
		}, "lines", []string{"batch 100ms 5"}},
		{"a batch in time", func(l *Loop) { l.Begin(time.Second); l.Rest(time.Second+StallAfter-1, Sent{}, 0) }, "", nil},
		{"a batch goes on", func(l *Loop) {
			l.Begin(time.Second)
			l.Begin(time.Second + 2*StallAfter)
			l.Rest(time.Second+2*StallAfter, Sent{}, 0)
		}, "", []string{"batch 200ms"}},
		{"a batch whose beginning isn't known", func(l *Loop) { l.BeginNow(); l.BeginNow(); l.Rest(l.clock()+time.Minute, Sent{}, 0) }, "", []string{"batch 1m0s"}},
		{"what is in a batch is not told of as a batch once more", func(l *Loop) {
			l.Begin(time.Second)
			l.Swept(StallAfter, 1)
			l.Rest(2*time.Second, Sent{}, 0)
		}, "", []string{"flush 100ms"}},
		{"the next batch is", func(l *Loop) {
			l.Begin(time.Second)
			l.Swept(StallAfter, 1)
			l.Rest(2*time.Second, Sent{}, 0)
			l.loggedAt -= stallQuiet
			l.Begin(3 * time.Second)
			l.Rest(4*time.Second, Sent{}, 0)
		}, "", []string{"flush 100ms", "batch 1s"}},
		{"one a second, and how many there were besides", func(l *Loop) {
			for range 5 {
				l.Swept(time.Second, 1)
			}
			l.loggedAt -= stallQuiet
			l.Swept(time.Second, 1)
			l.loggedAt -= stallQuiet
			l.Swept(time.Second, 1)
		}, "not_logged", []string{"flush 1s", "flush 1s 4", "flush 1s"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l, log := logged()
			row.do(l)
			if got := stalls(t, log, row.field); !slices.Equal(got, row.want) {
				t.Errorf("stalls in the log = %q, want %q", got, row.want)
			}
		})
	}
}

// TestStallsAreCounted: also those that are not logged.
func TestStallsAreCounted(t *testing.T) {
	l, _ := logged()
	for range 3 {
		l.Swept(StallAfter, 1)
	}
	l.Applied(StallAfter)
	got := l.Stats().Stalls
	if got["flush"] != 3 || got["apply"] != 1 || got["batch"] != 0 || len(got) != int(stallKinds) {
		t.Errorf("Stalls = %v, want 3 of flush, 1 of apply and no others", got)
	}
}

// TestLateTimer: that the process was stopped is told once, and is nobody's fault, however it was found out.
func TestLateTimer(t *testing.T) {
	const late = 30 * time.Second
	rows := []struct {
		name  string
		at    func(*Loop) time.Duration // to what the timer was set
		noted bool                      // a stall has been noted since then
		late  bool
		want  []string
	}{
		{"late", func(l *Loop) time.Duration { return l.clock() - late }, false, true, []string{"timer 30s"}},
		{"late by a stall of our own", func(l *Loop) time.Duration { return l.clock() - late }, true, true, nil},
		{"in time", func(l *Loop) time.Duration { return l.clock() - StallAfter + time.Millisecond }, false, false, nil},
		{"it was not set", func(*Loop) time.Duration { return 0 }, false, false, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			l, log := logged()
			at := row.at(l)
			if row.noted {
				l.notedAt = at + 1
			}
			got := l.Rang(at)
			if row.late && (got < late || got > late+time.Second) || !row.late && got != 0 {
				t.Errorf("Rang = %v, want late: %v", got, row.late)
			}
			if got := stalls(t, log, ""); !slices.Equal(got, row.want) {
				t.Errorf("stalls in the log = %q, want %q", got, row.want)
			}
			want := uint64(len(row.want))
			if s := l.Stats(); s.Lag.Count != want || s.Stalls["timer"] != want {
				t.Errorf("lags, stalls = %d, %d; want %d of each", s.Lag.Count, s.Stalls["timer"], want)
			}
		})
	}
}

// TestWorking: a batch is under way from its beginning to its end.
func TestWorking(t *testing.T) {
	l, _ := logged()
	for range 2 {
		if l.Working() {
			t.Error("at work before anything has come")
		}
		l.BeginNow()
		if !l.Working() {
			t.Error("not at work although a batch has begun")
		}
		l.Rest(l.clock(), Sent{}, 0)
	}
}
