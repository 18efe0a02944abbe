package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// commands are what Tab completes behind a slash.
var commands = []string{
	"/add", "/away", "/back", "/ban", "/bans", "/clear", "/drain", "/files", "/get", "/help", "/join", "/kick", "/list", "/login", "/me", "/msg",
	"/nick", "/oper", "/part", "/pass", "/ping", "/quit", "/recent", "/reconnect", "/register", "/resend", "/rooms", "/say", "/send", "/shun", "/stats",
	"/topic", "/unban", "/unregister", "/who",
}

// laterCommands are those that older servers don't have.
var laterCommands = []string{
	"/export", "/forget", "/history", "/ids", "/invite", "/jump", "/keep", "/logout", "/query", "/read", "/room", "/search", "/sessions",
}

// roomWords are what Tab completes behind /room.
var roomWords = []string{
	"ban", "clear", "deop", "devoice", "founder", "invite", "keep", "key", "kick", "lock", "mute", "op", "topic", "unban", "voice",
}

// knownCommands are the commands that work here.
func knownCommands(w *window) []string {
	if !w.chat.IDs {
		return commands
	}
	all := slices.Concat(commands, laterCommands)
	slices.Sort(all)
	return all
}

// completion is a word that Tab has completed, and what else it could be.
type completion struct {
	choices       []string
	at            int
	before, after string // what stands around the word
}

// complete completes the word in front of the cursor, or takes another of the words that it can be.
func (t *typing) complete(w *window, by int) {
	c := &t.finding
	if len(c.choices) > 0 {
		c.at = (c.at + by + len(c.choices)) % len(c.choices)
	} else if !t.lookUp(w) {
		return
	}
	text := c.before + c.choices[c.at]
	t.input.set(text+c.after, len(text))
}

// lookUp looks for what the word in front of the cursor can be.
func (t *typing) lookUp(w *window) bool {
	front, after := t.input.text[:t.input.at], t.input.text[t.input.at:]
	start := strings.LastIndexByte(front, ' ') + 1
	for _, verb := range withPaths {
		if path, ok := strings.CutPrefix(front, verb); ok {
			start = len(front) - len(path)
		}
	}
	t.finding = completion{choices: choices(w, front[:start], front[start:]), before: front[:start], after: after}
	return len(t.finding.choices) > 0
}

// choices returns what a word that begins so can be, with what is to follow it.
func choices(w *window, before, word string) []string {
	switch {
	case before == "" && strings.HasPrefix(word, "/"):
		return beginning(word, knownCommands(w), " ")
	case slices.Contains(withPaths, before):
		return paths(word)
	case before == "/forget ":
		return beginning(word, []string{"me"}, "")
	case isRoomCommand(before) && w.chat.IDs:
		return slices.Concat(beginning(word, roomWords, " "), beginning(word, knownRooms(w), " "))
	case strings.HasPrefix(word, "#"):
		return beginning(word, knownRooms(w), " ")
	case before == "":
		return beginning(word, knownUsers(w), ": ")
	}
	return beginning(word, knownUsers(w), " ")
}

// withPaths are the commands behind which a path stands.
var withPaths = []string{"/send ", "/export "}

// isRoomCommand says whether what is to be done with a room stands behind that.
func isRoomCommand(before string) bool {
	f := strings.Fields(strings.ToLower(before))
	return len(f) > 0 && f[0] == "/room" && (len(f) == 1 || len(f) == 2 && strings.HasPrefix(f[1], "#"))
}

func beginning(word string, all []string, end string) (some []string) {
	for _, one := range all {
		if len(one) >= len(word) && strings.EqualFold(one[:len(word)], word) {
			some = append(some, one+end)
		}
	}
	return some
}

func knownRooms(w *window) []string {
	names := slices.Clone(w.list.rooms)
	for _, room := range w.chat.Rooms() {
		names = append(names, room.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// knownUsers are those in the room in sight, and those who have said something there or to this person.
func knownUsers(w *window) (names []string) {
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
