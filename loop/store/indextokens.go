package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is how many bytes of a word count, so that none is too long for the index.
const maxWord = 64

// eachWord calls yield with each word of a text, folded, and whether a * stands right behind it, until it returns false. The word is used again for the next. Words are runs of letters and
// digits of any script; case, and the diacritics that U+0300 to U+036F are in Unicode's decomposition, make no difference.
func eachWord(text string, yield func(word []byte, starred bool) bool) {
	if !isASCII(text) {
		text = norm.NFD.String(text)
	}
	word := make([]byte, 0, maxWord+utf8.UTFMax)
	full := false
	for _, r := range text {
		switch {
		case r >= 0x300 && r <= 0x36f:
			continue
		case isWord(r), len(word) > 0 && unicode.IsMark(r):
			r = unicode.ToLower(r)
			if full = full || len(word)+utf8.RuneLen(r) > maxWord; !full {
				word = utf8.AppendRune(word, r)
			}
			continue
		case len(word) > 0 && !yield(word, r == '*'):
			return
		}
		word, full = word[:0], false
	}
	if len(word) > 0 {
		yield(word, false)
	}
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}

// The letters between the number of a place and what is said of a message. So no word of one place is the beginning of one of another, and no word that was said is anything but a word.
const (
	wordTag    = 'w' // a word that was said
	byTag      = 'b' // the key of who said it, hashed
	accountTag = 'a' // the number of its account
	talkTag    = 'c' // the number of the conversation
)

// appendTokens appends what the index has of a message, with a blank behind each. The tokenizer ascii takes each as one: letters and digits, and whatever isn't ASCII.
func appendTokens(dst []byte, e *entry) []byte {
	words := e.text
	if e.manner&happened != 0 { // nobody looks for what was done; but who has done it may be forgotten
		words = ""
	}
	eachWord(words, func(word []byte, _ bool) bool {
		dst = append(appendTag(dst, e.place, wordTag), word...)
		dst = append(dst, ' ')
		return true
	})
	dst = append(appendTag(dst, e.place, byTag), hashed(e.whoKey)...)
	if e.account != 0 {
		dst = append(dst, ' ')
		dst = strconv.AppendInt(appendTag(dst, e.place, accountTag), e.account, 10)
	}
	if e.talk != 0 {
		dst = append(dst, ' ')
		dst = strconv.AppendInt(appendTag(dst, e.place, talkTag), e.talk, 10)
	}
	return dst
}

func appendTag(dst []byte, place int64, tag byte) []byte {
	return append(strconv.AppendInt(dst, place, 10), tag)
}

// hashed is a name's key as it stands in the index: it may have any characters.
func hashed(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}
