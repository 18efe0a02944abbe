package main

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// hearRoomTold shows a room of a list, and keeps its name for Tab.
func hearRoomTold(w *window, _ *pane, e *session.Event) tea.Cmd {
	if !slices.Contains(w.roomNames, e.Who) {
		w.roomNames = append(w.roomNames, e.Who)
	}
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

// hearFileTold shows a file of a list as people read it, without its sum.
func hearFileTold(w *window, _ *pane, e *session.Event) tea.Cmd {
	text := fmt.Sprintf("%s  %9s  %s  from %s", e.When.Local().Format("2006-01-02 15:04"), sizeText(e.Count), quoted(e.Who), e.Text)
	w.put(nil, entry{tone: toneAnswer, text: text})
	return nil
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
