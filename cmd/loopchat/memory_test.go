//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"looproom/cmd/loopchat/session"
)

// again ends the server in order, and starts it again at the same address.
func (s *server) again() {
	s.t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	_ = s.command.Wait()
	s.restart()
}

// found waits until the server finds that many messages, for what was said a moment ago may take another.
func (c *talker) found(question string, count int) {
	c.t.Helper()
	var last string
	waitFor(c.t, fmt.Sprintf("%d messages found by %s", count, question), func() string { return last }, func() bool {
		c.say(question)
		c.say("PING asked")
		for _, line := range c.until("PONG asked") {
			if strings.HasPrefix(line, "= SEARCH ") || strings.HasPrefix(line, "! ") {
				last = line
			}
		}
		return last == fmt.Sprintf("= SEARCH %d", count)
	})
}

// hasRead waits until the server knows that a user has read all of a room.
func (s *server) hasRead(name, room string) {
	s.t.Helper()
	c := s.join("reader")
	c.say("LOGIN " + name + " correct horse")
	c.until("= LOGIN " + name)
	var last string
	waitFor(s.t, name+" has read "+room, func() string { return last }, func() bool {
		c.say("READ " + room)
		for last = ""; !strings.HasPrefix(last, "= READ "+room+" "); {
			last = c.answer()
		}
		return !strings.Contains(last, " - ") && strings.HasSuffix(last, " 0")
	})
	c.say("END")
	c.until("= END")
}

// TestWindowRemembers: over a restart of server and client, PgUp goes on to the first message, each is there once, /search finds what was said, and what wasn't
// read is still unread.
func TestWindowRemembers(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	const count = 250
	s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "0")
	s.register("ana")
	one, first := deviceAt(t, s.address(), count+60, "--room", "go")
	one.line("/keep on")
	one.see("You stay in your rooms", "[2:#go]")
	bob := s.join("bob")
	bob.say("JOIN #go")
	for i := range count {
		bob.say(fmt.Sprintf("line %d", i))
	}
	bob.say("the Crème brûlée was good")
	one.see("the Crème brûlée was good")
	s.hasRead("ana", "#go")
	one.keys("M-1")
	one.see("[1:#lobby]")
	bob.found("SEARCH creme", 1)
	for i := range 5 {
		bob.say(fmt.Sprintf("line %d", count+i))
	}
	one.see("2:#go(5)")
	bob.say("/msg ana psst")
	one.see("[bob → You] psst")
	one.line("/msg bob an answer")
	bob.until("*ana* an answer")
	bob.found(fmt.Sprintf("SEARCH %d", count+4), 1)
	signalled(t, first, "KILL")
	bob.until("> ana is away")
	s.again()

	two, _ := deviceAt(t, s.address(), count+60)
	two.see("2:#go(5)")
	two.keys("M-2")
	two.see("[2:#go]", fmt.Sprintf("line %d", count+4))
	two.press("PPage", "This is the beginning")
	var want []string
	for i := range count + 5 {
		want = append(want, fmt.Sprintf("bob: line %d", i))
	}
	waitFor(t, "all lines, once", two.text, func() bool { return slices.Equal(saidThere(two), want) })
	two.line("/search creme*")
	two.see(" 1 #go [bob] the Crème brûlée was good")
	two.line("1")
	two.see("→[bob] the Crème brûlée was good", "[2:#go]")
	two.line("/query bob")
	two.see("[bob] psst", "[You] an answer", "This is the beginning")
	searchUntilFound(t, two, "an answer in bob", " 1 [You → bob] an answer")
}

// searchUntilFound searches for words until want is on the screen: again where the server, which has little of a busy machine, has found nothing in time.
func searchUntilFound(t *testing.T, on *screen, words, want string) {
	t.Helper()
	before := -1
	waitFor(t, want, on.text, func() bool {
		text := on.text()
		if strings.Contains(text, want) {
			return true
		}
		failed := strings.Count(text, "Nothing was found in time")
		if failed > before {
			on.line("/search " + words)
		}
		before = failed
		return false
	})
}

// TestWindowForgetsAndClears: what is taken out of the server is not found there any more.
func TestWindowForgetsAndClears(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "0")
	s.register("ana")
	ana, _ := device(t, s, "--room", "go")
	bob := s.join("bob")
	bob.say("JOIN #go")
	bob.say("what bob says")
	ana.see("[bob] what bob says")
	ana.line("what ana says")
	bob.until("[ana] what ana says")
	bob.found("SEARCH what", 2)
	path := filepath.Join(t.TempDir(), "mine")
	ana.line("/export " + path)
	ana.see("(1 message)")
	ana.line("/room clear")
	ana.see("Forget all that was ever said in #go")
	ana.keys("y")
	ana.see("All that was said in #go is erased.")
	bob.until("> ana cleared what was said here")
	bob.found("SEARCH what", 0)
	ana.line("what ana says once more")
	bob.until("[ana] what ana says once more")
	bob.found("SEARCH what", 1)
	ana.line("/forget me")
	ana.see("y: yes")
	ana.keys("y")
	ana.see("What you have said (1 message) and the account ana are gone for ever.")
	bob.found("SEARCH what", 0)
}

// TestFilterExportsWhatWasSaid: what comes out is what one has said, where one may still read it, and in private.
func TestFilterExportsWhatWasSaid(t *testing.T) {
	t.Parallel()
	s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "0")
	s.register("ana")
	bob := s.join("bob")
	bob.say("what bob says")
	var input strings.Builder
	for i := range 600 {
		fmt.Fprintf(&input, "line %d\n", i)
	}
	input.WriteString("/me waves\n/msg bob psst\n")
	password := passwordFile(t)
	if status, _, errs := piped(t, strings.NewReader(input.String()), "--name", "ana", "--password-file", password, s.address()); status != 0 {
		t.Fatalf("exit status %d, errors %q; want 0", status, errs)
	}
	bob.until("*ana* psst")
	var got []session.Message
	waitFor(t, "602 messages", func() string { return fmt.Sprint(len(got)) }, func() bool {
		status, out, errs := piped(t, nil, "--name", "ana", "--password-file", password, "--export", "-", s.address())
		if status != 0 || errs != "" {
			t.Fatalf("exit status %d, errors %q; want 0 and none", status, errs)
		}
		got = got[:0]
		for line := range strings.Lines(out) {
			var m session.Message
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			got = append(got, m)
		}
		return len(got) == 602
	})
	for i, m := range got {
		want := session.Message{ID: m.ID, Time: m.Time, Place: "#lobby", Kind: "text", Name: "ana", Text: fmt.Sprintf("line %d", i)}
		switch i {
		case 600:
			want.Kind, want.Text = "action", "waves"
		case 601:
			want.Place, want.Text = "bob", "psst"
		}
		if m != want {
			t.Fatalf("message %d = %+v, want %+v", i, m, want)
		}
	}
}
