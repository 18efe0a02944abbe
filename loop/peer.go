//go:build linux

package loop

import (
	"time"

	"github.com/panjf2000/gnet/v2"

	"looproom/codec"
	"looproom/loop/room"
)

// peer is one connection. It is touched on its loop only, from the moment it is enrolled.
//
// It can outlive its gnet connection: gnet closes at the end of the stream, but a client that closed its sending side still gets
// its replies; and while a client uploads, its bytes are read elsewhere. Then the descriptor is our own.
type peer struct {
	id     room.ClientID
	door   *Door
	conn   gnet.Conn // nil when detached or closed
	fd     int       // where to write; -1 when closed
	framer codec.Framer
	lines  codec.Lines // what framer points to, for most
	tail   []byte      // input that is no whole frame yet
	out    outbox
	seats  []mirrorSeat
	upload *upload // nil when nothing is being uploaded

	// waitingAt is the peer's index in the loop's list of those whose outbox could not be emptied, -1 if it isn't there.
	waitingAt int

	address  string        // of the client, for the log and for guests
	heardAt  time.Duration // when its last bytes came
	progress time.Duration // when its socket last took some of what waits
	skip     int64         // input bytes to drop: of an upload that was refused
	laneTurn uint64        // the last turn of the loop's lane in which it said something
	mark     uint64        // the last event that the peer was told of, for audiences that overlap

	dirty     bool // stands in the loop's dirty list
	full      bool // its socket can't take more; the waker will say when it can
	armed     bool // the waker knows its descriptor
	over      bool // so much waits for it that it is dropped at the next flush
	opened    bool // it has been enrolled
	logged    bool // its end has been logged
	hold      bool // input waits: an upload has been asked for
	pausing   bool // an alarm for the end of a burst is set (chunk doors)
	finished  bool // nothing more will be said to it: close when all is sent
	lingering bool // our side is closed, the client's not yet
	inputOver bool // the client's sending side is closed
	gone      bool // the room has forgotten it
}

// waiting says whether the peer's outbox could not be emptied.
func (p *peer) waiting() bool { return p.waitingAt >= 0 }

// closed says whether the peer's connection has ended.
func (p *peer) closed() bool { return p.fd < 0 }

// deaf says whether nothing more may be said to the peer.
func (p *peer) deaf() bool { return p.finished || p.fd < 0 }
