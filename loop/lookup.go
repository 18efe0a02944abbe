//go:build linux

package loop

import "looproom/loop/room"

// lookup is an answer that the store of files is asked for, a delivery.Source: what is found, and behind it the file if there is one.
type lookup struct {
	loop   *eventLoop
	client room.ClientID
	known  bool // the store has answered
	closed bool // nobody waits for it any more
	text   []byte
	file   *download
}

// found is when the store has answered. Loop only.
func (k *lookup) found(what *room.Event, file *download, err error) {
	l := k.loop
	p := l.peer(k.client)
	if k.closed || p == nil {
		return
	}
	if err != nil {
		l.server.log.Error().Str("client", p.address).Err(err).Msg("look for stored files")
		what, file = &room.Event{Kind: room.Refused, Code: room.FileFailed, Text: "the files could not be looked for: " + err.Error()}, nil
	}
	if file != nil && !l.reserve(p) {
		what, file = &room.Event{Kind: room.Refused, Code: shortOfMemory.code, Text: shortOfMemory.words}, nil
	}
	k.text = (&telling{l, what, true}).Append(nil, p.door.form(true))
	k.known, k.file = true, file
	l.writer.Supply(&p.out, k, len(k.text))
}

// Next implements delivery.Source.
func (k *lookup) Next() (b []byte, more bool) {
	switch {
	case !k.known:
		return nil, true
	case k.text != nil:
		b, k.text = k.text, nil
		return b, k.file != nil
	case k.file != nil:
		return k.file.Next()
	}
	return nil, false
}

// Close implements delivery.Source.
func (k *lookup) Close() {
	k.closed = true
	if k.file != nil {
		k.file.Close()
	}
}
