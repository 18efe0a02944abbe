package main

import (
	"hash/fnv"
	"strconv"

	"charm.land/lipgloss/v2"
)

// nameColors are colors of the 256 that every terminal has had for long. Each can be read on white and on black, at a contrast of 3.5 or
// more.
var nameColors = []int{29, 30, 62, 64, 68, 97, 100, 130, 133, 160, 162, 166}

const (
	quietColor = 243
	alarmColor = 160
	ownColor   = 27
)

var (
	quietStyle   = colored(quietColor)
	alarmStyle   = colored(alarmColor)
	ownStyle     = colored(ownColor).Bold(true)
	calledStyle  = ownStyle.Reverse(true)
	privateStyle = lipgloss.NewStyle().Bold(true)
	barStyle     = lipgloss.NewStyle().Reverse(true)
	hitStyle     = lipgloss.NewStyle().Bold(true).Reverse(true)
	unreadStyle  = lipgloss.NewStyle().Reverse(true).Bold(true)
)

func colored(color int) lipgloss.Style {
	return lipgloss.NewStyle().Foreground(lipgloss.Color(strconv.Itoa(color)))
}

// nameStyle is the same for one name at all times.
func nameStyle(name string) lipgloss.Style {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return colored(nameColors[h.Sum32()%uint32(len(nameColors))]).Bold(true)
}
