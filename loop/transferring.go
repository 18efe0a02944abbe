//go:build linux

package loop

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"

	"looproom/loop/delivery"
	"looproom/loop/door"
	"looproom/loop/ending"
	"looproom/loop/files"
	"looproom/loop/room"
	"looproom/loop/transfer"
)

// transferring is a client as its transfers see it, a transfer.Client. They can outlive it.
type transferring struct {
	loop *eventLoop
	peer *peer // beside the loop only its id is looked at
}

// here is the client's peer, nil if it is on the loop no longer.
func (c transferring) here() *peer { return c.loop.peer(c.peer.id()) }

// Post implements transfer.Client.
func (c transferring) Post(letter func()) { c.loop.reactor.Post(letter) }

// Beside implements transfer.Client.
func (c transferring) Beside(work func()) { go c.loop.guardedBeside(c.peer.id(), work) }

// TakeBack implements transfer.Client.
func (c transferring) TakeBack(conn net.Conn) {
	err := c.loop.reactor.Enrol(conn, c.peer)
	if err == nil {
		return
	}
	c.loop.reactor.Post(func() {
		if p := c.here(); p != nil {
			c.loop.ends.cut(p, ending.Unenrolled, err.Error())
		}
	})
}

// Ended implements transfer.Client.
func (c transferring) Ended(u *transfer.Upload, end transfer.End) bool {
	c.loop.meter.Uploads.Ended(end.Size, end.Err)
	p := c.here()
	if p != nil && !p.closed() {
		return transfers{c.loop}.ended(p, u, end)
	}
	if end.Err == nil && c.loop.server.cluster != nil { // the other nodes learn of it though nobody is answered
		cmd := stored(c.loop.server, room.NoClient, &end.Entry)
		c.loop.submit(&cmd)
	}
	return false
}

// Pong implements transfer.Client.
func (c transferring) Pong(payload []byte) {
	if p := c.here(); p != nil {
		c.loop.reactor.Guarded(p, func() { c.loop.pong(p, payload) })
	}
}

// Words implements transfer.Client.
func (c transferring) Words(a transfer.Answer) []byte {
	p := c.here()
	if p == nil {
		return nil
	}
	if a.Err != nil && !isNews(a.Err) {
		c.loop.server.log.Error().Str("client", p.address).Err(a.Err).Msg("look for stored files")
	}
	return c.loop.fanOut.appendWords(nil, p, found(a))
}

// isNews says whether an error of an answer says nothing about the disk.
func isNews(err error) bool {
	for _, one := range []error{transfer.ErrNoFile, transfer.ErrNoMemory, transfer.ErrAway, transfer.ErrBusy} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// Supply implements transfer.Client.
func (c transferring) Supply(source delivery.Source, bytes int) {
	if p := c.here(); p != nil {
		c.loop.writer.Supply(&p.out, source, bytes)
	}
}

// Downloads implements transfer.Client.
func (c transferring) Downloads() *transfer.Downloads {
	if p := c.here(); p != nil {
		return &p.more().downloads
	}
	return nil
}

// Narrow implements transfer.Client. Where the socket keeps its buffer, what it holds counts as that of any other.
func (c transferring) Narrow(narrow bool) {
	p := c.here()
	if p == nil {
		return
	}
	size := door.SendBuffer
	if narrow {
		size = transfer.DownloadBuffer
	}
	set := !p.closed() && unix.SetsockoptInt(p.out.Descriptor(), unix.SOL_SOCKET, unix.SO_SNDBUF, size) == nil
	c.loop.writer.Narrow(&p.out, narrow && set)
	if !narrow {
		p.tidy()
	}
}

// Unreadable implements transfer.Client.
func (c transferring) Unreadable(f files.Entry, err error) {
	if p := c.here(); p != nil {
		c.loop.server.log.Error().Str("file", f.Name).Err(err).Msg("read a stored file")
		c.loop.ends.cut(p, ending.FileUnreadable, "")
	}
}

// found is what the room would say, if it knew the store.
func found(a transfer.Answer) *room.Event {
	switch {
	case errors.Is(a.Err, transfer.ErrNoFile):
		return refused(room.Refusal{Why: room.FileNotThere, Who: a.Name})
	case errors.Is(a.Err, transfer.ErrNoMemory):
		return refused(room.Refusal{Why: room.ShortOfMemory})
	case errors.Is(a.Err, transfer.ErrAway):
		return refused(room.Refusal{Why: room.FileAway, Who: a.Name, Text: a.File.Node})
	case errors.Is(a.Err, transfer.ErrBusy):
		return refused(room.Refusal{Why: room.DeskBusy})
	case a.Err != nil:
		return refused(room.Refusal{Why: room.FilesNotLookedFor, Text: a.Err.Error()})
	case a.File != nil:
		return &room.Event{Kind: room.FileFollows, Text: a.File.Name, N: a.File.Size}
	}
	rows := make([]room.Row, len(a.Files))
	for i, f := range a.Files {
		rows[i] = room.Row{Name: f.Name, Who: f.Sender, Text: f.SHA256, At: f.Time.UnixMilli(), Count: int(f.Size)}
	}
	return &room.Event{Kind: room.FileList, Count: a.Total, List: rows}
}
