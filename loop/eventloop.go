//go:build linux

package loop

import (
	"time"

	"looproom/loop/accounts"
	"looproom/loop/delivery"
	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/room"
	"looproom/loop/session"
)

// eventLoop is one event loop and all that it owns. Fields without a word on it belong to the loop's goroutine alone.
type eventLoop struct {
	server  *Server
	index   int
	reactor *reactor.Loop

	input    session.Reader
	meter    *meter.Loop // its Counters are safe for any goroutine
	peers    []*peer     // by slot
	answers  *accounts.Answers
	mirror   mirror
	writer   *delivery.Writer
	held     held
	inputs   inputs
	uploads  uploads
	ends     ends
	secured  secured
	checking bool  // an alarm is set to look at those who read slowly
	reading  *peer // whose input is being looked at

	telling telling           // the event that is being delivered
	groups  []*delivery.Group // scratch: of an event
	text    []byte            // scratch: an event as text
	cmd     room.Command      // scratch: the command at hand

	flushAsked bool
	flushTimer *reactor.Timer // ends a wait for more messages
	draining   bool

	exchange exchange
	home     *home // nil: it lives on another loop
}

// startLoop starts a loop.
func startLoop(s *Server, index int) (l *eventLoop, err error) {
	l = &eventLoop{server: s, index: index, meter: meter.NewLoop(index, s.clock, s.log), held: newHeld(&s.budget)}
	l.input = session.NewReader(s.clock, uploadVerb)
	l.writer = delivery.New(host{l}, s.limits.Load().delivery())
	l.mirror = newMirror(l.writer)
	l.inputs, l.uploads, l.ends, l.secured = inputs{l}, uploads{l}, ends{loop: l}, secured{loop: l}
	l.answers = s.accounts.Join(clients{l}, &l.meter.Counters)
	l.exchange = exchange{server: s, index: index}
	l.reactor, err = reactor.Start(callbacks{l}, reactor.Config{Index: index, ReadSize: readSize, Clock: s.clock, Log: s.log})
	if err != nil {
		return nil, err
	}
	l.flushTimer = l.reactor.NewTimer(func(time.Duration) { l.flush() })
	if err := l.reactor.CanPause(); err != nil {
		s.log.Warn().Err(err).Msg("clients that don't read their answers are disconnected by --recvq, where they would only wait")
	}
	return l, nil
}

// stop ends the loop and closes what it holds.
func (l *eventLoop) stop() {
	if err := l.reactor.Call(l.ends.cutAll); err != nil {
		l.server.log.Error().Err(err).Msg("stopping the event loop")
	}
	l.reactor.Stop()
}

// peer returns the client's peer, nil if it is not on this loop or no longer.
func (l *eventLoop) peer(id room.ClientID) *peer {
	if slot := int(id.Slot()); slot < len(l.peers) {
		if p := l.peers[slot]; p != nil && p.id == id {
			return p
		}
	}
	return nil
}
