//go:build linux

package loop

import (
	"strconv"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/store"
)

// lookups has what was said looked up for the clients of one loop, and each told what is found, at its place in the order of what it is told. It belongs to the loop's goroutine.
type lookups struct {
	// ask has a reader look, beside the loops, and calls done on its goroutine; whom are those who take turns. false: too much waits. nil: nothing is kept.
	ask    func(whom string, look *room.Look, done func(store.Found, error)) bool
	fanOut *fanOut
	post   func(letter func())
	clock  func() time.Duration
	log    zerolog.Logger
	logged *rate.Cap // what the disk says, once a while
}

// look answers a question about what has been said, once the store has looked. What comes behind that waits, the client's next line as well: so each client has at most one answer in
// memory.
func (l *lookups) look(p *peer, e *room.Event) {
	if l.ask == nil {
		l.fanOut.tell(p, refusedAs(e.Tag, room.HistoryOff))
		return
	}
	if p.deaf() {
		return
	}
	a := &lookAnswer{by: l, client: p.id(), tag: e.Tag}
	if !l.ask(turnOf(p), e.Ask.Look, a.found(e.Ask.Look)) {
		l.fanOut.tell(p, refusedAs(e.Tag, room.TooManyLooks))
		return
	}
	if c := p.irc(); c != nil {
		c.Defer(e.Tag)
	}
	l.fanOut.writer.TellFrom(&p.out, a, 0, longAnswers)
}

// refusedAs says why not to who has given its question a number, 0 for none.
func refusedAs(tag uint32, why room.Reason) *room.Event {
	e := refused(room.Refusal{Why: why})
	e.Tag = tag
	return e
}

// turnOf is among whom p takes turns: all of its address, or the user that it is on this machine.
func turnOf(p *peer) string {
	if key, ok := remote.KeyOf(p.address); ok {
		return strconv.FormatUint(key.Number(), 36)
	}
	from, _ := p.remote()
	return from.String()
}

// lookAnswer is what a client is told of what has been found, a delivery.Stock: its words are made as it takes them.
type lookAnswer struct {
	by     *lookups
	client room.ClientID
	tag    uint32     // of the question
	known  bool       // the store has answered
	closed bool       // nobody waits for it any more
	event  room.Event // List is what is still to be told
	bytes  int        // that it takes
	text   []byte     // of the piece that was taken
}

// found is what is done, on whatever goroutine, with what has been found: the loop goes on with it.
func (a *lookAnswer) found(look *room.Look) func(store.Found, error) {
	return func(f store.Found, err error) {
		a.by.post(func() { a.arrived(look, f, err) })
	}
}

// arrived is when the store has answered.
func (a *lookAnswer) arrived(look *room.Look, f store.Found, err error) {
	p := a.by.fanOut.peers.of(a.client)
	if a.closed || p == nil {
		return
	}
	if a.known = true; err != nil {
		if a.by.logged.Pass(a.by.clock()) {
			a.by.log.Error().Err(err).Msg("what was said could not be looked up")
		}
		a.event = *refusedAs(a.tag, room.LookFailed)
	} else {
		a.event = look.Answer(f.Rows, f.End)
		a.event.Tag = a.tag
		a.bytes = sizeOf(f.Rows)
	}
	a.by.fanOut.writer.Supply(&p.out, a, 0)
}

// rowSize is what a row takes besides its words, in bytes.
const rowSize = 176

func sizeOf(rows []room.Row) (bytes int) {
	for i := range rows {
		bytes += rowSize + wordsOf(&rows[i])
	}
	return bytes
}

func wordsOf(r *room.Row) int { return len(r.Name) + len(r.Who) + len(r.Account) + len(r.Text) }

// Next implements delivery.Source.
func (a *lookAnswer) Next() (b []byte, more bool) {
	p := a.by.fanOut.peers.of(a.client)
	switch {
	case p == nil:
		return nil, false
	case !a.known:
		return nil, true
	}
	piece := a.event
	if piece.List = a.take(); len(a.event.List) > 0 {
		piece.Rest = &others
	}
	a.text = a.by.fanOut.appendWords(a.text[:0], p, &piece)
	a.event.Continued = true
	return a.text, len(a.event.List) > 0
}

// others stands for the rows of an answer behind a piece.
var others room.Rest

// take takes about answerPage bytes of rows off the front.
func (a *lookAnswer) take() []room.Row {
	rows, n, bytes := a.event.List, 0, 0
	for n < len(rows) && bytes < answerPage {
		bytes += rowSize + wordsOf(&rows[n])
		n++
	}
	a.event.List, a.bytes = rows[n:], a.bytes-bytes
	return rows[:n:n]
}

// Held implements delivery.Stock.
func (a *lookAnswer) Held() int { return a.bytes }

// Close implements delivery.Source.
func (a *lookAnswer) Close() {
	a.closed = true
	a.event.List = nil
}
