//go:build linux

package main

import (
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// newLogger returns the program's one logger. No format means console on a terminal and JSON elsewhere.
func newLogger(out *os.File, level, format string) zerolog.Logger {
	least, err := zerolog.ParseLevel(level)
	if err != nil {
		least = zerolog.InfoLevel // not met: the flag takes only the names of levels
	}
	terminal := isatty.IsTerminal(out.Fd())
	if format == "json" || format == "" && !terminal {
		return zerolog.New(out).Level(least).With().Timestamp().Logger()
	}
	console := zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: !terminal}
	return zerolog.New(console).Level(least).With().Timestamp().Logger()
}
