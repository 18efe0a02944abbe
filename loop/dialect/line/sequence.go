package line

import (
	"bytes"
	"strconv"

	"looproom/loop/room"
)

// What stands between a verb and the words of a numbered line: ID=id:n.
const (
	idMark   = "ID="
	minID    = 8
	maxID    = 64
	maxSeq   = 1<<53 - 1 // what every language with doubles for numbers can count to
	maxDigit = len("9007199254740991")
)

// cutNumber takes a number and the space behind it from the front of the arguments, into cmd, and returns the rest. What isn't a number to
// the letter, or has no words behind it, is words itself, and all of it comes back. TEXT takes the number 0 without words: it asks.
func (v *verb) cutNumber(args []byte, cmd *room.Command) []byte {
	if !v.numbered || !bytes.HasPrefix(args, []byte(idMark)) {
		return args
	}
	number, words := cutWord(args[len(idMark):])
	id, digits, _ := bytes.Cut(number, []byte{':'})
	seq, ok := sequence(digits)
	asks := seq == 0
	if !ok || !isToken(id, minID, maxID) || asks != blank(words) || asks && v.means != room.Say {
		return args
	}
	cmd.ID, cmd.Seq = string(id), seq
	return words
}

// sequence reads a number in its only form: decimal digits without zeros in front.
func sequence(digits []byte) (n int64, ok bool) {
	if len(digits) == 0 || len(digits) > maxDigit || digits[0] == '0' && len(digits) > 1 {
		return 0, false
	}
	n, ok = number(string(digits))
	return n, ok && n <= maxSeq
}

// isToken says whether text has from shortest to longest characters, and none but letters and digits of ASCII, - and _.
func isToken[T string | []byte](text T, shortest, longest int) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return len(text) >= shortest && len(text) <= longest
}

// readSaid is readWords for TEXT, which without words asks how far a number has come.
func readSaid(v *verb, args string, cmd *room.Command) string {
	if cmd.ID != "" && cmd.Seq == 0 {
		cmd.Verb = room.Confirm
		return ""
	}
	return readWords(v, args, cmd)
}

func appendConfirmed(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "= SAID "...), e.Text), ':')
	if e.N == room.None {
		return append(dst, "-\n"...)
	}
	return append(strconv.AppendInt(dst, e.N, 10), '\n')
}
