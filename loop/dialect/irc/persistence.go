package irc

import (
	"strings"

	"looproom/loop/room"
)

// Staying in one's rooms without a connection (IRCv3 draft/persistence), which is KEEP of the line protocol. DEFAULT is off.

func doPersistence(a *asking) {
	sub, setting := strings.ToUpper(a.param(0)), strings.ToUpper(a.param(1))
	cmd := a.command(room.Keep)
	switch {
	case sub == "":
		persistenceFails(a, "NEED_MORE_PARAMS", "Missing parameters")
		return
	case sub == "GET":
	case sub == "SET" && setting == "":
		persistenceFails(a, "NEED_MORE_PARAMS", sub, "Missing parameters")
		return
	case sub == "SET" && (setting == "ON" || setting == "OFF" || setting == "DEFAULT"):
		cmd.N, cmd.Off = 0, setting != "ON"
	default:
		persistenceFails(a, "INVALID_PARAMS", within(strings.Join(a.r.params, " "), maxRest/4), "Invalid parameters")
		return
	}
	a.only(cmd)
}

func persistenceFails(a *asking, code string, about ...string) {
	a.r.row = &talkRow
	a.say(func(_ *Client, w *writer) { w.fail("PERSISTENCE", code, about...) })
}

// keeping tells what the client has set, and how it is.
func keeping(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil || r.command != "PERSISTENCE" {
		return
	}
	set, is := "DEFAULT", "OFF"
	if e.On {
		set, is = "ON", "ON"
	} else if len(r.params) > 1 {
		set = strings.ToUpper(r.params[1])
	}
	w.bare("PERSISTENCE", "STATUS", set, is)
}

func refusedPersistence(c *Client, w *writer, _ *request, e *room.Event) bool {
	code := "INTERNAL_ERROR"
	if e.Why == room.AccountFirst {
		code = "ACCOUNT_REQUIRED"
	}
	w.fail("PERSISTENCE", code, c.wordsOf(e))
	return true
}
