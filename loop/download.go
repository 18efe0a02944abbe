//go:build linux

package loop

import (
	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/budget"
	"looproom/loop/files"
	"looproom/loop/room"
)

// download is a file on its way out, a delivery.Source. Its bytes are read in pieces, the next one when the client has taken the last; what is said
// to the client meanwhile waits behind it.
type download struct {
	loop   *eventLoop
	client room.ClientID
	frames bool // each piece is a binary message of WebSocket
	entry  files.Entry
	off    int64  // where the next piece begins
	asked  bool   // a piece is being read
	closed bool   // nobody waits for it any more
	ready  []byte // a piece that has been read
	header []byte // of its frame, that goes before it
	piece  []byte // is being sent
}

// Next implements delivery.Source.
func (d *download) Next() (b []byte, more bool) {
	d.giveBack()
	switch {
	case len(d.header) > 0:
		b, d.header = d.header, nil
	case d.ready != nil:
		d.piece, d.ready = d.ready, nil
		b = d.piece
	case d.off < d.entry.Size:
		d.read()
	}
	return b, d.ready != nil || d.off < d.entry.Size || d.asked
}

// Close implements delivery.Source.
func (d *download) Close() {
	d.closed = true
	d.giveBack()
	d.loop.giveDownload(d.client)
	if d.ready != nil {
		d.loop.server.files.Release(d.ready)
		d.ready = nil
	}
}

// read asks the store for the file's next piece.
func (d *download) read() {
	if d.asked {
		return
	}
	d.asked = true
	n := int(min(d.entry.Size-d.off, files.PieceSize))
	d.loop.server.files.Read(d.entry, d.off, n, func(piece []byte, err error) {
		d.loop.post(func() { d.arrived(piece, err) })
	})
}

// arrived is when a piece has been read.
func (d *download) arrived(piece []byte, err error) {
	l := d.loop
	d.asked = false
	p := l.peer(d.client)
	switch {
	case d.closed || p == nil:
		if err == nil {
			l.server.files.Release(piece)
		}
	case err != nil:
		// The client counts bytes: there is no place for an error among them.
		l.server.log.Error().Str("file", d.entry.Name).Err(err).Msg("read a stored file")
		l.drop(p, "a file could not be read")
	default:
		d.ready = piece
		d.off += int64(len(piece))
		if d.frames {
			d.header = codec.AppendFrameHeader(nil, codec.OpBinary, len(piece))
		}
		l.writer.Supply(&p.out, d, len(piece))
	}
}

// giveBack returns the buffer of the piece that was sent.
func (d *download) giveBack() {
	if d.piece != nil {
		d.loop.server.files.Release(d.piece)
		d.piece = nil
	}
}

// usualFiles is how many files FILES lists when it isn't told how many.
const usualFiles = 100

// listFiles answers FILES, once the store has looked.
func (l *eventLoop) listFiles(p *peer, e *room.Event) {
	answer := l.lookUp(p, longAnswers)
	if answer == nil {
		return
	}
	n := int64(usualFiles)
	if e.N != room.None {
		n = e.N
	}
	l.server.files.List(int(min(n, files.MaxList)), func(entries []files.Entry, total int, err error) {
		rows := make([]room.Row, len(entries))
		for i, f := range entries {
			rows[i] = room.Row{Name: f.Name, Who: f.Sender, Text: f.SHA256, Unix: f.Time.Unix(), Count: int(f.Size)}
		}
		found := &room.Event{Kind: room.FileList, Count: total, List: rows}
		l.post(func() { answer.found(found, nil, err) })
	})
}

// sendFile answers GET, once the store has looked.
func (l *eventLoop) sendFile(p *peer, e *room.Event) {
	answer := l.lookUp(p, fileAnswers)
	if answer == nil {
		return
	}
	id, frames, name := p.id, p.web() != nil, e.Text
	l.server.files.Find(name, func(entry files.Entry, ok bool, err error) {
		found, file := &room.Event{Kind: room.FileFollows, Text: entry.Name, N: entry.Size}, &download{loop: l, client: id, frames: frames, entry: entry}
		if !ok {
			found, file = &room.Event{Kind: room.Refused, Code: room.NoSuchFile, Text: "there is no file " + name + "; FILES lists them"}, nil
		}
		l.post(func() { answer.found(found, file, err) })
	})
}

// lookUp returns the place of an answer that the store has to be asked for, in the order of what p is told: what comes behind it waits.
// asks is how many bytes of answers it counts as. nil: p has been told that there are no files, or can't be told any more.
func (l *eventLoop) lookUp(p *peer, asks int) *lookup {
	if l.server.files == nil {
		l.tellNow(p, &room.Event{Kind: room.Refused, Code: room.FilesOff, Text: "this server keeps no files"})
		return nil
	}
	if p.deaf() {
		return nil
	}
	answer := &lookup{loop: l, client: p.id}
	l.writer.TellFrom(&p.out, answer, 0, asks)
	return answer
}

// downloadBuffer is SO_SNDBUF of a socket by which a file goes out, in bytes: what a client that takes none of it holds of the kernel's memory,
// doubled, beside a piece.
const downloadBuffer = 64 << 10

// reserve takes the memory of a download, and gives p's socket the buffer of one, if p has not got that: it sends one file after the other.
func (l *eventLoop) reserve(p *peer) bool {
	more := p.more()
	if more.downloads == 0 {
		if !l.server.budget.Take(budget.Downloads, downloadMemory) {
			return false
		}
		narrow := unix.SetsockoptInt(p.out.Descriptor(), unix.SOL_SOCKET, unix.SO_SNDBUF, downloadBuffer) == nil
		l.writer.Narrow(&p.out, narrow)
	}
	more.downloads++
	return true
}

// giveDownload takes back what reserve did, once for each time.
func (l *eventLoop) giveDownload(id room.ClientID) {
	p := l.peer(id)
	if p == nil || p.rare == nil || p.rare.downloads == 0 {
		return
	}
	if p.rare.downloads--; p.rare.downloads > 0 {
		return
	}
	l.server.budget.Add(budget.Downloads, -downloadMemory)
	l.writer.Narrow(&p.out, false)
	if !p.closed() {
		_ = unix.SetsockoptInt(p.out.Descriptor(), unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer) // it keeps the small one
	}
}

// tellNow puts an event of the loop's own in the place of the one that is being delivered.
func (l *eventLoop) tellNow(p *peer, e *room.Event) {
	l.tell(p, e)
}
