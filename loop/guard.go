//go:build linux

package loop

import (
	"fmt"
	"net"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"looproom/loop/room"
)

// guarded runs f. A panic in it is logged with its stack and costs p its connection, if there is a p; it costs nobody else
// anything. gnet would let it end the process. It says whether f came to its end.
func (l *eventLoop) guarded(p *peer, f func()) (ended bool) {
	defer l.recovered(p)
	f()
	return true
}

// recovered is the deferred part of guarded, for callbacks that can't afford a closure.
func (l *eventLoop) recovered(p *peer) {
	r := recover()
	if r == nil {
		return
	}
	l.logPanic(r)
	l.applying, l.flushAsked = false, false
	if p != nil {
		l.drop(p, "internal error")
	}
}

// logPanic is safe for any goroutine.
func (l *eventLoop) logPanic(r any) {
	l.server.log.Error().Interface("panic", r).Bytes("stack", debug.Stack()).Int("loop", l.index).Msg("panic")
	l.meter.Panics.Add(1)
}

// guardedBeside is guarded for a goroutine beside the loop that works for the client.
func (l *eventLoop) guardedBeside(id room.ClientID, f func()) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		l.logPanic(r)
		l.post(func() {
			if p := l.peer(id); p != nil {
				l.drop(p, "internal error")
			}
		})
	}()
	f()
}

// guardedArrival is guarded for the goroutine of a preface.
func (l *eventLoop) guardedArrival(a *arrival, f func()) {
	defer func() {
		if r := recover(); r != nil {
			l.logPanic(r)
			a.conn.Close()
			a.giveUp()
		}
	}()
	f()
}

// enrol gives a connection to gnet, which closes c in any case and returns when the loop has it. A panic of gnet's is returned as an error: no
// loop's guard is around the goroutines that enrol.
func (l *eventLoop) enrol(c net.Conn, p *peer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if c.RemoteAddr() == nil { // reset before it was taken over for an upload; gnet looks at the address
		c.Close()
		return unix.ECONNRESET
	}
	l.enrols <- struct{}{}
	defer func() { <-l.enrols }()
	_, err = l.engine.EnrollContext(c, p)
	return err
}

// enrolsAtOnce is how many connections are given to a loop at once, those that come back from an upload as well. Each holds a second
// descriptor until the loop has it; so many are kept free for that.
const enrolsAtOnce = 8
