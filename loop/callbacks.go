//go:build linux

package loop

import (
	"errors"
	"time"

	"looproom/loop/ending"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// callbacks is the event loop as its reactor.Loop sees it. They only translate.
type callbacks struct{ *eventLoop }

// Begins implements reactor.Handler.
func (b callbacks) Begins() { b.meter.BeginNow() }

// StepEnds implements reactor.Handler.
func (b callbacks) StepEnds() {
	b.reading = nil
	b.ends.carryOut()
	if b.input.EndTurn() {
		b.reactor.AskRound()
	}
}

// Rests implements reactor.Handler.
func (b callbacks) Rests() { b.batch.rest() }

// RoundBegins implements reactor.Handler.
func (b callbacks) RoundBegins() { b.input.NewRound() }

// Opened implements reactor.Handler.
func (b callbacks) Opened(c reactor.Client) {
	p := c.(*peer)
	b.reading = p
	switch {
	case p.end.State() == ending.Unopened:
		b.open(p)
		if p.irc() != nil {
			b.setAlarm(ircQuiet, p.id(), ircPing)
		}
	case p.closed():
		b.reactor.Close(p)
	default:
		b.transfers.reattach(p)
	}
}

// Read implements reactor.Handler.
func (b callbacks) Read(c reactor.Client, buf []byte) {
	p := c.(*peer)
	b.reading = p
	b.meter.Tally.BytesIn += uint64(len(buf))
	if p.secure() != nil {
		b.secured.read(p, buf)
	} else {
		b.inputs.read(p, buf)
	}
}

// Ended implements reactor.Handler.
func (b callbacks) Ended(c reactor.Client, err error) {
	p := c.(*peer)
	b.reading = p
	b.input.BeginTurn(b.server.clock()) // thousands can end at once
	switch {
	case errors.Is(err, reactor.ErrStopped):
		b.ends.cut(p, ending.None, "")
	case p.upload() != nil:
		b.transfers.takeOver(p)
	case err != nil:
		b.ends.cut(p, ending.Broken, err.Error())
	default:
		b.ends.endOfInput(p)
	}
}

// Writable implements reactor.Handler.
func (b callbacks) Writable(ids []uint64) {
	for _, id := range ids {
		if p := b.peer(room.ClientID(id)); p != nil {
			b.writer.Writable(&p.out)
		}
	}
}

// Alarm implements reactor.Handler.
func (b callbacks) Alarm(id uint64, kind uint8) {
	p := b.peer(room.ClientID(id))
	defer b.reactor.Recovered(p)
	b.look(p, alarmKind(kind))
}

// Rang implements reactor.Handler.
func (b callbacks) Rang(due time.Duration) {
	if late := b.meter.Rang(due); late > 0 {
		b.writer.Forgive(late)
	}
}

// Panicked implements reactor.Handler.
func (b callbacks) Panicked(c reactor.Client, value any) {
	b.batch.interrupted()
	p, _ := c.(*peer)
	b.panicked(p, value)
}
