//go:build linux

package main_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
)

// once is a talk between a page and a line client, with a cable that breaks in between.
type once struct {
	t    *testing.T
	s    *server
	wire *cable
	ana  *person
	bob  *talker
	read []string // what bob has read since "one"
}

func newOnce(t *testing.T) *once {
	t.Helper()
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0")
	_, address := s.address(0)
	o := &once{t: t, s: s, wire: newCable(t, address), bob: signedIn(t, s, 1, "bob")}
	o.bob.say("before")
	o.bob.fence()
	o.ana = openPageAt(t, o.wire.address, "ana").signsIn()
	o.ana.sees("bob: before")
	o.ana.says("one")
	o.bob.until("[ana] one")
	o.ana.waits("that it was confirmed", settled)
	return o
}

// settled is true in a page that waits for nothing.
const settled = `document.querySelectorAll('#messages :is([data-state="sending"], [data-state="waiting"])').length === 0`

// backAgain mends the cable, and wants each line to have come once and in order, and to be shown once.
func (o *once) backAgain(said ...string) {
	o.t.Helper()
	o.wire.mend()
	evaluate[bool](o.ana, `(document.querySelector("#banner button").click(), true)`)
	o.ana.isReady()
	o.ana.says("the last")
	_, before := o.bob.until("[ana] the last")
	before = append(o.read, before...)
	before = slices.DeleteFunc(before, func(line string) bool { return !strings.HasPrefix(line, "[ana] ") })
	for at := range before {
		before[at] = strings.TrimPrefix(before[at], "[ana] ")
	}
	if !slices.Equal(before, said) {
		o.t.Errorf("others read %q, want %q", before, said)
	}
	o.ana.waits("that all was confirmed", settled)
	o.shows(append(append([]string{"one"}, said...), "the last")...)
	o.ana.complainsOfNothing()
}

// shows wants these lines of the page's own to be shown, and all of bob's, each as often as it was said.
func (o *once) shows(own ...string) {
	o.t.Helper()
	for i, words := range own {
		own[i] = "ana: " + words
	}
	others := []string{"bob: before", "bob: meanwhile", "bob: meanwhile"}
	of := func(them string) string {
		return `JSON.stringify(` + wordsShown + `.filter((message) => ` + them + `))`
	}
	o.ana.waits("own messages "+jsonOf(own), of(`message.startsWith("ana: ")`)+` === JSON.stringify(`+jsonOf(own)+`)`)
	o.ana.waits("messages of others "+jsonOf(others), of(`!message.startsWith("ana: ")`)+` === JSON.stringify(`+jsonOf(others)+`)`)
}

// meanwhile is what bob says twice while the page is away.
func (o *once) meanwhile() {
	o.t.Helper()
	o.bob.say("meanwhile")
	o.bob.say("meanwhile")
	o.read = append(o.read, o.bob.fence()...)
}

func (o *once) isLost() {
	o.t.Helper()
	o.ana.waits("the loss", `document.body.dataset.state === "lost"`)
}

// TestPageSaysOnce cuts the connection before, in the middle of and behind what a page writes and what it is answered.
func TestPageSaysOnce(t *testing.T) {
	rows := []struct {
		name  string
		bytes int // that pass
		way   int
	}{
		{"before the first byte of the line", 0, toServer}, {"in the line", 30, toServer}, {"behind the line", 54, toServer}, {"in the third line", 140, toServer},
		{"before the answer", 0, toClient}, {"in the answer", 20, toClient}, {"in the second answer", 40, toClient},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			o := newOnce(t)
			o.wire.cutAfter(row.bytes, row.way)
			for _, words := range []string{"two", "two", "three"} {
				o.ana.says(words)
			}
			o.isLost()
			o.ana.says("four")
			o.meanwhile()
			o.backAgain("two", "two", "three", "four")
		})
	}
}

// TestPageSaysOnceHoweverOftenCut cuts each new connection a little later than the one before, so all that a page does to come back is cut once.
func TestPageSaysOnceHoweverOftenCut(t *testing.T) {
	o := newOnce(t)
	o.wire.cutAfter(0, toClient)
	o.ana.says("two")
	o.ana.says("three")
	o.isLost()
	o.meanwhile()
	for n := range 20 {
		o.wire.mend()
		if n%2 == toServer {
			o.wire.cutAfter(20+40*n, toServer) // up to 740 bytes: the upgrade, the name, what is asked, the rooms and the lines
		} else {
			o.wire.cutAfter(20+45*n, toClient) // up to 875: the upgrade, the greeting, and all answers
		}
		evaluate[bool](o.ana, `(document.querySelector("#banner button").click(), true)`)
		waitFor(t, "the cut", o.wire.isBroken)
		o.ana.waits("the loss", `document.body.dataset.state !== "ready"`)
	}
	o.ana.says("four")
	o.backAgain("two", "three", "four")
}

// TestPageSaysOnceAfterAnOutage: the way to the server is gone for a while, or the server stands still, and nobody is told.
func TestPageSaysOnceAfterAnOutage(t *testing.T) {
	const stalled, lost = `document.getElementById("banner").innerText.startsWith("The server does not answer just now.")`, `document.body.dataset.state === "lost"`
	rows := []struct {
		name  string
		stops bool // the server is stopped, or else the cable holds what passes
		until string
	}{
		{"held", false, stalled}, {"stopped", true, stalled},
		{"held until the page comes back by another connection", false, lost}, {"stopped until the page comes back by another connection", true, lost},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o := newOnce(t)
			if row.stops {
				o.s.signal(syscall.SIGSTOP)
			} else {
				o.wire.hold()
			}
			began := evaluate[float64](o.ana, `performance.now()`)
			o.ana.says("two")
			o.ana.says("three")
			o.ana.waits("that the server does not answer", stalled)
			t.Logf("the page told so after %.1f s", (evaluate[float64](o.ana, `performance.now()`)-began)/1000)
			o.ana.waits("the outage", row.until)
			o.ana.says("four")
			if row.stops {
				o.s.signal(syscall.SIGCONT)
			}
			o.meanwhile()
			o.backAgain("two", "three", "four")
		})
	}
}

// TestPageTellsWhatMayBeLost kills the server behind a line that it may have said: the page doesn't say it again by itself, and offers to.
func TestPageTellsWhatMayBeLost(t *testing.T) {
	o := newOnce(t)
	o.wire.hold()
	o.ana.says("two")
	o.ana.waits("the line on its way", `document.querySelectorAll('#messages [data-state="sending"]').length === 1`)
	o.s.signal(syscall.SIGKILL)
	o.s.wait()
	o.wire.cut()
	o.isLost()
	o.ana.says("three")
	o.s = startServer(t, "--listen", o.s.doors[0], "--listen", o.s.doors[1])
	o.bob = signedIn(t, o.s, 1, "bob")
	o.wire.mend()
	evaluate[bool](o.ana, `(document.querySelector("#banner button").click(), true)`)
	o.ana.isReady()
	if _, before := o.bob.until("[ana] three"); strings.Contains(strings.Join(before, "\n"), "two") {
		t.Errorf("others read %q: said again although nobody knows whether it was said", before)
	}
	o.ana.waits("the line that may be lost", `document.querySelector('#messages [data-state="unsure"]').innerText.includes("Perhaps not delivered")`)
	takePicture(t, o.ana.tab, "page-unsure", "light", 360, 640)
	o.ana.clicks("#messages .fate button")
	o.bob.until("[ana] two")
	o.ana.waits("that all was confirmed", settled)
	o.ana.shows("bob: before", "ana: one", "ana: three", "ana: two")
	o.ana.complainsOfNothing()
}
