//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// register has ana registered, by her password.
func (s *server) register(name string) {
	s.t.Helper()
	c := s.join(name)
	c.say("REGISTER correct horse")
	c.until("= REGISTER " + name)
	c.say("END")
	c.until("= END")
}

// device opens a window as ana, who has registered. It says with which process.
func device(t *testing.T, s *server, arguments ...string) (window *screen, pid string) {
	t.Helper()
	return deviceAt(t, s.address(), 40, arguments...)
}

// deviceAt is device by way of an address, with so many rows.
func deviceAt(t *testing.T, address string, height int, arguments ...string) (window *screen, pid string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pid")
	window = newScreen(t, 100, height)
	window.line(fmt.Sprintf("sh -c 'echo $$ >%s; exec %s --name ana --password-file %s %s %s'", path, loopchat, passwordFile(t), strings.Join(arguments, " "), address))
	window.see("· ana")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return window, strings.TrimSpace(string(text))
}

var saidLine = regexp.MustCompile(`^\d\d:\d\d.\[(\w+)\] (line \d+)`)

// saidThere returns the lines "line 7" that a window shows, with who has said them.
func saidThere(s *screen) (said []string) {
	for row := range strings.Lines(s.text()) {
		if m := saidLine.FindStringSubmatch(row); m != nil {
			said = append(said, m[1]+": "+m[2])
		}
	}
	return said
}

// TestWindowOnTwoDevices: two windows of one person show the same, each line once and in order.
func TestWindowOnTwoDevices(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir())
	s.register("ana")
	bob := s.join("bob")
	one, _ := device(t, s)
	two, _ := device(t, s)
	var want []string
	for i := range 12 {
		line := fmt.Sprintf("line %d", i)
		switch i % 3 {
		case 0:
			bob.say(line)
			want = append(want, "bob: "+line)
		case 1:
			one.line(line)
			bob.until("[ana] " + line)
			want = append(want, "You: "+line)
		case 2:
			two.line(line)
			bob.until("[ana] " + line)
			want = append(want, "You: "+line)
		}
		one.see("] " + line)
		two.see("] " + line)
	}
	for _, window := range []*screen{one, two} {
		waitFor(t, fmt.Sprint(want), window.text, func() bool { return slices.Equal(saidThere(window), want) })
		window.see("│ 2 users", "│ ana", "│ bob")
	}
	one.line("/join #go")
	two.see("2:#go")
	two.keys("M-2")
	two.see("You have joined #go by another connection.", "[2:#go]", "│ 1 user")
	two.line("in go")
	one.see("[You] in go")
	two.line("/msg bob psst")
	bob.until("*ana* psst")
	one.see("[You → bob] psst")
	one.line("/sessions")
	one.see("2 connections of yours", "  1  since ", "(this one)", "  2  since ")
	one.line("/part")
	two.see("You have left #go by another connection.", "#lobby · ana")
	two.line("in the lobby again")
	bob.until("[ana] in the lobby again")
	one.see("[You] in the lobby again")
	one.line("/logout 2")
	one.see("Your connection 2 has been ended.")
	two.see("! logged-out", "Disconnected. /reconnect connects again.")
	two.line("/reconnect")
	two.see("Connected again.")
	two.keys("C-c")
	two.ended(0)
	one.line("one is still here")
	for _, line := range bob.until("[ana] one is still here") {
		if strings.Contains(line, "user ana left") {
			t.Errorf("bob was told %q", line)
		}
	}
	one.line("/logout")
	bob.until("< The user ana left (1 user online)")
	one.ended(0)
}

// TestWindowRegisters: who has registered comes back by the password.
func TestWindowRegisters(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir())
	ana := chatAs(t, "ana", "--room", "'#go'", s.address())
	ana.line("/register correct horse")
	ana.see("REGISTER ana")
	s.kill()
	ana.see("Server is down")
	s.restart()
	ana.see("Connected again.")
	ana.miss("server is down")
	ana.see("#go · ana ·")
	bob := s.join("bob")
	bob.say("WHO ana")
	if got := bob.answer(); !strings.Contains(got, " rooms #go,#lobby") && !strings.Contains(got, " rooms #lobby,#go") {
		t.Errorf("%s, want ana in #go and #lobby", got)
	}
}

// TestWindowComesBackToWhatWasMissed: of a person who is kept, and whose windows were killed, nothing is lost that was said meanwhile, and nothing is shown twice.
func TestWindowComesBackToWhatWasMissed(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "0")
	s.register("ana")
	bob := s.join("bob")
	one, first := device(t, s)
	two, second := device(t, s)
	one.line("/keep on")
	one.see("You stay in your rooms")
	one.line("/join #go")
	two.see("2:#go")
	bob.say("JOIN #go")
	bob.say("line 0")
	one.see("[bob] line 0")
	signalled(t, first, "KILL")
	signalled(t, second, "KILL")
	bob.until("> ana is away")
	for i := range 20 {
		bob.say(fmt.Sprintf("line %d", i+1))
	}
	bob.say("TEXT TO ana psst")
	bob.say("PING said")
	bob.until("PONG said")
	again, _ := device(t, s)
	bob.until("> ana is back")
	again.see("While you were away: 1 private message", "[bob → You] psst")
	again.keys("M-2")
	again.see("#go · ana", "[bob] line 20", "While you were away: 20 messages")
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprintf("bob: line %d", i+1))
	}
	if got := saidThere(again); !slices.Equal(got[max(0, len(got)-20):], want) {
		t.Errorf("#go shows %q, want %q last:\n%s", got, want, again.text())
	}
}

// TestWindowsAgreeOnWhatIsRead: what is read on one device isn't unread on the other.
func TestWindowsAgreeOnWhatIsRead(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "0")
	s.register("ana")
	bob := s.join("bob")
	one, _ := device(t, s, "--room", "go")
	two, second := device(t, s)
	one.see("[2:#go]")
	two.see("[1:#lobby]", "2:#go")
	one.keys("M-1")
	one.see("[1:#lobby]")
	bob.say("JOIN #go")
	bob.say("in sight on neither of them")
	one.see("2:#go(1)")
	two.see("2:#go(1)")
	one.keys("M-2")
	one.see("[2:#go]", "in sight on neither of them")
	two.miss("(1)")
	two.keys("M-2")
	two.see("[2:#go]")
	bob.say("TEXT TO #lobby nor is this")
	one.see("1:#lobby(1)")
	two.see("1:#lobby(1)")
	two.keys("M-1")
	two.see("[1:#lobby]", "nor is this")
	one.miss("(1)")
	// Who comes back is told how much is unread, and has it.
	one.keys("M-1")
	one.see("[1:#lobby]")
	signalled(t, second, "KILL")
	for i := range 15 {
		bob.say(fmt.Sprintf("line %d", i))
	}
	one.see("2:#go(15)")
	two, _ = device(t, s)
	two.see("2:#go(15)")
	two.keys("M-2")
	two.see("[2:#go]", "[bob] line 0", "[bob] line 14")
	one.see("2:#go")
	one.miss("(15)")
}

// TestWindowsOnceAfterLoss: however the connection of one window is lost in the middle of many lines, each of them stands in both once, and in order.
func TestWindowsOnceAfterLoss(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	const count = 200
	var lines strings.Builder
	var want []string
	for i := range count {
		fmt.Fprintf(&lines, "line %d\n", i)
		want = append(want, fmt.Sprintf("You: line %d", i))
	}
	for _, h := range []harm{cutInside, cutBehind, blackHole} {
		t.Run(string(h), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--state", t.TempDir(), "--lines-per-second", "100")
			s.register("ana")
			c := newCutter(t, s.address(), h, 80)
			one, _ := deviceAt(t, c.listener.Addr().String(), count+50)
			two, _ := deviceAt(t, s.address(), count+50)
			paste(one, lines.String())
			for _, window := range []*screen{two, one} {
				window.see(fmt.Sprintf("[You] line %d", count-1))
				waitFor(t, "all lines once", window.text, func() bool { return slices.Equal(saidThere(window), want) })
			}
			one.miss("…[You]")
			one.see("Connected again.")
		})
	}
}
