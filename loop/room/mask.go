package room

import (
	"strings"
	"unicode/utf8"
)

// MaxMask is how long a mask may be, in bytes: more than a name, a user and a host have of letters that people use.
const MaxMask = 128

// What stands in front of targets that are no plain masks, as IRC's EXTBAN has it.
const (
	muteMark    = "m:" // whom it means may not speak, and comes in
	accountMark = "a:" // who has that account
)

// What stands for the user and the host of who has none, where others are shown nick!user@host.
const (
	LineUser = "line"
	LineHost = "looproom"
)

// mask is how users look whom a target means: each part of nick!user@host, as names are compared, with * for any characters and ? for one.
type mask struct{ nick, user, host string }

// CompleteMask is a mask as people write it with all of its parts: bob is bob!*@*, and bob@host is *!bob@host.
func CompleteMask(written string) string {
	nick, rest, parts := strings.Cut(written, "!")
	if !parts {
		if nick, rest = written, "*"; strings.Contains(written, "@") {
			nick, rest = "*", written
		}
	}
	user, host, _ := cutLast(rest, '@')
	return orAny(nick) + "!" + orAny(user) + "@" + orAny(host)
}

// orAny is a part of a mask with no more stars than it needs.
func orAny(part string) string {
	for strings.Contains(part, "**") {
		part = strings.ReplaceAll(part, "**", "*")
	}
	if part == "" {
		return "*"
	}
	return part
}

// isMask says whether a target is a mask, and no name: it has all parts of one, or begins as no name does.
func isMask(written string) bool {
	_, rest, is := strings.Cut(written, "!")
	return is && strings.Contains(rest, "@") || strings.HasPrefix(written, "*")
}

// parseMask reads a mask, and returns the form in which it is told.
func parseMask(written string) (m mask, told string, ok bool) {
	if len(written) > MaxMask {
		return m, "", false
	}
	told = CompleteMask(written)
	nick, rest, _ := strings.Cut(told, "!")
	user, host, _ := cutLast(rest, '@')
	return mask{foldPattern(nick), strings.ToLower(user), strings.ToLower(host)}, told, len(told) <= MaxMask && !strings.Contains(told, " ")
}

// foldPattern is a pattern of names as names are compared.
func foldPattern(pattern string) string {
	if key, ok := foldName(pattern); ok {
		return key
	}
	return strings.ToLower(pattern)
}

// means says whether u looks so.
func (m *mask) means(u *user) bool {
	return glob(m.nick, u.key) && glob(m.user, orElse(userOf(u), LineUser)) && glob(m.host, orElse(hostOf(u), LineHost))
}

// orElse is a part of how somebody looks, in lower case.
func orElse(shown, none string) string {
	if shown == "" {
		return none
	}
	return strings.ToLower(shown)
}

// glob says whether text is as pattern has it, where * is any characters, or none, and ? is one. It goes back to the last star alone, so that it looks at no more than the length of the one times
// that of the other: with a mask and a name some thousand bytes at the very worst, and mostly each once.
func glob(pattern, text string) bool {
	star, from, p, at := -1, 0, 0, 0
	for at < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from, p = p, at, p+1
		case p < len(pattern) && pattern[p] == '?':
			_, size := utf8.DecodeRuneInString(text[at:])
			p, at = p+1, at+size
		case p < len(pattern) && pattern[p] == text[at]:
			p, at = p+1, at+1
		case star >= 0:
			_, size := utf8.DecodeRuneInString(text[from:])
			from += size
			p, at = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
