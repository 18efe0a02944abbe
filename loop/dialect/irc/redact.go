package irc

import "looproom/loop/room"

// Taking back what was said (IRCv3 draft/message-redaction).

func doRedact(a *asking) {
	id, _ := room.ParseMsgID(a.param(1)) // 0 is that of no message
	cmd := a.command(room.Redact)
	cmd.Name, cmd.Msg, cmd.Text = a.param(0), id, fitting(a.param(2))
	a.only(cmd)
}

// redacted tells that somebody has taken a message back.
func redacted(c *Client, w *writer, _ *request, e *room.Event) {
	if !c.has(messageRedaction) {
		return
	}
	w.redact(e, c.tagSet())
}

// appendRedacted is that somebody has taken back what was said in a room, for those who want to know.
func appendRedacted(w *writer, e *room.Event, as Set) {
	if as.has(Redaction) {
		w.redact(e, as)
	}
}

func (w *writer) redact(e *room.Event, as Set) {
	said := *e
	said.ID = 0 // it is no message itself
	w.tags(&said, as)
	w.by(e)
	if e.Text == "" {
		w.bare("REDACT", e.RoomName, e.ID.String())
		return
	}
	w.send("REDACT", e.RoomName, e.ID.String(), e.Text)
}

// refusedRedact is how who takes a message back reads that it stays.
func refusedRedact(c *Client, w *writer, r *request, e *room.Event) bool {
	target, id := r.params[0], repeated(r.params[1])
	switch e.Why {
	case room.NotInRoom:
		w.fail("REDACT", "INVALID_TARGET", target, "You cannot delete messages from there")
	case room.MessageNotThere:
		w.fail("REDACT", "UNKNOWN_MSGID", target, id, "This message does not exist or is too old")
	default:
		w.fail("REDACT", "REDACT_FORBIDDEN", target, id, c.wordsOf(e))
	}
	return true
}
