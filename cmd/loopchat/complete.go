package main

import (
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// commands are what Tab completes behind a slash.
var commands = []string{
	"/add", "/away", "/back", "/ban", "/bans", "/clear", "/drain", "/files", "/get", "/help", "/join", "/kick", "/list", "/login", "/me", "/msg",
	"/nick", "/oper", "/part", "/pass", "/ping", "/quit", "/recent", "/reconnect", "/register", "/resend", "/rooms", "/say", "/send", "/shun", "/stats",
	"/topic", "/unban", "/unregister", "/who",
}

// completion is a word that Tab has completed, and what else it could be.
type completion struct {
	choices       []string
	at            int
	before, after string // what stands around the word
}

func (w *window) completeNext() tea.Cmd     { return w.complete(1) }
func (w *window) completePrevious() tea.Cmd { return w.complete(-1) }

func (w *window) complete(by int) tea.Cmd {
	c := &w.finding
	if len(c.choices) > 0 {
		c.at = (c.at + by + len(c.choices)) % len(c.choices)
	} else if !w.lookUp() {
		return nil
	}
	text := c.before + c.choices[c.at]
	w.input.set(text+c.after, len(text))
	return nil
}

// lookUp looks for what the word in front of the cursor can be.
func (w *window) lookUp() bool {
	front, after := w.input.text[:w.input.at], w.input.text[w.input.at:]
	start := strings.LastIndexByte(front, ' ') + 1
	if path, ok := strings.CutPrefix(front, "/send "); ok {
		start = len(front) - len(path)
	}
	w.finding = completion{choices: w.choices(front[:start], front[start:]), before: front[:start], after: after}
	return len(w.finding.choices) > 0
}

// choices returns what a word that begins so can be, with what is to follow it.
func (w *window) choices(before, word string) []string {
	switch {
	case before == "" && strings.HasPrefix(word, "/"):
		return beginning(word, commands, " ")
	case before == "/send ":
		return paths(word)
	case strings.HasPrefix(word, "#"):
		return beginning(word, w.knownRooms(), " ")
	case before == "":
		return beginning(word, w.knownUsers(), ": ")
	}
	return beginning(word, w.knownUsers(), " ")
}

func beginning(word string, all []string, end string) (some []string) {
	for _, one := range all {
		if len(one) >= len(word) && strings.EqualFold(one[:len(word)], word) {
			some = append(some, one+end)
		}
	}
	return some
}

func (w *window) knownRooms() []string {
	names := slices.Clone(w.roomNames)
	for _, room := range w.chat.Rooms() {
		names = append(names, room.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// knownUsers are those in the room in sight, and those who have said something there or to this person.
func (w *window) knownUsers() (names []string) {
	if room := w.room(); room != nil {
		names = room.Users()
	}
	entries := w.shown().entries
	for _, e := range entries[max(0, len(entries)-200):] {
		if e.who != "" && e.who != you && !slices.Contains(names, e.who) {
			names = append(names, e.who)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == w.chat.Name })
}

// paths are the files that begin so.
func paths(word string) (some []string) {
	pattern := strings.NewReplacer(`[`, `\[`, `*`, `\*`, `?`, `\?`).Replace(home(word)) + "*"
	found, _ := filepath.Glob(pattern)
	return found
}
