package irc

import (
	"cmp"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// What is told to all members of a room, once for each set of tags.

// shared has what such events say.
var shared = [256]func(w *writer, e *room.Event, as Set){
	room.Said:     appendSaid,
	room.Acted:    appendSaid,
	room.Tagged:   appendTagsAlone,
	room.Appeared: appendAppeared,
	room.Redacted: appendRedacted,
	room.Left:     appendLeft,
	room.Vanished: appendLeft,
	room.Quit:     appendQuit,
	room.Renamed:  appendRenamed,
	room.TopicSet: appendTopic,
	room.Governed: appendGoverned,
	room.Expelled: appendGoverned,
	room.Called:   appendRenamed,
}

// Append appends what e says to all of its audience who read that set: whole lines that end in CRLF, or nothing. server is the server's name. e is borrowed, and nothing is allocated but a larger dst.
func Append(dst []byte, e *room.Event, as Set, server string) []byte {
	if e.Kind == room.Said { // most are, and by the table the writer would be in memory of its own
		w := writer{dst: dst, server: server}
		w.message(e, as, e.RoomName, false)
		return w.dst
	}
	f := shared[e.Kind]
	if f == nil {
		return dst
	}
	w := writer{dst: dst, server: server}
	f(&w, e, as)
	return w.dst
}

// Personal says whether an event to rooms reads differently to each client, by more than its tags: then each is told alone, by Client.Append. That is rare, or in small rooms.
func Personal(k room.Kind) bool {
	switch k {
	case room.Entered, room.WentAway, room.CameBack, room.AccountIs, room.RealIs, room.HostIs, room.MetadataIs, room.MetadataLater, room.RoomRenamed:
		return true
	}
	return false
}

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
	if as < AllTags {
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

func appendSaid(w *writer, e *room.Event, as Set) { w.message(e, as, e.RoomName, e.Kind == room.Acted) }

// message is what somebody has said to whom; in several lines if it is long.
func (w *writer) message(e *room.Event, as Set, to string, action bool) {
	command := "PRIVMSG"
	if e.Notice {
		command = "NOTICE"
	}
	words, head, tail := e.Text, "", ""
	if action {
		words, head, tail = plain.CleanString(words), actionHead, actionTail
	}
	w.head(e, as)
	w.command(command)
	w.middle(to)
	left := w.left() - len(" :") - len(head) - len(tail)
	if len(words) <= left { // as nearly always
		w.words(head, words, tail)
		w.end()
		return
	}
	w.takeBack()
	first := *e
	for piece := range splitWords(words, left) {
		w.head(&first, as)
		if action {
			w.action(command, to, piece)
		} else {
			w.send(command, to, piece)
		}
		first.ID, first.Tags = 0, "" // the first line alone is the message
	}
}

// appendAppeared is that somebody shows in a large room. Of those who have asked for account and real name, who doesn't read tags gets it without them: for each client alone it would be
// as many writes as there are members.
func appendAppeared(w *writer, e *room.Event, as Set) {
	w.head(e, as)
	if as >= AllExtended {
		w.send("JOIN", e.RoomName, orStar(e.Account), e.Text)
		return
	}
	w.bare("JOIN", e.RoomName)
}

func appendLeft(w *writer, e *room.Event, as Set) {
	if e.Kind == room.Left && (e.On || e.Off) {
		return // Quit has told it, or that it was put out
	}
	w.head(e, as)
	if e.Text == "" {
		w.bare("PART", e.RoomName)
		return
	}
	w.send("PART", e.RoomName, e.Text)
}

func appendQuit(w *writer, e *room.Event, as Set) {
	w.head(e, as)
	w.send("QUIT", quitWords(e))
}

// quitWords says why who has gone is no longer there.
func quitWords(e *room.Event) string {
	switch e.Verb {
	case room.End:
		if e.Text == "" {
			return "Quit"
		}
		return "Quit: " + e.Text
	case room.Kick:
		return "Killed (" + e.RoomName + " (" + e.Text + "))"
	}
	if e.Text != "" {
		return e.Text
	}
	return "Connection closed"
}

func appendRenamed(w *writer, e *room.Event, as Set) {
	if e.Kind == room.Renamed && e.Off {
		return // Called tells it
	}
	w.head(e, as)
	w.send("NICK", e.Text)
}

func appendTopic(w *writer, e *room.Event, as Set) {
	w.head(e, as)
	w.send("TOPIC", e.RoomName, e.Text)
}
