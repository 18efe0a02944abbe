//go:build linux

package abuse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/bench"
	"looproom/bench/guest"
	"looproom/bench/peer"
)

// understood is what each server answers to an attack that it has understood, by case and dialect; "closed" where it ends the connection, "" where
// it says nothing, "any" where some do this and some that.
var understood = map[string]map[string]string{
	"recent":    {"line": "= RECENT ", "ws": "= RECENT ", "redis": "begin_search", "mqtt": "\x00\x04h/99"},
	"history":   {"line": "= HISTORY ", "ws": "= HISTORY "},
	"search":    {"line": "= SEARCH 0", "ws": "= SEARCH 0"},
	"files":     {"line": "= FILES 40 of 40"},
	"rooms":     {"line": "= ROOM #t0-0 1 tttt", "ws": "= ROOM #t0-0 1 tttt", "irc": " #t0-0 1 :", "redis": "t0-0-tttt"},
	"list":      {"line": "= LIST ", "ws": "= LIST ", "irc": " 353 ", "redis": "addr=127.1.0.1:"},
	"join":      {"line": "= JOIN #r1 ", "ws": "= JOIN #r1 ", "irc": " 353 "},
	"nick":      {"line": "= NICK n0x1", "ws": "= NICK n0x1", "irc": " NICK :n0x1"},
	"burst":     {"line": "PONG", "ws": "PONG", "irc": " PONG ", "nats": "PONG", "redis": "+PONG", "mqtt": "\xd0\x00", "ws-relay": "pinged"},
	"nine":      {"line": "PONG", "ws": "PONG", "irc": " PONG ", "nats": "PONG", "redis": "+PONG", "mqtt": "\xd0\x00", "ws-relay": "pinged"},
	"empty":     {"line": "any", "ws": "any", "irc": "any", "redis": "", "nats": "closed", "mqtt": "\xd0\x00", "ws-relay": ""},
	"telnet":    {"line": "any"},
	"fragments": {"ws": "any", "ws-relay": ""},
	"names":     {"line": "! bad-name", "ws": "! bad-name", "irc": " 432 "},
	"echo":      {"echo": "xxxxxxxx\n"},
}

// TestAttacksAreUnderstood: whoever hears the attack of a case, in whatever it speaks, does what the attack is about.
func TestAttacksAreUnderstood(t *testing.T) {
	for _, o := range opponents(t) {
		t.Run(o.Subject.Name, func(t *testing.T) {
			t.Parallel() // some let clients in once a second
			for _, c := range Cases() {
				for _, dialect := range o.Dialects(&c) {
					if a, speaks := c.in(dialect); speaks {
						t.Run(c.Name+" "+dialect, func(t *testing.T) { understand(t, &o, &c, &a, dialect) })
					}
				}
			}
		})
	}
}

// tiny is the size of an attack that is only to be understood.
var tiny = Size{Clients: 1, Times: 2, Crowd: 4, For: 100 * time.Millisecond}

// understand plays the attacker by hand: what it is told to send goes to the server, and the answer is looked for.
func understand(t *testing.T, o *Opponent, c *Case, a *attack, dialect string) {
	t.Helper()
	s, err := o.Start(t.Context(), c, 10)
	if errors.Is(err, peer.ErrMissing) {
		missing(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	// Last, when all who came have gone: it would wait for those who don't read.
	t.Cleanup(func() { _ = s.Stop() }) // how it ends is another test's
	crew, members, told := pairs(t, 1, true)
	door := s.Doors[slices.IndexFunc(s.Doors, func(d Door) bool { return d.Dialect.Name() == dialect })]
	f := &field{ctx: t.Context(), door: door, size: tiny, crew: crew}
	if a.prepare != nil {
		if err := a.prepare(f); err != nil {
			t.Fatal(err)
		}
	}
	conn := attacker(t, f)
	a.strike(f, members)
	go func() {
		// Of what has no end a part will do.
		_, _ = io.CopyN(conn, told[0], 2*chunk) // who has closed takes no more
	}()
	want, known := understood[c.Name][dialect]
	if !known {
		t.Fatalf("the test doesn't know what %s answers", dialect)
	}
	switch answer := await(conn, want); {
	case want == "any":
	case want == "" && answer != nil && !errors.Is(answer, os.ErrDeadlineExceeded):
		t.Errorf("the server ended the connection: %v", answer)
	case want == "closed" && answer == nil:
		t.Error("the server bore it, want that it ends the connection")
	case want != "" && want != "closed" && answer != nil:
		t.Errorf("no %q came: %v", want, answer)
	}
}

// attacker is one who is in.
func attacker(t *testing.T, f *field) net.Conn {
	t.Helper()
	fd, err := guest.Enter(t.Context(), guest.Options{Address: f.door.Address, Dialect: f.door.Dialect, Number: 777, Room: room})
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "attacker")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// await reads until the words have come. To hear nothing, or the end, takes less patience.
func await(conn net.Conn, words string) error {
	wait := patience
	if words == "" || words == "any" {
		wait = 200 * time.Millisecond
	}
	_ = conn.SetReadDeadline(time.Now().Add(wait))
	var in []byte
	for buf := make([]byte, 64<<10); ; {
		n, err := conn.Read(buf)
		in = append(in, buf[:n]...)
		if words != "" && words != "closed" && words != "any" && bytes.Contains(in, []byte(words)) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w behind %.300q", err, in)
		}
	}
}

// TestCasesAreWhole: each has a name of its own, sizes, and dialects that there are, each once.
func TestCasesAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Cases() {
		if names[c.Name] || c.Name == "" || c.What == "" {
			t.Errorf("%q: the name is not its own, or nothing says what it is", c.Name)
		}
		names[c.Name] = true
		for _, s := range []Size{c.Small, c.Full} {
			if s.Clients < 1 || s.For <= 0 {
				t.Errorf("%s: %s is no size", c.Name, s)
			}
		}
		if c.Small.Clients > c.Full.Clients || c.Small.For > c.Full.For || c.Small.Crowd > c.Full.Crowd {
			t.Errorf("%s: %s is not smaller than %s", c.Name, c.Small, c.Full)
		}
		seen := map[string]bool{}
		for _, a := range c.attacks {
			for _, dialect := range a.dialects {
				if _, err := peer.FindDialect(dialect); err != nil || seen[dialect] {
					t.Errorf("%s in %s: %v, twice: %v", c.Name, dialect, err, seen[dialect])
				}
				seen[dialect] = true
			}
		}
	}
	if _, err := FindCases([]string{"shouting"}); err == nil || !strings.Contains(err.Error(), "recent, files") {
		t.Errorf("FindCases(shouting): %v, want an error with the known names", err)
	}
}

func TestWhereAttackersComeFrom(t *testing.T) {
	for _, row := range []struct {
		server string
		number int
		want   string
	}{
		{"127.0.0.1:7777", 0, "127.1.0.1"}, {"127.0.0.1:7777", 19, "127.1.0.1"}, {"127.0.0.1:7777", 20, "127.1.0.2"}, {"127.0.0.1:7777", 5000, "127.1.1.1"},
		{"[::1]:7777", 0, ""}, {"10.0.0.5:7777", 0, ""}, {"example.org:7777", 0, ""}, {"/run/chat.sock", 0, ""},
	} {
		if got := addressOf(row.server, row.number); got != row.want {
			t.Errorf("client %d of %s comes from %q, want %q", row.number, row.server, got, row.want)
		}
	}
}

// TestRun has a report of a whole attack, of one that its server can't be told, and of one that fails.
func TestRun(t *testing.T) {
	all := opponents(t)
	deaf := Opponent{Subject: bench.Subject{Name: "deaf"}, Dialects: func(*Case) []string { return []string{"morse"} }}
	broken := Opponent{
		Subject: bench.Subject{Name: "broken"}, Dialects: all[0].Dialects,
		Start: func(context.Context, *Case, int) (*Server, error) { return nil, errors.New("it will not start") },
	}
	cases, err := FindCases([]string{"burst"})
	if err != nil {
		t.Fatal(err)
	}
	cases[0].Small = tiny
	cases[0].Small.Clients = 5
	var report Report
	var told []string
	Run(t.Context(), Plan{
		Opponents: []Opponent{all[0], deaf, broken}, Cases: cases,
		Progress: func(done, all int, opponent, name string) { told = append(told, fmt.Sprint(done, all, opponent, name)) },
	}, &report)
	if len(report.Outcomes) != 3 || len(told) != 3 {
		t.Fatalf("%d outcomes, progress %q; want 3 of each", len(report.Outcomes), told)
	}
	if o := report.Outcomes[0]; o.Failed != "" || o.Asked == 0 || o.Answered != o.Asked || o.Sent != 5*2*(10+1+10) || o.Dropped != 0 || len(o.Lost) > 0 ||
		o.Server.PeakRSS < o.Server.BaseRSS || o.Server.BaseRSS == 0 || o.Server.CPU() == 0 || o.RoundTrip.Count() != o.Asked || o.Elapsed < tiny.For {
		t.Errorf("the outcome is %+v", o)
	}
	if report.Outcomes[1].Skipped == "" || !strings.Contains(report.Outcomes[2].Failed, "it will not start") {
		t.Errorf("outcomes %+v, want one that was not done and one that says why it failed", report.Outcomes[1:])
	}
	var table strings.Builder
	if err := Table(&table, &report, cases); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"burst: ", "5 clients, 2 times each", "longest ping", "\nlooproom ", "! deaf: nothing like it", "! broken: FAILED: start: it will not start"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, table.String())
		}
	}
}
