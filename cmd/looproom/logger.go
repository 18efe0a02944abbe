//go:build linux

package main

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// newLogger returns the program's one logger, and the queue behind it that has to be closed at the end. No format means console on a terminal
// and JSON elsewhere. Its level is zerolog's global one, which can be changed while the server runs.
func newLogger(out *os.File, format string) (zerolog.Logger, *logQueue) {
	var to io.Writer = out
	terminal := isatty.IsTerminal(out.Fd())
	if format != "json" && (format != "" || terminal) {
		to = zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: !terminal}
	}
	queue := newLogQueue(to)
	return zerolog.New(queue).With().Timestamp().Logger(), queue
}

// level is the least one that is logged.
func (f *flags) level() zerolog.Level {
	level, err := zerolog.ParseLevel(f.LogLevel)
	if err != nil {
		return zerolog.InfoLevel // not met: the flag takes only the names of levels
	}
	return level
}
