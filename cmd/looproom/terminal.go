//go:build linux

package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminal is the one that the program runs on, nil for a daemon: one that has none, or that nohup has made independent of it. SIGHUP means
// that the terminal has gone where there was one, and otherwise what daemons take it for.
type terminal struct{ held *os.File }

// ownTerminal must come before SIGHUP is caught.
func ownTerminal() *terminal {
	if signal.Ignored(syscall.SIGHUP) {
		return nil
	}
	held, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	return &terminal{held}
}

// gone says whether there was a terminal and is none any more. It may be of the moment before its end, or of the one after.
func (t *terminal) gone() bool {
	if t == nil {
		return false
	}
	if _, err := unix.IoctlGetInt(int(t.held.Fd()), unix.TIOCGPGRP); err != nil {
		return true // hung up, or no longer ours
	}
	now, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return true
	}
	now.Close()
	return false
}
