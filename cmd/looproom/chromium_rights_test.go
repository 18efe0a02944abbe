//go:build linux

package main_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// chooses clicks on an item of the menu that is open.
func (b *person) chooses(label string) {
	b.t.Helper()
	b.waits("menu with "+label, `document.getElementById("menu").matches(":popover-open") && [...document.querySelectorAll("#menu button")].some(({ textContent }) => textContent === `+quoted(label)+`)`)
	evaluate[bool](b, `([...document.querySelectorAll("#menu button")].find(({ textContent }) => textContent === `+quoted(label)+`).click(), true)`)
}

// choosesFor opens the menu of a person in the list, and clicks on an item.
func (b *person) choosesFor(name, label string) {
	b.t.Helper()
	b.waits("menu for "+name, `document.querySelector('#users [data-key="`+name+`"]')?.ariaHasPopup === "menu"`)
	evaluate[bool](b, `(document.querySelector('#users [data-key="`+name+`"]').click(), true)`) // the list may be drawn anew just now
	b.chooses(label)
}

// choosesForRoom does so in the menu of the room.
func (b *person) choosesForRoom(label string) {
	b.t.Helper()
	b.clicks("#room-button")
	b.chooses(label)
}

// answers gives words to the dialog that asks for them.
func (b *person) answers(heading, words string) {
	b.t.Helper()
	b.waits("the question "+heading, `document.getElementById("ask").open && document.activeElement.id === "ask-input" && document.getElementById("ask-heading").textContent === `+quoted(heading))
	b.says(words)
}

// TestFoundersMenus: who makes a room has buttons for all that one may do with those who are there, and with the room; others have none.
func TestFoundersMenus(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.says("/join #go")
	ana.isIn("#go")
	bob, cyd := signedIn(t, s, 1, "bob"), signedIn(t, s, 1, "cyd")
	for _, c := range []*talker{bob, cyd} {
		c.say("JOIN #go")
		c.until("= JOIN #go")
	}
	dan := inBrowser(t, s, 0, "dan")

	ana.choosesFor("bob", "Make operator")
	bob.until("> ana made bob an operator of the room")
	ana.sees("You made bob an operator of the room")
	ana.choosesFor("cyd", "Give voice")
	cyd.until("> ana gave cyd a voice")
	ana.choosesFor("bob", "Take back operator's rights")
	bob.until("> ana took from bob the rights of an operator")
	ana.choosesForRoom("Let only operators and voices speak")
	bob.until("> ana muted the room")
	bob.say("am I heard?")
	bob.until("! room-muted")
	for _, shot := range []struct {
		name, scheme  string
		width, height int64
	}{{"page-room-menu-phone", "dark", 360, 640}, {"page-room-menu-desktop", "light", 1280, 800}} {
		ana.do(viewport(shot.width, shot.height))
		ana.waits("the new size", `innerWidth === `+number(shot.width))
		ana.waits("that it is muted", `(document.getElementById("menu").matches(":popover-open") || document.getElementById("room-button").click(), true) && [...document.querySelectorAll("#menu button")].some((item) => item.textContent.startsWith("Let only operators and voices") && item.ariaChecked === "true")`)
		ana.waits("all of the menu in sight", `(({ left, right, top, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight)(document.getElementById("menu").getBoundingClientRect())`)
		takePicture(t, ana.tab, shot.name, shot.scheme, shot.width, shot.height)
		ana.presses(kb.Escape)
		ana.waits("the menu closed", `!document.getElementById("menu").matches(":popover-open") && document.activeElement.id === "room-button"`)
	}

	ana.choosesForRoom("Let in only who is invited")
	bob.until("> ana locked the room")
	dan.says("/join #go")
	dan.sees("#go is locked; only who is invited comes in")
	ana.choosesForRoom("Invite…")
	ana.answers("Invite somebody", "dan")
	dan.sees("ana invites you to #go Join")
	dan.clicks("#messages .join")
	dan.isIn("#go")
	dan.waits("that dan can't speak", `document.getElementById("input").placeholder === "Only operators and voices speak in #go"`)
	dan.waits("that dan may change nothing", `!document.getElementById("room-button").hidden && document.querySelector('#users [data-key="bob"]').ariaHasPopup === null`)

	ana.choosesForRoom("Let in only who is invited")
	bob.until("> ana unlocked the room")
	ana.choosesFor("bob", "Put out of the room")
	bob.until("! put-out of #go by ana")
	ana.choosesFor("cyd", "Ban for 1 hour")
	cyd.until("! put-out of #go by ana")
	ana.choosesForRoom("What holds here")
	ana.waits("the rights", `document.getElementById("rights").open && document.getElementById("rights-list").innerText.includes("cyd is banned until")`)
	takePicture(t, ana.tab, "page-rights-desktop", "dark", 1280, 800)
	ana.do(viewport(1280, 800))
	ana.clicks(`#rights-list button[aria-label*="cyd is banned"]`)
	ana.waits("that the ban is lifted", `!document.getElementById("rights-list").innerText.includes("cyd is banned")`)
	ana.presses(kb.Escape)
	cyd.say("JOIN #go")
	cyd.until("= JOIN #go")

	ana.choosesForRoom("Keep the room when it is empty")
	cyd.until("> ana keeps the room")
	ana.sees("You keep the room")
	ana.choosesForRoom("Set a key…")
	ana.answers("A key for the room", "open sesame")
	cyd.until("> ana set a key")
	dan.says("/part #go")
	dan.isIn("#lobby")
	dan.says("/join #go")
	dan.answers("#go has a key", "sesame")
	dan.answers("#go has a key", "open sesame")
	dan.isIn("#go")
	for _, page := range []*person{ana, dan} {
		page.complainsOfNothing()
	}
}

// TestMenuByKeys opens the menu of a name without a mouse, goes to an item by its letter, and takes it.
func TestMenuByKeys(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.says("/join #go")
	ana.isIn("#go")
	bob := signedIn(t, s, 1, "bob")
	bob.say("JOIN #go")
	ana.waits("bob with a menu", `document.querySelector('#users [data-key="bob"]')?.ariaHasPopup === "menu"`)
	ana.focuses(`#users [data-key="bob"]`)
	ana.enters()
	for at, want := range []struct{ key, label string }{{"", "Private message"}, {kb.ArrowDown, "Mention"}, {kb.ArrowUp, "Private message"}, {kb.ArrowUp, "Ban for ever"}, {kb.Home, "Private message"}, {"g", "Give voice"}} {
		if want.key != "" {
			ana.presses(want.key)
		}
		ana.waits(fmt.Sprint("item ", at, ", ", want.label), `document.activeElement.textContent === `+quoted(want.label))
	}
	ana.enters()
	bob.until("> ana gave bob a voice")
	ana.waits("the focus back", `document.activeElement.dataset.key === "bob" && !document.getElementById("menu").matches(":popover-open")`)
	ana.complainsOfNothing()
}

// TestOperatorsMenus: an operator of the server has the buttons in every room, from OPER on.
func TestOperatorsMenus(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--operator", "ann:"+hashOf("correct horse"))
	bob := signedIn(t, s, 1, "bob")
	ana := inBrowser(t, s, 0, "ana")
	ana.waits("no menu", `document.querySelector('#users [data-key="bob"]').ariaHasPopup === null && !document.getElementById("room-button").hidden`)
	ana.says("/oper ann correct horse")
	ana.choosesFor("bob", "Give voice")
	bob.until("> ana gave bob a voice")
	ana.choosesForRoom("Let only operators set the topic")
	bob.until("> ana lets only operators set the topic")
	ana.choosesFor("bob", "Put out of the room")
	bob.until("! put-out of #lobby by ana")
	ana.complainsOfNothing()
}

// TestPutOut: who is put out of a room is told so, and goes on in another one.
func TestPutOut(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	for _, line := range []string{"REGISTER correct horse", "JOIN #go"} {
		bob.say(line)
	}
	bob.until("= JOIN #go")
	ana := inBrowser(t, s, 0, "ana")
	ana.says("/join #go")
	ana.isIn("#go")
	bob.say("ROOM KICK ana enough")
	ana.isIn("#lobby")
	ana.sees("You were put out of #go by bob: enough")
	ana.hasPlaces("#lobby")
	bob.say("JOIN #lobby")
	bob.until("= JOIN #lobby")
	bob.say("still there?")
	ana.sees("bob: still there?")
	ana.complainsOfNothing()
}
