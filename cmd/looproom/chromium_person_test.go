//go:build linux

package main_test

import (
	"encoding/json"
	"fmt"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"
)

// another opens the page once more: in a tab beside, or with WithNewBrowserContext on another device.
func (b *person) another(options ...chromedp.ContextOption) *person {
	b.t.Helper()
	url := evaluate[string](b, `location.href`)
	ctx, end := chromedp.NewContext(b.ctx, options...)
	b.t.Cleanup(end)
	other := &person{&tab{ctx: ctx}, b.t, b.name}
	if err := chromedp.Listen(ctx, other.hear); err != nil {
		b.t.Fatalf("open one more page: %v", err)
	}
	other.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate(url))
	return other
}

func (b *person) onAnotherDevice() *person {
	b.t.Helper()
	other := b.another(chromedp.WithNewBrowserContext())
	other.waits("the form to come in", `document.activeElement.id === "signin-name"`)
	return other
}

// signsUp makes the person's name their own on the way in; stays says that this device is to know them.
func (b *person) signsUp(password string, stays bool) *person {
	b.t.Helper()
	b.comesBy("register")
	b.fills("#signin-name", b.name)
	b.fills("#signin-password", password)
	if stays {
		b.clicks("#signin-stay")
	}
	b.focuses("#signin-password")
	b.enters()
	b.isReady()
	return b
}

// focuses puts the focus on an element.
func (b *person) focuses(selector string) {
	b.t.Helper()
	evaluate[bool](b, `(document.querySelector(`+quoted(selector)+`).focus(), true)`)
}

// hasPlaces waits until the rooms and conversations in the list are these.
func (b *person) hasPlaces(places ...string) {
	b.t.Helper()
	b.waits(fmt.Sprintf("list of %q", places), `JSON.stringify([...document.querySelectorAll("#sidebar .open .name")].map(({ textContent }) => textContent)) === `+quoted(jsonOf(places)))
}

// TestOnePersonManyPages: two tabs and another device are one person. Each line is there once, in the same order, and so are the rooms.
func TestOnePersonManyPages(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := signedIn(t, s, 1, "bob")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	beside := ana.another()
	beside.isReady()
	phone := ana.onAnotherDevice().logsIn("correct horse")
	pages := []*person{ana, beside, phone}
	bob.say("LIST")
	bob.until("= LIST 2 ana bob")

	var want []string
	for n, from := range []*person{ana, phone, beside, phone, ana} {
		from.says(fmt.Sprint("line ", n))
		bob.until(fmt.Sprint("[ana] line ", n))
		bob.say(fmt.Sprint("answer ", n))
		want = append(want, fmt.Sprint("ana: line ", n), fmt.Sprint("bob: answer ", n))
		for _, page := range pages {
			page.sees(want...)
		}
	}
	for _, page := range pages {
		page.shows(want...)
	}

	ana.says("/join #go")
	ana.isIn("#go")
	for _, page := range pages {
		page.hasPlaces("#lobby", "#go")
	}
	beside.isIn("#lobby")
	ana.says("said in #go")
	beside.says("/msg bob psst")
	bob.until("*ana* psst")
	phone.hasPlaces("#lobby", "#go", "bob")
	phone.clicks(`[data-place="@bob"]`)
	phone.sees("ana: psst")
	bob.say("TEXT TO ana psst, too")
	phone.sees("bob: psst, too")
	phone.clicks(`[data-place="#go"]`)
	phone.sees("ana: said in #go")
	phone.says("/part #go")
	for _, page := range pages {
		page.hasPlaces("#lobby", "bob")
	}
	bob.say("in the lobby")
	for _, page := range pages {
		page.clicks(`[data-place="#lobby"]`)
		page.sees("bob: in the lobby")
		page.complainsOfNothing()
	}
}

// TestReloadOfAPerson: a tab comes back to its name, its rooms, its draft without a password, and a new one does if the device is to know them.
func TestReloadOfAPerson(t *testing.T) {
	need(t, "chromium")
	for _, stays := range []bool{true, false} {
		t.Run(fmt.Sprint("stays signed in: ", stays), func(t *testing.T) {
			s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
			zoe := openPage(t, s, 0, "zoe").signsUp("correct horse", stays)
			zoe.says("/join #stable")
			zoe.isIn("#stable")
			zoe.says("/join #yard")
			zoe.isIn("#yard")
			zoe.presses(arrowUp, alt)
			zoe.isIn("#stable")
			zoe.writes("hay")
			zoe.reloads()
			zoe.isReady()
			zoe.isIn("#stable")
			zoe.hasPlaces("#lobby", "#stable", "#yard")
			zoe.waits("the draft", `document.getElementById("input").value === "hay"`)
			zoe.keepsNoPassword("horse")
			other := zoe.another()
			if !stays {
				other.waits("the question for the password", `!document.getElementById("signin").hidden && document.getElementById("signin-name").value === "zoe"`)
				return
			}
			other.isReady()
			other.clicks("#me")
			other.clicks("#account-sign-out")
			other.waits("that one has left", `document.getElementById("signin-status").textContent.startsWith("You have left")`)
			zoe.waits("that the device has signed out", `document.getElementById("signin-status").textContent.startsWith("You have left")`)
			zoe.reloads()
			zoe.waits("the form", `document.activeElement.id === "signin-name"`)
			zoe.complainsOfNothing()
			other.complainsOfNothing()
		})
	}
}

// TestSignOutElsewhere: the dialog lists where one is signed in, and ends that; the other device does not come back by itself.
func TestSignOutElsewhere(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	phone, work := ana.onAnotherDevice().logsIn("correct horse"), ana.onAnotherDevice().logsIn("correct horse")
	ana.clicks("#me")
	ana.waits("three sessions", `document.querySelectorAll("#account-sessions li").length === 3`)
	takePicture(t, ana.tab, "page-sessions-desktop", "light", 1280, 800)
	takePicture(t, ana.tab, "page-sessions-phone", "dark", 360, 740)
	ana.clicks("#account-sessions button")
	ana.waits("two sessions", `document.querySelectorAll("#account-sessions li").length === 2`)
	ana.clicks("#account-others")
	ana.waits("only this", `document.querySelectorAll("#account-sessions li").length === 1`)
	for _, page := range []*person{phone, work} {
		page.waits("why", `document.getElementById("signin-status").textContent === "You have signed out here from elsewhere."`)
		page.reloads()
		page.waits("the question for the password", `document.activeElement.id === "signin-password"`)
		page.complainsOfNothing()
	}
	ana.reloads()
	ana.isReady()
	ana.complainsOfNothing()
}

// TestOneSessionOnly: where a person may have one session, the later one ends the earlier one.
func TestOneSessionOnly(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--state", t.TempDir(), "--sessions", "1")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.onAnotherDevice().logsIn("correct horse").complainsOfNothing()
	ana.waits("why", `document.getElementById("signin-status").textContent === "You have come in from elsewhere by this name, so you have left here."`)
	ana.complainsOfNothing()
}

// TestPersonOutlivesTheServer: all pages of a person come back after a restart, by their keys, to the same rooms, and each to its place and draft.
func TestPersonOutlivesTheServer(t *testing.T) {
	need(t, "chromium")
	state := t.TempDir()
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", state)
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	ana.says("/join #go")
	ana.isIn("#go")
	beside := ana.another()
	beside.isReady()
	beside.goesTo("#go")
	beside.writes("half a thou")
	ana.goesTo("#lobby")
	ana.says("before")
	ana.waits("that all was confirmed", settled)
	beside.unread("#lobby", "0")
	s.signal(syscall.SIGKILL)
	s.wait()
	pages := []*person{ana, beside}
	for _, page := range pages {
		page.waits("the loss", `document.body.dataset.state === "lost"`)
	}
	startServer(t, "--listen", s.doors[0], "--listen", s.doors[1], "--state", state)
	for _, page := range pages {
		evaluate[bool](page, `(document.querySelector("#banner button").click(), true)`)
	}
	for _, page := range pages {
		page.isReady()
		page.hasPlaces("#lobby", "#go")
	}
	ana.isIn("#lobby")
	beside.isIn("#go")
	beside.waits("the draft", `document.getElementById("input").value === "half a thou"`)
	beside.focuses("#input")
	beside.says("ght")
	ana.goesTo("#go")
	for _, page := range pages {
		page.sees("ana: half a thought")
		page.complainsOfNothing()
	}
}

// TestOrderOfTheServer: what one says while the others' words are on their way stands where the server has it, in all tabs alike.
func TestOrderOfTheServer(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	_, address := s.address(0)
	wire := newCable(t, address)
	bob := signedIn(t, s, 1, "bob")
	ana := openPageAt(t, wire.address, "ana").signsUp("correct horse", false)
	beside := openPage(t, s, 0, "ana").logsIn("correct horse")
	bob.say("first")
	ana.sees("bob: first")
	wire.hold()
	ana.says("said third")
	ana.waits("that it is on its way", `document.querySelector('#messages [data-state="sending"]') !== null`)
	bob.say("said second")
	bob.fence()
	wire.mend()
	want := []string{"bob: first", "bob: said second", "ana: said third"}
	for _, page := range []*person{ana, beside} {
		page.shows(want...)
		page.waits("that all was confirmed", settled)
		page.complainsOfNothing()
	}
}

// jsonOf writes a list as JSON.stringify does.
func jsonOf(list []string) string {
	text, _ := json.Marshal(list) // strings can always be written
	return string(text)
}

// viewport makes the page that wide and high.
func viewport(width, height int64) chromedp.Action[chromedp.Void] {
	return chromedp.EmulateViewport(width, height)
}
