//go:build linux

package main_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// reloads loads the page again, as soon as it would let one go without a question.
func (b *person) reloads() {
	b.t.Helper()
	b.waits("that nothing is on its way", `dispatchEvent(new Event("beforeunload", { cancelable: true }))`)
	b.do(chromedp.Reload())
}

// writes puts text into the input, and does not send it.
func (b *person) writes(text string) {
	b.t.Helper()
	b.do(call(input.InsertText, input.InsertTextParams{Text: text}))
}

// TestPageOutlivesAReload: the same name, rooms and drafts, and what was said, although the server takes the earlier connection for alive.
func TestPageOutlivesAReload(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	_, address := s.address(0)
	wire := newCable(t, address)
	bob := signedIn(t, s, 1, "bob")
	ana := openPageAt(t, wire.address, "ana").signsIn()
	ana.says("/join #go")
	ana.isIn("#go")
	bob.say("JOIN #go") // a room lasts as long as someone is in it
	bob.until("= JOIN #go 2")
	bob.say("JOIN #lobby")
	ana.says("said in #go")
	ana.says("/nick anna")
	bob.until("> ana is now called anna")
	ana.writes("half a thou")
	ana.presses(arrowUp, alt)
	ana.isIn("#lobby")
	ana.says("/msg bob psst")
	ana.isIn("bob")
	ana.writes("/oper bob hunter22secret")
	ana.presses(arrowUp, alt)
	ana.isIn("#go")

	ana.reloads()
	ana.isReady()
	ana.isIn("#go")
	ana.waits("the draft", `document.getElementById("input").value === "half a thou"`)
	ana.sees("ana: said in #go")
	if got := evaluate[[]string](ana, `[...document.querySelectorAll("#sidebar .open .name")].map(({ textContent }) => textContent)`); !slices.Equal(got, []string{"#lobby", "#go", "bob"}) {
		t.Errorf("places after the reload = %q, want #lobby, #go and bob", got)
	}
	if kept := evaluate[string](ana, `JSON.stringify({ ...localStorage, ...sessionStorage })`); strings.Contains(kept, "hunter22secret") {
		t.Errorf("the browser keeps a password: %s", kept)
	}
	ana.says("ght")
	bob.until("#go [anna] half a thought")
	bob.say("WHO anna")
	bob.until("= WHO anna since")
	ana.says("/quit")
	ana.waits("that one has left", `document.getElementById("signin-status").textContent.startsWith("You have left")`)
	ana.reloads()
	ana.waits("the form", `document.activeElement.id === "signin-name" && document.getElementById("signin-status").textContent === ""`)
	ana.complainsOfNothing()
}

// TestPageTakesItsNameBack: where the way to the server is gone and nobody was told, the name is back with the next connection.
func TestPageTakesItsNameBack(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	_, address := s.address(0)
	wire := newCable(t, address)
	bob := signedIn(t, s, 1, "bob")
	ana := openPageAt(t, wire.address, "ana").signsIn()
	bob.fence()
	wire.forget()
	ana.waits("the loss", `document.body.dataset.state === "lost"`)
	evaluate[bool](ana, `(document.querySelector("#banner button").click(), true)`)
	ana.isReady()
	ana.says("back at once")
	if _, before := bob.until("[ana] back at once"); !slices.ContainsFunc(before, func(line string) bool { return strings.HasPrefix(line, "< The user ana left") }) {
		t.Errorf("others read %q, want that the earlier connection is gone", before)
	}
	ana.complainsOfNothing()
}

// TestReloadAfterRegister: who has made the name their own by a command comes back to it as well, and the browser keeps no password.
func TestReloadAfterRegister(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	zoe := inBrowser(t, s, 0, "zoe")
	zoe.says("/register correct horse")
	zoe.sees("zoe is your name now: nobody comes in by it without its password")
	zoe.waits("that the tab is known", `sessionStorage.getItem("looproom-tab").includes('"account":{')`)
	zoe.says("/join #stable")
	zoe.isIn("#stable")
	zoe.writes("hay")
	zoe.reloads()
	zoe.isReady()
	zoe.isIn("#stable")
	zoe.waits("the draft", `document.getElementById("input").value === "hay"`)
	zoe.keepsNoPassword("horse")
	zoe.complainsOfNothing()
}
