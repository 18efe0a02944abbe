package line

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"looproom/loop/room"
)

// The guard: what is typed like a verb that carries a password, and isn't one, is not said. Most such lines are slips of the hand, and what
// has been said can't be called back.

// idioms are the words that follow such a verb in ordinary talk, by the verb: "pass the salt please", "login is broken again". They make
// talk of a line only where it is longer than the verb's own form and has nothing but words in it; a password hardly is all of that.
var idioms = map[string][]string{
	"PASS":     {"the", "it", "on", "me", "by", "through", "over", "away", "out", "up", "that"},
	"REGISTER": {"for", "at", "with", "on", "to", "by", "here"},
	"LOGIN":    {"is", "was", "isn't", "does", "doesn't", "to", "with", "at", "and", "page", "screen", "button", "works", "fails", "failed"},
	"OPER":     nil,
}

// longestSecretVerb bounds the word that is compared with those above.
const longestSecretVerb = len("REGISTER")

// givesAway says whether text, which is about to be said, looks as if a password stood in it, and of which verb. It never allocates for
// ordinary talk.
func givesAway(text []byte) (verb string, yes bool) {
	text = bytes.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if first, _ := utf8.DecodeRune(text); !strings.ContainsRune("plroPLRO", narrow(first)) {
		return "", false
	}
	end := bytes.IndexFunc(text, endsVerb)
	if end < 0 || end > 3*longestSecretVerb { // three bytes each where they are full-width
		return "", false
	}
	verb = strings.ToUpper(strings.Map(narrow, string(text[:end])))
	usual, carries := idioms[verb]
	if !carries {
		return "", false
	}
	words := strings.FieldsFunc(string(text[end:]), endsVerb)
	return verb, len(words) > 0 && !isTalk(verb, usual, words)
}

// isTalk says whether the words behind such a verb are those of ordinary talk.
func isTalk(verb string, usual, words []string) bool {
	own := len(strings.Fields(byName[verb].takes))
	return len(words) > own && slices.Contains(usual, strings.ReplaceAll(strings.ToLower(words[0]), "’", "'")) && !slices.ContainsFunc(words, isNoWord)
}

// isNoWord says whether there is more in word than letters, and the marks that stand behind, in front of and within words.
func isNoWord(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(`'’"“”,.!?;()-…`, r) })
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
