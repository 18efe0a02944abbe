//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPageNeverSaysPasswords types commands with a password as the help of a terminal shows them: nobody else reads them, and the page says how it is done.
func TestPageNeverSaysPasswords(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	bob.fence()
	for _, row := range []struct{ line, told string }{
		{"OPER ann hunter22secret", "/oper name password"},
		{"oper ann hunter22secret", "/oper name password"},
		{"  Login ana hunter22secret", "/login name password"},
		{"pass hunter22secret", "/login name password"},
		{"/pass hunter22secret", "/login name password"},
		{"/ oper ann hunter22secret", "/oper name password"},
		{"> REGISTER\thunter22secret", "/register password"},
		{"ｒｅｇｉｓｔｅｒ hunter22secret", "/register password"},
		{"pa\u200bss: hunter22secret", "/login name password"},
	} {
		ana.says(row.line)
		ana.waits("how it is done after "+row.line, `document.querySelector("#messages li.error:last-child")?.innerText.includes(`+quoted(row.told)+`)`)
		if got := evaluate[string](ana, `document.getElementById("input").value`); got != row.line {
			t.Errorf("the input after %q = %q, want the line itself", row.line, got)
		}
		evaluate[bool](ana, `(document.getElementById("input").value = "", true)`)
	}
	if got := bob.fence(); len(got) > 0 {
		t.Errorf("others read %q, want nothing", got)
	}
	ana.presses(kb.ArrowUp)
	if kept := evaluate[string](ana, `document.getElementById("input").value + JSON.stringify({ ...localStorage, ...sessionStorage })`); strings.Contains(kept, "hunter22secret") {
		t.Errorf("the page keeps a password: %s", kept)
	}
	ana.says("/say pass the salt, please")
	bob.until("[ana] pass the salt, please")
	ana.says("/oper")
	ana.sees("Say /oper name password")
	ana.says("/oper ann hunter22secret")
	ana.sees("The name or the password is wrong")
	ana.says("/register hunter22secret")
	ana.sees("ana is your name now: nobody comes in by it without its password")
	ana.complainsOfNothing()
}

// TestPageAsksBeforeAPrivateFile: a file that is sent in a conversation stands in everybody's Files, so the page asks first.
func TestPageAsksBeforeAPrivateFile(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	ana.says("/msg bob psst")
	ana.isIn("bob")
	asked := `document.getElementById("ask").open && document.activeElement.id === "ask-no" && document.getElementById("ask").innerText.includes("everybody on this server can see and fetch it")`

	for _, no := range []string{kb.Enter, kb.Escape} {
		ana.do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{writeFile(t, "diary.txt", "dear diary")}, chromedp.NodeReady))
		ana.waits("the question", asked)
		ana.presses(no)
		ana.waits("the question gone, and the focus back", `!document.getElementById("ask").open && document.activeElement.id === "input"`)
	}
	ana.do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{writeFile(t, "agreed.txt", "for all")}, chromedp.NodeReady))
	ana.waits("the question", asked)
	takePicture(t, ana.tab, "page-ask-desktop", "light", 1280, 800)
	takePicture(t, ana.tab, "page-ask-phone", "dark", 360, 640)
	ana.presses(kb.Tab)
	ana.enters()
	bob.until("*ana* shared a file: agreed.txt")
	bob.say("FILES")
	bob.until("= FILES 1 of 1")
	ana.complainsOfNothing()
}

// TestPageTellsWhatIsNotDelivered writes to someone who has just gone.
func TestPageTellsWhatIsNotDelivered(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	ana.says("/msg bob are you there?")
	bob.until("*ana* are you there?")
	ana.waits("that it was confirmed", settled)
	bob.say("END")
	bob.until("= END")
	ana.says("and now?")
	ana.sees("bob is not here; /list shows who is")
	ana.waits("what has come, and what has not", `[...document.querySelectorAll("#messages .own")].map(({ dataset }) => dataset.state).join() === "sent,failed"`)
	ana.complainsOfNothing()
}

// TestPageAsksBeforeManyLines pastes 500 lines: the page asks, and what is still to be sent can be taken back.
func TestPageAsksBeforeManyLines(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	var text strings.Builder
	for n := 1; n <= 500; n++ {
		fmt.Fprintf(&text, "line %d of 500\n", n)
	}
	asked := `document.getElementById("ask").open && document.activeElement.id === "ask-no" && document.getElementById("ask-heading").textContent === "Send 500 messages?"`
	ana.do(call(input.InsertText, input.InsertTextParams{Text: text.String()}))
	ana.enters()
	ana.waits("the question", asked)
	ana.enters()
	ana.waits("the text back in the input", `document.getElementById("input").value.split("\n").length === 501`)
	bob.fence()
	ana.enters()
	ana.waits("the question", asked)
	ana.clicks("#ask-yes")
	bob.until("[ana] line 1 of 500")
	ana.waits("how many wait", `/^\d{3} messages are still to be sent/.test(document.querySelector("#backlog:not([hidden])")?.innerText)`)
	takePicture(t, ana.tab, "page-backlog", "dark", 360, 640)
	ana.clicks("#backlog button")
	ana.waits("what is not sent", `document.getElementById("backlog").hidden && document.querySelector('#messages li:last-child').dataset.state === "failed"`)
	ana.says("and no more")
	if _, before := bob.until("[ana] and no more"); len(before) > 250 {
		t.Errorf("%d of 500 lines arrived after they were taken back, want far fewer", len(before))
	}
	ana.complainsOfNothing()
}

// TestTitleCountsWhileHidden: a tab that nobody sees tells by its title how much is unread.
func TestTitleCountsWhileHidden(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	_, err := chromedp.CallBrowser(ana.ctx, target.CreateTarget, target.CreateTargetParams{URL: "about:blank"})
	if err != nil {
		t.Fatalf("open another tab: %v", err)
	}
	hidden := evaluate[string](ana, `new Promise((done) => {
		const look = () => document.hidden && done("hidden");
		document.addEventListener("visibilitychange", look);
		look();
		setTimeout(() => done("seen"), 5000);
	})`)
	if hidden != "hidden" {
		t.Fatal("the page is seen although another tab is in front")
	}
	bob.say("one")
	bob.say("two, ana")
	bob.fence()
	want := "(2) #lobby · looproom"
	got := evaluate[string](ana, `new Promise((done) => {
		const look = () => document.title === `+quoted(want)+` && done(document.title);
		new MutationObserver(look).observe(document.head, { childList: true, subtree: true, characterData: true });
		look();
		setTimeout(() => done(document.title), 10000);
	})`)
	if got != want {
		t.Errorf("title of the hidden tab = %q, want %q", got, want)
	}
}

// writeFile leaves a file in a folder of the test's own.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
