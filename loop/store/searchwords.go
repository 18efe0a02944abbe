package store

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrNoWord is the error of a search whose words have no letter and no digit.
var ErrNoWord = errors.New("nothing to look for: a word has letters or digits")

// maxTerms is how many words the index is asked for. Whatever else is looked for is compared with what the index finds.
const maxTerms = 16

// term is a word that is looked for, folded as eachWord has it.
type term struct {
	word   string
	prefix bool // a word that begins so will do
}

// terms are the words of a search, each once.
func terms(words string) (all []term, err error) {
	eachWord(words, func(word []byte, starred bool) bool {
		if t := (term{string(word), starred}); !slices.Contains(all, t) {
			all = append(all, t)
		}
		return true
	})
	if len(all) == 0 {
		return nil, ErrNoWord
	}
	return all, nil
}

// isWide says whether very many words may begin so.
func (t term) isWide() bool { return t.prefix && utf8.RuneCountInString(t.word) < 3 }

// isIn says whether a text has all these words.
func isIn(text string, all []term) bool {
	missing := slices.Clone(all)
	eachWord(text, func(word []byte, _ bool) bool {
		missing = slices.DeleteFunc(missing, func(t term) bool { return t.is(word) })
		return len(missing) > 0
	})
	return len(missing) == 0
}

func (t term) is(word []byte) bool {
	if t.prefix {
		return bytes.HasPrefix(word, []byte(t.word))
	}
	return string(word) == t.word
}

// expression is what the index is asked for, of one field: all these words, said by that one, "" for anyone. Each stands in quotes, and has only letters and digits, so that nobody's words are taken
// for a part of the language of the index.
func (f field) expression(all []term, by string) string {
	var asked []string
	all = all[:min(maxTerms, len(all))]
	narrow := by != "" || f.talk != 0 || slices.ContainsFunc(all, func(t term) bool { return !t.isWide() })
	for _, t := range all {
		if narrow && t.isWide() { // the index would gather very many: what it finds by the rest is compared with it
			continue
		}
		quoted := string(append(append(appendTag([]byte{'"'}, f.place, wordTag), t.word...), '"'))
		if t.prefix {
			quoted += " *"
		}
		asked = append(asked, quoted)
	}
	if by != "" {
		asked = append(asked, string(append(append(appendTag([]byte{'"'}, f.place, byTag), hashed(by)...), '"')))
	}
	if f.talk != 0 {
		asked = append(asked, f.numbered(talkTag, f.talk))
	}
	return strings.Join(asked, " AND ")
}
