package main

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// folded is a word as searches compare it: without regard to case and to marks on letters.
func folded(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(word))
}

// isWordRune says whether a character is part of a word for searches.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.Is(unicode.Co, r)
}

// wantedWords are the words of a search, folded; one of which only the beginning is wanted has a * behind it.
func wantedWords(query string) (words []string) {
	for query != "" {
		from, to := nextWord(query)
		if from == to {
			return words
		}
		word := folded(query[from:to])
		if query = query[to:]; strings.HasPrefix(query, "*") {
			word += "*"
		}
		if word != "" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// nextWord is where the first word of text stands.
func nextWord(text string) (from, to int) {
	if from = strings.IndexFunc(text, isWordRune); from < 0 {
		return 0, 0
	}
	if to = strings.IndexFunc(text[from:], func(r rune) bool { return !isWordRune(r) }); to < 0 {
		return from, len(text)
	}
	return from, from + to
}

// isHit says whether a folded word is one of those that are wanted.
func isHit(word string, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(want string) bool {
		if begin, ok := strings.CutSuffix(want, "*"); ok {
			return strings.HasPrefix(word, begin)
		}
		return word == want
	})
}

// markHits marks the wanted words in text.
func markHits(text string, wanted []string) string {
	var b strings.Builder
	for text != "" {
		from, to := nextWord(text)
		if from == to {
			break
		}
		b.WriteString(text[:from])
		if word := text[from:to]; isHit(folded(word), wanted) {
			b.WriteString(hitStyle.Render(word))
		} else {
			b.WriteString(word)
		}
		text = text[to:]
	}
	return b.String() + text
}
