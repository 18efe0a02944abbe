package line

import (
	"strings"

	"looproom/loop/room"
)

// readBan sets N to how long, in seconds.
func readBan(v *verb, args string, cmd *room.Command) string {
	target, rest, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	length, words, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if blank(target) || blank(length) {
		return v.lacks("a target and a time")
	}
	seconds, ok := lasting(length)
	if !ok {
		return v.lacks("a time of at most 100 years such as 90s, 10m, 12h, 7d, 2w or forever")
	}
	cmd.Name, cmd.N, cmd.Text = target, seconds, strings.Trim(words, " \t")
	return ""
}

// maxLasting is 100 years in seconds: who means longer means for ever.
const maxLasting = 100 * 365 * 24 * 60 * 60

// unitSeconds are the units of a time.
var unitSeconds = map[byte]int64{'s': 1, 'm': 60, 'h': 60 * 60, 'd': 24 * 60 * 60, 'w': 7 * 24 * 60 * 60}

// lasting reads how long a ban lasts, in seconds, 0 for ever.
func lasting(text string) (seconds int64, ok bool) {
	if text == "forever" {
		return 0, true
	}
	last := len(text) - 1
	unit := unitSeconds[text[last]]
	n, ok := number(text[:last])
	if !ok || unit == 0 || n < 1 || n > maxLasting/unit {
		return 0, false
	}
	return n * unit, true
}

// appendEnd writes until when something holds, in milliseconds of wall clock, 0 for ever.
func appendEnd(dst []byte, at int64) []byte {
	if at == 0 {
		return append(dst, "forever"...)
	}
	return appendTime(dst, at)
}

func appendBanList(dst []byte, e *room.Event) []byte {
	if !e.Continued {
		dst = append(appendInt(append(dst, "= BANS "...), e.Count), '\n')
	}
	for i := range e.List {
		dst = appendBan(dst, &e.List[i])
	}
	return dst
}

func appendBanSet(dst []byte, e *room.Event) []byte {
	if len(e.List) == 0 {
		return dst
	}
	return appendBan(dst, &e.List[0])
}

func appendBan(dst []byte, row *room.Row) []byte {
	if row.Shun {
		dst = append(dst, "= SHUN "...)
	} else {
		dst = append(dst, "= BAN "...)
	}
	dst = appendEnd(append(appendText(dst, row.Name), " until "...), row.At)
	dst = appendText(append(dst, " by "...), row.Who)
	return append(appendWords(dst, row.Text), '\n')
}
