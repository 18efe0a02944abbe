package main

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// editor is a line that is being typed. Its cursor stands between characters as a person sees them: an emoji of several code points is one.
type editor struct {
	text string
	at   int // bytes in front of the cursor
}

// edits has what each key does to the line.
var edits = map[string]func(*editor){
	"left":           func(e *editor) { e.at = e.before() },
	"right":          func(e *editor) { e.at = e.behind() },
	"ctrl+b":         func(e *editor) { e.at = e.before() },
	"ctrl+f":         func(e *editor) { e.at = e.behind() },
	"home":           func(e *editor) { e.at = 0 },
	"end":            func(e *editor) { e.at = len(e.text) },
	"ctrl+a":         func(e *editor) { e.at = 0 },
	"ctrl+e":         func(e *editor) { e.at = len(e.text) },
	"alt+b":          func(e *editor) { e.at = e.wordBefore() },
	"alt+f":          func(e *editor) { e.at = e.wordBehind() },
	"ctrl+left":      func(e *editor) { e.at = e.wordBefore() },
	"ctrl+right":     func(e *editor) { e.at = e.wordBehind() },
	"alt+left":       func(e *editor) { e.at = e.wordBefore() },
	"alt+right":      func(e *editor) { e.at = e.wordBehind() },
	"backspace":      func(e *editor) { e.cut(e.before(), e.at) },
	"ctrl+h":         func(e *editor) { e.cut(e.before(), e.at) },
	"delete":         func(e *editor) { e.cut(e.at, e.behind()) },
	"ctrl+d":         func(e *editor) { e.cut(e.at, e.behind()) },
	"ctrl+u":         func(e *editor) { e.cut(0, e.at) },
	"ctrl+k":         func(e *editor) { e.cut(e.at, len(e.text)) },
	"ctrl+w":         func(e *editor) { e.cut(e.wordBefore(), e.at) },
	"alt+backspace":  func(e *editor) { e.cut(e.wordBefore(), e.at) },
	"ctrl+backspace": func(e *editor) { e.cut(e.wordBefore(), e.at) },
	"alt+d":          func(e *editor) { e.cut(e.at, e.wordBehind()) },
}

// set replaces the line; the cursor is at bytes from its beginning.
func (e *editor) set(text string, at int) { e.text, e.at = text, at }

// insert puts text in front of the cursor, without what can't be seen. It returns false, and does nothing, where the line would be too long.
func (e *editor) insert(text string) bool {
	text = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' {
			return ' '
		}
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	if len(e.text)+len(text) > maxTyped {
		return false
	}
	e.text = e.text[:e.at] + text + e.text[e.at:]
	e.at += len(text)
	return true
}

// cut takes out what stands between two places.
func (e *editor) cut(from, to int) {
	e.text, e.at = e.text[:from]+e.text[to:], from
}

// before is where the character in front of the cursor begins.
func (e *editor) before() int {
	place := 0
	for rest := e.text[:e.at]; rest != ""; {
		cluster, more, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		if more == "" {
			return place
		}
		place += len(cluster)
		rest = more
	}
	return place
}

// behind is where the character behind the cursor ends.
func (e *editor) behind() int {
	cluster, _, _, _ := uniseg.FirstGraphemeClusterInString(e.text[e.at:], -1)
	return e.at + len(cluster)
}

func (e *editor) wordBefore() int {
	return strings.LastIndexByte(strings.TrimRight(e.text[:e.at], " "), ' ') + 1
}

func (e *editor) wordBehind() int {
	rest := e.text[e.at:]
	spaces := len(rest) - len(strings.TrimLeft(rest, " "))
	if end := strings.IndexByte(rest[spaces:], ' '); end >= 0 {
		return e.at + spaces + end
	}
	return len(e.text)
}
