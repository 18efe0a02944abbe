package main

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
	"github.com/mattn/go-isatty"

	"looproom/cmd/program"
)

// The exit statuses.
const (
	statusDone = iota
	statusFailed
	statusUsage
	statusRefused
)

// version and commit are set by the linker for a release.
var version, commit string

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is the program but for its end: it returns the exit status.
func run(arguments []string) int {
	release := program.Built(version, commit)
	if ran, err := program.Answer(arguments, os.Stdout, release, describeAll); ran {
		return status(statusFailed, err)
	}
	var f flags
	parser, err := newParser(&f, kong.Vars{"version": release.Line("loopchat")})
	if err != nil {
		return status(statusUsage, err)
	}
	if _, err := parser.Parse(arguments); err != nil {
		return status(statusUsage, fmt.Errorf("%w (loopchat --help explains)", err))
	}
	s, err := f.settings()
	if err != nil {
		return status(statusUsage, err)
	}
	if s.export == "" && isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stdout.Fd()) {
		return runWindow(s)
	}
	return runFilter(s)
}

// status returns the exit status for err, and tells it in one line.
func status(failed int, err error) int {
	if err == nil {
		return statusDone
	}
	fmt.Fprintf(os.Stderr, "loopchat: %v\n", err)
	return failed
}
