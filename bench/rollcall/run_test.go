//go:build linux

package rollcall

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"looproom/bench/peer"
)

// few are as many as there are parts, three times, and some who only listen.
const few = 40

func call(t *testing.T, o Options) *Result {
	t.Helper()
	o.Clients, o.Within = few, 200*time.Millisecond
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// absentOf is how many of the clients are no members at the end.
func absentOf(clients int) (n int) {
	for i := range clients {
		if partOf(i, len(parts)+1).absent {
			n++
		}
	}
	return n
}

func TestAllSeeTheSame(t *testing.T) {
	for name, hides := range map[string]bool{"everybody is shown": false, "who talks is shown": true} {
		t.Run(name, func(t *testing.T) {
			r := call(t, Options{Address: (&fake{hides: hides}).serve(t)})
			if r.In != few || r.Members != few-absentOf(few) || r.Wrong != 0 || len(r.Lost) != 0 || len(r.Faults) != 0 {
				t.Errorf("%d came in, %d are members, %d are wrong (%q), lost %v; want %d, %d, and none", r.In, r.Members, r.Wrong, r.Faults, r.Lost, few, few-absentOf(few))
			}
			if r.Listed < 2 || (r.Listed == r.Members) == hides {
				t.Errorf("%d of %d members are in NAMES", r.Listed, r.Members)
			}
			if r.Entering.Count() != few || r.Took < r.Entering.Percentile(50) || r.Bytes == 0 {
				t.Errorf("%d were timed, the last was in after %v, and %d bytes came", r.Entering.Count(), r.Took, r.Bytes)
			}
		})
	}
}

func TestFaultsAreFound(t *testing.T) {
	// Client 20 listens; 21 talks and stays, 22 talks and leaves, 23 talks and quits, 24 talks and is renamed, 27 quits.
	rows := []struct {
		name  string
		hides bool
		spoil func(to, about, line string) string
		want  string
	}{
		{"a PART is kept from one", false, unless("20", "22", " PART "), "sees"},
		{"a QUIT is kept from one", false, unless("20", "23", " QUIT "), "sees"},
		{"a NICK is kept from one", false, unless("20", "24", " NICK "), "sees"},
		{"a JOIN is kept from one", true, unless("20", "21", " JOIN "), "a message of"},
		{"names are kept from one", false, unless("20", "10", " 353 "), "doesn't see"},
		{"a QUIT of one who isn't seen", true, func(to, about, line string) string {
			if number(to) == "20" && number(about) == "21" && strings.Contains(line, " PRIVMSG ") {
				return line + "\r\n:" + line[len("@time=now :"):len("@time=now :")+4] + "00027!u@h QUIT :gone"
			}
			return line
		}, "who isn't seen"},
		{"NAMES has one who has gone", false, func(to, about, line string) string {
			if strings.Contains(line, " 366 ") {
				return ":s 353 x = " + channel + " :" + to[:4] + "00003\r\n" + line
			}
			return line
		}, "who aren't there"},
		{"NAMES doesn't have oneself", false, func(to, about, line string) string {
			if to == about && strings.Contains(line, " 353 ") {
				return ""
			}
			return line
		}, "doesn't have itself"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := call(t, Options{Address: (&fake{hides: row.hides, spoil: row.spoil}).serve(t)})
			if r.Wrong == 0 || !strings.Contains(strings.Join(r.Faults, "\n"), row.want) {
				t.Errorf("%d are wrong: %q, want %q", r.Wrong, r.Faults, row.want)
			}
		})
	}
}

func number(name string) string { return strings.TrimLeft(name, "abcdefghijklmnopqrst0") }

// unless keeps lines about one client from another one.
func unless(whom, of, what string) func(to, about, line string) string {
	return func(to, about, line string) string {
		if number(to) == whom && number(about) == of && strings.Contains(line, what) {
			return ""
		}
		return line
	}
}

func TestWhoIsDroppedIsTold(t *testing.T) {
	f := &fake{spoil: func(to, _, line string) string {
		if number(to) == "20" && strings.Contains(line, " 001 ") {
			return "ERROR :no room"
		}
		return line
	}}
	o := Options{Address: f.serve(t), Clients: few, Within: time.Millisecond, Patience: 200 * time.Millisecond}
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "39 of 40 clients are done") {
		t.Errorf("Run without an answer to one = %v, want an error that counts", err)
	}
}

// TestServersOfOthers: what is true of a server that everybody uses is no fault.
func TestServersOfOthers(t *testing.T) {
	for _, name := range []string{"ngircd", "inspircd"} {
		t.Run(name, func(t *testing.T) {
			p, err := peer.FindPeer(name)
			if err != nil {
				t.Fatal(err)
			}
			running, err := p.Start(t.Context(), peer.StartOptions{Dir: t.TempDir()})
			if errors.Is(err, peer.ErrMissing) && os.Getenv("LOOPROOM_REQUIRE_CLIENTS") != "1" {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { running.Stop() })
			r := call(t, Options{Address: running.Addr, Burst: p.Burst})
			if r.In != few || r.Wrong != 0 || len(r.Lost) != 0 || r.Listed != few-absentOf(few) {
				t.Errorf("%d came in, %d are wrong (%q), lost %v, %d are listed; want %d, none, and %d", r.In, r.Wrong, r.Faults, r.Lost, r.Listed, few, few-absentOf(few))
			}
		})
	}
}
