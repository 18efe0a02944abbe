//go:build linux

package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"looproom/bench/contest"
)

// meter tells a person how far a contest is: by a bar on a terminal, by a line per measurement otherwise.
type meter struct {
	bar  *progressbar.ProgressBar // nil without a terminal
	last string
}

// barSteps is how finely the bar moves within a measurement.
const barSteps = 100

func newMeter() *meter {
	m := &meter{}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		m.bar = progressbar.NewOptions(1, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetElapsedTime(true), progressbar.OptionSetWidth(20), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100*time.Millisecond))
	}
	return m
}

func (m *meter) show(p contest.Progress) {
	if m.bar == nil {
		m.line(p)
		return
	}
	m.bar.ChangeMax(p.All * barSteps)
	m.bar.Describe(fmt.Sprintf("%d/%d %s %s: %s%s", p.Done+1, p.All, p.Subject, kindOf(p.Title), p.Phase, figures(p)))
	_ = m.bar.Set(p.Done*barSteps + int(p.Fraction*(barSteps-1))) // a bar that can't be drawn is no matter
}

// figures is what can be said just now.
func figures(p contest.Progress) string {
	switch {
	case p.Phase == "connecting":
		return fmt.Sprintf(" (%d in)", p.Clients)
	case p.Rate > 0:
		return fmt.Sprintf(" (%.0f deliveries/s)", p.Rate)
	}
	return ""
}

// kindOf is the first word of a workload's title.
func kindOf(title string) string {
	for i, r := range title {
		if r == ':' {
			return title[:i]
		}
	}
	return title
}

// line prints one line for each measurement that begins.
func (m *meter) line(p contest.Progress) {
	text := fmt.Sprintf("%d/%d %s: %s, repetition %d", p.Done+1, p.All, p.Title, p.Subject, p.Repetition)
	if text != m.last {
		fmt.Fprintln(os.Stderr, text)
		m.last = text
	}
}

func (m *meter) end() {
	if m.bar != nil {
		_ = m.bar.Finish() // as above
	}
}
