//go:build linux

package loop

import (
	"time"

	"looproom/codec"
	"looproom/loop/delivery"
	"looproom/loop/dialect/irc"
	"looproom/loop/door"
	"looproom/loop/ending"
	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/transfer"
	"looproom/loop/transport"
)

// peer is one connection. It is touched on its loop only, from the moment it is enrolled. There are very many, and most are quiet: what
// only few have at a time is in out and rare.
//
// It can outlive its gnet connection: gnet closes at the end of the stream, but a client that closed its sending side still gets
// its replies; and while a client uploads, its bytes are read elsewhere. Then the descriptor is our own.
type peer struct {
	reactor.Conn
	address string            // of the client, for the log and for guests
	session session.Session   // its input
	out     delivery.Receiver // knows its ID
	rare    *rare             // nil: it has none of that

	door            uint16 // its number
	here, elsewhere uint8  // the forms of its voice in which it reads what is about its current room, and others

	end      ending.End     // how far that has come
	standing meter.Standing // of the client, as it was last counted
}

// id is the client that p is.
func (p *peer) id() room.ClientID { return room.ClientID(p.out.ID()) }

// readAs has p read from now on what a client with that voice does, with the ids of messages or without.
func (p *peer) readAs(voice uint8, ids bool) {
	p.here, p.elsewhere = door.LineForm(voice, true, ids), door.LineForm(voice, false, ids)
}

// form is that in which p reads what is about its current room, or about another one.
func (p *peer) form(current bool) uint8 {
	if current {
		return p.here
	}
	return p.elsewhere
}

// rare is what few peers have.
type rare struct {
	upload    *transfer.Upload   // nil when nothing is being uploaded
	downloads transfer.Downloads // files that are on their way to it, or wait behind others
	secure    *transport.TLS     // nil: it talks in clear
	hello     string             // has to be sent before anything else; "" once it is
	closeBy   *codec.CloseError  // how its WebSocket ends, if that is said by what it has sent
	irc       *ircPeer           // its side of IRC, nil: it speaks the line protocol
}

// ircPeer is what a peer that speaks IRC has besides.
type ircPeer struct {
	irc.Client
	heard  time.Duration // when its last line came
	pinged bool          // and it has been asked since whether it is there

	grown   uint64        // what Opens of the client was when it last changed
	grownAt time.Duration // and when that was
}

// more gives p a rare, if it has none.
func (p *peer) more() *rare {
	if p.rare == nil {
		p.rare = &rare{}
	}
	return p.rare
}

// tidy gives p's rare back, if it has nothing left in it.
func (p *peer) tidy() {
	if p.rare != nil && *p.rare == (rare{}) {
		p.rare = nil
	}
}

// upload is the file that p sends just now, nil if there is none.
func (p *peer) upload() *transfer.Upload {
	if p.rare == nil {
		return nil
	}
	return p.rare.upload
}

// remote is where p comes from; false: that can't be told any more. A user is not remembered for each peer: the kernel knows.
func (p *peer) remote() (remote.Remote, bool) {
	fd := -1
	if !p.closed() {
		fd = p.out.Descriptor()
	}
	return remote.OfPeer(p.address, fd)
}

// untaken is how many bytes of what p has been told are on their way to it still, as they go over its connection: TLS and frames included.
func (p *peer) untaken() int {
	bytes := p.out.Untaken()
	if s := p.secure(); s != nil {
		bytes += s.Waits()
	}
	return bytes
}

// closed says whether the peer's connection has ended.
func (p *peer) closed() bool { return p.out.Closed() }

// deaf says whether nothing more may be said to the peer.
func (p *peer) deaf() bool { return p.out.Deaf() }

// secure is p's TLS, nil if it talks in clear.
func (p *peer) secure() *transport.TLS {
	if p.rare == nil {
		return nil
	}
	return p.rare.secure
}

// certificate is the fingerprint of the certificate that p has shown, "" if it has shown none.
func (p *peer) certificate() string {
	if s := p.secure(); s != nil {
		return s.Fingerprint()
	}
	return ""
}

// irc is p's side of IRC, nil if it speaks the line protocol.
func (p *peer) irc() *irc.Client {
	if p.rare == nil || p.rare.irc == nil {
		return nil
	}
	return &p.rare.irc.Client
}

// readIRC has p read in the form for the tags that it wants.
func (p *peer) readIRC() {
	p.here = door.Form(door.Voice(p.here), uint8(p.irc().Set()))
	p.elsewhere = p.here
}
