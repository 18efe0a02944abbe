//go:build linux

package reactor

import (
	"errors"
	"io"
	"net"

	"github.com/panjf2000/gnet/v2"
)

// callbacks are what gnet calls, all on the loop.
type callbacks struct {
	gnet.BuiltinEventEngine
	loop *Loop
}

// OnOpen is gnet's word that a connection is in the loop.
func (b *callbacks) OnOpen(c gnet.Conn) ([]byte, gnet.Action) {
	client, ok := c.Context().(Client)
	if !ok {
		return nil, gnet.None
	}
	l, k := b.loop, client.connection()
	l.wanted++
	l.Detach(client) // of a descriptor of its own, by which it was written to
	k.conn = c
	l.enrols.opened(k)
	forgetNames(c)
	return nil, action(l.within(client, func() { l.handler.Opened(client) }))
}

// OnTraffic is gnet's word that bytes have come.
func (b *callbacks) OnTraffic(c gnet.Conn) gnet.Action {
	l := b.loop
	l.wanted++
	client, ok := c.Context().(Client)
	buf, err := c.Next(-1)
	switch {
	case err != nil:
		return gnet.None
	case !ok:
		b.ours(c)
		return gnet.None
	}
	l.enter(client)
	l.read(client, buf)
	return action(l.leave())
}

// ours is a byte by one of the loop's own connections.
func (b *callbacks) ours(c gnet.Conn) {
	if _, is := c.Context().(bellContext); is {
		b.loop.rung()
		return
	}
	b.loop.goOnAfterInput()
}

func (l *Loop) read(c Client, buf []byte) {
	defer l.Recovered(c)
	l.handler.Read(c, buf)
}

// OnClose is gnet's word that it is about to close the connection: because we said so, or because the client's stream is at
// its end.
func (b *callbacks) OnClose(c gnet.Conn, err error) gnet.Action {
	l := b.loop
	if _, is := c.Context().(bellContext); is {
		l.bell.stop()
		return gnet.None
	}
	client, ok := c.Context().(Client)
	if !ok || client.connection().conn != c {
		return gnet.None
	}
	l.wanted++
	switch {
	case l.stopped.Load():
		err = ErrStopped
	case errors.Is(err, io.EOF):
		err = nil
	}
	l.within(client, func() { l.handler.Ended(client, err) })
	if client.connection().conn == c {
		l.Detach(client)
	}
	return gnet.None
}

func action(closes bool) gnet.Action {
	if closes {
		return gnet.Close
	}
	return gnet.None
}

// forgetNames lets go of the names that gnet gives to those who come by a Unix socket, and that nobody reads.
func forgetNames(c gnet.Conn) {
	if local, ok := c.LocalAddr().(*net.UnixAddr); ok {
		local.Name = ""
	}
}
