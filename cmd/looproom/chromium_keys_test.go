//go:build linux

package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPageByKeys is all that one does in a day, without a mouse.
func TestPageByKeys(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	bob := signedIn(t, s, 1, "bobby")
	bob.say("JOIN #garden")
	bob.say("TOPIC roses")
	bob.say("JOIN #lobby")
	ana := inBrowser(t, s, 0, "ana")

	ana.types("bob")
	ana.presses(kb.Tab)
	ana.says("hi")
	bob.until("[ana] bobby: hi")
	ana.types("/to")
	ana.waits("the command offered", `document.querySelector("#offers li")?.innerText.startsWith("/topic")`)
	ana.presses(kb.Tab)
	ana.says("what we do")
	bob.until("> ana set the topic: what we do")
	ana.waits("the topic", `document.getElementById("topic").textContent === "what we do"`)
	ana.presses(kb.ArrowUp)
	ana.presses(kb.ArrowUp)
	ana.waits("what was said before", `document.getElementById("input").value === "bobby: hi"`)
	ana.enters()
	bob.until("[ana] bobby: hi")

	ana.presses("k", ctrl)
	ana.waits("the dialog with the room of bobby", `document.querySelector("#goto-list")?.innerText.includes("#garden")`)
	ana.says("gard")
	ana.isIn("#garden")
	ana.waits("its topic", `document.getElementById("topic").textContent === "roses"`)
	ana.presses(kb.ArrowUp, alt)
	ana.isIn("#lobby")
	ana.presses("k", ctrl)
	ana.says("bobb")
	ana.isIn("bobby")
	ana.says("between us")
	bob.until("*ana* between us")
	ana.says("/part #garden")
	bob.until("#garden < The user ana left (1 user online)")
	ana.says("/nick anna")
	bob.until("> ana is now called anna")
	ana.says("/help")
	ana.waits("the help", `document.getElementById("help").open`)
	ana.presses(kb.Escape)
	ana.waits("the help closed, and the focus back", `!document.getElementById("help").open && document.activeElement.id === "input"`)
	ana.complainsOfNothing()
}

// TestTabOrder: each control can be reached, in the order in which it is seen, and each has a name.
func TestTabOrder(t *testing.T) {
	need(t, "chromium")
	ana := inBrowser(t, startServer(t, "--listen", "http://127.0.0.1:0", "--files", t.TempDir()), 0, "ana")
	evaluate[bool](ana, `document.activeElement.blur() || true`)
	seen := map[string]bool{}
	for range 25 {
		ana.presses(kb.Tab)
		seen[evaluate[string](ana, `document.activeElement.id || document.activeElement.className || document.activeElement.hash || ""`)] = true
	}
	for _, want := range []string{"skip", "goto-button", "open", "away-button", "theme-button", "help-button", "files-button", "users-button", "log", "attach", "input", "send"} {
		if !seen[want] {
			t.Errorf("Tab does not reach %q; it reaches %v", want, seen)
		}
	}
	unnamed := evaluate[[]string](ana, `[...document.querySelectorAll("button, input, textarea")].filter((control) =>
		!control.innerText.trim() && !control.textContent.trim() && !control.ariaLabel && control.labels.length === 0).map(({ outerHTML }) => outerHTML)`)
	if len(unnamed) > 0 {
		t.Errorf("controls without a name: %q", unnamed)
	}
}

// TestPageWidths shows the page on a phone and on a desk.
func TestPageWidths(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--files", t.TempDir())
	talkForPictures(t, s)
	ana := inBrowser(t, s, 0, "ana")
	ana.says("/join #go")
	ana.isIn("#go")
	ana.presses(arrowUp, alt)
	ana.isIn("#lobby")
	bob := signedIn(t, s, 1, "Björn")
	bob.say("JOIN #go")
	bob.say("ana: this one is for you")
	bob.say("TEXT TO ana and this one, too")
	ana.waits("what is unread", `document.querySelectorAll(".badge").length === 2`)
	ana.says("Looks good from here. See you all at four!")
	for _, row := range []struct {
		name          string
		width, height int64
		narrow        bool
	}{
		{"phone, small", 360, 640, true},
		{"phone", 390, 844, true},
		{"tablet", 820, 1180, false},
		{"desktop", 1280, 800, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			ana.do(chromedp.EmulateViewport(row.width, row.height))
			ana.waits("nothing beyond its width", `document.documentElement.scrollWidth <= innerWidth && innerWidth === `+number(row.width))
			ana.waits("the newest message in sight", `(() => { const last = document.querySelector("#messages li:last-child").getBoundingClientRect();
				return last.bottom <= document.getElementById("composer").getBoundingClientRect().top + 1 && last.top > 0; })()`)
			if row.narrow {
				ana.slides()
			}
		})
	}
	takePagePictures(t, ana)
	ana.complainsOfNothing()
}

// slides opens the rooms and the people of a narrow page, and closes them.
func (b *person) slides() {
	b.t.Helper()
	still := ` && document.getAnimations().length === 0`
	b.waits("no rooms yet", `getComputedStyle(document.getElementById("sidebar")).visibility === "hidden"`+still)
	b.clicks("#sidebar-button")
	b.waits("the rooms", `document.getElementById("sidebar").getBoundingClientRect().left === 0`+still)
	b.presses(kb.Escape)
	b.waits("the rooms gone", `getComputedStyle(document.getElementById("sidebar")).visibility === "hidden"`+still)
	b.clicks("#users-button")
	b.waits("the people", `Math.round(document.getElementById("aside").getBoundingClientRect().right) === innerWidth`+still)
	b.clicks("#aside-close")
	b.waits("the people gone", `getComputedStyle(document.getElementById("aside")).visibility === "hidden"`+still)
}

// types writes without ending the line.
func (b *person) types(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// talkForPictures is what can be read in them.
func talkForPictures(t *testing.T, s *server) {
	t.Helper()
	people := map[string]*talker{}
	for _, name := range []string{"Mira", "jonas", "kofi", "Li"} {
		people[name] = signedIn(t, s, 1, name)
	}
	people["Li"].say("AWAY lunch")
	people["Mira"].say("TOPIC Release on Friday: what is left to do")
	for _, said := range [][2]string{
		{"jonas", "Good morning! The build is green again."},
		{"Mira", "Nice. What was it?"},
		{"jonas", "A test that took the wall clock for a monotonic one, see https://pkg.go.dev/time#hdr-Monotonic_Clocks"},
		{"jonas", "It bites everyone once."},
		{"kofi", "I have seen that on the old machine, too. By the way, I am here by nc: a terminal is all I have on this box."},
		{"Mira", "ME waves at kofi"},
		{"Mira", "The release notes are in the files. Have a look when you have a minute; they say what changes for those who only ever use nc."},
		{"kofi", "ana: can you look at the numbers? p99 went from 4 ms to 1.2 ms"},
	} {
		people[said[0]].say(said[1])
		people[said[0]].fence()
	}
}

// takePagePictures leaves pictures of the page in the folder that LOOPROOM_SCREENSHOTS names, if it does.
func takePagePictures(t *testing.T, b *person) {
	t.Helper()
	folder := os.Getenv("LOOPROOM_SCREENSHOTS")
	if folder == "" {
		return
	}
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, 0, 0)) // so that it lies on nothing
	for _, shot := range []struct {
		name, scheme  string
		width, height int64
	}{{"page-desktop-light", "light", 1280, 800}, {"page-desktop-dark", "dark", 1280, 800}, {"page-phone-light", "light", 390, 844}, {"page-phone-dark", "dark", 390, 844}} {
		scheme := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: shot.scheme}}}
		b.do(call(emulation.SetEmulatedMedia, scheme), chromedp.EmulateViewport(shot.width, shot.height))
		b.waits("the new size", `innerWidth === `+number(shot.width)+` && document.getAnimations().length === 0 && document.getElementById("below").hidden`)
		picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatalf("take a picture: %v", err)
		}
		if err := os.WriteFile(filepath.Join(folder, shot.name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
