//go:build linux

package loop

import (
	"time"

	"looproom/codec"
	"looproom/loop/delivery"
	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/remote"
	"looproom/loop/room"
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
	id      room.ClientID
	door    *Door
	address string        // of the client, for the log and for guests
	heardAt time.Duration // when its last bytes came
	out     delivery.Receiver
	rare    *rare         // nil: it has none of that
	paid    time.Duration // until when its lines are paid for by the time that passes; see rate
	lines   codec.Lines   // its framer, if its door has lines

	spoke     bool    // its first line is over; see firstLine
	opened    bool    // it has been enrolled
	logged    bool    // its end has been logged
	hold      holding // why input waits
	lingering bool    // our side is closed, the client's not yet
	inputOver bool    // the client's sending side is closed
	gone      bool    // the room has forgotten it
	numbers   bool    // has numbered a line, asked for the last number, or signed in with a key, as who does either will
	delayed   bool    // its next line comes too soon and waits, with all behind it; an alarm is set

	standing meter.Standing // of the client, as it was last counted
}

// holding is why the input of a peer waits.
type holding uint8

const (
	holdsNothing   holding = iota
	holdsForUpload         // its bytes are read elsewhere
	holdsForAnswer         // an answer takes time; see answers
	holdsForHome           // the home loop has not applied its last command; see answersLong
	holdsForTurn           // others have their turns before; see turns
	holdsForReader         // it has not taken the answers to what it has said
)

// rare is what few peers have.
type rare struct {
	framer    codec.Framer          // of a door that has no lines
	tail      []byte                // input that is no whole frame yet, or that waits
	upload    *transfer.Upload      // nil when nothing is being uploaded
	first     []byte                // the first line so far, if it comes in several frames; at most maxFirst and a frame
	skip      int64                 // input bytes to drop: of an upload that was refused
	pausing   bool                  // an alarm for the end of a burst is set (chunk doors, whose peers have a framer here)
	lineAt    time.Duration         // when the alarm for the next line rings; 0: none is set
	downloads transfer.Downloads    // files that are on their way to it, or wait behind others
	weighed   int                   // how much of tail's memory the loop has counted
	warned    bool                  // has been told that it sends too fast, in this episode
	secure    *transport.TLS        // nil: it talks in clear
	web       *webSocket            // nil: it doesn't talk by one
	telnet    *codec.TelnetRefusals // nil: it has negotiated nothing
}

// more gives p a rare, if it has none.
func (p *peer) more() *rare {
	if p.rare == nil {
		p.rare = &rare{}
	}
	return p.rare
}

// framer cuts p's stream.
func (p *peer) framer() codec.Framer {
	if p.rare != nil && p.rare.framer != nil {
		return p.rare.framer
	}
	return &p.lines
}

// tail is input that is no whole frame yet, or that waits.
func (p *peer) tail() []byte {
	if p.rare == nil {
		return nil
	}
	return p.rare.tail
}

// dropTail forgets the tail, and the rare with it if it has nothing else.
func (p *peer) dropTail() {
	if p.rare == nil {
		return
	}
	p.rare.tail, p.rare.warned = nil, false
	if r := p.rare; r.weighed == 0 && r.downloads == (transfer.Downloads{}) && r.framer == nil && r.upload == nil && r.first == nil && r.skip == 0 && r.lineAt == 0 && r.secure == nil && r.web == nil && r.telnet == nil {
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

// waits says whether what the peer sends is kept until something else has come.
func (p *peer) waits() bool { return p.delayed || p.hold == holdsForAnswer || p.pausable() }

// pausable says whether the peer's input waits for so little time, or for the peer itself, that nothing more need be read of it.
func (p *peer) pausable() bool {
	return p.hold == holdsForHome || p.hold == holdsForReader || p.hold == holdsForTurn
}

// remote is where p comes from; false: that can't be told any more. A user is not remembered for each peer: the kernel knows.
func (p *peer) remote() (remote.Remote, bool) {
	fd := -1
	if !p.closed() {
		fd = p.out.Descriptor()
	}
	return remote.OfPeer(p.address, fd)
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
