//go:build linux

package loop

import (
	"sync/atomic"
	"time"

	"looproom/loop/room"
)

// waiting is how the clients of a node are told that the log of the cluster doesn't answer. The home loop looks once a second, and all loops go by it.
type waiting struct {
	since   atomic.Int64 // by the server's clock, in milliseconds: a batch has been on its way since then, and clients have been told. 0: none has, for long
	refuses atomic.Bool  // that has been so for longer than anybody is to wait
	full    bool         // so much waits that no input is handled. Behind it the home loop alone
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
	waits, now := node.Waits(), s.clock()
	switch told := w.since.Load() > 0; {
	case waits >= tellWaiting && !told:
		w.since.Store(max(1, (now - waits).Milliseconds()))
		s.log.Warn().Stringer("for", waits.Round(time.Millisecond)).Msg("the log of the cluster does not answer")
		tellAll(s, room.Refusal{Why: room.LogWaits})
	case waits < tellWaiting && told:
		w.since.Store(0)
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

// lastSaid is when clients of a loop have last said something to the room, by their slots, in milliseconds of the server's clock. It is as long as there have been clients at once.
type lastSaid []uint32

func (s *lastSaid) note(id room.ClientID, now time.Duration) {
	for slot := int(id.Slot()); len(*s) <= slot; {
		*s = append(*s, 0)
	}
	(*s)[id.Slot()] = uint32(now / time.Millisecond)
}

// of is that of a client, 0 if it has said nothing; what a client before it has said counts as well.
func (s lastSaid) of(id room.ClientID) int64 {
	if int(id.Slot()) < len(s) {
		return int64(s[id.Slot()])
	}
	return 0
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

// mustAnswerHere does what p says without the room, if the log doesn't answer: who asks whether the server is there is told, if nothing that it has said before is on its way; and when the log has
// been away for long, all else is refused but numbered lines, which wait. It says whether that was all.
func mustAnswerHere(l *eventLoop, p *peer) bool {
	w := &l.server.cluster.waiting
	since := w.since.Load()
	if since == 0 {
		l.said.note(p.id(), l.server.clock())
		return false
	}
	cmd := &l.cmd
	switch idle := l.said.of(p.id()) < since; {
	case cmd.Verb == room.Ping && idle:
		answerHere(l, p, cmd, &room.Event{Kind: room.Ponged, Text: cmd.Text})
	case cmd.Verb == room.Reply && idle:
		answerHere(l, p, cmd, &room.Event{Kind: room.Replied, Text: cmd.Text})
	case w.refuses.Load() && cmd.ID == "" && cmd.Verb != room.Reply:
		if cmd.Verb == room.Send && cmd.N > 0 {
			p.session.Skip(cmd.N)
		}
		answerHere(l, p, cmd, refused(room.Refusal{Why: room.LogIsAway}))
	default:
		l.said.note(p.id(), l.server.clock())
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
