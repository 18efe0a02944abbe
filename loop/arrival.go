//go:build linux

package loop

import (
	"net"
	"net/netip"
	"strconv"

	"looproom/loop/delivery"
	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/transport"
)

// arrival is a connection on its way from its door to its loop. It has a slot from the beginning, so that however many come and
// whatever they wait for, there are never more than there may be.
type arrival struct {
	door    *Door
	conn    net.Conn
	loop    *eventLoop
	id      room.ClientID
	address netip.AddrPort // the client's own, which a proxy may have told; none for one of a Unix socket
	proxy   netip.AddrPort // who told it
	cause   error          // what the log says besides when it is refused
	counted bool           // admission knows of it
	claims  rate.Key       // whose share of the prefaces it is counted towards; the zero one: nobody's
	prefix  []byte         // what has come behind a proxy's header
	secure  *transport.TLS // nil: it talks in clear
}

// admit lets a connection in, or refuses it. Where the door has to hear something from the client first, that is done by a goroutine of
// its own, so that nobody else waits for it.
func (d *Door) admit(c net.Conn) {
	a := &arrival{door: d, conn: c, loop: d.server.leastLoaded()}
	if tcp, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		a.address = remote.Unmapped(tcp.AddrPort())
	}
	if a.address.Addr().Zone() != "" {
		a.turnAway(refusal{room.ServerFull, "connections from link-local addresses with a zone are not served"})
		return
	}
	var ok bool
	if a.id, ok = d.server.slots.take(a.loop.index); !ok {
		a.turnAway(refusal{room.ServerFull, "no room for another connection; try again later"})
		return
	}
	a.loop.clients.Add(1)
	if !d.server.takeMemory(d) {
		a.loop.clients.Add(-1)
		d.server.slots.give(a.id)
		a.turnAway(shortOfMemory)
		return
	}
	if !d.url.hasPreface() {
		a.enter()
		return
	}
	d.server.prefaces.run(a)
}

// enter counts the connection with its address, if it may come in, and gives it to its loop.
func (a *arrival) enter() {
	if a.welcome() {
		a.enrol()
	}
}

// welcome says whether the client may come in, and its address may have one more connection, and refuses it if not.
func (a *arrival) welcome() bool {
	if a.forwards() {
		return true // its clients are looked at one by one
	}
	s := a.door.server
	var why *refusal
	if from, ok := a.remote(); ok {
		why = s.banned(from)
	}
	if why == nil && a.address.IsValid() {
		why = s.mayEnter(rate.KeyOf(a.address.Addr()), s.clock())
	}
	if why != nil {
		a.refuse(*why)
		return false
	}
	a.counted = a.address.IsValid()
	return true
}

// remote is where the connection comes from.
func (a *arrival) remote() (remote.Remote, bool) {
	if a.address.IsValid() {
		return remote.Of(a.address.Addr()), true
	}
	conn, ok := a.conn.(*net.UnixConn)
	if !ok {
		return remote.Remote{}, false
	}
	return remote.OfConn(conn)
}

// enrol gives the connection to its loop.
func (a *arrival) enrol() {
	p := a.newPeer()
	if err := a.loop.reactor.Enrol(a.conn, p); err != nil {
		a.giveUp()
		if s := a.door.server; s.refusals.mayLog(s.clock()) {
			s.log.Warn().Str("client", p.address).Str("door", a.door.URL()).Err(err).Msg("refused: can't enrol")
		}
	}
}

// refuse takes back what the connection has been counted for, and turns it away.
func (a *arrival) refuse(why refusal) {
	a.giveUp()
	a.turnAway(why)
}

// giveUp takes back what the connection has been counted for.
func (a *arrival) giveUp() {
	a.loop.clients.Add(-1)
	a.door.server.slots.give(a.id)
	a.door.server.giveMemory(a.door)
	if a.counted {
		a.door.server.admission.Release(rate.KeyOf(a.address.Addr()), a.door.server.clock())
	}
}

func (a *arrival) newPeer() *peer {
	d := a.door
	p := &peer{id: a.id, door: d, out: delivery.Unopened(), address: a.name(), session: session.New(d.url.form(d.server.cfg.MaxLine))}
	if d.url.framing == messages {
		p.rare = &rare{web: &webSocket{}}
	}
	p.session.Put(a.prefix)
	if a.secure != nil {
		p.more().secure = a.secure
	}
	return p
}

// name is the client's address, for the log and for whom it is no secret. Who comes by a Unix socket has none and gets a number.
func (a *arrival) name() string {
	if a.address.IsValid() {
		return a.address.String()
	}
	return "local:" + strconv.FormatUint(a.door.guests.Add(1), 10)
}
