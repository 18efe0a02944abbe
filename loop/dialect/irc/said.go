package irc

import (
	"strings"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// How a message reads: as one line, as several, or as a batch of several (IRCv3 draft/multiline).

// inNoLine takes out what no line has, and is written nowhere.
var inNoLine = strings.NewReplacer("\r", "", "\x00", "")

func appendSaid(w *writer, e *room.Event, as Set) { w.message(e, as, e.RoomName, e.Kind == room.Acted) }

// message is what somebody has said to whom: in several lines if it is long or has several, which are one batch to who knows of that, if it is no longer than such a client takes.
func (w *writer) message(e *room.Event, as Set, to string, action bool) {
	command := "PRIVMSG"
	if e.Notice {
		command = "NOTICE"
	}
	words, head, tail := e.Text, "", ""
	if action {
		words, head, tail = plain.CleanString(words), actionHead, actionTail
	}
	several := plain.IsSeveral(words)
	w.head(e, as)
	w.command(command)
	w.middle(to)
	left := w.left() - len(" :") - len(head) - len(tail)
	if len(words) > left || several {
		words = inNoLine.Replace(words) // else a line could be of nothing else
	}
	if len(words) <= left && !several { // as nearly always
		w.words(head, words, tail)
		w.end()
		return
	}
	w.takeBack()
	if !action && as.has(Multiline) && len(words) <= maxMultilineBytes {
		w.lines(e, as, command, to, words, left)
		return
	}
	first := *e
	if !several {
		w.pieces(&first, as, command, to, words, left, action)
		return
	}
	for line := range plain.Lines(words) {
		w.pieces(&first, as, command, to, line, left, action)
	}
}

// pieces is a line of what somebody has said, in several if it is long. The first of all that are told is the message: from e is taken what others don't have.
func (w *writer) pieces(e *room.Event, as Set, command, to, words string, left int, action bool) {
	for piece := range splitWords(words, left) {
		w.head(e, as)
		if action {
			w.action(command, to, piece)
		} else {
			w.send(command, to, piece)
		}
		e.ID, e.Tags = 0, ""
	}
}

// lines is a message as a batch, whose reference is its id: empty lines are told as well, and what is cut is joined again.
func (w *writer) lines(e *room.Event, as Set, command, to, words string, left int) {
	ref := "m" + e.ID.String()
	w.head(e, as)
	w.bare("BATCH", "+"+ref, multilineBatch, to)
	for line := range strings.SplitSeq(words, "\n") {
		joined := false
		for piece := range splitWhole(line, left) {
			w.batch(ref)
			if joined {
				w.tag(concatTag, "")
			}
			w.by(e)
			w.send(command, to, piece)
			joined = true
		}
	}
	w.batch(w.inBatch)
	w.bare("BATCH", "-"+ref)
}
