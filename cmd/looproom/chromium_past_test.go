//go:build linux

package main_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// pastLines are as many messages of a past that a test has made up, an hour after the other, up to yesterday.
func pastLines(n int) []string {
	var lines []string
	last := time.Now().UTC().Add(-24 * time.Hour)
	for i := range n {
		at := last.Add(time.Duration(i-n) * time.Hour)
		lines = append(lines, fmt.Sprintf("= @5-%d %s [eve] past %d", i+1, at.Format("2006-01-02T15:04:05.000Z"), i+1))
	}
	return lines
}

var asksHistory = regexp.MustCompile(`^/history (\S+)(?: (before|after) (\d+)-(\d+))? (\d+)$`)

// tellsPast answers HISTORY by that past, which is that of every room.
func tellsPast(past []string) func(line string) ([]string, bool) {
	return func(line string) ([]string, bool) {
		m := asksHistory.FindStringSubmatch(line)
		if m == nil {
			return nil, false
		}
		n, at, end := atoi(m[5]), len(past)+1, "" // ids of the server's own are greater than all of these
		if m[3] == "5" {
			at = atoi(m[4])
		}
		to := at - 1
		from := max(0, to-n)
		if m[2] == "after" {
			from = min(at, len(past))
			to = min(from+n, len(past))
		}
		switch {
		case m[2] == "after" && to == len(past):
			end = " last"
		case m[2] != "after" && from == 0:
			end = " first"
		}
		return append([]string{fmt.Sprintf("= HISTORY %d %s%s", to-from, m[1], end)}, past[from:to]...), true
	}
}

func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // these are digits
	return n
}

// hasPast is a page that is in the lobby by a keeper with such a past, and a guest who has said something there.
func hasPast(t *testing.T, n int) (*person, *keeper, *talker) {
	t.Helper()
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	_, door := s.address(0)
	k := newKeeper(t, door, tellsPast(pastLines(n)))
	bob := signedIn(t, s, 1, "bob")
	bob.say("said before ana came")
	bob.fence()
	ana := openPageAt(t, k.address, "ana").signsIn()
	ana.sees("bob: said before ana came")
	ana.waits("earlier messages to ask for", `!document.getElementById("earlier").hidden`)
	return ana, k, bob
}

// climbs scrolls up until the expression is true, and gives all that was in the document meanwhile, in the order of the messages.
const climbs = `(until) => new Promise((done) => {
	const log = document.getElementById("log"), all = [];
	const look = () => {
		const now = [...document.querySelectorAll("#messages > li.said p")].map(({ innerText }) => innerText.trim());
		const at = now.findIndex((words) => all.includes(words));
		all.unshift(...(at < 0 ? now : now.slice(0, at)));
		if (until()) return done(all);
		log.scrollTop = Math.max(0, log.scrollTop - 300);
		log.dispatchEvent(new WheelEvent("wheel", { deltaY: -300 }));
		requestAnimationFrame(look);
	};
	look();
})`

// scrollsBeforeFrames lets whoever scrolls do so when it is hardest to bear: when the page knows of messages, and has not drawn them yet.
const scrollsBeforeFrames = `(() => {
	const next = window.requestAnimationFrame.bind(window), log = document.getElementById("log");
	window.requestAnimationFrame = (draw) => next((at) => {
		log.dispatchEvent(new Event("scroll"));
		draw(at);
	});
	return true;
})()`

const atTheBeginning = `() => !document.getElementById("beginning").hidden`

// TestScrollBack goes back to where a room begins, page by page: each message is there once, in its place, and the document stays small. Esc leads to the newest.
func TestScrollBack(t *testing.T) {
	need(t, "chromium")
	ana, k, bob := hasPast(t, 730)
	evaluate[bool](ana, scrollsBeforeFrames)
	got := evaluate[[]string](ana, `(`+climbs+`)(`+atTheBeginning+`)`)
	if len(got) != 731 || got[730] != "said before ana came" {
		t.Fatalf("%d messages were there, from %q to %q; want 731", len(got), got[0], got[len(got)-1])
	}
	for n := range 730 {
		if want := fmt.Sprint("past ", n+1); got[n] != want {
			t.Fatalf("message %d is %q, want %q", n, got[n], want)
		}
	}
	if n := evaluate[int](ana, `document.querySelectorAll("#messages li").length`); n > 600 {
		t.Errorf("messages in the document = %d, want 600 or fewer", n)
	}
	if asked := len(k.lines()); asked != 1+4 { // one to learn whether there are any
		t.Errorf("the page has asked %d times: %q, want 5", asked, k.lines())
	}
	days := evaluate[int](ana, `document.querySelectorAll("#messages [data-day]").length`)
	if days < 10 || days > 20 {
		t.Errorf("days that begin among up to 450 messages, an hour after the other = %d", days)
	}
	bob.say("while ana is far up")
	ana.waits("that it is told", `document.getElementById("below").innerText === "1 new message below"`)
	ana.focuses("#input")
	ana.presses("\x1b")
	ana.sees("bob: while ana is far up")
	ana.complainsOfNothing()
}

// TestScrollBackStays: what comes in front of what is read does not move it.
func TestScrollBackStays(t *testing.T) {
	need(t, "chromium")
	ana, k, _ := hasPast(t, 500)
	evaluate[[]string](ana, `(`+climbs+`)(() => document.querySelectorAll("#messages li.said").length > 100)`)
	answer := tellsPast(pastLines(500))
	open := make(chan bool)
	k.answers(func(line string) ([]string, bool) {
		if strings.HasPrefix(line, "/history") {
			<-open
		}
		return answer(line)
	})
	ana.waits("that it is asked for", `((document.getElementById("log").scrollTop = 90), document.getElementById("earlier").textContent === "Looking for earlier messages…")`)
	inSight := `[...document.querySelectorAll("#messages > li.said")].find((li) => li.getBoundingClientRect().top > 200)`
	before := evaluate[float64](ana, `(window.read = `+inSight+`).getBoundingClientRect().top`)
	close(open)
	ana.waits("what was before", `document.getElementById("earlier").textContent === "Show earlier messages" && document.getElementById("log").scrollTop > 200`)
	if after := evaluate[float64](ana, `window.read.getBoundingClientRect().top`); math.Abs(after-before) > 1 {
		t.Errorf("a message that is read has moved from %v to %v", before, after)
	}
	ana.complainsOfNothing()
}

// descends scrolls down to the newest, and gives all that was in the document meanwhile, in the order of the messages.
const descends = `new Promise((done) => {
	const log = document.getElementById("log"), all = [];
	const look = () => {
		const now = [...document.querySelectorAll("#messages > li.said p")].map(({ innerText }) => innerText.trim());
		all.push(...now.slice(now.lastIndexOf(all.at(-1)) + 1));
		if (document.getElementById("below").hidden) return done(all);
		log.scrollTop += 400;
		requestAnimationFrame(look);
	};
	look();
})`

// TestScrollBackFar goes back so far that the page lets go of what is far below, and comes down again: nothing is missing, and nothing twice.
func TestScrollBackFar(t *testing.T) {
	need(t, "chromium")
	const n = 4300
	ana, k, bob := hasPast(t, n)
	up := evaluate[[]string](ana, `(`+climbs+`)(`+atTheBeginning+`)`)
	asked := len(k.lines())
	bob.say("news")
	ana.waits("that there are news", `document.getElementById("below").innerText === "1 new message below"`)
	down := evaluate[[]string](ana, descends)
	if again := len(k.lines()) - asked; again < 5 || again > n/200 {
		t.Errorf("on the way down %d pages were asked for again", again)
	}
	want := make([]string, 0, n+2)
	for i := range n {
		want = append(want, fmt.Sprint("past ", i+1))
	}
	want = append(want, "said before ana came")
	wantMessages(t, "the page, on the way up,", "#lobby", up, want)
	wantMessages(t, "the page, on the way down,", "#lobby", down, append(want, "news"))
	ana.complainsOfNothing()
}

// TestScrollBackBreaks: a connection that breaks while a page of the past is on its way, or a server that fails, costs nothing but another try.
func TestScrollBackBreaks(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	_, door := s.address(0)
	answer := tellsPast(pastLines(150))
	k := newKeeper(t, door, answer)
	wire := newCable(t, k.address)
	bob := signedIn(t, s, 1, "bob")
	bob.say("said before ana came")
	bob.fence()
	ana := openPageAt(t, wire.address, "ana").signsIn()
	ana.waits("earlier messages to ask for", `!document.getElementById("earlier").hidden`)
	wire.hold()
	ana.clicks("#earlier")
	ana.waits("that it is asked for", `document.getElementById("earlier").textContent === "Looking for earlier messages…"`)
	wire.cut()
	ana.waits("the loss", `document.body.dataset.state === "lost" && document.getElementById("earlier").textContent === "Show earlier messages"`)
	wire.mend()
	evaluate[bool](ana, `(document.querySelector("#banner button").click(), true)`)
	ana.isReady()
	k.answers(func(line string) ([]string, bool) {
		return []string{"! busy too many are looking; try again"}, strings.HasPrefix(line, "/history")
	})
	ana.clicks("#earlier")
	ana.sees("Too many are looking; try again")
	k.answers(answer)
	ana.clicks("#earlier")
	got := evaluate[[]string](ana, `(`+climbs+`)(`+atTheBeginning+`)`)
	if len(got) != 151 || got[0] != "past 1" || got[150] != "said before ana came" {
		t.Errorf("%d messages were there, from %q to %q; want 151", len(got), got[0], got[len(got)-1])
	}
	ana.complainsOfNothing()
}
