//go:build linux

package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// The exit statuses other than 0.
const (
	statusFailed = 1
	statusUsage  = 2
)

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is the program but for its end: it returns the exit status.
func run(arguments []string) int {
	// A client or a log reader that is gone shows as an error of the write. It must not end the others' chat.
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)

	options, err := parseFlags(arguments)
	if err != nil {
		return fail(statusUsage, fmt.Errorf("%w (looproom --help explains the flags)", err))
	}
	log := newLogger(os.Stderr, options.LogLevel, options.LogFormat)
	running, err := start(options, log)
	if err != nil {
		return fail(statusFailed, err)
	}
	running.announce(os.Stdout)
	return running.wait(signals, log)
}

// fail says in one line why the program ends.
func fail(status int, err error) int {
	fmt.Fprintf(os.Stderr, "looproom: %v\n", err)
	return status
}
