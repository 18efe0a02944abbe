//go:build linux

package main

import (
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// newLogger returns the program's one logger. No format means console on a terminal and JSON elsewhere. Its level is zerolog's global
// one, which can be changed while the server runs.
func newLogger(out *os.File, format string) zerolog.Logger {
	terminal := isatty.IsTerminal(out.Fd())
	if format == "json" || format == "" && !terminal {
		return zerolog.New(out).With().Timestamp().Logger()
	}
	console := zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: !terminal}
	return zerolog.New(console).With().Timestamp().Logger()
}

// level is the least one that is logged.
func (f *flags) level() zerolog.Level {
	level, err := zerolog.ParseLevel(f.LogLevel)
	if err != nil {
		return zerolog.InfoLevel // not met: the flag takes only the names of levels
	}
	return level
}
