//go:build linux

package loop

import "looproom/loop/room"

// longAnswer is what is still to come of an answer, a delivery.Source: it is made as the client takes it. The rows are the home loop's.
type longAnswer struct {
	by     *fanOut
	client room.ClientID
	event  room.Event // List is one piece of it, and Rest what is behind that
	more   bool       // behind that
	asked  bool       // the home loop has been asked for a piece
	known  bool       // event has one that has not been taken
	closed bool       // nobody waits for it any more
	text   []byte     // of the piece that was taken
}

// tellRest has p told what comes behind the first piece of an answer.
func (f *fanOut) tellRest(p *peer, e *room.Event) {
	k := &longAnswer{by: f, client: p.id(), event: *e}
	k.event.Continued, k.event.List = true, nil
	f.writer.TellFrom(&p.out, k, e.Rest.Bytes(), longAnswers)
}

// Next implements delivery.Source. A piece that says nothing to who asks is followed by the next one in a step of its own.
func (k *longAnswer) Next() (b []byte, more bool) {
	if !k.known && k.by.atHome == nil && !k.asked {
		k.takes(k.event.Rest.Next())
	}
	if !k.known {
		k.ask()
		return nil, true
	}
	p := k.by.peers.of(k.client)
	if p == nil {
		return nil, false
	}
	k.known = false
	e := k.event
	if k.event.List = nil; !k.more {
		e.Rest = nil
	}
	if k.text == nil {
		k.text = k.by.spare.take()
	}
	if k.text = k.by.appendWords(k.text[:0], p, &e); len(k.text) == 0 && k.more {
		k.ask()
	}
	return k.text, k.more
}

// takes has a piece, with others behind it or not.
func (k *longAnswer) takes(rows []room.Row, more bool) {
	k.event.List, k.more = rows, more
	k.known = len(rows) > 0 || !more
}

// ask has the home loop make the next piece, in a step of its own.
func (k *longAnswer) ask() {
	switch {
	case k.asked:
		return
	case k.by.atHome == nil:
		k.by.soon(func() { k.arrived(k.event.Rest.Next()) })
	default:
		k.by.atHome(func() (then func()) {
			rows, more := k.event.Rest.Next()
			return func() { k.arrived(rows, more) }
		})
	}
	k.asked = true
}

// arrived is when the home loop has made a piece.
func (k *longAnswer) arrived(rows []room.Row, more bool) {
	k.asked = false
	p := k.by.peers.of(k.client)
	if k.closed || p == nil {
		return
	}
	k.takes(rows, more)
	bytes := 0
	for i := range rows {
		bytes += rows[i].Bytes()
	}
	k.by.writer.Supply(&p.out, k, bytes)
}

// Close implements delivery.Source.
func (k *longAnswer) Close() {
	k.closed = true
	k.by.spare.put(k.text)
	k.text = nil
}

// spareTexts is the memory of pieces that have been taken, for the next ones: at most maxSpareTexts of maxSpareText bytes.
type spareTexts struct{ free [][]byte }

const (
	maxSpareTexts = 16
	maxSpareText  = 32 << 10
)

// take returns memory of a text, nil if there is none.
func (s *spareTexts) take() (text []byte) {
	if n := len(s.free); n > 0 {
		text, s.free[n-1] = s.free[n-1], nil
		s.free = s.free[:n-1]
	}
	return text
}

func (s *spareTexts) put(text []byte) {
	if cap(text) > 0 && cap(text) <= maxSpareText && len(s.free) < maxSpareTexts {
		s.free = append(s.free, text[:0])
	}
}
