//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// oneDoor is a config file's line for a door on a free port.
const oneDoor = "listen = [\"line://127.0.0.1:0\"]\n"

// reread is what the log says when a config file was read again.
const reread = "config file read again"

// reload replaces the config file and waits until the log says so many more times what it should say.
func (s *server) reload(t *testing.T, path, text, message string) {
	t.Helper()
	before := strings.Count(s.log.String(), message)
	rewrite(t, path, text)
	s.signal(syscall.SIGHUP)
	waitFor(t, fmt.Sprintf("%q in the log", message), func() bool { return strings.Count(s.log.String(), message) > before })
}

// TestReload: limits and rules change while a client is connected, which stays.
func TestReload(t *testing.T) {
	path := configFile(t, oneDoor+"max-clients = 2\nmax-rooms-per-user = 2\nrecent = 3\n")
	s := startConfigured(t, 1, nil, "--config", path)
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.fence()
	dial(t, s, 0, "third").until("! server-full ")
	ana.say("JOIN #one")
	ana.until("= JOIN #one 1")
	ana.say("JOIN #two")
	ana.until("! too-many-rooms ")

	s.reload(t, path, oneDoor+"max-clients = 3\nmax-rooms-per-user = 3\nrecent = 3\n", reread)
	s.awaitLog(reread, `"max-clients":"2 -> 3"`, `"max-rooms-per-user":"2 -> 3"`)
	third := connect(t, s, 0, "third")
	ana.say("JOIN #two")
	ana.until("= JOIN #two 1")

	s.reload(t, path, oneDoor+"max-clients = 1\nmax-rooms-per-user = 1\nrecent = 3\n", reread)
	dial(t, s, 0, "fourth").until("! server-full ")
	for _, c := range []*talker{ana, bob, third} {
		c.fence()
	}
	ana.say("LIST")
	ana.until("= LIST 1 ana")
	if strings.Contains(s.log.String(), "restart") {
		t.Errorf("the log speaks of a restart:\n%s", s.log.String())
	}
}

// TestReloadOfRates: who was free to flood is no longer.
func TestReloadOfRates(t *testing.T) {
	path := configFile(t, oneDoor+"lines-per-second = 0\n")
	s := startConfigured(t, 1, nil, "--config", path)
	c := connect(t, s, 0, "guest")
	lines := strings.Repeat("PING x\n", 200)
	c.write(lines)
	for range 200 {
		c.expect("PONG x")
	}
	s.reload(t, path, oneDoor+"lines-per-second = 0.01\nlines-burst = 2\nrecvq = 1024\nmax-line = \"64\"\n", reread)
	s.awaitLog(`"setting":"max-line"`, "restart")
	c.write(strings.Repeat(lines, 60))
	c.until("! flood ")
	s.awaitLog(reread, `"lines-per-second":"0 -> 0.01"`, `"recvq":"64KiB -> 1KiB"`)
}

// TestReloadOfDelayed: who waits for its next line at many reloads is looked at once for each line and once for each reload, and not once
// for each reload at each line.
func TestReloadOfDelayed(t *testing.T) {
	const lines, reloads = 40, 20
	path := configFile(t, oneDoor+"lines-per-second = 10\nlines-burst = 1\n")
	s := startConfigured(t, 1, nil, "--config", path, "--admin", "127.0.0.1:0")
	c := connect(t, s, 0, "guest")
	c.write(strings.Repeat("PING x\n", lines))
	for range reloads {
		s.reload(t, path, oneDoor+"lines-per-second = 10\nlines-burst = 1\n", reread)
	}
	for range lines {
		c.expect("PONG x")
	}
	const most = lines + reloads + 2 // its greeting's PING, and one more for good measure
	if looks := scrape(t, adminOf(t, s)).sum("looproom_floods_delayed_total"); looks > most {
		t.Errorf("%v looks at %d lines and %d reloads, want at most %d", looks, lines, reloads, most)
	}
}

// TestReloadOfLogLevel: what was not logged is, and the other way round.
func TestReloadOfLogLevel(t *testing.T) {
	path := configFile(t, oneDoor+"log-level = \"error\"\n")
	s := startConfigured(t, 1, nil, "--config", path)
	if text := s.log.String(); text != "" {
		t.Errorf("the log at level error = %q, want nothing", text)
	}
	s.reload(t, path, oneDoor+"log-level = \"info\"\n", reread)
	s.awaitLog(reread, `"log-level":"error -> info"`)
	s.reload(t, path, oneDoor+"log-level = \"error\"\n", `"log-level":"info -> error"`)
	logged := s.log.String()
	s.stop()
	if text := s.log.String(); text != logged {
		t.Errorf("logged at level error: %q, want nothing", strings.TrimPrefix(text, logged))
	}
}

// TestReloadOfWhatNeedsRestart: each such name has a line of its own, at each reading, and nothing else happens.
func TestReloadOfWhatNeedsRestart(t *testing.T) {
	path := configFile(t, oneDoor+"loops = 1\n")
	s := startConfigured(t, 1, nil, "--config", path)
	c := connect(t, s, 0, "guest")
	changed := `listen = ["line://127.0.0.1:0", "echo://127.0.0.1:0"]` + "\nloops = 2\nmax-line = 100\nfiles = \"/nonexistent\"\n"
	for range 2 {
		s.reload(t, path, changed, reread)
	}
	for _, name := range []string{"listen", "loops", "max-line", "files"} {
		if got := strings.Count(s.log.String(), fmt.Sprintf(`"setting":"%s"`, name)); got != 2 {
			t.Errorf("%d lines of the log name %s, want 2; the log:\n%s", got, name, s.log.String())
		}
	}
	s.awaitLog(`"setting":"loops","running":"1","file":"2"`, "takes effect after a restart")
	c.say(strings.Repeat("x", 200))
	c.expectOnly()

	s.reload(t, path, oneDoor+"loops = 1\n", reread)
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "no effect") {
			t.Errorf("the log has %q, want no such line: nothing but the file sets it", line)
		}
	}
}

// TestReloadOfWhatIsOverruled: what the command line or the environment says stays, and the log says so.
func TestReloadOfWhatIsOverruled(t *testing.T) {
	path := configFile(t, oneDoor+"max-clients = 5\nmax-rooms = 5\n")
	s := startConfigured(t, 1, []string{"LOOPROOM_MAX_ROOMS=1"}, "--config", path, "--max-clients", "1")
	c := connect(t, s, 0, "guest")
	s.reload(t, path, oneDoor+"max-clients = 6\nmax-rooms = 6\nrecent = 100\n", reread)
	s.awaitLog(`"setting":"max-clients","file":"6"`, "no effect")
	s.awaitLog(`"setting":"max-rooms","file":"6"`, "no effect")
	s.awaitLog(reread, `"changed":{}`)
	dial(t, s, 0, "second").until("! server-full ")
	c.say("JOIN #one")
	c.until("! too-many-rooms ")
}

// TestReloadOfBrokenFile: the fault is logged with its line, nothing changes, and the next file is read again.
func TestReloadOfBrokenFile(t *testing.T) {
	path := configFile(t, oneDoor+"max-clients = 1\n")
	s := startConfigured(t, 1, nil, "--config", path)
	c := connect(t, s, 0, "guest")
	refused := "config file refused; all settings stay as they were"
	s.reload(t, path, oneDoor+"max-clients = 5\nmax-rooms = many\n", refused)
	s.awaitLog(refused, path+":3: ")
	s.reload(t, path, oneDoor+"max-clients = 5\nsendq = \"8KXB\"\n", refused)
	s.awaitLog(refused, path+":3: sendq: ", "8KXB")
	dial(t, s, 0, "second").until("! server-full ")
	c.fence()
	s.reload(t, path, oneDoor+"max-clients = 2\n", reread)
	connect(t, s, 0, "second")
	c.fence()
}

// TestHangupWithoutFile does nothing but a line of the log.
func TestHangupWithoutFile(t *testing.T) {
	s := startServer(t)
	c := connect(t, s, 0, "guest")
	s.signal(syscall.SIGHUP)
	waitFor(t, "a line of the log", func() bool { return strings.Contains(s.log.String(), "without --config") })
	c.fence()
}

// TestReloadUnderLoad: the file is read again many times while two talk as fast as they can, and no line is lost or out of order.
func TestReloadUnderLoad(t *testing.T) {
	const reloads = 15
	path := configFile(t, oneDoor+"lines-per-second = 0\nloops = 2\n")
	s := startConfigured(t, 1, nil, "--config", path)
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.fence()
	var enough atomic.Bool
	heard := make(chan struct{}, 256) // as many lines are on their way
	var talk sync.WaitGroup
	talk.Go(func() { sayNumbers(ana, heard, &enough) })
	talk.Go(func() { expectNumbers(bob, heard) })
	for n := 1; n <= reloads; n++ {
		s.reload(t, path, fmt.Sprintf("%slines-per-second = 0\nloops = 2\nrecent = %d\nmax-clients = %d\n", oneDoor, n, 1000+n), reread)
	}
	enough.Store(true)
	talk.Wait()
	ana.expectOnly()
	s.awaitLog(reread, fmt.Sprintf(`"recent":"%d -> %d"`, reloads-1, reloads))
}

// sayNumbers says numbers until it is enough, and then "end".
func sayNumbers(ana *talker, heard chan<- struct{}, enough *atomic.Bool) {
	defer close(heard)
	for n := 0; !enough.Load(); n++ {
		heard <- struct{}{}
		if _, err := fmt.Fprintf(ana.input, "%d\n", n); err != nil {
			ana.t.Errorf("ana: %v", err)
			return
		}
	}
	if _, err := fmt.Fprintln(ana.input, "end"); err != nil {
		ana.t.Errorf("ana: %v", err)
	}
}

// expectNumbers takes all numbers and then "end".
func expectNumbers(bob *talker, heard <-chan struct{}) {
	for n := 0; ; n++ {
		got, err := bob.line()
		if err == nil && got == "[ana] end" {
			bob.t.Logf("%d lines", n)
			return
		}
		if want := fmt.Sprintf("[ana] %d", n); err != nil || got != want {
			bob.t.Errorf("bob's next line = %q, %v; want %q", got, err, want)
			for range heard { // so that ana is never stuck
			}
			return
		}
		<-heard
	}
}

// TestHangupsAndEnd: any number of hangups before and while the server drains changes nothing about its end.
func TestHangupsAndEnd(t *testing.T) {
	path := configFile(t, oneDoor+"drain = \"10m\"\nlines-per-second = 0\n")
	s := startConfigured(t, 1, nil, "--config", path)
	slowReader(t, s, "stuck")
	speak(t, s, 8000)
	s.reload(t, path, oneDoor+"drain = \"300ms\"\nlines-per-second = 0\n", reread)
	for range 100 {
		s.signal(syscall.SIGHUP)
	}
	s.signal(syscall.SIGTERM)
	waitFor(t, "the drain", func() bool { return strings.Contains(s.log.String(), "draining") })
	_ = s.command.Process.Signal(syscall.SIGHUP) // it may have ended already
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0; the log:\n%s", status, s.log.String())
	}
	s.awaitLog("draining", `"at_most":"300ms"`)
}
