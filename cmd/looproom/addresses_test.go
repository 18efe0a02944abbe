//go:build linux

package main_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guestName is what a proxied guest of the n-th door is called, by itself in its room.
func guestName(t *testing.T, s *server, n int, client string) string {
	t.Helper()
	c := proxiedGuest(t, s, n, proxyLine(client))
	room := "#" + regexp.MustCompile(`\W`).ReplaceAllString(client, "_")
	c.say("JOIN " + room)
	c.until("= JOIN " + room + " 1")
	c.say("LIST")
	line, _ := c.until("= LIST 1 ")
	return strings.TrimPrefix(line, "= LIST 1 ")
}

// TestShowAddresses: what others see of guests, and that the log knows better.
func TestShowAddresses(t *testing.T) {
	rows := []struct{ name, show, want string }{
		{"yes", "yes", `^192\.0\.2\.7:1234$`},
		{"cloak", "cloak", `^[0-9a-z]{6}\.[0-9a-z]{6}:\d+$`},
		{"no", "no", `^guest:\d+$`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "door")
			s := startServer(t, "--show-addresses", row.show, "--log-format", "json", "--listen", proxied, "--listen", "line+unix://"+path)
			bob := connect(t, s, 1, "bob")
			name := guestName(t, s, 0, "192.0.2.7:1234")
			if !regexp.MustCompile(row.want).MatchString(name) {
				t.Fatalf("name = %q, want %s", name, row.want)
			}
			bob.until("> New user " + name + " entered")
			bob.say("WHO " + name)
			if line, _ := bob.until("= WHO "); row.show != "yes" && strings.Contains(line, "192.0.2.") {
				t.Errorf("WHO = %q, want no address", line)
			}
			bob.say("LIST")
			if line, _ := bob.until("= LIST 2 "); !strings.Contains(line, "local:1") {
				t.Errorf("LIST = %q, want local:1 for a client of a Unix socket", line)
			}
			c := proxiedGuest(t, s, 0, proxyLine("192.0.2.8:1234"))
			c.say("END")
			c.until("= END")
			waitFor(t, "the address in the log", func() bool { return strings.Contains(s.log.String(), `"client":"192.0.2.8:1234"`) })
		})
	}
}

// TestCloaks: guests of one address are known for that, and those of one network.
func TestCloaks(t *testing.T) {
	s := startServer(t, "--show-addresses", "cloak", "--listen", proxied)
	cloak := func(client string) (network, host string) {
		name := guestName(t, s, 0, client)
		both, _, _ := strings.Cut(name, ":")
		network, host, _ = strings.Cut(both, ".")
		return network, host
	}
	rows := []struct {
		name, one, other string
		network, host    bool // the same
	}{
		{"one address", "192.0.2.7:1", "192.0.2.7:2", true, true},
		{"one /24", "192.0.2.7:3", "192.0.2.8:1", true, false},
		{"strangers", "192.0.2.7:4", "198.51.100.7:1", false, false},
		{"one /64", "[2001:db8::1]:1", "[2001:db8::2]:1", true, true},
		{"one /48", "[2001:db8::1]:2", "[2001:db8:0:1::1]:1", true, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			network, host := cloak(row.one)
			otherNetwork, otherHost := cloak(row.other)
			if (network == otherNetwork) != row.network || (host == otherHost) != row.host {
				t.Errorf("%s is %s.%s and %s is %s.%s; want the same network: %v, the same host: %v",
					row.one, network, host, row.other, otherNetwork, otherHost, row.network, row.host)
			}
		})
	}
}

// TestCloaksAfterRestart: they are the same where the server keeps its state, and others where it doesn't.
func TestCloaksAfterRestart(t *testing.T) {
	state := t.TempDir()
	rows := []struct {
		name      string
		arguments []string
		same      bool
	}{
		{"with state", []string{"--state", state}, true},
		{"without state", nil, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var cloaks []string
			for range 2 {
				s := startServer(t, append(row.arguments, "--show-addresses", "cloak", "--listen", proxied)...)
				cloaks = append(cloaks, guestName(t, s, 0, "192.0.2.7:1234"))
				s.stop()
			}
			if (cloaks[0] == cloaks[1]) != row.same {
				t.Errorf("cloaks before and after = %q, want them the same: %v", cloaks, row.same)
			}
		})
	}
}

// TestGuestNamesAreNobodyElses: no one can sign in by what looks like a guest's name.
func TestGuestNamesAreNobodyElses(t *testing.T) {
	s := startServer(t, "--show-addresses", "no")
	c := connect(t, s, 0, "ana")
	for _, name := range []string{"guest:99", "k3x9q2.m4t7wz:99", "local:99", "192.0.2.7:1234", "192.0.2.7"} {
		c.say("ADD " + name)
		c.until("! bad-name ")
	}
}

// TestReloadOfShowAddresses: who is here keeps the name, who comes gets the other kind.
func TestReloadOfShowAddresses(t *testing.T) {
	listen := "listen = [\"" + proxied + "\"]\n"
	path := configFile(t, listen)
	s := startConfigured(t, 1, nil, "--config", path)
	ana := proxiedGuest(t, s, 0, proxyLine("192.0.2.7:1"))
	s.reload(t, path, listen+"show-addresses = \"no\"\n", reread)
	s.awaitLog(reread, `"show-addresses":"yes -> no"`)
	proxiedGuest(t, s, 0, proxyLine("192.0.2.7:2"))
	ana.until("> New user guest:1 entered")
	ana.say("LIST")
	ana.until("= LIST 2 192.0.2.7:1 guest:1")
}
