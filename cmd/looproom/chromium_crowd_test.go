//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// crowdLines is how many messages a page is shown that has been open for long.
const crowdLines = 10_000

// TestPageOf10000Messages floods a page, and then scrolls through what came, and types. The document stays small, and the times are told.
func TestPageOf10000Messages(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	ana := inBrowser(t, s, 0, "ana")
	bob := signedIn(t, s, 1, "bob")
	evaluate[bool](ana, watchFrames)
	began := evaluate[float64](ana, `performance.now()`)
	var said strings.Builder
	for n := 1; n <= crowdLines; n++ {
		fmt.Fprintf(&said, "this is message %d of many, some of them longer than others%s\n", n, strings.Repeat(" and longer", n%7))
	}
	bob.write(said.String())
	ana.waits("the last message", `document.querySelector("#messages li:last-child p")?.innerText.startsWith("this is message 10000 ")`)
	t.Logf("10,000 messages were shown within %.0f ms; the longest frame took %.0f ms", evaluate[float64](ana, `performance.now()`)-began, evaluate[float64](ana, `window.longest`))
	if nodes := evaluate[int](ana, `document.querySelectorAll("#messages li").length`); nodes < 100 || nodes > 600 {
		t.Errorf("messages in the document = %d, want 100 to 600", nodes)
	}

	evaluate[bool](ana, `(window.longest = 0, true)`)
	if took := evaluate[float64](ana, scrollToTop); took > 0 {
		t.Logf("scrolling through all of them took %.0f ms; the longest frame took %.0f ms", took, evaluate[float64](ana, `window.longest`))
	}
	ana.waits("the first message", `[...document.querySelectorAll("#messages p")].some(({ innerText }) => innerText.startsWith("this is message 1 "))`)
	if nodes := evaluate[int](ana, `document.querySelectorAll("#messages li").length`); nodes > 600 {
		t.Errorf("messages in the document after scrolling = %d, want 600 or fewer", nodes)
	}
	bob.say("while ana reads what is old")
	ana.waits("what is below", `document.getElementById("below").innerText === "1 new message below"`)
	evaluate[bool](ana, `(document.getElementById("input").focus(), true)`)
	ana.presses(kb.Escape)
	ana.sees("bob: while ana reads what is old")
	ana.says("still here")
	bob.until("[ana] still here")
	ana.complainsOfNothing()
}

// watchFrames keeps the longest time between two frames in window.longest, in milliseconds.
const watchFrames = `(() => {
	let before = performance.now();
	window.longest = 0;
	const frame = (now) => { window.longest = Math.max(window.longest, now - before); before = now; requestAnimationFrame(frame); };
	requestAnimationFrame(frame);
	return true;
})()`

// scrollToTop scrolls to the top of what is in the document, again and again, until that is the first message, and gives how long it took in
// milliseconds.
const scrollToTop = `new Promise((done) => {
	const log = document.getElementById("log"), began = performance.now();
	const page = () => {
		if (log.scrollTop === 0 && document.getElementById("earlier").hidden) return done(performance.now() - began);
		log.scrollTop = 0;
		requestAnimationFrame(page);
	};
	page();
})`
