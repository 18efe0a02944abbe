//go:build linux

package loop

import "runtime/debug"

// guarded runs f. A panic in it is logged with its stack and costs p its connection, if there is a p; it costs nobody else
// anything. gnet would let it end the process.
func (l *eventLoop) guarded(p *peer, f func()) {
	defer l.recovered(p)
	f()
}

// recovered is the deferred part of guarded, for callbacks that can't afford a closure.
func (l *eventLoop) recovered(p *peer) {
	r := recover()
	if r == nil {
		return
	}
	l.server.log.Error().Interface("panic", r).Bytes("stack", debug.Stack()).Int("loop", l.index).Msg("panic")
	l.applying = false
	if p != nil {
		l.drop(p, "internal error")
	}
}
