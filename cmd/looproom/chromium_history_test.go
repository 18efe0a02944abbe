//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// untilTold says a line until the answer ends so: what was said a moment ago may take another to be found.
func (c *talker) untilTold(t *testing.T, line, end string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		c.say(line)
		told := strings.Join(c.fence(), "\n")
		if strings.HasSuffix(told, end) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is answered by %q, want %q at the end", line, told, end)
		}
	}
}

// registered is somebody who has signed in by nc and made the name its own.
func registered(t *testing.T, s *server, n int, name string) *talker {
	t.Helper()
	c := signedIn(t, s, n, name)
	c.say("REGISTER correct horse")
	c.until("= REGISTER " + name)
	return c
}

// TestHistoryOutlivesTheServer: after a kill and a new start the page has its unread counts and the line where they begin, scrolls back to where the room begins, shows a conversation,
// finds words and goes to them.
func TestHistoryOutlivesTheServer(t *testing.T) {
	need(t, "chromium")
	state := t.TempDir()
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", state)
	bob := registered(t, s, 1, "bob")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	ana.keepsHere()
	var want []string
	for n := range 230 {
		want = append(want, fmt.Sprint("line ", n))
		bob.say(want[n])
	}
	bob.say("Die Tür ist zu")
	bob.say("TEXT TO ana psst, the türe")
	bob.fence()
	ana.sees("bob: Die Tür ist zu")
	ana.goesTo("@bob")
	ana.says("I have heard it")
	bob.until("*ana* I have heard it")
	ana.says("/join #go")
	ana.isIn("#go")
	for _, line := range []string{"unread one", "unread two", "unread three"} {
		bob.say(line)
	}
	bob.say("TEXT TO ana and this")
	ana.unread("#lobby", "3")
	ana.unread("@bob", "1")
	nc := dial(t, s, 1, "ana")
	nc.say("LOGIN ana correct horse")
	nc.until("= LOGIN ana")
	nc.untilTold(t, "READ #lobby", " 3") // the page says so within a second
	nc.untilTold(t, "READ bob", " 1")
	nc.say("END")
	bob.untilTold(t, "HISTORY #lobby 1", "unread three")
	bob.untilTold(t, "HISTORY ana 1", "and this")
	registered(t, s, 1, "zoe") // what was to be kept before that is on the disk
	s.signal(syscall.SIGKILL)
	s.wait()
	ana.waits("the loss", `document.body.dataset.state === "lost"`)
	startServer(t, "--listen", s.doors[0], "--listen", s.doors[1], "--state", state)
	ana.reloads()
	ana.isReady()
	ana.unread("#lobby", "3")
	ana.unread("@bob", "1")
	ana.goesTo("#lobby")
	ana.unread("#lobby", "0")
	ana.sees("bob: unread one", "bob: unread three")
	ana.waits("where the unread begin", `document.querySelector("#messages .unread p").innerText.trim() === "unread one"`)
	got := evaluate[[]string](ana, `(`+climbs+`)(`+atTheBeginning+`)`)
	wantMessages(t, "the page", "#lobby", got, append(want, "Die Tür ist zu", "unread one", "unread two", "unread three"))
	ana.goesTo("@bob")
	ana.sees("bob: psst, the türe", "ana: I have heard it", "bob: and this")

	ana.searchesFor("TUR*")
	ana.waits("the conversation alone", `document.querySelectorAll("#search-list li").length === 1`)
	ana.selects("#search-where", "everywhere")
	ana.finds("bob with bob: psst, the [türe]", "bob in #lobby: Die [Tür] ist zu")
	takePicture(t, ana.tab, "page-search-desktop-light", "light", 1280, 800)
	ana.do(viewport(1280, 800))
	ana.clicks("#search-list li:last-child button")
	ana.isIn("#lobby")
	ana.isMarked("Die Tür ist zu")
	ana.searchesFor("line 7")
	ana.finds("bob in #lobby: [line] [7]")
	ana.clicks("#search-list button")
	ana.isMarked("line 7")
	ana.complainsOfNothing()
}

// selects sets a select.
func (b *person) selects(selector, value string) {
	b.t.Helper()
	evaluate[bool](b, `(() => { const select = document.querySelector(`+quoted(selector)+`); select.value = `+quoted(value)+`; return select.dispatchEvent(new Event("change")); })()`)
}

// opensOwnWords opens the dialog of one's own name, and keeps what the browser is told to save in window.saved.
func (b *person) opensOwnWords() {
	b.t.Helper()
	evaluate[bool](b, `(URL.createObjectURL = (blob) => (window.saved = blob, "about:blank"), HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; }, true)`)
	b.clicks("#me")
	b.waits("what one has said", `document.getElementById("account").open && document.getElementById("account-words").checkVisibility()`)
}

func (b *person) tellsOfWords(words string) {
	b.t.Helper()
	b.waits(words, `document.getElementById("words-status").textContent === `+quoted(words))
}

// TestOwnWords: one's own messages are saved in a file, and then erased with the account: nobody finds them any more.
func TestOwnWords(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	bob := registered(t, s, 1, "bob")
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", true)
	ana.says("one <b>")
	bob.until("[ana] one <b>")
	ana.says("/me waves")
	bob.until("* ana waves")
	ana.says("/msg bob psst")
	bob.until("*ana* psst")
	bob.say("and mine")
	bob.untilTold(t, "HISTORY ana 1", "psst")
	bob.untilTold(t, "HISTORY #lobby 1", "and mine")
	ana.opensOwnWords()
	ana.clicks("#words-save")
	ana.tellsOfWords("3 messages saved, a line of JSON each.")
	saved := evaluate[string](ana, `window.saved.text().then((text) => JSON.stringify(text.trim().split("\n").map((line) => { const { place, kind, name, text } = JSON.parse(line); return [place, kind, name, text].join(" "); })))`)
	if want := `["#lobby text ana one <b>","#lobby action ana waves","bob text ana psst"]`; saved != want {
		t.Errorf("saved is %s, want %s", saved, want)
	}
	if name := evaluate[string](ana, `window.savedAs`); !strings.HasPrefix(name, "looproom-ana-20") || !strings.HasSuffix(name, ".jsonl") {
		t.Errorf("the file is called %q", name)
	}
	takePicture(t, ana.tab, "page-account-phone", "dark", 360, 740)
	ana.do(viewport(1280, 800))

	ana.clicks("#words-forget")
	ana.waits("the question", `document.activeElement.id === "ask-input"`)
	ana.says("anna")
	ana.tellsOfWords("That is not your name, so nothing was done.")
	ana.clicks("#words-forget")
	ana.waits("the question", `document.activeElement.id === "ask-input" && document.activeElement.value === ""`)
	ana.says("ana")
	ana.waits("that one is forgotten", `document.getElementById("signin-status").textContent.startsWith("You are forgotten: your account is gone, and so are ")`)
	bob.say("HISTORY #lobby")
	if kept := strings.Join(bob.fence(), "\n"); strings.Contains(kept, "[ana]") || strings.Contains(kept, "* ana") || !strings.Contains(kept, "and mine") {
		t.Errorf("the history is %q, want bob's own message alone", kept)
	}
	ana.complainsOfNothing()
}

// TestOwnWordsCancelled: what takes long can be given up, and what the server refuses is said.
func TestOwnWordsCancelled(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--state", t.TempDir())
	_, door := s.address(0)
	pages := 0
	k := newKeeper(t, door, func(line string) ([]string, bool) {
		pages++
		at := fmt.Sprint("= @5-", pages, " 2026-11-21T09:30:00.123Z #go [ana] endless")
		return []string{"= EXPORT 1 more", at}, strings.HasPrefix(line, "/export")
	})
	ana := openPageAt(t, k.address, "ana").signsUp("correct horse", false)
	ana.opensOwnWords()
	ana.clicks("#words-save")
	ana.waits("how far it is", `/^[2-9]\d* messages so far$/.test(document.getElementById("words-progress").textContent) && document.activeElement.id === "words-cancel"`)
	ana.clicks("#words-cancel")
	ana.tellsOfWords("Nothing was saved.")
	k.answers(func(line string) ([]string, bool) {
		return []string{"! not-registered you have no account"}, strings.HasPrefix(line, "/export")
	})
	ana.clicks("#words-save")
	ana.tellsOfWords("Not all could be fetched, so nothing was saved: you have no account")
	ana.complainsOfNothing()
}

// TestRoomIsCleared: its founder has all erased that was said in a room, when asked once more. It is gone from all pages, and stays so.
func TestRoomIsCleared(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.says("/join #go")
	ana.isIn("#go")
	zoe := inBrowser(t, s, 0, "zoe")
	zoe.says("/join #go")
	zoe.isIn("#go")
	zoe.says("forget this")
	ana.sees("zoe: forget this")
	for _, answer := range []string{"#ask-no", "#ask-yes"} {
		ana.choosesForRoom("Erase what was said…")
		ana.waits("the question", `document.activeElement.id === "ask-no"`)
		ana.clicks(answer)
	}
	ana.sees("You cleared what was said here")
	zoe.sees("ana cleared what was said here")
	zoe.says("and go on")
	for _, page := range []*person{ana, zoe} {
		page.sees("zoe: and go on")
		page.waits("that alone", `!document.getElementById("beginning").hidden`)
		if got := page.messages(); len(got) != 1 {
			t.Errorf("%s sees %q, want the last message alone", page.name, got)
		}
	}
	zoe.reloads()
	zoe.isReady()
	zoe.sees("zoe: and go on")
	if got := zoe.messages(); len(got) != 1 {
		t.Errorf("after a reload zoe sees %q, want the last message alone", got)
	}
	ana.complainsOfNothing()
	zoe.complainsOfNothing()
}
