package irc

import (
	"cmp"

	"looproom/loop/room"
)

// What stands in front of what is told: tags, and whom it is about.

// tags puts in front of a line what the set has of e.
func (w *writer) tags(e *room.Event, as Set) {
	w.batch(w.inBatch)
	if as == NoTags {
		return
	}
	if as != Account && e.At != 0 {
		w.time(e.At)
	}
	if as != Time && e.Account != "" {
		w.tag("account", e.Account)
	}
	if !as.all() {
		return
	}
	if e.ID != 0 {
		w.msgid(e.ID)
	}
	if e.Bot {
		w.tag("bot", "")
	}
	w.clientTags(e.Tags)
}

// msgid is the tag of that name.
func (w *writer) msgid(id room.MsgID) {
	at, was := len(w.dst), w.part
	w.tagHead()
	w.dst = id.AppendTo(append(w.dst, "msgid="...))
	w.boundTags(at, was, 1+maxTagData)
}

// head begins a line of who e is about, with the tags that the set has of e.
func (w *writer) head(e *room.Event, as Set) {
	w.tags(e, as)
	w.by(e)
}

// by begins a line of who e is about, or goes on with it behind its tags.
func (w *writer) by(e *room.Event) { w.from(e.Who, userShown(e.User), shownHost(e.Host)) }

// userShown is the user of a client, which may have none.
func userShown(user string) string { return cmp.Or(user, room.LineUser) }

// shownHost is a host; who has no session has none.
func shownHost(host string) string { return cmp.Or(host, room.LineHost) }
