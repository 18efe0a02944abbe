//go:build linux

package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/rs/zerolog"
)

// The exit statuses other than 0.
const (
	statusFailed  = 1
	statusUsage   = 2
	statusCrashed = 2 // as any Go program that crashes
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is the program but for its end: it returns the exit status.
func run(arguments []string) int {
	if status, ran := runTool(arguments); ran {
		return status
	}
	limitGarbage()
	terminal := ownTerminal()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	// A channel of their own: many of these must not crowd out one of those.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)

	options, err := readOptions(arguments)
	if err != nil {
		return fail(statusUsage, fmt.Errorf("%w (looproom --help explains the flags)", err))
	}
	// A client or a log reader that is gone shows as an error of the write. It must not end the others' chat. Until here the program is one
	// that prints and ends, and ends with its reader.
	signal.Ignore(syscall.SIGPIPE)
	log, logged := newLogger(os.Stderr, options.LogFormat)
	defer logged.close(logPatience)
	zerolog.SetGlobalLevel(options.level())
	s := &service{
		arguments: arguments, options: options, drains: make(chan string, 1),
		logged: logged, terminal: terminal, notifier: newNotifier(log), endWatch: func() {},
	}
	if err := s.startUnless(signals, log); err != nil {
		logged.close(logPatience)
		return fail(statusFailed, err)
	}
	s.announce(os.Stdout)
	s.notifier.ready()
	return s.wait(signals, hangups, log)
}

// garbage is how much of the heap in use may be added to it before it is collected, in percent. Most of this heap is connections that
// stay; what comes and goes is little, so that collecting it four times as often as Go would costs nothing that can be measured.
const garbage = 25

// limitGarbage sets it, unless the environment does.
func limitGarbage() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
}

// fail says in one line why the program ends.
func fail(status int, err error) int {
	fmt.Fprintf(os.Stderr, "looproom: %v\n", err)
	return status
}
