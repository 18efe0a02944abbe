//go:build linux

package main_test

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// person is someone who chats by the page, in a Chromium of their own.
type person struct {
	*tab
	t    *testing.T
	name string
}

// openPage opens the page of the n-th door, and does no more.
func openPage(t *testing.T, s *server, n int, name string) *person {
	t.Helper()
	_, address := s.address(n)
	return openPageAt(t, address, name)
}

func openPageAt(t *testing.T, address, name string) *person {
	t.Helper()
	need(t, "chromium")
	b := &person{openTab(t, "http://"+address+"/"), t, name}
	b.waits("the form to come in", `document.activeElement.id === "signin-name"`)
	return b
}

// inBrowser opens the page of the n-th door and signs in.
func inBrowser(t *testing.T, s *server, n int, name string) *person {
	t.Helper()
	return openPage(t, s, n, name).signsIn()
}

// signsIn gives the name, and waits until the page knows who is there.
func (b *person) signsIn() *person {
	b.t.Helper()
	b.says(b.name)
	b.isReady()
	return b
}

// isReady waits until the page is signed in, and knows who else is there.
func (b *person) isReady() {
	b.t.Helper()
	b.waits("signed in", `document.body.dataset.state === "ready" && document.querySelectorAll("#users button").length > 0`)
}

// waits waits until the expression is true in the page.
func (b *person) waits(what, expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience))); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`)) // it is for the message alone
		b.t.Fatalf("the page of %s shows no %s: %v; %s; it shows:\n%s", b.name, what, err, b.said.String(), page)
	}
}

func (b *person) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", b.name, err)
	}
}

// says writes a line where the focus is, and ends it.
func (b *person) says(line string) {
	b.t.Helper()
	b.do(call(input.InsertText, input.InsertTextParams{Text: line}))
	b.enters()
}

// enters presses Enter. It is one event and not two, as chromedp has it: a page that handles the key gets no character of it.
func (b *person) enters() {
	b.t.Helper()
	key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	up := key
	up.Type, up.Text = input.DispatchKeyEventTypeKeyUp, ""
	b.do(call(input.DispatchKeyEvent, key), call(input.DispatchKeyEvent, up))
}

// presses types keys, with a modifier or without.
func (b *person) presses(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// drawnAnew are the errors of a click for which there is no node any more: the page has drawn it anew since it was found. Then nothing has been clicked.
var drawnAnew = regexp.MustCompile(`(?i)(could not find|no) node with given id|node is detached|does not have a layout object|could not compute box model`)

// clicks clicks what is there, again where it is drawn anew meanwhile.
func (b *person) clicks(selector string) {
	b.t.Helper()
	click := func() error { return chromedp.Do(b.ctx, chromedp.Click(chromedp.CSS(selector))) }
	err := click()
	for end := time.Now().Add(patience); err != nil && drawnAnew.MatchString(err.Error()) && time.Now().Before(end); {
		err = click()
	}
	if err != nil {
		b.t.Fatalf("%s clicks %s: %v", b.name, selector, err)
	}
}

// evaluate returns the value of an expression in the page.
func evaluate[T any](b *person, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: evaluate %s: %v", b.name, expression, err)
	}
	return value
}

// shown is an expression for what the messages on the page say, without their times: "ana: hello", "* ana waves", or a notice.
const shown = `[...document.querySelectorAll("#messages > li")].map((li) => {
	const name = li.querySelector(".name")?.textContent, words = li.querySelector("p").firstChild?.parentNode.innerText.trim();
	return li.matches(".said") ? name + ": " + words : li.matches(".acted") ? "* " + name + " " + words : words;
})`

// sees waits until each of these is among the messages, exactly once.
func (b *person) sees(messages ...string) {
	b.t.Helper()
	for _, message := range messages {
		b.waits(message, shown+`.filter((message) => message === `+quoted(message)+`).length === 1`)
	}
}

// wordsShown is what has been said in the place that is shown, without notices.
const wordsShown = shown + `.filter((_, at) => document.querySelectorAll("#messages > li")[at].matches(".said, .acted"))`

// messages returns what has been said in the place that is shown, without notices.
func (b *person) messages() []string {
	b.t.Helper()
	return evaluate[[]string](b, wordsShown)
}

// shows waits until that is what has been said in the place that is shown, in this order: it is drawn a frame after the server has said so.
func (b *person) shows(want ...string) {
	b.t.Helper()
	b.waits("such messages, "+jsonOf(want), `JSON.stringify(`+wordsShown+`) === JSON.stringify(`+jsonOf(want)+`)`)
}

// isIn waits until the page shows that room or conversation.
func (b *person) isIn(place string) {
	b.t.Helper()
	b.waits("in "+place, `document.getElementById("place-name").textContent === `+quoted(place))
}

// complainsOfNothing fails the test if a script has failed, or something was kept from running.
func (b *person) complainsOfNothing() {
	b.t.Helper()
	if said := b.said.String(); said != "" {
		b.t.Errorf("%s: the browser complains: %s", b.name, said)
	}
}

// quoted writes text as JavaScript has it.
func quoted(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be written
	return string(quoted)
}

// startLoopchat builds loopchat and starts it as a filter.
func startLoopchat(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	path := t.TempDir() + "/loopchat"
	if out, err := exec.Command("go", "build", "-o", path, "looproom/cmd/loopchat").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	_, address := s.address(n)
	return startProgram(t, path, "--name", name, address)
}

// TestAllClientsTogether is a talk between two browsers, nc and a terminal client.
func TestAllClientsTogether(t *testing.T) {
	needOpenBSD(t)
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	ana, bob := inBrowser(t, s, 0, "ana"), inBrowser(t, s, 0, "bob")
	host, port := s.hostPort(1)
	cyd := greeted(startProgram(t, "nc", host, port))
	cyd.say("ADD cyd")
	cyd.until("= ADD cyd")
	dan := startLoopchat(t, s, 1, "dan")
	ana.waits("four people", `document.querySelectorAll("#users button").length === 4`)

	ana.says("hello from a page")
	bob.sees("ana: hello from a page")
	cyd.until("[ana] hello from a page")
	dan.until("[ana] hello from a page")
	bob.says("/me waves")
	ana.sees("* bob waves")
	cyd.until("* bob waves")
	dan.say("hello from loopchat")
	cyd.until("[dan] hello from loopchat")
	cyd.say("hello from nc, ana")
	for _, b := range []*person{ana, bob} {
		b.sees("dan: hello from loopchat", "cyd: hello from nc, ana")
	}
	ana.waits("cyd's line marked, as it names ana", `document.querySelector("#messages .mention").innerText.includes("hello from nc, ana")`)
	cyd.say("TEXT TO bob for you alone")
	bob.waits("a conversation that is unread", `document.querySelector('[data-place="@cyd"] .badge')?.textContent.startsWith("1")`)
	bob.presses(kb.ArrowUp, chromedp.ModifierAlt)
	bob.isIn("cyd")
	bob.says("thank you")
	cyd.until("*bob* thank you")
	cyd.say("AWAY lunch")
	ana.waits("cyd away", `document.querySelector('#users [data-key="cyd"]').classList.contains("away")`)
	ana.sees("cyd is away: lunch")
	dan.closeInput()
	ana.sees("dan left")
	ana.complainsOfNothing()
	bob.complainsOfNothing()
}

// TestPageByPassword comes in where the server has a password and the name is registered.
func TestPageByPassword(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir(), "--password", hashOf("open sesame"))
	owner := dial(t, s, 1, "zoe")
	owner.until("! need-password")
	for _, line := range []string{"PASS open sesame", "ADD zoe", "REGISTER correct horse", "END"} {
		owner.say(line)
	}
	owner.until("= END")

	zoe := openPage(t, s, 0, "zoe")
	zoe.says("zoe")
	zoe.waits("the question for the server's password", `document.activeElement.id === "signin-server-password"`)
	zoe.says("open sesame")
	zoe.waits("the question for the name's password", `document.activeElement.id === "signin-password"`)
	zoe.says("wrong horse")
	zoe.waits("the refusal", `document.getElementById("signin-status").textContent === "The name or the password is wrong."`)
	zoe.says("correct horse")
	zoe.isReady()
	if kept := evaluate[string](zoe, `JSON.stringify({ ...localStorage, ...sessionStorage })`); strings.Contains(kept, "horse") || strings.Contains(kept, "sesame") {
		t.Errorf("the browser keeps a password: %s", kept)
	}
	zoe.complainsOfNothing()
}

const (
	arrowUp   = kb.ArrowUp
	arrowDown = kb.ArrowDown
	alt       = chromedp.ModifierAlt
	ctrl      = chromedp.ModifierCtrl
)
