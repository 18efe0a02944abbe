package irc

import (
	"strings"

	"looproom/loop/room"
)

// Messages of tags alone (IRCv3 message-tags, "The TAGMSG tag-only message").

func doTagmsg(a *asking) {
	tags := a.m.clientTags()
	switch targets := a.param(0); {
	case !a.c.has(messageTags):
		a.say(func(_ *Client, w *writer) { w.numeric(421, "TAGMSG", "Ask for the capability message-tags first") })
	case targets == "":
		a.say(func(_ *Client, w *writer) { w.numeric(411, "No recipient given (TAGMSG)") })
	case strings.Count(targets, ",") >= maxTargets:
		a.say(func(_ *Client, w *writer) { w.numeric(407, targets, "Too many recipients") })
	default:
		a.each(targets, func(a *asking, target string) {
			if tags != "" {
				a.ask(a.message(target, "", room.AsTagsAlone, tags))
			}
		})
	}
}

// appendTagsAlone is what somebody sends to a room that has no words: only who reads tags is told.
func appendTagsAlone(w *writer, e *room.Event, as Set) {
	if as.all() {
		w.tagmsg(e, as, e.RoomName)
	}
}

func (w *writer) tagmsg(e *room.Event, as Set, to string) {
	w.head(e, as)
	w.bare("TAGMSG", to)
}

// tellTagged tells the client that somebody has sent it tags alone.
func tellTagged(c *Client, w *writer, _ *request, e *room.Event) {
	if c.has(messageTags) {
		w.tagmsg(e, c.tagSet(), c.nick)
	}
}
