//go:build linux

package main_test

import (
	"fmt"
	"testing"
)

// TestPageShowsEarlier enters a room of ninety messages, of which ten are told: the others can be asked for, and stand where they belong.
func TestPageShowsEarlier(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	bob.say("JOIN #go")
	for n := 1; n <= 90; n++ {
		bob.say(fmt.Sprintf("message %d", n%7))
	}
	bob.fence()
	ana := inBrowser(t, s, 0, "ana")
	ana.says("/join #go")
	ana.isIn("#go")
	ana.waits("ten messages", shown+`.filter((message) => message.startsWith("bob: ")).length === 10`)
	ana.says("and mine")
	bob.until("[ana] and mine")
	ana.clicks("#earlier")
	ana.waits("all of them", shown+`.filter((message) => message.startsWith("bob: ")).length === 90`)
	ana.waits("no more to ask for", `document.getElementById("earlier").hidden`)
	got := ana.messages()
	for n := 1; n <= 90; n++ {
		if want := fmt.Sprintf("bob: message %d", n%7); got[n-1] != want {
			t.Fatalf("message %d = %q, want %q; all: %q", n, got[n-1], want, got)
		}
	}
	if got[90] != "ana: and mine" || len(got) != 91 {
		t.Errorf("the end is %q, want my own message once", got[90:])
	}
	ana.says("/recent")
	ana.says("/list")
	ana.sees("2 in #go: ana, bob")
	ana.says("/ping")
	ana.waits("the time of an answer", shown+`.some((message) => /^The server answered within \d+ ms$/.test(message))`)
	if got := len(ana.messages()); got != 91 {
		t.Errorf("messages after /recent = %d, want 91", got)
	}
	ana.complainsOfNothing()
}

// TestTopicLinks: an address in a topic is a link, and the topic can be changed all the same.
func TestTopicLinks(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	bob.say("TOPIC see https://example.org/a for more")
	ana.waits("the link", `document.querySelector("#topic a")?.href === "https://example.org/a" && document.querySelector("#topic a").rel === "noopener noreferrer"`)
	ana.clicks("#topic-button")
	ana.waits("the input with the topic", `document.activeElement.id === "topic-input" && document.activeElement.value.startsWith("see https")`)
	evaluate[bool](ana, `(document.activeElement.select(), true)`)
	ana.says("another")
	bob.until("> ana set the topic: another")
	ana.complainsOfNothing()
}

// TestStackedMarks: marks that pile up on a letter stay in the message that they are in.
func TestStackedMarks(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	marks := "z"
	for range 60 {
		marks += "\u0301\u0323"
	}
	for _, line := range []string{"above", marks, "ME " + marks, "below"} {
		bob.say(line)
	}
	ana.sees("bob: below")
	// What is painted beyond the box of a message can't be asked for; that all of it is cut off there can.
	clips := evaluate[bool](ana, `[...document.querySelectorAll("#messages .said p, #messages .deed")].every((words) => getComputedStyle(words).overflowY === "clip")`)
	high := evaluate[float64](ana, `Math.max(...[...document.querySelectorAll("#messages li")].map((li) => li.offsetHeight))`)
	if !clips || high > 60 {
		t.Errorf("messages are cut off at their edges: %v, the highest has %.0f pixels; want true, and two lines at most", clips, high)
	}
	takePicture(t, ana.tab, "marks", "light", 1000, 400)
}

// TestDropAnywhere: a file that is dropped beside the messages is taken, and never opened by the browser in the place of the page.
func TestDropAnywhere(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := openPage(t, s, 0, "ana")
	drop := func(on, name string) bool {
		return evaluate[bool](ana, `(() => { const files = new DataTransfer(); files.items.add(new File(["x"], "`+name+`"));
			return !document.querySelector("`+on+`").dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true})); })()`)
	}
	if !drop("#signin", "early.txt") {
		t.Error("a file that is dropped on the form would be opened by the browser")
	}
	ana.signsIn()
	for _, on := range []string{"#sidebar", "#users", "#head", "body"} {
		if !drop(on, on[1:]+".txt") {
			t.Errorf("nothing takes a file that is dropped on %s", on)
		}
		bob.until("* ana shared a file: " + on[1:] + ".txt")
	}
	ana.complainsOfNothing()
}

// TestSignInErrors: who can't come in is told so in the words of the page.
func TestSignInErrors(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	signedIn(t, s, 1, "bob")
	owner := signedIn(t, s, 1, "zoe")
	owner.say("REGISTER correct horse")
	owner.until("= REGISTER zoe")
	ana := openPage(t, s, 0, "ana")
	for _, row := range []struct{ name, told string }{
		{"bob", "Someone here has that name already. Take another one."},
		{"zoe", "That name belongs to someone. If it is yours, give its password."},
		{"kofi", "Give the password of your name."},
		{"ana-аna", "That can't be a name. A name doesn't mix letters of scripts that aren't written together."},
	} {
		evaluate[bool](ana, `(document.getElementById("signin-name").focus(), document.activeElement.select(), true)`)
		ana.says(row.name)
		if row.name == "kofi" { // the form has come to ask for a password
			ana.comesBy("guest")
		}
		ana.waits("why "+row.name+" can't come in", `document.getElementById("signin-status").textContent === `+quoted(row.told))
	}
}
