//go:build linux

package loop

import (
	"runtime/debug"

	"looproom/loop/ending"
	"looproom/loop/room"
)

// logPanic is safe for any goroutine.
func (l *eventLoop) logPanic(r any) {
	l.server.log.Error().Interface("panic", r).Bytes("stack", debug.Stack()).Int("loop", l.index).Msg("panic")
	l.meter.Panics.Add(1)
}

// panicked is when something has, in the middle of what was done for p, nil if it isn't known for whom: it costs p alone.
func (l *eventLoop) panicked(p *peer, value any) {
	l.logPanic(value)
	if p != nil {
		l.ends.cut(p, ending.InternalError, "")
	}
}

// guardedBeside is guarded for a goroutine beside the loop that works for the client.
func (l *eventLoop) guardedBeside(id room.ClientID, f func()) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		l.logPanic(r)
		l.reactor.Post(func() {
			if p := l.peer(id); p != nil {
				l.ends.cut(p, ending.InternalError, "")
			}
		})
	}()
	f()
}
