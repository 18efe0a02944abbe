//go:build linux

package loop

import (
	"time"

	"looproom/loop/accounts"
	"looproom/loop/delivery"
	"looproom/loop/dialect/irc"
	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/store"
)

// eventLoop is one event loop and all that it owns. Fields without a word on it belong to the loop's goroutine alone.
type eventLoop struct {
	server  *Server
	index   int
	reactor *reactor.Loop

	input     session.Reader
	meter     *meter.Loop // its Counters are safe for any goroutine
	peers     peers
	fanOut    fanOut
	lookups   lookups
	answers   *accounts.Answers
	writer    *delivery.Writer
	inputs    inputs
	scale     scale
	transfers transfers
	ends      ends
	secured   secured
	reading   *peer // whose input is being looked at

	text []byte       // scratch
	cmd  room.Command // scratch: the command at hand
	// ircSpares is memory of its clients that speak IRC.
	ircSpares irc.Spares

	batch    batch
	draining bool

	onTheirWay onTheirWay // of a node of a cluster

	exchange exchange
	home     *home // nil: it lives on another loop
}

// startLoop starts a loop.
func startLoop(s *Server, index int) (l *eventLoop, err error) {
	l = &eventLoop{server: s, index: index, meter: meter.NewLoop(index, s.clock, s.log)}
	l.input = session.NewReader(s.clock, uploadVerb)
	l.writer = delivery.New(host{l}, s.limits.Load().delivery())
	l.inputs, l.transfers, l.ends, l.secured = inputs{l}, transfers{l}, ends{loop: l}, secured{loop: l}
	l.answers = s.accounts.Join(clients{l}, &l.meter.Counters)
	l.scale = newScale(&s.budget, l.writer, &l.peers)
	l.scale.drop = func(p *peer, input bool) { l.reactor.Guarded(p, func() { l.shed(p, input) }) }
	l.scale.again = func(after time.Duration) { l.setAlarm(after, room.NoClient, shedAgain) }
	l.scale.later = func(after time.Duration) { l.setAlarm(after, room.NoClient, spareMemory) }
	l.fanOut = fanOut{writer: l.writer, peers: &l.peers, doors: s.doors, mirror: newMirror(l.writer), on: effects{l}.table(), failed: l.panicked}
	l.fanOut.ircName = func() string { return s.irc.Load().plain.Name }
	l.fanOut.soon = func(work func()) { l.reactor.Post(work) }
	l.exchange = exchange{server: s, index: index}
	if index > 0 {
		l.fanOut.atHome = l.atHome
	} else {
		l.exchange.tap = newTap(s.cfg.Store, l.answers)
	}
	l.lookups = newLookups(l)
	l.batch = batch{
		clock: s.clock, meter: l.meter, exchange: &l.exchange, writer: l.writer, scale: &l.scale,
		later: func(work func()) { l.reactor.AfterInput(work) },
		check: func(after time.Duration) { l.setAlarm(after, room.NoClient, slowCheck) },
	}
	l.reactor, err = reactor.Start(callbacks{l}, reactor.Config{Index: index, ReadSize: readSize, Clock: s.clock, Log: s.log})
	if err != nil {
		return nil, err
	}
	l.batch.soon = l.reactor.NewTask(l.batch.flush).Soon
	l.batch.timer = l.reactor.NewTimer(func(time.Duration) { l.batch.flush() })
	if err := l.reactor.CanPause(); err != nil {
		s.log.Warn().Err(err).Msg("clients that don't read their answers are disconnected by --recvq, where they would only wait")
	}
	return l, nil
}

// newLookups are those of a loop.
func newLookups(l *eventLoop) lookups {
	k := lookups{fanOut: &l.fanOut, post: func(letter func()) { l.reactor.Post(letter) }}
	k.clock, k.log, k.logged = l.server.clock, l.server.log, l.server.looks
	if kept := l.server.cfg.Store; kept != nil && kept.KeepsMessages() {
		k.ask = func(whom string, look *room.Look, done func(store.Found, error)) bool {
			l.exchange.tap.send() // what was said in the same batch
			return kept.Ask(whom, look, done)
		}
	}
	return k
}

// stop ends the loop and closes what it holds.
func (l *eventLoop) stop() {
	if err := l.reactor.Call(l.ends.cutAll); err != nil {
		l.server.log.Error().Err(err).Msg("stopping the event loop")
	}
	l.reactor.Stop()
}

// peer returns the client's peer, nil if it is not on this loop or no longer.
func (l *eventLoop) peer(id room.ClientID) *peer { return l.peers.of(id) }
