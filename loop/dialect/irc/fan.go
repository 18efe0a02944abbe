package irc

import "looproom/loop/room"

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

// appendAppeared is that somebody shows in a large room. Of those who have asked for account and real name, who doesn't read tags gets it without them: for each client alone it would be
// as many writes as there are members.
func appendAppeared(w *writer, e *room.Event, as Set) {
	w.head(e, as)
	if as.has(Extended) {
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
