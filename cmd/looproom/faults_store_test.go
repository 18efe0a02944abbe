//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fillUp leaves no room on the disk, until heal is called.
func (d *disk) fillUp() (heal func()) {
	d.t.Helper()
	ballast := filepath.Join(d.dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, imageSize), 0o600); err == nil { // as much of it as fits
		d.t.Fatal("the disk can't be filled")
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			d.t.Fatal(err)
		}
	}
}

// abort has the disk be read-only, whoever writes there, as the kernel does when it finds a file system damaged: until it is mounted anew.
func (d *disk) abort() {
	d.t.Helper()
	d.run("mount", "-o", "remount,abort", d.dir)
}

// TestStoreOnADiskThatFails: the disk of the state is full, fails when it is forced to take something, hangs, or becomes read-only. The chat goes on, and what was said can be read still; what is
// not kept is said, in the log and by STATS; nothing that can't be kept is acknowledged. When the disk takes something again, all is there that was said meanwhile. What was acknowledged is
// there after the server has been killed.
func TestStoreOnADiskThatFails(t *testing.T) {
	rows := []struct {
		name   string
		breaks func(d *disk) (heal func()) // heal is nil where only a new start helps
		hangs  bool
		says   string // what the log does
	}{
		{"full", (*disk).fillUp, false, "the state can't be stored"},
		{"fails at fsync", (*disk).fail, false, "the state can't be stored"},
		{"hangs", (*disk).freeze, true, "the disk of the state has not answered"},
		{"becomes read-only", func(d *disk) func() { d.abort(); return nil }, false, "the state can't be stored"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDisk(t)
			state := filepath.Join(d.dir, "state")
			s := guarded(t, state)
			p := startParty(t, s)
			p.says("before", 40)
			p.ana.says("REGISTER the password of ana", "= REGISTER ana")
			p.reads("before 39")

			heal := row.breaks(d)
			p.says("meanwhile", 40)
			carl := namedFrom(t, s, "127.0.0.4", "carl")
			carl.say("REGISTER the password of carl")
			registered := false
			if !row.hangs {
				carl.say("PING behind")
				_, before := carl.until("PONG behind")
				registered = slices.Contains(before, "= REGISTER carl") // where something was written before there may be room for it
				p.fill(row.says)
			}
			s.awaitLog(row.says)
			p.says("later", 40)
			if page, _ := p.bob.page("#lobby"); len(page) == 0 {
				t.Error("nothing can be read of what was said before")
			}
			waitFor(t, "STATS to say that messages wait", func() bool { return stats(t, p.op)["store-waiting-bytes"] > 0 })

			want := []string{"before"}
			if heal != nil {
				heal()
				s.awaitLog("again")
				switch {
				case row.hangs:
					carl.until("= REGISTER carl")
				case !registered:
					carl.says("REGISTER the password of carl", "= REGISTER carl")
				}
				p.says("after", 40)
				p.reads("after 39")
				if lost := stats(t, p.op)["lost"]; lost != 0 {
					t.Errorf("STATS says that %d messages are lost, want none", lost)
				}
				want = []string{"before", "meanwhile", "later", "after"}
			}
			kill(t, s)
			d.remount()
			s = guarded(t, state)
			for name, kept := range map[string]bool{"ana": true, "carl": registered || heal != nil} {
				c := greeted(dialAs(t, s, 0, "127.0.0.5", name))
				if kept {
					c.says("LOGIN "+name+" the password of "+name, "= LOGIN "+name)
				} else {
					c.says("LOGIN "+name+" the password of "+name, "! wrong-password ")
				}
			}
			expectSaid(t, signedIn(t, s, 0, "reader").idsOn(), want)
		})
	}
}

// party is three who talk in the lobby: ana says something, bob hears it, op is an operator.
type party struct {
	s            *server
	ana, bob, op *talker
}

func startParty(t *testing.T, s *server) *party {
	t.Helper()
	p := &party{s, namedFrom(t, s, "127.0.0.2", "ana"), namedFrom(t, s, "127.0.0.3", "bob").idsOn(), greeted(dialAs(t, s, 0, "127.0.0.1", "op"))}
	p.op.says("OPER ann "+operPassword, "= OPER ann")
	return p
}

// says has ana say n lines, each of which bob hears.
func (p *party) says(what string, n int) {
	p.ana.t.Helper()
	for i := range n {
		line := fmt.Sprintf("%s %d", what, i)
		p.ana.say("TEXT " + line)
		for heard := ""; !strings.HasSuffix(heard, " [ana] "+line); heard, _ = p.bob.until("@") {
		}
	}
}

// fill has much said elsewhere, until the log says that of it.
func (p *party) fill(says string) {
	p.ana.t.Helper()
	eve := namedFrom(p.ana.t, p.s, "127.0.0.6", "eve")
	eve.says("JOIN #elsewhere", "= JOIN #elsewhere")
	waitFor(p.ana.t, "the disk to take no more", func() bool {
		for range 10 {
			eve.say("TEXT " + strings.Repeat("x", 8000))
		}
		eve.fence()
		return strings.Contains(p.s.log.String(), says)
	})
}

// reads waits until bob reads that line of ana's as the last.
func (p *party) reads(line string) {
	p.bob.t.Helper()
	waitFor(p.bob.t, "the last line to be kept", func() bool {
		page, _ := p.bob.page("#lobby 1")
		return len(page) == 1 && page[0].words == "[ana] "+line
	})
}

// expectSaid finds 40 lines of each of those that ana has said in the history, and nothing else.
func expectSaid(t *testing.T, reader *talker, want []string) {
	t.Helper()
	all := reader.history("#lobby", messageID{})
	for i, m := range all {
		if n := i / 40; n >= len(want) || m.words != fmt.Sprintf("[ana] %s %d", want[n], i%40) {
			t.Fatalf("message %d in the history is %q; want 40 each of %q", i, m.words, want)
		}
	}
	if len(all) != 40*len(want) {
		t.Errorf("%d messages are in the history, want 40 each of %q", len(all), want)
	}
}

// TestMessagesLostToADiskThatHangs: more is said than may wait for the disk. The chat goes on, what is lost is counted and said, and the server ends though the disk doesn't answer.
func TestMessagesLostToADiskThatHangs(t *testing.T) {
	d := newDisk(t)
	s := guarded(t, filepath.Join(d.dir, "state"), "--drain", "1s")
	p := startParty(t, s)
	thaw := d.freeze()
	line := strings.Repeat("x", 8000)
	said := int64(0)
	for lost := int64(0); lost == 0; lost = stats(t, p.op)["lost"] {
		for range 500 {
			p.ana.say("TEXT " + line)
		}
		p.ana.fence()
		p.bob.fence()
		if said += 500; said > 20_000 {
			t.Fatal("nothing is lost, though 160 MB wait")
		}
	}
	s.awaitLog("messages are not stored")
	p.says("still here", 3)
	s.signal(15)
	waitFor(t, "the end of all but the threads that hang", func() bool { return s.ending() })
	thaw()
	if status := s.wait(); status != 1 {
		t.Errorf("exit status = %d, want 1: not all is known to be on the disk", status)
	}
}
