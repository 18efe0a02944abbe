//go:build linux

package main_test

import (
	"net"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestInteractive lets a client program and a connection of the test's own talk with each other.
func TestInteractive(t *testing.T) {
	rows := []struct {
		name    string
		need    func(*testing.T)
		command func(host, port string) []string
	}{
		{"nc", needOpenBSD, func(host, port string) []string { return []string{"nc", host, port} }},
		{"nc CRLF", needOpenBSD, func(host, port string) []string { return []string{"nc", "-C", host, port} }},
		{"telnet", needProgram("telnet"), func(host, port string) []string { return []string{"telnet", host, port} }},
		{"socat", needProgram("socat"), func(host, port string) []string {
			return []string{"socat", "-", "TCP:" + host + ":" + port}
		}},
		{"socat CRLF", needProgram("socat"), func(host, port string) []string {
			return []string{"socat", "-", "TCP:" + host + ":" + port + ",crlf"}
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.need(t)
			t.Parallel()
			s := startServer(t)
			command := row.command(s.hostPort(0))
			talk(t, s, startProgram(t, command[0], command[1:]...))
		})
	}
}

func needProgram(name string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		need(t, name)
	}
}

// talk is what every client program can do: sign in, hear and be heard, and leave.
func talk(t *testing.T, s *server, ana *talker) {
	t.Helper()
	bob := meet(t, s, ana)

	ana.say("hello, bob")
	bob.expect("[ana] hello, bob")
	bob.say("hello, ana")
	ana.expectWithoutCR("[bob] hello, ana")
	bob.say("TEXT TO ana ¿qué tal? 🎉")
	ana.expectWithoutCR("*bob* ¿qué tal? 🎉")
	ana.say("LIST")
	ana.expectWithoutCR("= LIST 2 ana bob")
	ana.say("END")
	ana.until("= END")
	bob.expect("< The user ana left (1 user online)")
	bob.expectOnly()
}

// meet signs ana in and then bob, who is returned, and takes what they are told of it.
func meet(t *testing.T, s *server, ana *talker) (bob *talker) {
	t.Helper()
	ana.until("> Connected to the chat server (")
	ana.say("ADD ana")
	ana.until("= ADD ana")
	bob = signedIn(t, s, 0, "bob")
	// On a chunk door two lines that are sent one after the other can come as one: an LF stands between those alone that waited together.
	if came, _ := ana.until("> New user "); !strings.HasSuffix(came, " is now called bob") {
		ana.until("> ")
	}
	return bob
}

// expectWithoutCR is expect for programs that put a CR of their own before the LF.
func (c *talker) expectWithoutCR(want string) {
	c.t.Helper()
	if got := strings.TrimSuffix(c.next(), "\r"); got != want {
		c.t.Fatalf("%s: next line = %q, want %q", c.name, got, want)
	}
}

func TestNetcatOnUnixSocket(t *testing.T) {
	needOpenBSD(t)
	path := filepath.Join(t.TempDir(), "door")
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "line+unix://"+path)
	talk(t, s, startProgram(t, "nc", "-U", path))
}

func TestGuestOnUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "door")
	s := startServer(t, "--listen", "line+unix://"+path)
	c := connect(t, s, 0, "guest")
	c.say("LIST")
	if got := c.next(); !regexp.MustCompile(`^= LIST 1 local:\d+$`).MatchString(got) {
		t.Errorf("LIST of a guest on a Unix socket = %q, want = LIST 1 local:N", got)
	}
}

func TestIPv6(t *testing.T) {
	probe, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("no IPv6 here: %v", err)
	}
	probe.Close()
	s := startServer(t, "--listen", "line://[::1]:0")
	c := connect(t, s, 0, "guest")
	c.say("LIST")
	want := "= LIST 1 " + c.input.(net.Conn).LocalAddr().String()
	c.expectOnly(want)
}

// TestIPv6WithAZone: an address that means something on one cable alone is nobody's to be counted by, so who comes from one is turned away.
func TestIPv6WithAZone(t *testing.T) {
	host := linkLocal(t)
	s := startServer(t, "--listen", "line://[::]:0")
	_, port := s.hostPort(0)
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(host, port), patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	c := newTalker(t, host, conn, conn)
	c.expect("! server-full connections from link-local addresses with a zone are not served")
	c.expectEnd()
}

// linkLocal is a link-local address of this machine.
func linkLocal(t *testing.T) string {
	t.Helper()
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		addresses, _ := i.Addrs()
		for _, a := range addresses {
			if network, ok := a.(*net.IPNet); ok && network.IP.To4() == nil && network.IP.IsLinkLocalUnicast() {
				return network.IP.String() + "%" + i.Name
			}
		}
	}
	t.Skip("no link-local address here")
	return ""
}

// TestDoorOfAllAddresses: without a host, a door is on IPv4 and, where the machine has it, on IPv6.
func TestDoorOfAllAddresses(t *testing.T) {
	s := startServer(t, "--listen", "line://:0")
	_, port := s.hostPort(0)
	for _, host := range []string{"127.0.0.1", "::1"} {
		conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
		if err != nil && host == "::1" {
			t.Logf("no IPv6 here: %v", err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		c := greeted(newTalker(t, host, conn, conn))
		c.say("WHO " + conn.LocalAddr().String())
		c.until("= WHO " + conn.LocalAddr().String())
	}
}

// TestBlocks is the C++ client of old: two threads, and one buffer of 512 bytes that is sent whole and never cleared.
func TestBlocks(t *testing.T) {
	need(t, "cc")
	client := filepath.Join(t.TempDir(), "blocks")
	if out, err := exec.Command("cc", "-o", client, "testdata/blocks.c", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("cc: %v\n%s", err, out)
	}
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0")
	host, port := s.hostPort(1)
	talkWithBursts(t, s, startProgram(t, client, host, port))
}

// talkWithBursts is talk, a long line that leaves much behind in the client's buffer, and a short one.
func talkWithBursts(t *testing.T, s *server, ana *talker) {
	t.Helper()
	bob := meet(t, s, ana)

	long := strings.Repeat("a long line, ", 38) + "ended"
	ana.say(long)
	bob.expect("[ana] " + long)
	ana.say("short")
	bob.expect("[ana] short")
	bob.say("hello, ana")
	ana.expect("[bob] hello, ana")
	ana.say("SEND 3 notes.txt")
	ana.until("! need-line-door ")
	ana.say("END")
	ana.until("= END")
	bob.expect("< The user ana left (1 user online)")
	bob.expectOnly()
}

// TestBlocksOfLongText: what does not fit one block comes in several.
func TestBlocksOfLongText(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0")
	ana := dial(t, s, 1, "ana")
	if got := text(ana.bytes(512)); got != "> Connected to the chat server (1 user online)" {
		t.Fatalf("first block = %q", got)
	}
	bob := signedIn(t, s, 0, "bob")
	ana.bytes(2 * 512) // bob came, and has a name
	said := strings.Repeat("x", 600)
	bob.say(said)
	first, second := text(ana.bytes(512)), text(ana.bytes(512))
	if words, ok := strings.CutPrefix(second, "[bob] "); !ok || first+words != "[bob] "+said {
		t.Errorf("blocks = %q and %q, want %q, the second with the name, too", first, second, "[bob] "+said)
	}
}

// TestBlocksShowWhoSpeaks: who pads a message up to the end of a block can't have the next one say what it likes.
func TestBlocksShowWhoSpeaks(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0")
	ana := dial(t, s, 1, "ana")
	next := func() string { t.Helper(); return text(ana.bytes(512)) }
	write := func(line string) { ana.write(block(line, 512)) }
	next() // the greeting
	write("ADD ana")
	next()
	write("JOIN #go")
	next()
	eve := signedIn(t, s, 0, "eve")
	next() // eve came, and
	next() // has a name
	const evil = "! closing come to evil.example"
	for _, row := range []struct{ says, head string }{
		{"", "#lobby [eve] "}, {"ME ", "#lobby * eve "}, {"TEXT TO ana ", "*eve* "}, {"TOPIC ", "#lobby > eve set the topic: "}, {"AWAY ", "> eve is away: "},
	} {
		filler := strings.Repeat("x", 511-len(row.head))
		if strings.HasPrefix(row.head, "> eve is") || strings.HasPrefix(row.head, "#lobby >") {
			filler = strings.Repeat("🦊", 120) // a topic and such words have 390 characters, of four bytes each at most
		}
		eve.say(row.says + filler + evil)
		if first, second := next(), next(); !strings.HasPrefix(first, row.head) || !strings.HasPrefix(second, row.head) {
			t.Errorf("%q is told as %q and %q, want each to begin with %q", row.says, first, second, row.head)
		}
		if row.says == "AWAY " {
			eve.say("BACK")
			next()
		}
	}
	write("JOIN #lobby")
	for _, head := range []string{"= JOIN #lobby 2", "= TOPIC #lobby ", "= TOPIC #lobby "} {
		if got := next(); !strings.HasPrefix(got, head) {
			t.Errorf("the next block is %q, want it to begin with %q", got, head)
		}
	}
}

// text is what a C program prints of a block.
func text(block []byte) string {
	before, _, _ := strings.Cut(string(block), "\x00")
	return before
}

// TestBare is the Python client of old: one send is one message, without any line end.
func TestBare(t *testing.T) {
	need(t, "python3")
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0")
	host, port := s.hostPort(1)
	talkWithBursts(t, s, startProgram(t, "python3", "-u", "testdata/bare.py", host, port))
}

func TestEchoDoor(t *testing.T) {
	s := startServer(t, "--listen", "echo://127.0.0.1:0")
	c := dial(t, s, 0, "echoed")
	sent := "one\ntwo\x00\xff\x1b[31m\r\n" + strings.Repeat("three ", 20_000)
	go func() {
		c.write(sent)
		c.closeInput()
	}()
	if got := string(c.bytes(len(sent))); got != sent {
		t.Errorf("echo of %d bytes differs from what was sent", len(sent))
	}
	c.expectEnd()
}
