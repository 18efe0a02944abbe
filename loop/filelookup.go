//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/room"
)

// list answers FILES, once the store has looked.
func (l transfers) list(p *peer, e *room.Event) {
	l.lookUp(p, longAnswers, func(c transferring) delivery.Source { return l.server.transfers.List(c, e.N) })
}

// send answers GET, once the store has looked.
func (l transfers) send(p *peer, e *room.Event) {
	l.lookUp(p, fileAnswers, func(c transferring) delivery.Source {
		return l.server.transfers.Get(c, e.Text, l.server.doorOf(p).Pages())
	})
}

// lookUp has the store asked for an answer, which has its place in the order of what p is told: what comes behind it waits. asks is how many bytes of
// answers it counts as.
func (l transfers) lookUp(p *peer, asks int, ask func(transferring) delivery.Source) {
	switch {
	case l.server.files == nil:
		l.fanOut.tell(p, refused(room.Refusal{Why: room.NoFiles}))
	case !p.deaf():
		l.writer.TellFrom(&p.out, ask(transferring{l.eventLoop, p}), 0, asks)
	}
}
