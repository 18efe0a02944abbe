//go:build linux

package loop

import (
	"looproom/codec"
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

// listFiles answers FILES.
func (l *eventLoop) listFiles(p *peer, e *room.Event) {
	if !l.filesOn(p) {
		return
	}
	n := usualFiles
	if e.N != room.None {
		n = int(min(e.N, 1<<20))
	}
	entries, total := l.server.files.List(max(n, 1))
	entries = entries[:min(n, len(entries))]
	rows := make([]room.Row, len(entries))
	for i, f := range entries {
		rows[i] = room.Row{Name: f.Name, Who: f.Sender, Text: f.SHA256, Unix: f.Time.Unix(), Count: int(f.Size)}
	}
	l.tellNow(p, &room.Event{Kind: room.FileList, Count: total, List: rows})
}

// sendFile answers GET.
func (l *eventLoop) sendFile(p *peer, e *room.Event) {
	if !l.filesOn(p) {
		return
	}
	entry, ok := l.server.files.Find(e.Text)
	if !ok {
		l.tellNow(p, &room.Event{Kind: room.Refused, Code: room.NoSuchFile, Text: "there is no file " + e.Text + "; FILES lists them"})
		return
	}
	l.tellNow(p, &room.Event{Kind: room.FileFollows, Text: entry.Name, N: entry.Size})
	if !p.deaf() {
		l.outboxOf(p).addFile(&download{entry: entry})
	}
}

func (l *eventLoop) filesOn(p *peer) bool {
	if l.server.files == nil {
		l.tellNow(p, &room.Event{Kind: room.Refused, Code: room.FilesOff, Text: "this server keeps no files"})
	}
	return l.server.files != nil
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
