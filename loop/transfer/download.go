//go:build linux

package transfer

import (
	"looproom/codec"
	"looproom/loop/budget"
	"looproom/loop/files"
)

// What is counted for each of a kind, in bytes.
const (
	// uploadMemory is of the goroutine that reads it, a WebSocket's buffer, and what the kernel holds while it isn't read.
	uploadMemory = 24<<10 + readSize + 128<<10
	// downloadMemory is a piece, and what the kernel holds of a socket with DownloadBuffer.
	downloadMemory = 64<<10 + 2*DownloadBuffer
)

// DownloadBuffer is SO_SNDBUF of a socket by which a file goes out, in bytes: what a client that takes none of it holds of the kernel's memory,
// doubled, beside a piece.
const DownloadBuffer = 64 << 10

// Downloads are those that are on their way to a client, or wait behind others. They are made to be embedded by value; the zero Downloads are none, and the only ones
// that are equal to it.
type Downloads struct{ n int }

// reserve takes the memory of a download, and gives the client's socket the buffer of one, if it has not got that: it sends one file after the other.
func (s *Service) reserve(c Client) bool {
	d := c.Downloads()
	if d == nil {
		return false
	}
	if d.n == 0 {
		if !s.Budget.Take(budget.Downloads, downloadMemory) {
			return false
		}
		c.Narrow(true)
	}
	d.n++
	return true
}

// release takes back what reserve did, once for each time.
func (s *Service) release(c Client) {
	d := c.Downloads()
	if d == nil || d.n == 0 {
		return
	}
	if d.n--; d.n > 0 {
		return
	}
	s.Budget.Add(budget.Downloads, -downloadMemory)
	c.Narrow(false)
}

// download is a file on its way out, a delivery.Source that stands behind its lookup. It holds what reserve has taken.
type download struct {
	service *Service
	client  Client
	frames  bool // each piece is a binary message of WebSocket
	entry   files.Entry
	fetched *files.Fetched // the file is another server's; nil: this one's
	off     int64          // where the next piece begins
	asked   bool           // a piece is being read
	closed  bool           // nobody waits for it any more
	ready   []byte         // a piece that has been read
	header  []byte         // of its frame, that goes before it
	piece   []byte         // is being sent
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
	d.service.release(d.client)
	if d.fetched != nil {
		d.fetched.Release()
	}
	if d.ready != nil {
		d.service.Store.Release(d.ready)
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
	done := func(piece []byte, err error) { d.client.Post(func() { d.arrived(piece, err) }) }
	if d.fetched != nil {
		d.service.Store.ReadFetched(d.fetched, d.off, n, done)
		return
	}
	d.service.Store.Read(d.entry, d.off, n, done)
}

// arrived is when a piece has been read.
func (d *download) arrived(piece []byte, err error) {
	d.asked = false
	switch {
	case d.closed:
		if err == nil {
			d.service.Store.Release(piece)
		}
	case err != nil:
		d.client.Unreadable(d.entry, err)
	default:
		d.ready = piece
		d.off += int64(len(piece))
		if d.frames {
			d.header = codec.AppendFrameHeader(nil, codec.OpBinary, len(piece))
		}
		d.client.Supply(d, len(piece))
	}
}

// giveBack returns the buffer of the piece that was sent.
func (d *download) giveBack() {
	if d.piece != nil {
		d.service.Store.Release(d.piece)
		d.piece = nil
	}
}
