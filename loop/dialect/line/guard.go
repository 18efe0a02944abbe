package line

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"looproom/loop/room"
)

// The guard: what is typed like a verb that carries a password or a key, and isn't one, is not said. Most such lines are slips of the hand, and what
// has been said can't be called back.

// guarded is a verb that carries a password, or a key.
type guarded struct {
	verb string
	// idioms are the words that follow it in ordinary talk: "pass the salt please", "login is broken again". They make talk of a line only where it is longer than the
	// verb's own form and has nothing but words in it; a password hardly is all of that.
	idioms []string
	// secret says whether a word may be what it carries; nil: any may.
	secret func(word string) bool
}

// guards has these verbs by their first letters, in upper case.
var guards = map[rune]*guarded{
	'P': {"PASS", []string{"the", "it", "on", "me", "by", "through", "over", "away", "out", "up", "that"}, nil},
	'R': {"REGISTER", []string{"for", "at", "with", "on", "to", "by", "here"}, nil},
	'L': {"LOGIN", []string{"is", "was", "isn't", "does", "doesn't", "to", "with", "at", "and", "page", "screen", "button", "works", "fails", "failed"}, nil},
	'O': {"OPER", nil, nil},
	'T': {"TRUST", []string{"me", "us", "him", "her", "them", "it", "in", "the", "that", "no", "nobody", "your", "my", "our"}, seemsKey},
}

// givesAway says whether text, which is about to be said, looks as if a password or a key stood in it, and of which verb. It never allocates for
// ordinary talk.
func givesAway(text []byte) (verb string, yes bool) {
	text = bytes.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	first, _ := utf8.DecodeRune(text)
	g := guards[unicode.ToUpper(narrow(first))]
	if g == nil {
		return "", false
	}
	rest, begins := behindVerb(text, g.verb)
	if !begins {
		return "", false
	}
	given := strings.FieldsFunc(string(rest), endsVerb)
	carries := len(given) > 0 && (g.secret == nil || slices.ContainsFunc(given, g.secret))
	return g.verb, carries && !g.isTalk(strings.Fields(strings.TrimLeftFunc(string(rest), endsVerb)))
}

// behindVerb returns what stands behind the verb, if text begins with it in any case and width.
func behindVerb(text []byte, verb string) (rest []byte, begins bool) {
	for _, letter := range verb {
		r, n := utf8.DecodeRune(text)
		if unicode.ToUpper(narrow(r)) != letter {
			return nil, false
		}
		text = text[n:]
	}
	next, _ := utf8.DecodeRune(text)
	return text, endsVerb(next)
}

// isTalk says whether the words behind the verb are those of ordinary talk. Only blanks part them: "up=sesame" is one, and no word.
func (g *guarded) isTalk(words []string) bool {
	own := len(strings.Fields(byName[g.verb].takes))
	return len(words) > own && slices.Contains(g.idioms, strings.ReplaceAll(strings.ToLower(words[0]), "’", "'")) && !slices.ContainsFunc(words, isNoWord)
}

// seemsKey says whether word, or what is in its quotes, is long enough to be a key and has nothing else in it.
func seemsKey(word string) bool {
	word = strings.Trim(word, "'\"“”<>.,")
	return isToken(word, minKey, len(word))
}

// isNoWord says whether there is more in word than letters, and the marks that stand behind, in front of and within words.
func isNoWord(word string) bool {
	return strings.ContainsFunc(strings.TrimRight(word, ":"), func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(`'’"“”,.!?;()-…`, r) })
}

// endsVerb says whether r can stand between a verb and what it is given, as people type it.
func endsVerb(r rune) bool {
	return unicode.IsSpace(r) || r == ':' || r == '=' || r == '：' || r == '＝'
}

// narrow is r as it stands on a keyboard of ASCII, if it is the full-width form of a letter.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// refuseGiven makes cmd the refusal of a line that would have given a password away. It tells nothing of the line.
func refuseGiven(verb string, cmd *room.Command) {
	cmd.Because(room.Refusal{Why: room.GivesAway, Text: verb, N: room.None})
}
