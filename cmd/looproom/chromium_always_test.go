//go:build linux

package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// unread waits until that many messages of a place are shown as unread.
func (b *person) unread(place, count string) {
	b.t.Helper()
	badge := `(document.querySelector('[data-place="` + place + `"] .badge')?.firstChild.data.replace("@ ", "") ?? "0")`
	b.waits(count+" unread in "+place, badge+` === `+quoted(count))
}

// goesTo looks at a place.
func (b *person) goesTo(place string) {
	b.t.Helper()
	evaluate[bool](b, `(document.querySelector('[data-place="`+place+`"]').click(), true)`)
	b.waits("that it looks at "+place, `document.querySelector('[data-place="`+place+`"]').ariaCurrent === "page"`)
}

// keepsHere sets the switch.
func (b *person) keepsHere() {
	b.t.Helper()
	b.clicks("#me")
	b.waits("the switch", `document.getElementById("account").open && !document.getElementById("account-keep").checked`)
	b.clicks("#account-keep")
	b.waits("that it is on", `document.getElementById("account-keep").checked && document.getElementById("account-status").textContent === ""`)
	b.clicks("#account-close")
}

// TestUnreadAgrees: what one device has shown is read on the others, in rooms and in conversations, and for a device that comes later.
func TestUnreadAgrees(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	bob.say("REGISTER correct horse")
	bob.until("= REGISTER bob")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.keepsHere()
	bob.say("seen at once")
	ana.sees("bob: seen at once")
	bob.say("TEXT TO ana psst")
	ana.unread("@bob", "1")
	ana.goesTo("@bob")
	ana.sees("bob: psst")
	phone := ana.onAnotherDevice().logsIn("correct horse")
	phone.sees("bob: seen at once")
	ana.says("/join #go")
	ana.isIn("#go")
	phone.hasPlaces("#lobby", "#go")
	phone.goesTo("#go")
	for _, line := range []string{"one", "two, ana", "TEXT TO ana psst again"} {
		bob.say(line)
	}
	for _, page := range []*person{ana, phone} {
		page.unread("#lobby", "2")
		page.unread("@bob", "1")
	}
	phone.goesTo("#lobby")
	ana.unread("#lobby", "0")
	bob.say("three")
	phone.sees("bob: three")
	phone.goesTo("#go")
	bob.say("four")
	for _, page := range []*person{ana, phone} {
		page.unread("#lobby", "1")
	}
	desk := ana.onAnotherDevice().logsIn("correct horse")
	desk.isIn("#lobby")
	desk.unread("@bob", "1")
	for _, page := range []*person{ana, phone} {
		page.unread("#lobby", "0")
		page.unread("@bob", "1")
	}
	ana.goesTo("@bob")
	ana.sees("bob: psst again")
	for _, page := range []*person{ana, phone, desk} {
		page.unread("@bob", "0")
		page.complainsOfNothing()
	}
}

// TestMissedMessages kills the browser of someone who is kept: others see them away, and what is said meanwhile is shown as such, once each.
func TestMissedMessages(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.says("/join #go")
	ana.isIn("#go")
	bob.say("JOIN #go")
	bob.until("= JOIN #go")
	ana.keepsHere()
	bob.say("before")
	ana.sees("bob: before")
	ana.goesTo("#lobby")
	if err := chromedp.FromContext(ana.ctx).Browser.Process().Kill(); err != nil {
		t.Fatal(err)
	}
	bob.until("> ana is away")
	bob.say("LIST")
	bob.until("= LIST 2 ana(away) bob")
	for _, line := range []string{"same words", "same words", "TEXT TO ana psst", "JOIN #lobby", "in the lobby, ana"} {
		bob.say(line)
	}
	bob.fence()

	back := openPage(t, s, 0, "ana").logsIn("correct horse")
	bob.until("> ana is back")
	back.hasPlaces("#lobby", "#go", "bob")
	back.unread("@bob", "1")
	back.goesTo("#go")
	back.waits("the line above what was missed", `document.querySelector("#messages .unread")?.dataset.line === "While you were away"`)
	back.shows("bob: before", "bob: same words", "bob: same words")
	if got := evaluate[string](back, `document.querySelector("#messages .unread p").textContent`); got != "same words" {
		t.Errorf("the line is above %q, want same words", got)
	}
	takePicture(t, back.tab, "page-missed-desktop", "light", 1280, 800)
	takePicture(t, back.tab, "page-missed-phone", "dark", 360, 640)
	back.do(viewport(1280, 800))
	back.goesTo("#lobby")
	back.sees("bob: in the lobby, ana")
	back.goesTo("@bob")
	back.sees("bob: psst")
	back.complainsOfNothing()
}
