package irc

import (
	"iter"
	"strings"
	"unicode/utf8"

	"looproom/loop/room"
)

// within returns as many whole characters of the front of text as there are in limit bytes.
func within(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return text[:runeCut(text, max(limit, 0))]
}

// runeCut returns the last boundary of characters in text, which is longer than limit, at or before limit. Where none is near, text isn't UTF-8 and is cut there.
func runeCut(text string, limit int) int {
	for cut := limit; cut >= 0 && cut > limit-utf8.UTFMax; cut-- {
		if utf8.RuneStart(text[cut]) {
			return cut
		}
	}
	return limit
}

// splitWords cuts words into pieces of at most that many bytes, for as many messages: at a space, which then is in neither, if there is one in the last quarter, and else
// between two characters. Words that fit, empty ones too, are one piece. At least one character has room.
//
// Colours and other formatting are not carried over into the next piece.
func splitWords(words string, most int) iter.Seq[string] {
	most = max(most, utf8.UTFMax)
	return func(yield func(string) bool) {
		for len(words) > most {
			piece, rest := cutWords(words, most)
			if !yield(piece) {
				return
			}
			words = rest
		}
		yield(words)
	}
}

// cutWords cuts the first piece off words that are longer than most. Neither part is empty, unless words end in the space at which they are cut: then nothing is lost there, and the space stays.
func cutWords(words string, most int) (piece, rest string) {
	least := max(most-most/4, 1)
	if space := strings.LastIndexByte(words[least:most+1], ' '); space >= 0 && least+space+1 < len(words) {
		return words[:least+space], words[least+space+1:]
	}
	cut := runeCut(words, most)
	return words[:cut], words[cut:]
}

// splitWhole is splitWords of which nothing is lost: the space at which it cuts stays in front of the cut.
func splitWhole(words string, most int) iter.Seq[string] {
	most = max(most, utf8.UTFMax)
	return func(yield func(string) bool) {
		for len(words) > most {
			cut := runeCut(words, most)
			if space := strings.LastIndexByte(words[most-most/4:most], ' '); space >= 0 {
				cut = most - most/4 + space + 1
			}
			if !yield(words[:cut]) {
				return
			}
			words = words[cut:]
		}
		yield(words)
	}
}

// repeated is a parameter as an answer repeats it.
func repeated(param string) string { return within(param, maxRest/4) }

// fitting is words that are no longer than the room takes.
func fitting(words string) string {
	if utf8.RuneCountInString(words) <= room.MaxWords {
		return words
	}
	return string([]rune(words)[:room.MaxWords])
}
