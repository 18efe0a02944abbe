package line

import (
	"strings"
	"time"
	"unicode/utf8"

	"looproom/loop/room"
)

// How HISTORY, SEARCH, EXPORT and FORGET are read. What bounds an answer stands behind what it is about, and is read from the end.

// The words in front of what bounds an answer, in any case.
const (
	beforeMark = "before"
	afterMark  = "after"
	inMark     = "in"
	byMark     = "by"
)

// takesWhen is what stands behind before and after.
const takesWhen = " takes the id of a message such as 57024000-42, a day such as 2026-11-21, or a time such as 2026-11-21T09:30:00Z"

// blanks part words.
const blanks = " \t"

// cutLast cuts the last word off text.
func cutLast(text string) (front, word string) {
	text = strings.TrimRight(text, blanks)
	at := 1 + strings.LastIndexAny(text, blanks)
	return text[:at], text[at:]
}

// cutCount cuts a number of at most that many digits off the end of text; n is None if there is none.
func cutCount(text string, digits int) (front string, n int64) {
	front, word := cutLast(text)
	if len(word) <= digits {
		if n, ok := number(word); ok {
			return front, n
		}
	}
	return text, room.None
}

// cutOption cuts the word behind one of the marks off the end of text, and the mark; mark is "" if none stands there.
func cutOption(text string, marks ...string) (front, mark, word string) {
	front, word = cutLast(text)
	front, last := cutLast(front)
	if mark = markIn(last, marks); mark == "" {
		return text, "", ""
	}
	return front, mark, word
}

// markIn is which of the marks word is, "" if it is none.
func markIn(word string, marks []string) string {
	for _, mark := range marks {
		if strings.EqualFold(word, mark) {
			return mark
		}
	}
	return ""
}

// maxDigits is how many digits a number of messages has at most; SEARCH takes one of more than searchDigits for a word.
const (
	maxDigits    = 18
	searchDigits = 3
)

// readHistory reads a room or a user, before or after what, and a number; each may be missing.
func readHistory(v *verb, args string, cmd *room.Command) string {
	args, complaint := readWhen(v, args, cmd, beforeMark, afterMark)
	if complaint != "" {
		return complaint
	}
	front, name := cutLast(args)
	if cmd.Name = name; !blank(front) {
		return v.only("a room or a name, before or after a message or a time, and a number")
	}
	return ""
}

// readExport reads after what, and a number; either may be missing.
func readExport(v *verb, args string, cmd *room.Command) string {
	args, complaint := readWhen(v, args, cmd, afterMark)
	if complaint == "" && !blank(args) {
		return v.only("after, with a message or a time, and a number")
	}
	return complaint
}

// readWhen reads a number, and in front of it one of the marks with a message or a time, from the end of args. Either may be missing.
func readWhen(v *verb, args string, cmd *room.Command, marks ...string) (front, complaint string) {
	args, cmd.N = cutCount(args, maxDigits)
	front, mark, when := cutOption(args, marks...)
	if mark == "" {
		_, last := cutLast(args)
		mark = markIn(last, marks)
	}
	if mark == "" {
		return front, ""
	}
	if cmd.Look = boundBy(mark, when); cmd.Look == nil {
		return "", v.name + " " + mark + takesWhen
	}
	return front, ""
}

// boundBy is a Look before or after a message or a time, nil if that is neither.
func boundBy(mark, when string) *room.Look {
	id, isID := room.ParseMsgID(when)
	at, isTime := parseTime(when)
	switch {
	case isID && mark == beforeMark:
		return &room.Look{Before: max(id, 1)} // 0 would be no bound
	case isID && id == 0: // all there is
		return &room.Look{AfterAt: 1}
	case isID:
		return &room.Look{After: id}
	case isTime && mark == beforeMark:
		return &room.Look{BeforeAt: max(at, 1)}
	case isTime:
		return &room.Look{AfterAt: max(at, 1)}
	}
	return nil
}

// parseTime reads a day or a time of RFC 3339, in milliseconds since 1970.
func parseTime(text string) (at int64, ok bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.UnixMilli(), true
	}
	if len(text) < len("2006-01-02T15:04:05Z") || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") { // time.Parse takes more than RFC 3339 has
		return 0, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.UnixMilli(), err == nil
}

// quotes are what people, and their keyboards, put around words.
const quotes = "\"“”„"

// readSearch reads words, and from the end of what stands behind the last quote a number, in what, by whom and before what. Each of these may be missing.
func readSearch(v *verb, args string, cmd *room.Command) string {
	quoted := behindQuotes(args)
	words, n := cutCount(args[quoted:], searchDigits)
	if blank(args[:quoted]) && blank(words) {
		words, n = args[quoted:], room.None // a number alone is what is looked for
	}
	cmd.N = n
	look := room.Look{}
	for {
		front, mark, word := cutOption(words, inMark, byMark, beforeMark)
		switch {
		case mark == inMark && cmd.Name == "":
			cmd.Name = word
		case mark == byMark && look.By == "":
			look.By = word
		case mark == beforeMark && look.Before == 0 && look.BeforeAt == 0:
			bound := boundBy(mark, word)
			if bound == nil {
				return v.name + " " + mark + takesWhen + "; words that stand in quotes are looked for"
			}
			look.Before, look.BeforeAt = bound.Before, bound.BeforeAt
		default:
			return search(v, args[:quoted]+words, &look, cmd)
		}
		words = front
	}
}

// behindQuotes is the offset behind the last quote in text, 0 if there is none.
func behindQuotes(text string) int {
	at := strings.LastIndexAny(text, quotes)
	if at < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return at + size
}

// search makes cmd a search for the words.
func search(v *verb, words string, within *room.Look, cmd *room.Command) string {
	if cmd.Text = strings.TrimSpace(words); cmd.Text == "" {
		return v.lacks("words")
	}
	cmd.Look = within
	return ""
}

// readMe takes ME alone: what can't be undone is not done by a word that was meant to be said.
func readMe(v *verb, args string, _ *room.Command) string {
	if !strings.EqualFold(strings.Trim(args, blanks), "ME") {
		return v.only("ME, and then all that you have said is gone, and your account")
	}
	return ""
}

// forgotten is whose messages are gone, and how many.
func forgotten(dst []byte, e *room.Event) []byte { return thatNumber(thatName(dst, e), e) }
