//go:build linux

package main_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// comesBy chooses one of the ways to come in: guest, login or register.
func (b *person) comesBy(how string) {
	b.t.Helper()
	b.clicks(`.ways label:has([value="` + how + `"])`)
	b.waits("the form for "+how, `document.querySelector('.ways [value="`+how+`"]').checked`)
}

// fills puts text into an input in place of what is in it.
func (b *person) fills(selector, text string) {
	b.t.Helper()
	evaluate[bool](b, `(document.querySelector(`+quoted(selector)+`).focus(), document.activeElement.select(), true)`)
	b.presses(kb.Backspace)
	b.writes(text)
}

// logsIn comes in by a name that is registered.
func (b *person) logsIn(password string) *person {
	b.t.Helper()
	b.comesBy("login")
	b.fills("#signin-name", b.name)
	b.fills("#signin-password", password)
	b.enters()
	b.isReady()
	return b
}

// keepsNoPassword fails the test if the browser has kept one.
func (b *person) keepsNoPassword(password string) {
	b.t.Helper()
	if kept := evaluate[string](b, `JSON.stringify({ ...localStorage, ...sessionStorage })`); strings.Contains(kept, password) {
		b.t.Errorf("the browser of %s keeps a password: %s", b.name, kept)
	}
}

// TestSignUp: a name becomes one's own on the way in; the next one who wants it is told so, and comes in by the password alone.
func TestSignUp(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	zoe := openPage(t, s, 0, "zoe")
	zoe.comesBy("register")
	zoe.fills("#signin-name", "two words")
	zoe.waits("what is wrong with the name", `document.getElementById("signin-name-hint").textContent === "A name has no spaces."`)
	zoe.enters()
	zoe.waits("the cursor where it is wrong", `document.activeElement.id === "signin-name" && document.activeElement.ariaInvalid === "true"`)
	zoe.fills("#signin-name", "zoe")
	zoe.fills("#signin-password", "corre")
	zoe.waits("what is wrong with the password", `document.getElementById("signin-password-hint").textContent === "At least 8 characters: 3 more."`)
	zoe.enters()
	zoe.waits("the cursor where it is wrong", `document.activeElement.id === "signin-password" && document.activeElement.ariaInvalid === "true"`)
	takePicture(t, zoe.tab, "page-signup-desktop", "light", 1280, 800)
	takePicture(t, zoe.tab, "page-signup-phone", "dark", 360, 640)
	if got := evaluate[string](zoe, `document.getElementById("signin-name").autocomplete + " " + document.getElementById("signin-password").autocomplete`); got != "username new-password" {
		t.Errorf("a password manager reads %q, want username new-password", got)
	}
	zoe.clicks("#signin-show")
	zoe.waits("the password", `document.getElementById("signin-password").type === "text"`)
	zoe.fills("#signin-password", "correct horse")
	zoe.enters()
	zoe.isReady()
	bob.say("WHO zoe")
	bob.until("= WHO zoe since")
	zoe.keepsNoPassword("horse")

	late := openPage(t, s, 0, "zoe")
	late.comesBy("register")
	late.fills("#signin-name", "zoe")
	late.fills("#signin-password", "another horse")
	late.enters()
	late.waits("whose the name is", `document.getElementById("signin-status").textContent.startsWith("That name belongs to someone.")`)
	late.clicks("#signin-instead")
	late.waits("the form to log in", `document.activeElement.id === "signin-password" && document.activeElement.autocomplete === "current-password"`)
	late.enters()
	late.waits("that it is wrong", `document.getElementById("signin-status").textContent === "The name or the password is wrong."`)
	late.fills("#signin-password", "correct horse")
	late.enters()
	late.isReady()
	late.complainsOfNothing()
	zoe.complainsOfNothing()
}

// TestKeepThisName: a guest makes the name their own later, and changes the password.
func TestKeepThisName(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := inBrowser(t, s, 0, "ana")
	ana.clicks("#me")
	ana.waits("whose name it is", `document.getElementById("account").open && document.getElementById("account-about").textContent.startsWith("You are here as a guest")`)
	ana.fills("#account-password", "short")
	ana.enters()
	ana.waits("what is wrong", `document.getElementById("account-hint").textContent === "At least 8 characters: 3 more."`)
	ana.fills("#account-password", "correct horse")
	ana.enters()
	ana.waits("that it is hers", `document.getElementById("account-status").textContent.startsWith("The name is yours now.") && document.getElementById("account-button").textContent === "Change it"`)
	takePicture(t, ana.tab, "page-account-desktop", "dark", 1280, 800)
	ana.fills("#account-password", "another horse")
	ana.enters()
	ana.waits("that it is changed", `document.getElementById("account-status").textContent === "The password is changed."`)
	ana.presses(kb.Escape)
	ana.waits("the input again", `!document.getElementById("account").open && document.activeElement.id === "input"`)
	ana.keepsNoPassword("horse")
	ana.says("/quit")
	ana.waits("the form", `document.activeElement.id === "signin-name"`)
	ana.logsIn("another horse").complainsOfNothing()
}

// TestServerWithoutNames says so to who signs up, and lets them in by a name alone.
func TestServerWithoutNames(t *testing.T) {
	need(t, "chromium")
	ana := openPage(t, startServer(t, "--listen", "http://127.0.0.1:0"), 0, "ana")
	ana.comesBy("register")
	ana.fills("#signin-name", "ana")
	ana.fills("#signin-password", "correct horse")
	ana.enters()
	ana.waits("that there are none", `document.getElementById("signin-status").textContent === "This server registers no names. Come in without a password."`)
	ana.enters()
	ana.isReady()
	ana.complainsOfNothing()
}

// TestSignInByKeys: all of the form can be reached, and each way to come in is chosen by the arrows.
func TestSignInByKeys(t *testing.T) {
	need(t, "chromium")
	ana := openPage(t, startServer(t, "--listen", "http://127.0.0.1:0"), 0, "ana")
	ana.presses(kb.Tab, chromedp.ModifierShift)
	ana.presses(kb.ArrowRight)
	ana.presses(kb.ArrowRight)
	ana.waits("the form to sign up", `document.querySelector('.ways [value="register"]').checked && !document.getElementById("signin-own").hidden`)
	for _, want := range []string{"signin-name", "signin-password", "signin-show", "signin-stay", "signin-button"} {
		ana.presses(kb.Tab)
		if got := evaluate[string](ana, `document.activeElement.id`); got != want {
			t.Errorf("Tab leads to %q, want %q", got, want)
		}
	}
	ana.complainsOfNothing()
}

// unlabelled is an expression for what somebody who hears the page would not understand: controls without a name, ids that are there twice or not at all.
const unlabelled = `(() => {
	const bad = [], seen = new Set();
	for (const { id } of document.querySelectorAll("[id]")) seen.has(id) ? bad.push("twice: " + id) : seen.add(id);
	for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby], [aria-controls], label[for]")) {
		const ids = ["aria-labelledby", "aria-describedby", "aria-controls", "for"].flatMap((name) => (element.getAttribute(name) ?? "").split(" "));
		for (const id of ids) if (id && !seen.has(id)) bad.push("no " + id);
	}
	for (const control of document.querySelectorAll("button, input, textarea")) {
		const name = control.ariaLabel || control.textContent.trim() || [...(control.labels ?? [])].map(({ textContent }) => textContent.trim()).join("");
		if (!name) bad.push(control.outerHTML);
	}
	for (const dialog of document.querySelectorAll("dialog, [role=menu], [role=listbox], nav, aside")) if (!dialog.ariaLabel && !dialog.getAttribute("aria-labelledby")) bad.push(dialog.outerHTML.slice(0, 80));
	return bad;
})()`

// TestLabels: all of the forms, dialogs and menus can be understood by who hears them.
func TestLabels(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	bob := signedIn(t, s, 1, "bob")
	ana.says("/join #go")
	ana.isIn("#go")
	bob.say("JOIN #go")
	ana.waits("bob with a menu", `document.querySelector('#users [data-key="bob"]')?.ariaHasPopup === "menu"`)
	ana.clicks("#me")
	ana.waits("the sessions", `document.querySelectorAll("#account-sessions li").length === 1`)
	ana.clicks("#account-close")
	ana.clicks(`#users [data-key="bob"]`)
	ana.waits("the menu", `document.getElementById("menu").matches(":popover-open")`)
	if bad := evaluate[[]string](ana, unlabelled); len(bad) > 0 {
		t.Errorf("not to be understood without seeing it: %q", bad)
	}
	ana.complainsOfNothing()
}
