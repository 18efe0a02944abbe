package main

import (
	"fmt"
	"sort"
	"strings"

	"charm.land/lipgloss/v2"

	"looproom/cmd/loopchat/session"
)

// plural is a number with its word: 1 line, 2 lines.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// sameName compares names as a person would. The server's own comparison is wider; it never matters here.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }

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

// tail is the end of text, as much of it as is no wider.
func tail(text string, width int) string {
	runes := []rune(text)
	start := sort.Search(len(runes), func(i int) bool { return lipgloss.Width(string(runes[i:])) <= width })
	return string(runes[start:])
}

// padded fills a row with spaces.
func padded(row string, width int) string {
	return row + strings.Repeat(" ", max(0, width-lipgloss.Width(row)))
}

// quoted is a name as /get takes it.
func quoted(name string) string {
	if strings.Contains(name, " ") {
		return `"` + name + `"`
	}
	return name
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// units are those of sizeText.
var units = []string{"B", "KiB", "MiB", "GiB"}

// sizeText is a number of bytes for people, as the page writes it.
func sizeText(bytes int64) string {
	size, unit := float64(bytes), 0
	for size >= 1024 && unit < len(units)-1 {
		size /= 1024
		unit++
	}
	if unit == 0 || size >= 100 {
		return fmt.Sprintf("%.0f %s", size, units[unit])
	}
	return fmt.Sprintf("%.1f %s", size, units[unit])
}

// words is the line as a person reads it: without the room, which the pane shows, and without the mark of an answer.
func words(e *session.Event) string {
	line := e.Line
	if e.Room != "" {
		line = strings.TrimPrefix(line, e.Room+" ")
	}
	return strings.TrimPrefix(line, "= ")
}
