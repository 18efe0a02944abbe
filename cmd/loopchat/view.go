package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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
	v.WindowTitle = "loopchat " + w.session.Target()
	if w.width < 1 || w.height < 1 {
		return v
	}
	f := frame{w}
	rows := f.history()
	if w.height > 1 {
		rows = append(rows, f.bar())
	}
	line, column := f.foot()
	v.SetContent(strings.Join(append(rows, line), "\n"))
	v.Cursor = tea.NewCursor(column, len(rows))
	return v
}

// frame draws a window; it changes nothing but the widths of panes.
type frame struct{ *window }

func (f frame) hasSide() bool { return f.width >= sideFrom && f.room() != nil }

func (f frame) historyWidth() int {
	if f.hasSide() {
		return f.width - sideWidth
	}
	return f.width
}

// history returns exactly as many rows as there is room for, with the users at their side.
func (f frame) history() []string {
	height, width, p := f.historyHeight(), f.historyWidth(), f.shown()
	p.resize(width)
	s := p.sight()
	s.resize(width)
	rows := make([]string, height)
	visible := s.visible(height)
	copy(rows[height-len(visible):], visible)
	if below := belowSight(p); below != "" && height > 0 {
		rows[height-1] = barStyle.Render(clip(" "+below+" ", width))
	}
	if !f.hasSide() {
		return rows
	}
	side := f.side(height)
	for i := range rows {
		rows[i] = padded(rows[i], width) + quietStyle.Render("│ ") + side[i]
	}
	return rows
}

// belowSight is what the lowest row says of what stands below it, "" where that is nothing.
func belowSight(p *pane) string {
	switch {
	case p.past != nil && p.unread > 0:
		return fmt.Sprintf("%sthe past, and %d new (PgDn goes on, Esc goes back to the end)", daySeen(p.past), p.unread)
	case p.past != nil:
		return daySeen(p.past) + "the past (PgDn goes on, Esc goes back to the end)"
	case p.above > 0:
		return daySeen(&p.strip) + plural(p.above, "row") + " more below (PgDn, Esc)"
	}
	return ""
}

// daySeen is the day at the lower edge of what is in sight, where that isn't this one.
func daySeen(s *strip) string {
	at := s.edge()
	if at >= len(s.entries) || sameDay(s.entries[at].at, time.Now()) || s.entries[at].at.IsZero() {
		return ""
	}
	return s.entries[at].at.Format("Mon 2 Jan 2006") + ": "
}

// side returns the users of the room in sight, one in a row.
func (f frame) side(height int) []string {
	room, rows := f.room(), make([]string, height)
	names := room.Users()
	lines := []string{quietStyle.Render(plural(int(room.Count), "user"))}
	for i, name := range names {
		if len(lines) == height-1 && i < len(names)-1 {
			lines = append(lines, quietStyle.Render(fmt.Sprintf("... %d more", len(names)-i)))
			break
		}
		lines = append(lines, f.user(name, room.Away(name)))
	}
	copy(rows, lines)
	return rows
}

func (f frame) user(name string, away bool) string {
	const width = sideWidth - 2
	switch {
	case away:
		return quietStyle.Render(clip(name, width-len(" (away)")) + " (away)")
	case name == f.chat.Name:
		return ownStyle.Render(clip(name, width))
	}
	return nameStyle(name).Render(clip(name, width))
}

// bar is the status line.
func (f frame) bar() string {
	left := " " + strings.Join(f.parts(), " · ")
	right := f.tabs()
	room := f.width - lipgloss.Width(right) - 1
	if room < f.width/3 {
		right, room = "", f.width
	}
	left = clip(left, room)
	gap := strings.Repeat(" ", max(0, f.width-lipgloss.Width(left)-lipgloss.Width(right)))
	return barStyle.Render(left+gap) + right
}

func (f frame) parts() []string {
	parts := []string{f.place(), f.self(), f.session.Target()}
	if s := f.situation(); s != "" {
		parts = append(parts[:2], s, parts[2])
	}
	if f.transfer.shown != "" {
		parts = append([]string{f.transfer.shown}, parts...)
	}
	if room := f.room(); room != nil && room.Topic != "" {
		parts = append(parts, room.Topic)
	}
	return parts
}

func (f frame) place() string {
	switch name := f.shown().room; {
	case name == "":
		return "loopchat"
	case f.shown().isPrivate():
		return name + " (private)"
	case f.shown().isResults():
		return "found: " + clip(f.lookups.search.query, 40)
	case f.room() == nil:
		return name + " (not in it)"
	case f.width < sideFrom:
		return fmt.Sprintf("%s %d", name, f.room().Count)
	default:
		return name
	}
}

func (f frame) self() string {
	name := f.chat.Name
	if name == "" {
		name = "guest"
	}
	if f.chat.Away {
		name += " (away)"
	}
	return name
}

// situation is how the connection is, "" when all is well.
func (f frame) situation() string {
	waiting := ""
	n, _ := f.session.Undelivered()
	if n > 0 {
		waiting = ", " + plural(n, "line") + " waiting"
	}
	switch {
	case f.leaving:
		return "leaving"
	case f.departure.wanted:
		return "leaving" + waiting
	case f.entrance.state == connecting:
		return "connecting" + waiting
	case f.entrance.state == entering:
		return "entering" + waiting
	case f.entrance.held:
		return "disconnected" + waiting
	case f.entrance.state == down:
		return "server is down" + waiting
	case f.insecure:
		return "NOT SECURE" + waiting
	case n > 1:
		return plural(n, "line") + " waiting"
	}
	return ""
}

// tabs is the list of rooms at the right of the status line, where there are several.
func (f frame) tabs() string {
	if len(f.panes.all) < 2 {
		return ""
	}
	var parts []string
	for i, p := range f.panes.all {
		label := strconv.Itoa(i+1) + ":" + clip(p.room, 16)
		style := barStyle
		if p.unread > 0 {
			label += "(" + strconv.Itoa(p.unread) + ")"
			style = unreadStyle
		}
		if i == f.at {
			label = "[" + label + "]"
		}
		parts = append(parts, style.Render(label))
	}
	return barStyle.Render(" ") + strings.Join(parts, barStyle.Render(" ")) + barStyle.Render(" ")
}

// foot is the lowest row, and in which column of it the cursor is: a question, or the line that is being typed.
func (f frame) foot() (row string, column int) {
	if f.question == nil {
		return f.typing.row(f.width)
	}
	row = clip(f.question.words, f.width-1)
	return lipgloss.NewStyle().Bold(true).Render(row), min(f.width-1, lipgloss.Width(row))
}
