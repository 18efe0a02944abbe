package room

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// MaxName is the longest name of a user or a room (without its #), in characters.
const MaxName = 32

// AwayMark stands behind the name of a user who is away, in lists. No name may end in it.
const AwayMark = "(away)"

// reserved are the characters that a server line can begin with, so no name may.
const reserved = "<>#/!*="

// signs are the characters besides that no new name may begin with, and separators those that it may not have: in IRC they would be something else than a part of it.
const (
	signs      = "~&@%+$-:"
	separators = "!@,*?:"
)

// longestName is the most bytes in which a name may be written, as separate letters and marks: a name of 32 Hangul syllables has 288. What is
// longer isn't looked at, as its mapping would cost a millisecond.
const longestName = 3 * utf8.UTFMax * MaxName

// checkNew is checkName for a name that is to be taken. It must not be made of letters and marks that are there to look like others; who has
// registered such a name before keeps it.
func checkNew(name string) (shown, key string, why Reason) {
	shown, key, why = checkName(name)
	switch {
	case why != 0:
		return "", "", why
	case tooManyMarks(shown):
		return "", "", NameMarks
	case mixesScripts(shown):
		return "", "", NameScripts
	}
	look := skeleton(key)
	switch {
	case strings.IndexByte(reserved, firstByte(look)) >= 0:
		return "", "", NameBegins
	case strings.HasSuffix(look, AwayMark):
		return "", "", NameLikeAway
	case passesForAddress(look, key):
		return "", "", NameLikeAddress
	}
	return shown, key, 0
}

// checkNewUser is checkNew for the name of a user, which can be written in IRC.
func checkNewUser(name string) (shown, key string, why Reason) {
	shown, key, why = checkNew(name)
	switch {
	case why != 0:
		return "", "", why
	case strings.IndexByte(signs, shown[0]) >= 0:
		return "", "", NameBegins
	case strings.ContainsAny(shown, separators):
		return "", "", NameSeparates
	}
	return shown, key, 0
}

// Bounds of the marks on one letter: of those that stand above and below it and pile up, and with the signs that Indic scripts need besides.
const (
	maxMarks      = 2
	maxMarksInAll = 4
)

// tooManyMarks says whether a letter has more marks than that, or a mark has no letter.
func tooManyMarks(name string) bool {
	letters, marks, all := 0, 0, 0
	for _, r := range name {
		if r < utf8.RuneSelf || !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Me, r) {
			letters, marks, all = letters+1, 0, 0
			continue
		}
		if all++; !isIndicSign(r) {
			marks++
		}
		if letters == 0 || marks > maxMarks || all > maxMarksInAll {
			return true
		}
	}
	return false
}

// isIndicSign says whether r is a nukta or a virama, by its combining class.
func isIndicSign(r rune) bool {
	class := norm.NFC.PropertiesString(string(r)).CCC()
	return class == 7 || class == 9
}

// checkName returns the form of name that is shown and the key under which it is unique: the RFC 8265 profiles
// UsernameCasePreserved and UsernameCaseMapped; or why there is none.
func checkName(name string) (shown, key string, why Reason) {
	if len(name) > longestName {
		return "", "", NameLength
	}
	if strings.IndexByte(reserved, firstByte(name)) >= 0 {
		return "", "", NameBegins
	}
	shown, err := precis.UsernameCasePreserved.String(name)
	if err != nil {
		return "", "", NameLetters
	}
	if key, err = precis.UsernameCaseMapped.CompareKey(name); err != nil {
		return "", "", NameLetters
	}
	// The mapping can bring one of these to the front: a full-width # becomes #.
	if strings.IndexByte(reserved, firstByte(shown)) >= 0 {
		return "", "", NameBegins
	}
	if n := utf8.RuneCountInString(shown); n < 1 || n > MaxName {
		return "", "", NameLength
	}
	if strings.HasSuffix(key, AwayMark) {
		return "", "", NameLikeAway
	}
	if looksLikeAddress(key) {
		return "", "", NameLikeAddress
	}
	shown = strings.Clone(shown) // it may be a part of a long line
	if key == shown {
		key = shown // one string in memory, and not two
	}
	return shown, key, 0
}

// checkRoom is checkNew for rooms, whose names begin with #.
func checkRoom(name string) (shown, key string, why Reason) {
	bare, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", "", NameWithoutHash
	}
	shown, key, why = checkNew(bare)
	if why == 0 && strings.Contains(shown, ",") {
		why = NameLetters // WHO separates rooms by commas.
	}
	return "#" + shown, "#" + key, why
}

// foldName returns the key of a name that somebody may have, a guest's address included.
func foldName(name string) (key string, ok bool) {
	if len(name) > longestName+1 { // with the # of a room
		return "", false
	}
	key, err := precis.UsernameCaseMapped.CompareKey(name)
	return key, err == nil
}

// sameName says whether two names are the same as names are compared.
func sameName(a, b string) bool {
	one, ok := foldName(a)
	other, is := foldName(b)
	return ok && is && one == other
}

func firstByte(s string) byte {
	if s == "" {
		return ' '
	}
	return s[0]
}

// looksLikeAddress says whether a guest could have that name, or a ban take it for an address or a network: it ends in a port, or is made
// of an address's characters only, be there a zone or the length of a prefix behind them.
func looksLikeAddress(s string) bool {
	if before, length, ok := cutLast(s, '/'); ok && onlyOf(length, "0123456789") {
		s = before
	}
	s, _, _ = strings.Cut(s, "%")
	if host, port, ok := cutLast(s, ':'); ok && host != "" && onlyOf(port, "0123456789") {
		return true
	}
	if onlyOf(s, "0123456789.") && strings.Contains(s, ".") {
		return true
	}
	return onlyOf(s, "0123456789abcdef.:") && strings.Count(s, ":") >= 2
}

func cutLast(s string, sep byte) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func onlyOf(s, chars string) bool {
	return s != "" && strings.Trim(s, chars) == ""
}
