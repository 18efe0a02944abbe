//go:build linux

package reactor

import (
	"errors"
	"time"
)

// Client is what a connection is part of. It is implemented by embedding a Conn.
type Client interface{ connection() *Conn }

// Handler is whom a Loop works for. All its methods are called on the loop.
type Handler interface {
	// Begins comes before each step but Read, which comes so often that its handler has to look at the clock but once.
	Begins()
	// StepEnds comes behind each step, and behind what Guarded has caught in it. A connection of which the step was can still not be closed by gnet.
	StepEnds()
	// Rests comes when all has been done that had come at one blow.
	Rests()
	// RoundBegins is when the descriptors have been looked at once more, if somebody has asked with AfterInput or AskRound.
	RoundBegins()

	// Opened is when c's connection is in the loop: for the first time, or once more.
	Opened(c Client)
	// Read takes what has come for c. It borrows buf.
	Read(c Client, buf []byte)
	// Ended is when gnet is about to close c's connection because its stream has ended or End was called (err is nil), it is broken, or the loop stops (ErrStopped). What is still to
	// be read or written of it needs a descriptor of its own: Dup. When Ended returns, c is detached.
	Ended(c Client, err error)
	// Writable is when the sockets of those that Watch was called for by these numbers can take bytes. It may keep ids.
	Writable(ids []uint64)
	// Alarm is when the time has come that SetAlarm was told.
	Alarm(id uint64, kind uint8)
	// Rang is when the timer has rung that was set to due, before the alarms. If that is late, the process didn't run.
	Rang(due time.Duration)
	// Panicked is a panic in a step, caught. c is whom the step was about, nil if it is about nobody or that isn't known.
	Panicked(c Client, value any)
}

// ErrStopped is why connections end that the loop holds when it stops.
var ErrStopped = errors.New("the event loop stops")
