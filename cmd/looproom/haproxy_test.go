//go:build linux

package main_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"looproom/loop/logtext"
)

// haproxyOf starts HAProxy in front of the server's n-th door, and returns its address. Its configuration is that of the README,
// with send for the kind of header.
func haproxyOf(t *testing.T, s *server, n int, send string) (address string) {
	t.Helper()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := door.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	_, target := s.address(n)
	startHAProxy(t, strings.NewReplacer("bind :::7777 v4v6", "bind fd@3", "127.0.0.1:7778", target, "send-proxy-v2", send), file)
	door.Close() // HAProxy has it; who connects before it looks waits in the kernel
	return door.Addr().String()
}

// startHAProxy starts it with the configuration of the README, in which something is replaced. It gets the files as 3 and so on.
func startHAProxy(t *testing.T, replace *strings.Replacer, files ...*os.File) {
	t.Helper()
	need(t, "haproxy")
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(path, []byte(replace.Replace(readmeHAProxy(t))), 0o600); err != nil {
		t.Fatal(err)
	}
	command, log := exec.Command("haproxy", "-db", "-f", path), new(logtext.Text)
	command.ExtraFiles, command.Stdout, command.Stderr = files, log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		endProgram(t, "haproxy", command)
		if t.Failed() {
			t.Logf("haproxy said:\n%s", log.String())
		}
	})
}

// readmeHAProxy is the configuration that the README shows.
func readmeHAProxy(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```haproxy\n")
	config, _, ok := strings.Cut(rest, "```")
	for _, part := range []string{"bind :::7777 v4v6", "127.0.0.1:7778", "send-proxy-v2"} {
		if !ok || strings.Count(config, part) != 1 {
			t.Fatalf("the README's configuration of HAProxy has no %q, or several:\n%s", part, config)
		}
	}
	return config
}

// haproxyKinds are the headers that HAProxy sends.
var haproxyKinds = []struct{ name, send string }{
	{"v1", "send-proxy"},
	{"v2", "send-proxy-v2"},
	{"v2 with TLVs", "send-proxy-v2 proxy-v2-options unique-id,crc32c"},
}

// TestHAProxy: two people from different addresses talk through HAProxy. The room, the log and the limits know them by their own.
func TestHAProxy(t *testing.T) {
	for _, row := range haproxyKinds {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", proxied, "--max-per-address", "1", "--log-format", "json")
			address := haproxyOf(t, s, 0, row.send)
			ana, bob := haproxied(t, "127.0.0.2", address), haproxied(t, "127.0.0.3", address)
			talkAsGuests(t, ana, bob)
			third := haproxyKnock(t, "127.0.0.2", address)
			third.until("! too-many-connections ")
			third.expectEnd()
			s.awaitLog(`"client":"`+localOf(third)+`","proxy":"127.0.0.1:`, "too-many-connections")
			bob.say("END")
			bob.until("= END")
			bob.expectEnd()
			ana.until("< The user " + localOf(bob) + " left")
			s.awaitLog(`"client":"`+localOf(bob)+`"`, `"disconnected"`)
		})
	}
}

// TestHAProxyOnBothFamilies: as the README has it, HAProxy is there for IPv4 and IPv6, and each client is known by its own address.
func TestHAProxyOnBothFamilies(t *testing.T) {
	s := startServer(t, "--listen", proxied)
	_, target := s.address(0)
	free, err := net.Listen("tcp", "[::]:0")
	if err != nil {
		t.Skipf("no IPv6 here: %v", err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	startHAProxy(t, strings.NewReplacer(":::7777", ":::"+port, "127.0.0.1:7778", target))
	for _, host := range []string{"127.0.0.1", "::1"} {
		address := net.JoinHostPort(host, port)
		waitFor(t, "HAProxy at "+address, func() bool {
			probe, err := net.Dial("tcp", address)
			if err == nil {
				probe.Close()
			}
			return err == nil
		})
		c := haproxied(t, host, address)
		c.say("WHO " + localOf(c))
		c.until("= WHO " + localOf(c) + " since ")
	}
}

// haproxyKnock connects to HAProxy from an address of this machine.
func haproxyKnock(t *testing.T, from, address string) *talker {
	t.Helper()
	conn := connFrom(t, from, address)
	return newTalker(t, from, conn, conn)
}

// haproxied is haproxyKnock by someone who is let in.
func haproxied(t *testing.T, from, address string) *talker {
	t.Helper()
	return greeted(haproxyKnock(t, from, address))
}

// localOf is the address of a talker that is a connection.
func localOf(c *talker) string { return c.input.(net.Conn).LocalAddr().String() }

// talkAsGuests has two guests hear each other by their addresses.
func talkAsGuests(t *testing.T, ana, bob *talker) {
	t.Helper()
	ana.until("> New user " + localOf(bob) + " entered (2 users online)")
	ana.say("hello, bob")
	bob.expect("[" + localOf(ana) + "] hello, bob")
	bob.say("hello, ana")
	ana.expect("[" + localOf(bob) + "] hello, ana")
	bob.say("WHO " + localOf(ana))
	bob.until("= WHO " + localOf(ana) + " since ")
}

// TestHAProxyPassesTheEndOn: who closes the sending side only gets all replies, through HAProxy as well.
func TestHAProxyPassesTheEndOn(t *testing.T) {
	s := startServer(t, "--listen", proxied)
	c := haproxyKnock(t, "127.0.0.2", haproxyOf(t, s, 0, "send-proxy-v2"))
	c.write("LIST\nPING 1\n")
	c.closeInput()
	c.until("= LIST 1 " + localOf(c))
	c.expect("PONG 1")
	c.expectEnd()
}

// TestHAProxyWithoutHeader: HAProxy that doesn't send the header is refused, and so is one from elsewhere.
func TestHAProxyWithoutHeader(t *testing.T) {
	rows := []struct{ name, listen, send, want string }{
		{"no header", proxied, "", noProxyHeader},
		{"elsewhere", "line://127.0.0.1:0?proxy=10.0.0.0/8", "send-proxy-v2", forProxiesOnly},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", row.listen)
			c := haproxyKnock(t, "127.0.0.2", haproxyOf(t, s, 0, row.send))
			c.say("hello")
			c.expect(row.want)
			c.expectEnd()
		})
	}
}

// TestHAProxyPassesTLSOn: TLS goes through HAProxy to the door, behind the header.
func TestHAProxyPassesTLSOn(t *testing.T) {
	c := newCertificate(t)
	for _, row := range haproxyKinds {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", c.door("line", "proxy=127.0.0.1"))
			address, config := haproxyOf(t, s, 0, row.send), c.trust(t)
			secure := func(from string) *talker {
				conn := secured(t, connFrom(t, from, address), config)
				return greeted(newTalker(t, from, conn, conn))
			}
			ana, bob := secure("127.0.0.2"), secure("127.0.0.3")
			talkAsGuests(t, ana, bob)
		})
	}
}

// TestBanBehindHAProxy: a ban hits the client's own address, and the proxy stays.
func TestBanBehindHAProxy(t *testing.T) {
	for _, header := range []string{"send-proxy", "send-proxy-v2"} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--listen", "line://127.0.0.1:0?proxy=127.0.0.1")
			address := haproxyOf(t, s, 0, header)
			through := func(host string) *talker {
				from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}, Timeout: patience}
				conn, err := from.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { conn.Close() })
				return newTalker(t, host, conn, conn)
			}
			op, bob, eve := greeted(through("127.0.0.2")), greeted(through("127.0.0.3")), greeted(through("127.0.0.4"))
			op.say("OPER ann " + operPassword)
			op.until("= OPER ann")
			op.say("BAN 127.0.0.3 1h")
			op.until("= BAN 127.0.0.3 until 2")
			bob.until("! banned until 2")
			bob.expectEnd()
			if got := through("127.0.0.3").next(); !strings.HasPrefix(got, "! banned until 2") {
				t.Errorf("a banned client behind the proxy hears %q, want ! banned until ...", got)
			}
			eve.fence()
			greeted(through("127.0.0.5"))
		})
	}
}
