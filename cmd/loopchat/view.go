package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

const (
	// sideFrom is the width of a window from which on the users are shown, in sideWidth columns with the line in front of them.
	sideFrom  = 80
	sideWidth = 22
	prompt    = "> "
)

// View draws the window.
func (w *window) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = "loopchat " + w.address.Target
	if w.width < 1 || w.height < 1 {
		return v
	}
	rows := w.historyRows()
	if w.height > 1 {
		rows = append(rows, w.bar())
	}
	line, column := w.inputRow()
	v.SetContent(strings.Join(append(rows, line), "\n"))
	v.Cursor = tea.NewCursor(column, len(rows))
	return v
}

func (w *window) historyHeight() int { return max(0, w.height-2) }

func (w *window) hasSide() bool { return w.width >= sideFrom && w.room() != nil }

func (w *window) historyWidth() int {
	if w.hasSide() {
		return w.width - sideWidth
	}
	return w.width
}

// historyRows returns exactly as many rows as there is room for, with the users at their side.
func (w *window) historyRows() []string {
	height, width, p := w.historyHeight(), w.historyWidth(), w.shown()
	p.resize(width)
	rows := make([]string, height)
	visible := p.visible(height)
	copy(rows[height-len(visible):], visible)
	if p.above > 0 && height > 0 {
		rows[height-1] = barStyle.Render(clip(fmt.Sprintf(" %s more below (PgDn, Esc) ", plural(p.above, "row")), width))
	}
	if !w.hasSide() {
		return rows
	}
	side := w.side(height)
	for i := range rows {
		rows[i] = padded(rows[i], width) + quietStyle.Render("│ ") + side[i]
	}
	return rows
}

// side returns the users of the room in sight, one in a row.
func (w *window) side(height int) []string {
	room, rows := w.room(), make([]string, height)
	names := room.Users()
	lines := []string{quietStyle.Render(plural(int(room.Count), "user"))}
	for i, name := range names {
		if len(lines) == height-1 && i < len(names)-1 {
			lines = append(lines, quietStyle.Render(fmt.Sprintf("... %d more", len(names)-i)))
			break
		}
		lines = append(lines, w.user(name, room.Away(name)))
	}
	copy(rows, lines)
	return rows
}

func (w *window) user(name string, away bool) string {
	const width = sideWidth - 2
	switch {
	case away:
		return quietStyle.Render(clip(name, width-len(" (away)")) + " (away)")
	case name == w.chat.Name:
		return ownStyle.Render(clip(name, width))
	}
	return nameStyle(name).Render(clip(name, width))
}

// bar is the status line.
func (w *window) bar() string {
	left := " " + strings.Join(w.barParts(), " · ")
	right := w.rooms()
	room := w.width - lipgloss.Width(right) - 1
	if room < w.width/3 {
		right, room = "", w.width
	}
	left = clip(left, room)
	gap := strings.Repeat(" ", max(0, w.width-lipgloss.Width(left)-lipgloss.Width(right)))
	return barStyle.Render(left+gap) + right
}

func (w *window) barParts() []string {
	parts := []string{w.place(), w.self(), w.address.Target}
	if s := w.situation(); s != "" {
		parts = append(parts[:2], s, parts[2])
	}
	if w.moving != "" {
		parts = append([]string{w.moving}, parts...)
	}
	if room := w.room(); room != nil && room.Topic != "" {
		parts = append(parts, room.Topic)
	}
	return parts
}

func (w *window) place() string {
	switch name := w.shown().room; {
	case name == "":
		return "loopchat"
	case w.room() == nil:
		return name + " (not in it)"
	case w.width < sideFrom:
		return fmt.Sprintf("%s %d", name, w.room().Count)
	default:
		return name
	}
}

func (w *window) self() string {
	name := w.chat.Name
	if name == "" {
		name = "guest"
	}
	if w.chat.Away {
		name += " (away)"
	}
	return name
}

// situation is how the connection is, "" when all is well.
func (w *window) situation() string {
	waiting := ""
	n, _ := w.session.Undelivered()
	if n > 0 {
		waiting = ", " + plural(n, "line") + " waiting"
	}
	switch {
	case w.leaving:
		return "leaving"
	case w.departure.wanted:
		return "leaving" + waiting
	case w.state == connecting:
		return "connecting" + waiting
	case w.state == entering:
		return "entering" + waiting
	case w.held:
		return "disconnected" + waiting
	case w.state == down:
		return "server is down" + waiting
	case w.insecure:
		return "NOT SECURE" + waiting
	case n > 1:
		return plural(n, "line") + " waiting"
	}
	return ""
}

// rooms is the list of rooms at the right of the status line, where there are several.
func (w *window) rooms() string {
	if len(w.panes) < 2 {
		return ""
	}
	var parts []string
	for i, p := range w.panes {
		label := strconv.Itoa(i+1) + ":" + clip(p.room, 16)
		style := barStyle
		if p.unread > 0 {
			label += "(" + strconv.Itoa(p.unread) + ")"
			style = unreadStyle
		}
		if i == w.at {
			label = "[" + label + "]"
		}
		parts = append(parts, style.Render(label))
	}
	return barStyle.Render(" ") + strings.Join(parts, barStyle.Render(" ")) + barStyle.Render(" ")
}

// inputRow draws the line that is being typed, as much of it as fits, and says in which column the cursor is.
func (w *window) inputRow() (row string, column int) {
	if w.question != nil {
		row = clip(w.question.words, w.width-1)
		return lipgloss.NewStyle().Bold(true).Render(row), min(w.width-1, lipgloss.Width(row))
	}
	text, at := w.typedShown()
	space := w.width - lipgloss.Width(prompt) - 1
	if space < 1 {
		return "", 0
	}
	// The cursor needs a column of its own behind the text in front of it.
	front := tail(text[:at], space)
	row = prompt + front + clipHard(text[at:], space-lipgloss.Width(front)+1)
	return row, lipgloss.Width(prompt) + lipgloss.Width(front)
}

// tail is the end of text, as much of it as is no wider.
func tail(text string, width int) string {
	runes := []rune(text)
	start := sort.Search(len(runes), func(i int) bool { return lipgloss.Width(string(runes[i:])) <= width })
	return string(runes[start:])
}

// secretVerbs are those whose arguments nobody else should read from the screen.
var secretVerbs = []string{"/pass ", "/login ", "/register ", "/oper ", "pass ", "login ", "register ", "oper "}

// typedShown is the line being typed, with stars in the place of what may be a password, and where in it the cursor is.
func (w *window) typedShown() (text string, at int) {
	text, at = w.input.text, w.input.at
	for _, verb := range secretVerbs {
		if strings.HasPrefix(strings.ToLower(text), verb) && (verb[0] == '/' || text[0] < 'a') {
			front, behind := starred(text[:at], len(verb)), starred(text, len(verb))
			return behind, len(front)
		}
	}
	return text, at
}

// starred puts a star for each character behind the first n bytes.
func starred(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:n] + strings.Repeat("*", utf8.RuneCountInString(text[n:]))
}

// padded fills a row with spaces.
func padded(row string, width int) string {
	return row + strings.Repeat(" ", max(0, width-lipgloss.Width(row)))
}

// clip cuts text to a width, with a mark where something is missing.
func clip(text string, width int) string {
	if lipgloss.Width(text) <= width {
		return text
	}
	return clipHard(text, width-1) + "…"
}

// clipHard cuts text to a width.
func clipHard(text string, width int) string {
	if width <= 0 {
		return ""
	}
	return lipgloss.NewStyle().MaxWidth(width).Render(text)
}
