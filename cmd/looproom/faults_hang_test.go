//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// onDisk starts a server with an operator that has its folders on the disk.
func onDisk(t *testing.T, d *disk, arguments ...string) *server {
	t.Helper()
	return guarded(t, filepath.Join(d.dir, "state"), append([]string{"--files", filepath.Join(d.dir, "files")}, arguments...)...)
}

// TestDiskHangs: the disk of state and files answers no more. Who waits for it waits, and nobody else: passwords are checked, bans hold,
// everyone talks. SIGTERM drains and ends the server as far as the kernel lets it: a thread in a write that hangs is left behind.
func TestDiskHangs(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) { testDiskHangs(t, loops) })
	}
}

func testDiskHangs(t *testing.T, loops string) {
	d := newDisk(t)
	s := onDisk(t, d, "--loops", loops, "--drain", "1s")
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.say("REGISTER correct-horse")
	ana.until("= REGISTER ana")
	uploader, eve, dan := signedIn(t, s, 0, "uploader"), signedIn(t, s, 0, "eve"), signedIn(t, s, 0, "dan")
	thaw := d.freeze()
	// Each of these waits for the disk, and holds up the goroutines that write.
	uploader.write(fmt.Sprintf("SEND 200000 lost\n%s", randomBytes(1, 200_000)))
	waiting := []*talker{bob, uploader}
	bob.say("REGISTER battery-staple")
	second := signedIn(t, s, 0, "second")
	second.say("REGISTER battery-staple")
	waiting = append(waiting, second)
	bans := []*talker{eve, dan}
	for n, c := range bans {
		op := greeted(dial(t, s, 0, "operator"))
		op.say("OPER ann " + operPassword)
		op.until("= OPER ann")
		op.say(fmt.Sprintf("SHUN %s 1h", c.name))
		op.until("= SHUN " + c.name)
		c.say("TOPIC mine")
		c.until("! shunned")
		waiting = append(waiting, op)
		if n == 0 {
			again := greeted(dial(t, s, 0, "again"))
			again.say("LOGIN ana correct-horse")
			again.until("= LOGIN ana")
			waiting = append(waiting, again)
		}
	}
	talking := signedIn(t, s, 0, "talking")
	talking.say("hello")
	dan.until("[talking] hello")

	s.signal(syscall.SIGTERM)
	for _, c := range []*talker{talking, eve, dan} {
		c.until("! closing ")
	}
	for _, c := range append(waiting, talking, eve, dan) {
		c.untilEnd()
		c.input.Close()
	}
	waitFor(t, "the end of all but the threads that hang", func() bool { return s.ending() })
	thaw()
	if status := s.wait(); status != 1 {
		t.Errorf("exit status = %d, want 1: not all is known to be on the disk", status)
	}
	s.awaitLog("the disk does not answer")

	after := onDisk(t, d)
	c := connect(t, after, 0, "again")
	c.say("LOGIN ana correct-horse")
	c.until("= LOGIN ana")
	after.stop()
}

// untilEnd takes all lines to the end of the stream.
func (c *talker) untilEnd() {
	c.t.Helper()
	for {
		if _, err := c.line(); err != nil {
			if os.IsTimeout(err) {
				c.t.Fatalf("%s: no end of the stream", c.name)
			}
			return
		}
	}
}

// ending says whether all of the server's threads have ended that are not stuck in the kernel. The main thread can be one that is.
func (s *server) ending() bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", s.command.Process.Pid))
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		_, state, _ := strings.Cut(string(text), ") ")
		if err == nil && state != "" && !strings.Contains("ZXD", state[:1]) {
			return false
		}
	}
	return true
}
