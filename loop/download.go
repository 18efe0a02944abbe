//go:build linux

package loop

import (
	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/budget"
	"looproom/loop/files"
	"looproom/loop/room"
)

// download is a file on its way out. Its bytes are read in pieces, the next one when the client has taken the last; what is said
// to the client meanwhile waits behind it.
type download struct {
	entry files.Entry
	off   int64 // where the next piece begins
	asked bool  // a piece is being read
	piece []byte
}

// done says whether the last piece has been read.
func (d *download) done() bool { return d.off >= d.entry.Size }

// usualFiles is how many files FILES lists when it isn't told how many.
const usualFiles = 100

// listFiles answers FILES, once the store has looked.
func (l *eventLoop) listFiles(p *peer, e *room.Event) {
	answer := l.lookUp(p)
	if answer == nil {
		return
	}
	n := int64(usualFiles)
	if e.N != room.None {
		n = e.N
	}
	id := p.id
	l.server.files.List(int(min(n, files.MaxList)), func(entries []files.Entry, total int, err error) {
		rows := make([]room.Row, len(entries))
		for i, f := range entries {
			rows[i] = room.Row{Name: f.Name, Who: f.Sender, Text: f.SHA256, Unix: f.Time.Unix(), Count: int(f.Size)}
		}
		found := &room.Event{Kind: room.FileList, Count: total, List: rows}
		l.post(func() { l.lookedUp(id, answer, found, nil, err) })
	})
}

// sendFile answers GET, once the store has looked.
func (l *eventLoop) sendFile(p *peer, e *room.Event) {
	answer := l.lookUp(p)
	if answer == nil {
		return
	}
	id, name := p.id, e.Text
	l.server.files.Find(name, func(entry files.Entry, ok bool, err error) {
		found, file := &room.Event{Kind: room.FileFollows, Text: entry.Name, N: entry.Size}, &download{entry: entry}
		if !ok {
			found, file = &room.Event{Kind: room.Refused, Code: room.NoSuchFile, Text: "there is no file " + name + "; FILES lists them"}, nil
		}
		l.post(func() { l.lookedUp(id, answer, found, file, err) })
	})
}

// lookUp returns the place of an answer that the store has to be asked for, in the order of what p is told: what comes behind it waits.
// nil: p has been told that there are no files, or can't be told any more.
func (l *eventLoop) lookUp(p *peer) *extra {
	if l.server.files == nil {
		l.tellNow(p, &room.Event{Kind: room.Refused, Code: room.FilesOff, Text: "this server keeps no files"})
		return nil
	}
	if p.deaf() {
		return nil
	}
	l.settleFor(p)
	l.tally.deliveries++
	answer := l.outboxOf(p).addPending()
	l.soil(p)
	return answer
}

// lookedUp is when the store has found what the client is told in the place of answer, and the file that follows, if there is one.
func (l *eventLoop) lookedUp(id room.ClientID, answer *extra, found *room.Event, file *download, err error) {
	p := l.peer(id)
	if p == nil || p.closed() || p.out == nil {
		return
	}
	if err != nil {
		l.server.log.Error().Str("client", p.address).Err(err).Msg("look for stored files")
		found, file = &room.Event{Kind: room.Refused, Code: room.FileFailed, Text: "the files could not be looked for: " + err.Error()}, nil
	}
	if file != nil && !l.reserve(p) {
		found, file = &room.Event{Kind: room.Refused, Code: shortOfMemory.code, Text: shortOfMemory.words}, nil
	}
	l.event++
	span := l.encoded(found, p.door.form(true))
	text := make([]byte, 0, span.end-span.start)
	for _, b := range l.log.slices(nil, span.start, span.end) {
		text = append(text, b...)
	}
	p.out.settle(answer, text, file)
	l.held.copies += len(text)
	if file != nil {
		l.narrow(p)
	}
	l.write(p)
	if p.out != nil && p.waiting() {
		l.checkSendQ(p)
	}
}

// downloadBuffer is SO_SNDBUF of a socket by which a file goes out, in bytes: what a client that takes none of it holds of the kernel's memory,
// doubled, beside a piece.
const downloadBuffer = 64 << 10

// reserve takes the memory of a download, if p has not got it: it sends one after the other.
func (l *eventLoop) reserve(p *peer) bool {
	p.out.reserved = p.out.reserved || l.server.budget.Take(budget.Downloads, downloadMemory)
	return p.out.reserved
}

// narrow gives p's socket the send buffer of a download.
func (l *eventLoop) narrow(p *peer) {
	if !p.out.narrow {
		p.out.narrow = unix.SetsockoptInt(int(p.fd), unix.SOL_SOCKET, unix.SO_SNDBUF, downloadBuffer) == nil
	}
}

// widen gives p's socket back what it had before narrow: nothing waits for it any more.
func (l *eventLoop) widen(p *peer) {
	if p.out.narrow {
		_ = unix.SetsockoptInt(int(p.fd), unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer) // it keeps the small one
	}
}

// tellNow puts an event of the loop's own in the place of the one that is being delivered.
func (l *eventLoop) tellNow(p *peer, e *room.Event) {
	l.event++
	l.tell(p, e)
}

// readPiece asks the store for the file's next piece.
func (l *eventLoop) readPiece(p *peer, e *extra) {
	d, id := e.file, p.id
	if d.asked {
		return
	}
	d.asked = true
	l.giveBack(d)
	n := int(min(d.entry.Size-d.off, files.PieceSize))
	l.server.files.Read(d.entry, d.off, n, func(piece []byte, err error) {
		l.post(func() { l.pieceRead(id, e, piece, err) })
	})
}

func (l *eventLoop) pieceRead(id room.ClientID, e *extra, piece []byte, err error) {
	e.file.asked = false
	p := l.peer(id)
	if p == nil || p.closed() {
		if err == nil {
			l.server.files.Release(piece)
		}
		return
	}
	if err != nil {
		// The client counts bytes: there is no place for an error among them.
		l.server.log.Error().Str("file", e.file.entry.Name).Err(err).Msg("read a stored file")
		l.drop(p, "a file could not be read")
		return
	}
	e.file.piece, e.bytes = piece, piece
	e.file.off += int64(len(piece))
	if p.web() != nil {
		p.out.putFirst(codec.AppendFrameHeader(nil, codec.OpBinary, len(piece)))
	}
	l.write(p)
}

// giveBack returns the buffer of the piece that was sent.
func (l *eventLoop) giveBack(d *download) {
	if d.piece != nil {
		l.server.files.Release(d.piece)
		d.piece = nil
	}
}
