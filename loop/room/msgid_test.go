package room

import (
	"testing"
	"time"
)

func TestMsgIDReadsAsWritten(t *testing.T) {
	for _, row := range []struct {
		text string
		want MsgID
		ok   bool
	}{
		{"57024000-42", 57024000<<34 + 42, true},
		{"0-1", 1, true},
		{"0-0", 0, true},
		{"1073741823-17179869183", 1<<64 - 1, true},
		{"1073741824-0", 0, false},
		{"1-17179869184", 0, false},
		{"57024000", 0, false},
		{"57024000-", 0, false},
		{"-42", 0, false},
		{"057024000-42", 0, false},
		{"57024000-042", 0, false},
		{"57024000-+42", 0, false},
		{"57024000-42-1", 0, false},
		{"57024000 - 42", 0, false},
		{"", 0, false},
	} {
		got, ok := ParseMsgID(row.text)
		if ok != row.ok || ok && (got != row.want || got.String() != row.text) {
			t.Errorf("ParseMsgID(%q) = %d (%v), %v, want %d, %v", row.text, got, got, ok, row.want, row.ok)
		}
	}
}

func FuzzMsgID(f *testing.F) {
	f.Add(uint64(42), uint64(43))
	f.Add(uint64(57024000<<34), uint64(1<<64-1))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		id := MsgID(a)
		if got, ok := ParseMsgID(id.String()); got != id || !ok {
			t.Errorf("ParseMsgID(%v) = %v, %v, want the same", id, got, ok)
		}
		if n := testing.AllocsPerRun(1, func() { id.AppendTo(make([]byte, 0, 32)) }); n > 0 {
			t.Errorf("AppendTo allocates %v times, want never", n)
		}
	})
}

func TestStartAt(t *testing.T) {
	for _, row := range []struct {
		when string
		want int64
	}{
		{"2025-01-01T00:00:00Z", 0}, {"2025-01-01T00:00:01Z", 1}, {"2026-10-23T00:00:00Z", 57024000}, {"1970-01-01T00:00:10Z", 0},
		{"2059-01-10T13:37:03Z", MaxStart}, {"2059-01-10T13:37:04Z", 0},
	} {
		when, err := time.Parse(time.RFC3339, row.when)
		if err != nil {
			t.Fatal(err)
		}
		if got := StartAt(when.UnixMilli()); got != row.want {
			t.Errorf("StartAt(%s) = %d, want %d", row.when, got, row.want)
		}
	}
}

// Each message has an id, in its event and where it is kept, the next after the last one's, also of those that nobody hears.
func TestMessagesHaveIDs(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Recent: 10})
	ann, bob := newcomerAt(s, 1, "ann"), newcomerAt(s, 2, "bob")
	const wall = 1_795_253_400_123
	said := func(verb Verb, id ClientID, name string) (of []Event) {
		for _, e := range s.Apply(&Command{Verb: verb, Client: id, Name: name, Text: "hello", Wall: wall}) {
			if e.ID != 0 || e.At != 0 {
				of = append(of, e)
			}
		}
		return of
	}
	check := func(got []Event, want string) {
		t.Helper()
		if len(got) != 1 || got[0].ID.String() != want || got[0].At != wall {
			t.Errorf("events with an id: %+v, want one of %s at %d", got, want, wall)
		}
	}
	check(said(Say, ann, ""), "0-1")
	s.Apply(&Command{Verb: Start, Client: NoClient, N: 57024000})
	check(said(Say, ann, ""), "57024000-1")
	check(said(Act, bob, ""), "57024000-2")
	check(said(Tell, ann, "bob"), "57024000-3")
	check(said(Tell, ann, "#lobby"), "57024000-4")
	s.Apply(&Command{Verb: ShunClient, Client: bob})
	if got := append(said(Say, bob, ""), said(Tell, bob, "ann")...); got != nil {
		t.Errorf("what a shunned user says is told: %+v", got)
	}
	for _, n := range []int64{57023999, -1, 0} { // the clock has gone back, and nobody has noticed
		s.Apply(&Command{Verb: Start, Client: NoClient, N: n})
	}
	check(said(Say, ann, ""), "57024000-7")
	s.Apply(&Command{Verb: Start, Client: NoClient, N: 57024001})
	check(said(Say, ann, ""), "57024001-1")

	want := []string{"0-1", "57024000-1", "57024000-2", "57024000-4", "57024000-7", "57024001-1"}
	rows := s.Apply(&Command{Verb: Recent, Client: ann, N: 10})[0].List
	if len(rows) != len(want) {
		t.Fatalf("RECENT has %d messages, want %d", len(rows), len(want))
	}
	for i, row := range rows {
		if row.ID.String() != want[i] || row.At != wall {
			t.Errorf("message %d of RECENT is %v at %d, want %s at %d", i, row.ID, row.At, want[i], wall)
		}
	}
}

// Who numbers a line is told the id of the message that it was, if it has been said just now; who is shunned as well, who is not to know.
func TestConfirmedHasTheID(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Recent: 10})
	ann, bob := newcomerAt(s, 1, "ann"), newcomerAt(s, 2, "bob")
	s.Apply(&Command{Verb: Start, Client: NoClient, N: 7})
	check := func(cmd Command, want string) {
		t.Helper()
		cmd.ID = "annsphone"
		events := s.Apply(&cmd)
		if e := events[len(events)-1]; e.Kind != Confirmed || e.Client != cmd.Client || e.ID.String() != want {
			t.Errorf("%+v is answered with %+v, want the id %s", cmd, e, want)
		}
	}
	check(Command{Verb: Say, Client: ann, Seq: 1, Text: "hello"}, "7-1")
	check(Command{Verb: Say, Client: ann, Seq: 1, Text: "hello"}, "0-0")
	check(Command{Verb: Tell, Client: ann, Seq: 2, Name: "bob", Text: "psst"}, "7-2")
	check(Command{Verb: Tell, Client: ann, Seq: 3, Name: "eve", Text: "psst"}, "0-0")
	check(Command{Verb: Confirm, Client: ann}, "0-0")
	s.Apply(&Command{Verb: ShunClient, Client: bob})
	check(Command{Verb: Act, Client: bob, Seq: 1, Text: "waves"}, "7-3")
	check(Command{Verb: Tell, Client: bob, Seq: 2, Name: "ann", Text: "psst"}, "7-4")
	check(Command{Verb: Act, Client: ann, Seq: 4, Text: "waves"}, "7-5")
}
