//go:build linux

package door

import "looproom/loop/budget"

// What a connection is counted for, in bytes: measured where it can be, and else what it is at the worst.
const (
	connectionMemory = 1200     // idle and signed in, with what its loop has of it; and the socket's own, which the kernel doesn't tell
	tlsMemory        = 26 << 10 // 10 KiB, and 16 KiB that a client who sends large records makes it keep
	prefaceMemory    = 32 << 10 // a goroutine, and package net/http or a handshake
)

// takeMemory counts what a connection of the door takes by itself, if there is as much.
func (d *Door) takeMemory() bool {
	b := d.doors.cfg.Budget
	if !b.Take(budget.Connections, connectionMemory) {
		return false
	}
	if d.secure && !b.Take(budget.TLS, tlsMemory) {
		b.Add(budget.Connections, -connectionMemory)
		return false
	}
	return true
}

// giveMemory takes that back.
func (d *Door) giveMemory() {
	b := d.doors.cfg.Budget
	b.Add(budget.Connections, -connectionMemory)
	if d.secure {
		b.Add(budget.TLS, -tlsMemory)
	}
}
