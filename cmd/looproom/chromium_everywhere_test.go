//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const anasPassword = "correct horse"

// anasTerminal is a terminal of tmux in which loopchat runs, as ana.
type anasTerminal struct {
	t      *testing.T
	socket string
	pid    string
}

// openAnasTerminal starts loopchat, whose password stands in a file.
func openAnasTerminal(t *testing.T, loopchat, password, address string) *anasTerminal {
	t.Helper()
	w := &anasTerminal{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	w.tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "60", loopchat+" --name ana --password-file "+password+" "+address)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", w.socket, "kill-server").Run() })
	w.pid = strings.TrimSpace(w.tmux("display-message", "-p", "#{pane_pid}"))
	w.waits("You are ana now.")
	return w
}

func (w *anasTerminal) tmux(arguments ...string) string {
	w.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-S", w.socket}, arguments...)...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("tmux %q: %v\n%s", arguments, err, out)
	}
	return string(out)
}

// types types a line.
func (w *anasTerminal) types(line string) {
	w.t.Helper()
	w.tmux("send-keys", "-l", line)
	w.tmux("send-keys", "Enter")
}

// waits waits until the screen shows the text.
func (w *anasTerminal) waits(text string) {
	w.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !strings.Contains(w.screen(), text) {
		if time.Now().After(deadline) {
			w.t.Fatalf("loopchat doesn't show %q:\n%s", text, w.screen())
		}
	}
}

func (w *anasTerminal) screen() string { return w.tmux("capture-pane", "-p") }

// kill ends loopchat, by SIGKILL.
func (w *anasTerminal) kill() {
	w.t.Helper()
	if out, err := exec.Command("kill", "-9", w.pid).CombinedOutput(); err != nil {
		w.t.Fatalf("kill: %v\n%s", err, out)
	}
}

// aMessage is one on the screen: its time, who says it, and what.
var aMessage = regexp.MustCompile(`(?m)^\d\d:\d\d \[(You|bob)\] (.*?) *(?:│.*)?$`)

// messages goes to the room and returns what it shows of the messages, up to the one that is the last.
func (w *anasTerminal) messages(room, last string) (all []string) {
	w.t.Helper()
	w.types("/join " + room)
	w.waits(" " + room + " · ana")
	w.waits("] " + last)
	for _, message := range aMessage.FindAllStringSubmatch(w.screen(), -1) {
		all = append(all, strings.Replace(message[1], "You", "ana", 1)+": "+message[2])
	}
	return all
}

// said are the messages among lines, by room; here is the current one.
func said(lines []string, here string) map[string][]string {
	byRoom := map[string][]string{}
	for _, line := range lines {
		room := here
		if strings.HasPrefix(line, "#") {
			room, line, _ = strings.Cut(line, " ")
		}
		if who, words, is := strings.Cut(strings.TrimPrefix(line, "["), "] "); is && (who == "ana" || who == "bob") {
			byRoom[room] = append(byRoom[room], who+": "+words)
		}
	}
	return byRoom
}

func wantMessages(t *testing.T, who, room string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s has of %s\n%q, want\n%q", who, room, got, want)
	}
}

// TestOnePersonEverywhere: nc, a browser and loopchat are one person in three rooms at once. Each has each line once, in one order. One that is killed comes back and has what it has
// missed; and so has the person when it was nowhere.
func TestOnePersonEverywhere(t *testing.T) {
	needOpenBSD(t)
	need(t, "chromium")
	need(t, "tmux")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	folder := t.TempDir()
	loopchat, password := filepath.Join(folder, "loopchat"), filepath.Join(folder, "password")
	if out, err := exec.Command("go", "build", "-o", loopchat, "looproom/cmd/loopchat").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if err := os.WriteFile(password, []byte(anasPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host, port := s.hostPort(1)
	_, address := s.address(1)
	rooms := []string{"#lobby", "#one", "#two"}

	bob := signedIn(t, s, 1, "bob")
	browser := openPage(t, s, 0, "ana").signsUp(anasPassword, true)
	nc := greeted(startProgram(t, "nc", host, port))
	nc.say("LOGIN ana " + anasPassword)
	nc.until("= JOIN #lobby")
	nc.say("KEEP ON")
	nc.until("= KEEP ON")
	nc.say("JOIN #one")
	nc.until("= JOIN #one")
	browser.hasPlaces("#lobby", "#one")
	browser.says("/join #two")
	browser.isIn("#two")
	nc.until("> you joined #two")
	window := openAnasTerminal(t, loopchat, password, address)
	window.waits(":#two")
	for _, name := range rooms[1:] {
		bob.say("JOIN " + name)
		bob.until("= JOIN " + name)
	}
	bob.say("LIST")
	bob.until("= LIST 2 ana bob")

	// All talk by turns, and in all rooms. Each line is awaited at bob, or at nc, before the next one is said: so there is one order.
	want := map[string][]string{}
	hears := func(c *talker, room, current, line string) {
		if room != current {
			line = room + " " + line
		}
		c.until(line)
	}
	var atNC []string
	speak := func(n int) {
		room, words := rooms[n%3], fmt.Sprintf("line %02d", n)
		who := "ana"
		switch n / 3 % 4 {
		case 0:
			who = "bob"
			bob.say("TEXT TO " + room + " " + words)
			_, before := nc.until(strings.TrimPrefix(room+" [bob] "+words, "#one "))
			atNC = append(append(atNC, before...), strings.TrimPrefix(room+" [bob] "+words, "#one "))
		case 1:
			nc.say("TEXT TO " + room + " " + words)
		case 2:
			window.types("/msg " + room + " " + words)
		case 3:
			browser.says("/msg " + room + " " + words)
		}
		if who == "ana" {
			hears(bob, room, "#two", "[ana] "+words)
		}
		want[room] = append(want[room], who+": "+words)
	}
	for n := range 24 {
		speak(n)
	}
	for _, room := range rooms {
		last := strings.SplitN(want[room][len(want[room])-1], ": ", 2)
		browser.clicks(`[data-place="` + room + `"]`)
		browser.shows(want[room]...)
		wantMessages(t, "loopchat", room, window.messages(room, last[1]), want[room])
	}
	atNC = append(atNC, nc.fence()...)
	heard := said(atNC, "#one")
	for _, room := range rooms { // nc has no line of what it has said itself
		others := slices.DeleteFunc(slices.Clone(want[room]), func(message string) bool {
			n := 0
			_, err := fmt.Sscanf(message[len("ana: "):], "line %d", &n)
			return err != nil || n/3%4 == 1
		})
		wantMessages(t, "nc", room, heard[room], others)
	}

	// loopchat is killed, and misses what is said meanwhile.
	window.kill()
	for n := 24; n < 27; n++ {
		speak(n)
	}
	window = openAnasTerminal(t, loopchat, password, address)
	for _, room := range rooms {
		last := want[room][len(want[room])-1]
		got := window.messages(room, last[len("bob: "):])
		wantMessages(t, "loopchat, back again,", room, got, want[room])
	}

	// Nobody is there for a while: ana is away, is written to, and finds it.
	window.kill()
	browser.do(chromedp.Navigate("about:blank"))
	for deadline := time.Now().Add(time.Minute); ; {
		nc.say("SESSIONS")
		line, _ := nc.until("= SESSIONS ")
		if line == "= SESSIONS 1" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("two of three are gone, and it is %q: %q", line, nc.fence())
		}
	}
	nc.say("END")
	nc.until("= END")
	bob.until("> ana is away")
	bob.say("LIST")
	bob.until("= LIST 2 ana(away) bob")
	for n := range 15 {
		bob.say(fmt.Sprint("TEXT TO #one missed ", n))
	}
	bob.say("TEXT TO ana are you there?")
	bob.fence()
	nc = greeted(startProgram(t, "nc", host, port))
	nc.say("LOGIN ana " + anasPassword)
	nc.until("= MISSED 15 #one")
	for n := range 15 {
		if line := nc.next(); !strings.HasSuffix(line, fmt.Sprint("Z [bob] missed ", n)) {
			t.Errorf("the next line is %q, want the message %d", line, n)
		}
	}
	nc.until("= MISSED 1 *")
	if line := nc.next(); !strings.HasSuffix(line, "Z *bob* are you there?") {
		t.Errorf("the next line is %q, want bob's question", line)
	}
	bob.until("> ana is back")
	if more := said(nc.fence(), "#lobby"); len(more) > 0 {
		t.Errorf("there is more: %q", more)
	}
}
