package main

import (
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"
)

// typing is the line at the foot of the window.
type typing struct {
	input   editor
	before  history
	finding completion
}

// entered empties the line, which Up brings back if it may be kept.
func (t *typing) entered(kept bool) {
	if kept {
		t.before.add(t.input.text)
	} else {
		t.before.at, t.before.draft = len(t.before.lines), ""
	}
	t.input = editor{}
}

// history is the lines that were typed before.
type history struct {
	lines []string
	at    int    // len(lines) is the line being typed
	draft string // which is kept here meanwhile
}

// maxHistory is how many lines Up can go back.
const maxHistory = 500

func (h *history) add(line string) {
	if n := len(h.lines); n == 0 || h.lines[n-1] != line {
		h.lines = append(h.lines, line)
	}
	if len(h.lines) > maxHistory {
		h.lines = h.lines[1:]
	}
	h.at, h.draft = len(h.lines), ""
}

// recall brings back a line that was typed before, or the one that is being typed.
func (t *typing) recall(by int) {
	h := &t.before
	to := h.at + by
	if to < 0 || to > len(h.lines) {
		return
	}
	if h.at == len(h.lines) {
		h.draft = t.input.text
	}
	h.at = to
	line := h.draft
	if to < len(h.lines) {
		line = h.lines[to]
	}
	t.input.set(line, len(line))
}

// row draws the line, as much of it as fits, and says in which column the cursor is.
func (t *typing) row(width int) (row string, column int) {
	text, at := t.shown()
	space := width - lipgloss.Width(prompt) - 1
	if space < 1 {
		return "", 0
	}
	// The cursor needs a column of its own behind the text in front of it.
	front := tail(text[:at], space)
	row = prompt + front + clipHard(text[at:], space-lipgloss.Width(front)+1)
	return row, lipgloss.Width(prompt) + lipgloss.Width(front)
}

// secretVerbs are those behind which nobody else should read from the screen, in any case behind a slash.
var secretVerbs = []string{"/pass", "/login", "/register", "/oper", "/trust"}

// secretFrom is where in text begins what may be a password or a key, len(text) for nowhere. Without a slash, what begins in lower case is said.
func secretFrom(text string) int {
	verb, args, _ := strings.Cut(text, " ")
	if text == "" || (verb[0] != '/' && text[0] >= 'a') {
		return len(text)
	}
	words := -1 // between the verb and the secret
	switch verb = strings.ToLower("/" + strings.TrimPrefix(verb, "/")); {
	case slices.Contains(secretVerbs, verb):
		words = 0
	case verb == "/join" && strings.HasPrefix(args, "#"):
		words = 1
	case verb == "/room":
		words = keyBehind(strings.Fields(args))
	}
	if words < 0 {
		return len(text)
	}
	at := 0
	for range words + 1 {
		space := strings.IndexByte(text[at:], ' ')
		if space < 0 {
			return len(text)
		}
		at += space + 1
	}
	return at
}

// keyBehind is how many words stand between /room and the key of a room that it sets, -1 where it sets none.
func keyBehind(args []string) int {
	for i, word := range args[:min(len(args), 2)] {
		if strings.EqualFold(word, "key") {
			return i + 1
		}
		if !strings.HasPrefix(word, "#") {
			break
		}
	}
	return -1
}

// shown is the line being typed, with stars in the place of what may be a password, and where in it the cursor is.
func (t *typing) shown() (text string, at int) {
	from := secretFrom(t.input.text)
	front, behind := starred(t.input.text[:t.input.at], from), starred(t.input.text, from)
	return behind, len(front)
}

// starred puts a star for each character behind the first n bytes.
func starred(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:n] + strings.Repeat("*", utf8.RuneCountInString(text[n:]))
}

// offer begins a line for the person, unless they are typing one.
func (t *typing) offer(text string) {
	if t.input.text == "" {
		t.input.set(text, len(text))
	}
}
