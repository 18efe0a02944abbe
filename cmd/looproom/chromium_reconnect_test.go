//go:build linux

package main_test

import (
	"strings"
	"syscall"
	"testing"
)

// TestPageOutlivesTheServer ends the server under a page and starts it again on the same ports: nothing that was shown is lost or doubled, and
// what was written meanwhile arrives.
func TestPageOutlivesTheServer(t *testing.T) {
	rows := []struct {
		name   string
		signal syscall.Signal
		told   string // by the page
	}{
		{"killed", syscall.SIGKILL, "The connection is lost; reconnecting"},
		{"drained", syscall.SIGTERM, "The server is shutting down; reconnecting"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			need(t, "chromium")
			s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
			ana := inBrowser(t, s, 0, "ana")
			bob := signedIn(t, s, 1, "bob")
			ana.says("/join #go")
			ana.isIn("#go")
			ana.says("before, in #go")
			ana.presses(arrowUp, alt)
			ana.isIn("#lobby")
			bob.say("before")
			ana.sees("bob: before")
			ana.says("an answer")
			bob.until("[ana] an answer")

			s.signal(row.signal)
			s.wait()
			ana.waits("what has happened", `document.querySelector("#banner:not([hidden])")?.innerText.startsWith(`+quoted(row.told)+`)`)
			ana.says("written meanwhile")
			ana.says("/me types on")
			ana.waits("that the line waits", `document.querySelectorAll('#messages [data-state="waiting"]').length === 2`)
			ana.waits("that the server is down", `document.querySelector("#banner button").click() || document.querySelector("#banner").innerText.startsWith("Server is down, join later once it is up!")`)

			s = startServer(t, "--listen", s.doors[0], "--listen", s.doors[1])
			bob = signedIn(t, s, 1, "bob")
			ana.clicks("#banner button")
			_, before := bob.until("[ana] written meanwhile")
			bob.until("* ana types on")
			if joined := strings.Join(before, "\n"); strings.Contains(joined, "[ana] an answer") {
				t.Errorf("said again what had arrived before: %q", before)
			}
			bob.say("and after")
			ana.shows("bob: before", "ana: an answer", "ana: written meanwhile", "* ana types on", "bob: and after")
			bob.say("JOIN #go")
			bob.until("= JOIN #go 2")
			ana.complainsOfNothing()
		})
	}
}

// TestPageFillsTheGap cuts a page off while the others talk on: RECENT brings what was missed, and nothing twice.
func TestPageFillsTheGap(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	bob.say("the oldest")
	_, address := s.address(0)
	wire := newCable(t, address)
	ana := openPageAt(t, wire.address, "ana").signsIn()
	bob.say("same words")
	ana.sees("bob: the oldest", "bob: same words")
	ana.says("same words")
	bob.until("[ana] same words")
	wire.cut()
	ana.waits("the loss", `document.body.dataset.state === "lost"`)
	var want []string
	for _, n := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		bob.say("missed " + n)
		want = append(want, "bob: missed "+n)
	}
	bob.fence()
	wire.mend()
	ana.clicks("#banner button")
	ana.isReady()
	ana.shows(append([]string{"bob: the oldest", "bob: same words", "ana: same words"}, want...)...)
}
