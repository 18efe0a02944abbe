package line

import (
	"bytes"
	"unicode/utf8"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// A line is read as it shows, which is what plain.Clean leaves of it. The words in it that others are told are then put back as they came, for those whose
// language shows more. A client of this one is shown what plain.Clean leaves of them, by appendText.

// maxHidden is how many bytes besides those that show the words keep that stand for long: of a topic, of who is away, of an operator. IRC's lines have no
// more in all. Words with more are kept as they show. Those of messages are bounded by the longest line, and by what a room keeps of them.
const maxHidden = 512

// hiddenIn is how many bytes that don't show the words of cmd may keep, of a line of that length; None if it has no words that others are told.
func hiddenIn(cmd *room.Command, length int) int {
	switch cmd.Verb {
	case room.Say, room.Plea, room.Tell, room.Act:
		return length
	case room.Topic, room.Away, room.Kick, room.Ban, room.Shun, room.PutOutOf:
		return maxHidden
	case room.Govern:
		if cmd.Right == room.RightBan {
			return maxHidden
		}
	}
	return room.None
}

// keepWords puts the words of cmd back as they came in frame, of which text is what shows.
func keepWords(frame, text []byte, cmd *room.Command) {
	most := hiddenIn(cmd, len(frame))
	if most == room.None || cmd.Text == "" {
		return
	}
	// Behind the words there is nothing; or spaces and TABs, where they were cut off: then the words end in none. So of all places where the same stands, the last
	// is theirs.
	begin := bytes.LastIndex(text, []byte(cmd.Text))
	if words := asItCame(plain.Text(nil, frame), begin, begin+len(cmd.Text)); len(words) <= len(cmd.Text)+most {
		cmd.Text = string(words)
	}
}

// asItCame returns the part of whole of which plain.Clean makes what stands from begin to end in its result, with all that it drops next to that part.
func asItCame(whole []byte, begin, end int) []byte {
	words := whole[shownEnd(whole, begin):]
	last := shownEnd(words, end-begin)
	for last < len(words) {
		r, size := utf8.DecodeRune(words[last:])
		if plain.Shows(r) {
			break
		}
		last += size
	}
	return words[:last]
}

// shownEnd is the offset right behind the part of text, which is UTF-8, of which plain.Clean makes n bytes.
func shownEnd(text []byte, n int) (offset int) {
	for n > 0 {
		r, size := utf8.DecodeRune(text[offset:])
		if plain.Shows(r) {
			n -= size
		}
		offset += size
	}
	return offset
}

// appendText writes text of an event as clients are shown it.
func appendText(dst []byte, text string) []byte { return plain.AppendClean(dst, text) }

// appendWords writes words that may be missing, with a space in front.
func appendWords(dst []byte, words string) []byte { return appendBehind(dst, " ", words) }

// appendBehind writes words with what separates them from what stands in front, or nothing if none shows.
func appendBehind(dst []byte, separator, words string) []byte {
	begin := len(dst) + len(separator)
	dst = appendText(append(dst, separator...), words)
	if len(dst) == begin {
		return dst[:begin-len(separator)]
	}
	return dst
}
