//go:build linux

package peer

import "testing"

func TestAddressIn(t *testing.T) {
	rows := []struct{ line, want string }{
		{"line://127.0.0.1:41234   nc 127.0.0.1 41234", "127.0.0.1:41234"},
		{"listening on 127.0.0.1:41234", "127.0.0.1:41234"},
		{"12:30:45 listening on 10.0.0.5:80.", "10.0.0.5:80"},
		{`{"time":"2026-11-21T12:30:45Z","addr":"127.0.0.1:9"}`, "127.0.0.1:9"},
		{"tcp://[::1]:7777/", "[::1]:7777"},
		{"tcp://[::]:7777", "[::1]:7777"},
		{"0.0.0.0:7777", "127.0.0.1:7777"},
		{"line://:7777", "127.0.0.1:7777"},
		{"*:7777", "127.0.0.1:7777"},
		{"at localhost:7777,", "localhost:7777"},
		{"127.0.0.1:0", ""},
		{"version 1.2.3.4", ""},
		{"listening", ""},
		{"at 12:30", ""},
		{"", ""},
	}
	for _, row := range rows {
		t.Run(row.line, func(t *testing.T) {
			got, ok := addressIn(row.line)
			if got != row.want || ok != (row.want != "") {
				t.Errorf("addressIn(%q) = %q, %v, want %q", row.line, got, ok, row.want)
			}
		})
	}
}

func TestAnnouncement(t *testing.T) {
	const two = "hello\necho://127.0.0.1:1\nline://127.0.0.1:2\nline://127.0.0.1:3\n"
	rows := []struct {
		name, in string
		ready    []string
		want     string
	}{
		{"the first", two, nil, "127.0.0.1:1"},
		{"the one that is asked for", two, []string{"line://"}, "127.0.0.1:2"},
		{"one of several", two, []string{"tcp://", "line://"}, "127.0.0.1:2"},
		{"none", two, []string{"tcp://"}, ""},
		{"an unfinished line", "127.0.0.1:123", nil, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := announced(row.ready, row.in); got != row.want {
				t.Errorf("announced %q, want %q", got, row.want)
			}
		})
	}
}

// announced returns what is found in the pieces, which are written one by one.
func announced(ready []string, pieces ...string) string {
	a := newAnnouncement(ready)
	for _, piece := range pieces {
		_, _ = a.Write([]byte(piece))
	}
	select {
	case address := <-a.found:
		return address
	default:
		return ""
	}
}

// FuzzAnnouncement checks that the address is the same however the output is cut.
func FuzzAnnouncement(f *testing.F) {
	f.Add("starting\nlistening on 127.0.0.1:4123\n", uint16(30))
	f.Add("\n:1\n:2\n", uint16(2))
	f.Fuzz(func(t *testing.T, out string, at uint16) {
		if len(out) > maxAnnouncement/2 {
			return
		}
		cut := min(int(at), len(out))
		if got, want := announced(nil, out[:cut], out[cut:]), announced(nil, out); got != want {
			t.Errorf("announced %q from %q and %q, want %q", got, out[:cut], out[cut:], want)
		}
	})
}

// TestDoors: each text gets the first address in a line with it, however the lines come.
func TestDoors(t *testing.T) {
	a := newDoors([]string{"line://", "http://"})
	for _, piece := range []string{"hello\nline://127.0.0.1:1", "\necho://127.0.0.1:2\nline://127.0.0.1:3\n"} {
		_, _ = a.Write([]byte(piece))
	}
	select {
	case <-a.allFound:
		t.Errorf("all doors are there, %q, want one to be missing", a.doors)
	default:
	}
	_, _ = a.Write([]byte("http://127.0.0.1:4\n"))
	<-a.allFound
	if a.doors[0] != "127.0.0.1:1" || a.doors[1] != "127.0.0.1:4" {
		t.Errorf("doors %q, want the first address of each", a.doors)
	}
}
