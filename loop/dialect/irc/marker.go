package irc

import (
	"strings"
	"time"

	"looproom/loop/room"
)

// How far one has read (IRCv3 draft/read-marker).

func doMarkRead(a *asking) {
	target := a.param(0)
	if target == "" {
		a.say(func(_ *Client, w *writer) { w.fail("MARKREAD", "NEED_MORE_PARAMS", "Missing parameters") })
		return
	}
	cmd := a.command(room.Read)
	if cmd.Name = target; len(a.r.params) > 1 {
		value, is := strings.CutPrefix(a.param(1), "timestamp=")
		at, ok := timeOf(value)
		if !is || !ok {
			a.say(func(c *Client, w *writer) {
				w.fail("MARKREAD", "INVALID_PARAMS", target, repeated(a.param(1)), "Invalid timestamp")
			})
			return
		}
		cmd.N = at
	}
	a.only(cmd)
}

// readUpTo tells how far the client's user has read.
func readUpTo(c *Client, w *writer, r *request, e *room.Event) {
	asked := r != nil && r.command == "MARKREAD"
	if !asked && !c.has(readMarker) {
		return
	}
	if e.At == 0 {
		w.bare("MARKREAD", e.Text, "*")
		return
	}
	w.bare("MARKREAD", e.Text, "timestamp="+time.UnixMilli(e.At).UTC().Format(timeLayout))
}

// refusedMark is how who marks what it has read reads that this is not done.
func refusedMark(c *Client, w *writer, r *request, e *room.Event) bool {
	switch e.Why {
	case room.AccountFirst:
		w.fail("MARKREAD", "ACCOUNT_REQUIRED", r.params[0], c.wordsOf(e))
	default:
		w.fail("MARKREAD", "INVALID_PARAMS", r.params[0], "No such target")
	}
	return true
}
