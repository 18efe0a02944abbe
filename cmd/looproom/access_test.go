//go:build linux

package main_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"looproom/loop/secret"
	"looproom/loop/store"
)

// The passwords of the tests. Their hashes are made once: making one takes long on purpose.
const (
	operPassword   = "correct horse battery"
	serverPassword = "open sesame please"
)

var operHash, serverHash = hashOf(operPassword), hashOf(serverPassword)

func hashOf(password string) string {
	hash, err := secret.Hash(password)
	if err != nil {
		panic(err)
	}
	return hash
}

// guarded starts a server with the operator ann and a folder for its state.
func guarded(t *testing.T, state string, arguments ...string) *server {
	t.Helper()
	return startServer(t, append([]string{"--operator", "ann:" + operHash, "--state", state}, arguments...)...)
}

// dialAs dials the n-th door from an address of this machine.
func dialAs(t *testing.T, s *server, n int, host, name string) *talker {
	t.Helper()
	network, address := s.address(n)
	from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(host)}, Timeout: patience}
	conn, err := from.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return newTalker(t, name, conn, conn)
}

// namedFrom is signedIn from an address of this machine.
func namedFrom(t *testing.T, s *server, host, name string) *talker {
	t.Helper()
	c := greeted(dialAs(t, s, 0, host, name))
	c.say("ADD " + name)
	c.until("= ADD " + name)
	return c
}

// oper makes someone at 127.0.0.1 an operator.
func oper(t *testing.T, s *server) *talker {
	t.Helper()
	c := namedFrom(t, s, "127.0.0.1", "root")
	c.say("OPER ann " + operPassword)
	c.until("= OPER ann")
	return c
}

// refusedAt says what someone hears who connects from the address.
func refusedAt(t *testing.T, s *server, host string) string {
	t.Helper()
	line := dialAs(t, s, 0, host, host).next()
	return line
}

func TestKickAndBan(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--loops", loops)
			op, bob, eve := oper(t, s), namedFrom(t, s, "127.0.0.2", "bob"), namedFrom(t, s, "127.0.1.7", "eve")

			op.say("KICK bob too loud")
			op.until("= KICK bob")
			bob.until("! kicked by an operator: too loud")
			bob.expectEnd()
			eve.until("> bob was removed by an operator: too loud")
			eve.until("< The user bob left (2 users online)")
			bob = namedFrom(t, s, "127.0.0.2", "bob") // a kick is no ban

			op.say("BAN 127.0.0.2 1h too loud again")
			op.until("= BAN 127.0.0.2 until 2")
			bob.until("! banned until 2")
			bob.expectEnd()
			if got := refusedAt(t, s, "127.0.0.2"); !strings.HasPrefix(got, "! banned until 2") || !strings.HasSuffix(got, ": too loud again") {
				t.Errorf("a banned address hears %q, want ! banned until ...: too loud again", got)
			}
			greeted(dialAs(t, s, 0, "127.0.0.3", "neighbour"))

			op.say("BAN 127.0.1.0/24 forever")
			op.until("= BAN 127.0.1.0/24 until forever by ann")
			eve.until("! banned for ever")
			eve.expectEnd()
			waitFor(t, "the log to say why each has gone", func() bool {
				return len(s.log.With(`"reason":"kicked"`)) == 1 && len(s.log.With(`"reason":"banned"`)) == 2
			})
			if got, want := refusedAt(t, s, "127.0.1.99"), "! banned for ever"; got != want {
				t.Errorf("a banned network hears %q, want %q", got, want)
			}

			op.say("BANS")
			op.until("= BANS 2")
			op.until("= BAN 127.0.0.2 until 2")
			op.expect("= BAN 127.0.1.0/24 until forever by ann")
			op.say("UNBAN 127.0.1.0/24")
			op.until("= UNBAN 127.0.1.0/24")
			greeted(dialAs(t, s, 0, "127.0.1.99", "eve again"))
			op.say("BAN 127.0.0.0/8 1h")
			op.until("! bad-argument ")
		})
	}
}

func TestBansOutliveARestart(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	op, bob := oper(t, s), namedFrom(t, s, "127.0.0.2", "Bob")
	op.say("BAN 127.0.0.9 1h away with you")
	op.until("= BAN 127.0.0.9 until 2")
	op.say("BAN bob forever that is not your name")
	op.until("= BAN bob until forever by ann")
	bob.until("! banned the name ")
	bob.expectEnd()
	op.say("SHUN 127.0.0.5 1h")
	op.until("= SHUN 127.0.0.5 until 2")
	op.say("BAN 127.0.0.8 1s")
	op.until("= BAN 127.0.0.8 until 2")
	s.stop()

	s = guarded(t, state)
	if got := refusedAt(t, s, "127.0.0.9"); !strings.HasPrefix(got, "! banned until 2") {
		t.Errorf("after a restart a banned address hears %q, want ! banned until ...", got)
	}
	bob = greeted(dialAs(t, s, 0, "127.0.0.2", "bob"))
	bob.say("ADD BOB")
	bob.until("! banned the name ")
	quiet := greeted(dialAs(t, s, 0, "127.0.0.5", "quiet"))
	bob.fence()
	quiet.say("does anybody hear me?")
	quiet.fence()
	bob.expectOnly()
	waitFor(t, "the end of a ban of a second", func() bool {
		return strings.HasPrefix(refusedAt(t, s, "127.0.0.8"), "> Connected")
	})
}

func TestShun(t *testing.T) {
	s := guarded(t, t.TempDir(), "--files", t.TempDir())
	op, eve, bob := oper(t, s), namedFrom(t, s, "127.0.0.5", "eve"), namedFrom(t, s, "127.0.0.6", "bob")
	op.say("SHUN 127.0.0.5 1h")
	op.until("= SHUN 127.0.0.5 until 2")
	eve.fence()
	bob.fence()
	eve.write("hello\nME waves\nTEXT TO bob psst\nNICK adam\nTOPIC mine\nSEND 5 a.txt\nhello")
	eve.until("! shunned ")
	eve.until("! shunned ")
	eve.until("! shunned ")
	eve.expectOnly() // the bytes of the file were dropped, and not said
	bob.expectOnly()
	bob.say("RECENT")
	bob.expect("= RECENT 0 #lobby")
	bob.say("eve hears this")
	eve.expect("[bob] eve hears this")
	op.say("UNBAN 127.0.0.5")
	op.until("= UNBAN 127.0.0.5")
	eve.fence()
	eve.say("now I speak")
	bob.until("[eve] now I speak")
}

func TestOperatorsOnly(t *testing.T) {
	s := guarded(t, t.TempDir())
	bob := signedIn(t, s, 0, "bob")
	for _, line := range []string{
		"KICK bob", "BAN 127.0.0.9 1h", "SHUN eve 1h", "UNBAN 127.0.0.9", "BANS", "STATS", "DRAIN", "UNREGISTER eve",
	} {
		bob.say(line)
		if got := bob.next(); !strings.HasPrefix(got, "! not-operator ") {
			t.Errorf("%s of one who is no operator is answered with %q, want ! not-operator", line, got)
		}
	}
}

// TestPipelinedOper: what stands behind OPER is done by an operator, though the password takes time.
func TestPipelinedOper(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--loops", loops)
			for n := range 3 {
				c := dial(t, s, 0, "root")
				c.write("ADD root\nOPER ann " + operPassword + "\nBANS\nWHO root\nPING done\n")
				c.closeInput()
				c.until("= ADD root")
				c.expect("= OPER ann", "= BANS 0")
				if line, _ := c.until("= WHO root "); !strings.Contains(line, " address 127.0.0.1:") {
					t.Errorf("%d: WHO tells an operator %q, want the address", n, line)
				}
				c.expect("PONG done")
				c.expectEnd()
			}
		})
	}
}

func TestOperatorDrains(t *testing.T) {
	s := guarded(t, t.TempDir())
	op, bob := oper(t, s), signedIn(t, s, 0, "bob")
	op.say("STATS")
	op.until("= STATS ")
	op.until("= STAT clients 2")
	op.say("DRAIN")
	op.until("= DRAIN")
	op.until("! closing ")
	op.expectEnd()
	bob.until("! closing ")
	bob.expectEnd()
	op.input.Close()
	bob.input.Close()
	if status := s.wait(); status != 0 {
		t.Errorf("exit status after DRAIN = %d, want 0; the log:\n%s", status, s.log.String())
	}
}

// TestWrongPasswords are slowed, and told and logged without saying what was wrong; no password is logged.
func TestWrongPasswords(t *testing.T) {
	s := guarded(t, t.TempDir(), "--log-level", "trace", "--listen", "line://127.0.0.1:0", "--listen", proxied)
	op := oper(t, s)
	op.say("REGISTER " + operPassword + " too")
	op.until("= REGISTER root")
	const wrong = "! wrong-password the name or the password is wrong"
	bob := proxiedGuest(t, s, 1, proxyLine("192.0.2.7:1"))
	for _, line := range []string{
		"OPER ann guess-1234", "OPER nobody guess-1234", "LOGIN root guess-1234", "LOGIN nobody guess-1234", "/oper guess-1234 ann", "LOGIN # guess-1234",
	} {
		bob.say(line)
		if got := bob.next(); got != wrong {
			t.Errorf("%q is answered with %q, want %q", line, got, wrong)
		}
	}
	guesses := 6
	for got := ""; !strings.HasPrefix(got, "! too-many-attempts try again in "); guesses++ {
		bob.say("OPER ann guess-1234")
		if got = bob.next(); got != wrong && guesses > 20 {
			t.Fatalf("after %d guesses the answer is %q, want ! too-many-attempts", guesses, got)
		}
	}
	bob.say("OPER ann " + operPassword) // even the right one
	bob.until("! too-many-attempts try again in ")
	other := proxiedGuest(t, s, 1, proxyLine("192.0.2.8:1")) // another address may try
	other.say("LOGIN root " + operPassword + " too")
	other.until("= LOGIN root")

	waitFor(t, "the last wrong password in the log", func() bool { return strings.Count(s.log.String(), "wrong password") >= guesses-1 })
	log := s.log.String()
	if n, want := strings.Count(log, "wrong password"), guesses-1; n != want {
		t.Errorf("the log speaks %d times of a wrong password, want %d:\n%s", n, want, log)
	}
	if !strings.Contains(log, "192.0.2.7:") {
		t.Errorf("the log doesn't say where the wrong passwords came from:\n%s", log)
	}
	for _, secret := range []string{"guess-1234", operPassword, operHash} {
		if strings.Contains(log, secret) {
			t.Errorf("the log contains %q:\n%s", secret, log)
		}
	}
}

func TestRegisteredNames(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	ana.say("REGISTER short")
	ana.until("! bad-password ")
	ana.say("REGISTER my own password")
	ana.until("= REGISTER Ana")
	ana.say("NICK somebody")
	ana.until("= NICK somebody")
	s.stop()

	s = guarded(t, state)
	thief := greeted(dialAs(t, s, 0, "127.0.0.3", "thief"))
	for _, line := range []string{"ADD ana", "NICK ANA", "ADD Ａｎａ"} {
		thief.say(line)
		thief.until("! name-registered ")
	}
	ana = greeted(dialAs(t, s, 0, "127.0.0.2", "ana"))
	ana.say("LOGIN ana my own password")
	ana.until("= LOGIN Ana")
	thief.until("> 127.0.0.2:")
	ana.say("REGISTER another password")
	ana.until("= REGISTER Ana")
	ana.say("UNREGISTER")
	ana.until("= UNREGISTER Ana")
	ana.say("END")
	ana.until("= END")
	thief.until("< The user Ana left")
	thief.say("ADD ana")
	thief.until("= ADD ana")
}

func TestNoStateNoNames(t *testing.T) {
	s := startServer(t, "--operator", "ann:"+operHash)
	op := oper(t, s)
	op.say("REGISTER a good password")
	op.until("! names-off ")
	op.say("BAN 127.0.0.2 1h")
	op.until("= BAN 127.0.0.2 until 2")
	if got := refusedAt(t, s, "127.0.0.2"); !strings.HasPrefix(got, "! banned until 2") {
		t.Errorf("a banned address hears %q, want ! banned until ...", got)
	}
}

func TestServerPassword(t *testing.T) {
	s := startServer(t, "--password", serverHash)
	const need = "! need-password this server needs a password: PASS password"
	bob := dial(t, s, 0, "bob")
	bob.expect(need)
	bob.write("hello\nADD bob\nPING 1\nPASS wrong-password\n")
	bob.until("! need-password ")
	bob.until("! need-password ")
	bob.expect("PONG 1", "! wrong-password the name or the password is wrong")
	bob.write("PASS " + serverPassword + "\nADD bob\n")
	bob.expect("= PASS", "> Connected to the chat server (1 user online)")
	bob.until("= ADD bob")
	for range 20 { // far more than an address may try: the right one costs nothing
		c := dial(t, s, 0, "crowd")
		c.write("PASS " + serverPassword + "\n")
		c.expect(need, "= PASS")
		c.until("> Connected to the chat server (")
	}
}

func TestNoPasswordInTime(t *testing.T) {
	s := startServer(t, "--password", serverHash, "--sign-in-timeout", "1s")
	c := dial(t, s, 0, "nobody")
	c.until("! need-password ")
	c.until("! sign-in-timeout ")
	c.expectEnd()
}

// TestAccessIsReread: SIGHUP changes who is an operator, and logs no hash.
func TestAccessIsReread(t *testing.T) {
	path := configFile(t, oneDoor+"operator = [\"ann:"+operHash+"\"]\n")
	s := startConfigured(t, 1, nil, "--config", path)
	op := oper(t, s)
	s.reload(t, path, oneDoor+"password = \""+serverHash+"\"\n", reread)
	op.say("BANS")
	op.until("! not-operator ")
	dial(t, s, 0, "newcomer").until("! need-password ")
	for _, hash := range []string{operHash, serverHash} {
		if log := s.log.String(); strings.Contains(log, hash) {
			t.Errorf("the log contains a hash:\n%s", log)
		}
	}
}

// TestBadAccessFlags: the error says what to do, and never what stood there, which may be a password.
func TestBadAccessFlags(t *testing.T) {
	rows := []struct {
		name, flag, value, want string
	}{
		{"an operator without hash", "--operator", "ann", "looproom passwd"},
		{"a password in clear", "--operator", "ann:hunter2-hunter2", "looproom passwd"},
		{"a server password in clear", "--password", "hunter2-hunter2", "looproom passwd"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			out, err := exec.Command(binary, row.flag, row.value).CombinedOutput()
			if err == nil {
				t.Fatal("looproom started")
			}
			if text := string(out); !strings.Contains(text, row.want) || strings.Contains(text, "hunter2") {
				t.Errorf("looproom %s %s says %q, want %q in it and nothing of the value", row.flag, row.value, text, row.want)
			}
		})
	}
}

// TestDamagedKeys: the keys of clients are looked at as all else is.
func TestDamagedKeys(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	ana.says("REGISTER my own password", "= REGISTER Ana")
	ana.says("TRUST "+deviceKey, "= TRUST")
	s.stop()
	digests := inState(t, state).Trusted["ana"]
	if len(digests) != 1 {
		t.Fatalf("%d keys of ana's are stored, want 1", len(digests))
	}
	other := digests[0]
	other[7] ^= 1
	damage(t, state, string(digests[0][:]), string(other[:]))
	expectDamaged(t, state, `table trusted: "ana"`)
}

// expectDamaged wants that looproom doesn't start in a folder, and says which file it is, what is wrong with it, and what to do.
func expectDamaged(t *testing.T, state, what string) {
	t.Helper()
	status, stdout, stderr := outcome(t, nil, "--listen", "line://127.0.0.1:0", "--state", state)
	expectFailure(t, status, 1, stdout, stderr, filepath.Join(state, store.FileName))
	for _, part := range []string{what, "restore it from a backup"} {
		if !strings.Contains(stderr, part) {
			t.Errorf("looproom says %q, want %q in it", stderr, part)
		}
	}
}

// TestDamagedState: a file that was damaged is named, with what to do, and the server doesn't start without what it was told to keep.
func TestDamagedState(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	op := oper(t, s)
	op.say("BAN 127.0.0.9 1h")
	op.until("= BAN 127.0.0.9 until 2")
	s.stop()
	file := filepath.Join(state, store.FileName)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name    string
		damaged []byte
		want    string
	}{
		{"cut short", text[:len(text)/2], "malformed"},
		{"one byte", bytes.ReplaceAll(text, []byte("127.0.0.9"), []byte("127.0.0.8")), `table bans: "127.0.0.8"`},
		{"of NULs", make([]byte, len(text)), "not a database"},
		{"of a stranger", []byte("hello, I am no database at all, and longer than the header of one: " + strings.Repeat("x", 100)), "not a database"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := os.WriteFile(file, row.damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			expectDamaged(t, state, row.want)
		})
	}
}
