//go:build linux

package loop

import "looproom/loop/room"

// longAnswer is what is still to come of an answer, a delivery.Source: it is made as the client takes it. The rows are the home loop's.
type longAnswer struct {
	by     *fanOut
	client room.ClientID
	event  room.Event // List is one piece of it
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

// Next implements delivery.Source.
func (k *longAnswer) Next() (b []byte, more bool) {
	if !k.known && k.by.atHome == nil {
		k.event.List, k.more = k.event.Rest.Next()
		k.known = true
	}
	if !k.known {
		k.ask()
		return nil, true
	}
	p := k.by.peers.of(k.client)
	if p == nil {
		return nil, false
	}
	k.text = k.by.appendWords(k.text[:0], p, &k.event)
	k.known, k.event.List = false, nil
	return k.text, k.more
}

// ask has the home loop make the next piece.
func (k *longAnswer) ask() {
	if k.asked {
		return
	}
	k.asked = true
	k.by.atHome(func() (then func()) {
		rows, more := k.event.Rest.Next()
		return func() { k.arrived(rows, more) }
	})
}

// arrived is when the home loop has made a piece.
func (k *longAnswer) arrived(rows []room.Row, more bool) {
	p := k.by.peers.of(k.client)
	if k.closed || p == nil {
		return
	}
	k.asked, k.known, k.event.List, k.more = false, true, rows, more
	bytes := 0
	for i := range rows {
		bytes += len(rows[i].Name) + len(rows[i].Text)
	}
	k.by.writer.Supply(&p.out, k, bytes)
}

// Close implements delivery.Source.
func (k *longAnswer) Close() { k.closed = true }
