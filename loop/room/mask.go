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

// look is how a user looks to masks, with its account.
type look struct {
	u                   *user
	account, user, host string
}

// lookAs is that of u, whose account that is.
func lookAs(u *user, account string) *look {
	return &look{u, account, orElse(userOf(u), LineUser), orElse(hostOf(u), LineHost)}
}

// means says whether who looks so is meant. The host is what most masks have.
func (m *mask) means(l *look) bool {
	return glob(m.host, l.host) && glob(m.nick, l.u.key) && glob(m.user, l.user)
}

// orElse is a part of how somebody looks, in lower case.
func orElse(shown, none string) string {
	if shown == "" {
		return none
	}
	return strings.ToLower(shown)
}

// Matches says whether text is as a pattern has it, in any case: with * for any characters, or none, and ? for one.
func Matches(pattern, text string) bool { return glob(strings.ToLower(pattern), strings.ToLower(text)) }

// glob says whether text is as pattern has it, where * is any characters, or none, and ? is one. What stands between two stars is looked for once, from the front, so that no text is looked at again
// for another star: a part without ? costs as much as strings.Index, and one with it at most its length for each character.
func glob(pattern, text string) bool {
	part, rest, star := strings.Cut(pattern, "*")
	n := frontOf(part, text)
	if !star || n < 0 {
		return n == len(text)
	}
	for text = text[n:]; ; text = text[n:] {
		if part, rest, star = strings.Cut(rest, "*"); !star {
			return endsAs(part, text)
		}
		if n = behindPart(part, text); n < 0 {
			return false
		}
	}
}

// anyOne is one character in a pattern.
const anyOne = "?"

// frontOf is how many bytes of text, from the front, are as part has it, which has no star; -1 if none are.
func frontOf(part, text string) int {
	if !strings.Contains(part, anyOne) {
		if !strings.HasPrefix(text, part) {
			return -1
		}
		return len(part)
	}
	at := 0
	for i := range len(part) {
		switch {
		case at == len(text):
			return -1
		case part[i] == anyOne[0]:
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
		case part[i] == text[at]:
			at++
		default:
			return -1
		}
	}
	return at
}

// endsAs says whether text ends as part has it.
func endsAs(part, text string) bool {
	if !strings.Contains(part, anyOne) {
		return strings.HasSuffix(text, part)
	}
	from := len(text)
	for range utf8.RuneCountInString(part) {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	return frontOf(part, text[from:]) == len(text)-from
}

// behindPart is where the first place of text ends that is as part has it, -1 if there is none.
func behindPart(part, text string) int {
	if !strings.Contains(part, anyOne) {
		if i := strings.Index(text, part); i >= 0 {
			return i + len(part)
		}
		return -1
	}
	for from := range text {
		if n := frontOf(part, text[from:]); n >= 0 {
			return from + n
		}
	}
	return -1
}
