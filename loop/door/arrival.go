//go:build linux

package door

import (
	"net"
	"net/netip"
	"strconv"

	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/transport"
)

// Arrival is a connection on its way from its door to its loop. It has a slot from the beginning, so that however many come and
// whatever they wait for, there are never more than there may be.
type Arrival struct {
	// ID names the connection, and its loop: see LoopOf.
	ID room.ClientID
	// Conn is the connection of TCP or of a Unix socket. What came in its preface has been read from it.
	Conn net.Conn
	// TLS is that of a door with TLS, in memory; nil: the client talks in clear.
	TLS *transport.TLS
	// Early is what has come already: behind a proxy's header, or behind a request of HTTP.
	Early []byte
	// Unsent is what the client has to be sent before anything else: the end of its preface. It goes out with the first words to it, which saves a write and waking the client twice.
	Unsent []byte

	door     *Door
	address  netip.AddrPort // the client's own, which a proxy may have told; none for one of a Unix socket
	proxy    netip.AddrPort // who told it
	cause    error          // what the log says besides when it is refused
	protocol uint8          // of WebSocket, see protocolOf
	counted  bool           // admission knows of it
	claims   rate.Key       // whose share of the prefaces it is counted towards; the zero one: nobody's
}

// Door is the one by which it comes.
func (a *Arrival) Door() *Door { return a.door }

// Voice is the number of the voice of the client: see Form.
func (a *Arrival) Voice() uint8 { return a.door.voices[a.protocol] }

// Certificate is the fingerprint of the certificate that the client has shown, and whose key it has: the SHA-256 of it, in hex. "": it has shown none. Who has signed it, is looked at where
// the door names an authority.
func (a *Arrival) Certificate() string {
	if a.TLS == nil {
		return ""
	}
	return a.TLS.Fingerprint()
}

// Input is how the client's stream is cut, whose lines have at most maxLine bytes where its protocol says nothing else.
func (a *Arrival) Input(maxLine int) session.Form {
	if a.protocol == 0 {
		return a.door.Input(maxLine)
	}
	p := &protocols[a.protocol-1]
	return session.Form{Framing: p.framing, MaxLine: p.longest}
}

// admit lets a connection in, or refuses it, as a, and says whether a can be used for another one: very many come, and most need it no longer than this. Where the
// door has to hear something from the client first, that is done by a goroutine of its own, so that nobody else waits for it.
func (d *Door) admit(c net.Conn, a *Arrival) (free bool) {
	*a = Arrival{door: d, Conn: c}
	if tcp, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		a.address = remote.Unmapped(tcp.AddrPort())
	}
	if a.address.Addr().Zone() != "" {
		a.turnAway(because(room.FromAZone))
		return false
	}
	var ok bool
	if a.ID, ok = d.doors.slots.take(); !ok {
		a.turnAway(because(room.NoSlotLeft))
		return false
	}
	if !d.takeMemory() {
		d.doors.slots.give(a.ID)
		a.turnAway(because(room.ShortOfMemory))
		return false
	}
	if d.hasPreface() {
		a.begin()
		return false
	}
	if !a.welcome() {
		return false
	}
	a.enrol()
	return true
}

// welcome says whether the client may come in, and its address may have one more connection, and refuses it if not.
func (a *Arrival) welcome() bool {
	if a.forwards() {
		return true // its clients are looked at one by one
	}
	if from, ok := a.remote(); ok {
		if why, banned := a.door.doors.host.Banned(from); banned {
			a.refuse(why)
			return false
		}
	}
	if a.address.IsValid() {
		if why, ok := a.door.doors.count(a.address.Addr()); !ok {
			a.refuse(why)
			return false
		}
		a.counted = true
	}
	return true
}

// remote is where the connection comes from.
func (a *Arrival) remote() (remote.Remote, bool) {
	if a.address.IsValid() {
		return remote.Of(a.address.Addr()), true
	}
	conn, ok := a.Conn.(*net.UnixConn)
	if !ok {
		return remote.Remote{}, false
	}
	return remote.OfConn(conn)
}

// enrol gives the connection to its loop.
func (a *Arrival) enrol() {
	ds := a.door.doors
	err := ds.host.Enrol(a)
	if err == nil {
		return
	}
	a.giveUp()
	if ds.cfg.Loud.Pass(ds.host.Now()) {
		ds.cfg.Log.Warn().Str("client", a.from()).Str("door", a.door.Shown()).Err(err).Msg("refused: can't enrol")
	}
}

// refuse takes back what the connection has been counted for, and turns it away.
func (a *Arrival) refuse(why room.Refusal) {
	a.giveUp()
	a.turnAway(why)
}

// giveUp takes back what the connection has been counted for.
func (a *Arrival) giveUp() {
	a.door.doors.slots.give(a.ID)
	a.door.giveMemory()
	if a.counted {
		a.door.doors.uncount(a.address.Addr())
	}
}

// guarded runs f on a goroutine of the connection's own. A panic in it costs the connection.
func (a *Arrival) guarded(f func()) {
	if !a.door.doors.guarded(f) {
		a.Conn.Close()
		a.giveUp()
	}
}

// Name is the client's address with its port, for the log and for whom it is no secret. Who comes by a Unix socket has none and gets a number. It is called once.
func (a *Arrival) Name() string {
	if a.address.IsValid() {
		return a.address.String()
	}
	return "local:" + strconv.FormatUint(a.door.guests.Add(1), 10)
}
