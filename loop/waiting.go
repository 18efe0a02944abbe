//go:build linux

package loop

import (
	"math"
	"sync/atomic"
	"time"

	"looproom/loop/room"
)

// waiting is how the clients of a node are told that the log of the cluster doesn't answer. The home loop looks once a second, and all loops go by it.
type waiting struct {
	told    atomic.Bool // a batch has been on its way for long, and clients have been told. For all goroutines
	full    bool        // so much waits that no input is handled
	refuses atomic.Bool // a batch has been on its way for longer than anybody is to wait. For all loops
}

const (
	// tellWaiting is after what time clients are told.
	tellWaiting = 2 * time.Second
	// mostWaiting is how many bytes of commands wait for the log before the input of all clients does.
	mostWaiting = 16 << 20
)

// look sees how long the log has not answered, and how much waits for it. It belongs to the home loop.
func (w *waiting) look(c *clustered) {
	s, node := c.server, c.home.home.node
	waits := node.Waits()
	switch {
	case waits >= tellWaiting && !w.told.Load():
		w.told.Store(true)
		s.log.Warn().Stringer("for", waits.Round(time.Millisecond)).Msg("the log of the cluster does not answer")
		tellAll(s, room.Refusal{Why: room.LogWaits})
	case waits < tellWaiting && w.told.Load():
		w.told.Store(false)
		w.refuses.Store(false)
		s.log.Info().Msg("the log of the cluster answers")
		tellAll(s, room.Refusal{Why: room.LogGoesOn})
	case waits >= c.cfg.Patience && c.cfg.Patience > 0 && !w.refuses.Load():
		w.refuses.Store(true)
		s.log.Error().Stringer("for", waits.Round(time.Second)).Msg("what clients say is refused: the log of the cluster does not answer")
		tellAll(s, room.Refusal{Why: room.LogIsAway})
	}
	w.hold(s, node.Order().Waiting())
}

// hold has the input of all clients wait, or go on, as so many bytes wait for the log.
func (w *waiting) hold(s *Server, bytes int) {
	switch {
	case bytes > mostWaiting && !w.full:
		w.full = true
		for _, l := range s.loops {
			l.reactor.Post(l.input.Suspend)
		}
	case bytes < mostWaiting/2 && w.full:
		w.full = false
		proceed(s)
	}
}

// onTheirWay is how many commands of each client of a loop have been submitted and not been applied, by slot. It is as long as there have been clients at once.
type onTheirWay []uint16

func (o *onTheirWay) add(id room.ClientID) {
	for slot := int(id.Slot()); len(*o) <= slot; {
		*o = append(*o, 0)
	}
	if (*o)[id.Slot()] < math.MaxUint16 {
		(*o)[id.Slot()]++
	}
}

// done is when one has been applied, be it one of what the client has said or one that somebody else has submitted for it.
func (o onTheirWay) done(id room.ClientID) {
	if slot := int(id.Slot()); slot < len(o) && o[slot] > 0 {
		o[slot]--
	}
}

// none says whether all is applied that the client has said.
func (o onTheirWay) none(id room.ClientID) bool { return int(id.Slot()) >= len(o) || o[id.Slot()] == 0 }

// forget is when a slot has no client any more.
func (o onTheirWay) forget(id room.ClientID) {
	if int(id.Slot()) < len(o) {
		o[id.Slot()] = 0
	}
}

// tellAll tells each client that reads what is for people, once, in pieces.
func tellAll(s *Server, why room.Refusal) {
	for _, l := range s.loops {
		l.reactor.Post(func() {
			l.eachPeer(func(p *peer) {
				if !p.deaf() && !l.server.doorOf(p).Echo() {
					l.fanOut.tell(p, refused(why))
				}
			}, l.batch.ask)
		})
	}
}

// answersHere does what p says without the room, where that can be: who asks whether the server is there is told so at once, if all is applied that it has said before, so that PONG comes behind the
// answers to that; and when the log has been away for long, all else is refused but numbered lines, which wait. It says whether that was all.
func answersHere(l *eventLoop, p *peer) bool {
	cmd := &l.cmd
	switch none := l.onTheirWay.none(p.id()); {
	case cmd.Verb == room.Ping && none:
		answerHere(l, p, cmd, &room.Event{Kind: room.Ponged, Text: cmd.Text})
	case cmd.Verb == room.Reply && none:
		answerHere(l, p, cmd, &room.Event{Kind: room.Replied, Text: cmd.Text})
	case l.server.cluster.waiting.refuses.Load() && cmd.ID == "" && cmd.Verb != room.Reply:
		if cmd.Verb == room.Send && cmd.N > 0 {
			p.session.Skip(cmd.N)
		}
		answerHere(l, p, cmd, refused(room.Refusal{Why: room.LogIsAway}))
	default:
		l.onTheirWay.add(p.id())
		return false
	}
	return true
}

// answerHere tells p what answers cmd.
func answerHere(l *eventLoop, p *peer, cmd *room.Command, e *room.Event) {
	e.Tag, e.Client = cmd.Tag, cmd.Client
	l.fanOut.tell(p, e)
	if cmd.Last {
		l.fanOut.deliverTo(p, &room.Event{Kind: room.Answered, Tag: cmd.Tag, Client: cmd.Client})
	}
}
