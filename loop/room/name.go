package room

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// MaxName is the longest name of a user or a room (without its #), in characters.
const MaxName = 32

// AwayMark stands behind the name of a user who is away, in lists. No name may end in it.
const AwayMark = "(away)"

// reserved are the characters that a server line can begin with, so no name may.
const reserved = "[]<>#/!*="

var (
	errNameLength   = errors.New("a name has 1 to 32 characters")
	errNameReserved = errors.New("a name can't begin with one of [ ] < > # / ! * =")
	errNameAddress  = errors.New("a name can't look like an address or a network")
	errNameAway     = errors.New("a name can't end in " + AwayMark)
	errNameLetters  = errors.New("a name has letters, digits and punctuation, and no spaces")
	errRoomHash     = errors.New("the name of a room begins with #")
)

// checkName returns the form of name that is shown and the key under which it is unique: the RFC 8265 profiles
// UsernameCasePreserved and UsernameCaseMapped. The errors are for people.
func checkName(name string) (shown, key string, err error) {
	if strings.IndexByte(reserved, firstByte(name)) >= 0 {
		return "", "", errNameReserved
	}
	if shown, err = precis.UsernameCasePreserved.String(name); err != nil {
		return "", "", errNameLetters
	}
	if key, err = precis.UsernameCaseMapped.CompareKey(name); err != nil {
		return "", "", errNameLetters
	}
	// The mapping can bring one of these to the front: a full-width # becomes #.
	if strings.IndexByte(reserved, firstByte(shown)) >= 0 {
		return "", "", errNameReserved
	}
	if n := utf8.RuneCountInString(shown); n < 1 || n > MaxName {
		return "", "", errNameLength
	}
	if strings.HasSuffix(key, AwayMark) {
		return "", "", errNameAway
	}
	if looksLikeAddress(key) {
		return "", "", errNameAddress
	}
	if key == shown {
		key = shown // one string in memory, and not two
	}
	return shown, key, nil
}

// checkRoom is checkName for rooms, whose names begin with #.
func checkRoom(name string) (shown, key string, err error) {
	bare, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", "", errRoomHash
	}
	shown, key, err = checkName(bare)
	if err == nil && strings.Contains(shown, ",") {
		err = errNameLetters // WHO separates rooms by commas.
	}
	return "#" + shown, "#" + key, err
}

// foldName returns the key of a name that somebody may have, a guest's address included.
func foldName(name string) (key string, ok bool) {
	key, err := precis.UsernameCaseMapped.CompareKey(name)
	return key, err == nil
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
