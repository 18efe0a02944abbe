//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/room"
)

// whyGone is what others are told of a connection that has ended.
func whyGone(why ending.Reason) string {
	switch why {
	case ending.None, ending.ClosedByClient:
		return "Connection closed"
	case ending.Broken:
		return "Connection reset"
	}
	return why.Words("")
}

// isHome says whether the loop is the one on which the room lives.
func (l *eventLoop) isHome() bool { return l.home != nil }

// atOnce says whether what a client of this loop says is applied before submit returns.
func atOnce(l *eventLoop) bool { return l.isHome() && l.home.node == nil }

// submit brings cmd to the room: at once on the home loop, with the next flush from another one.
func (l *eventLoop) submit(cmd *room.Command) {
	if l.isHome() {
		l.home.order.Submit(cmd)
		return
	}
	l.exchange.commands = append(l.exchange.commands, *cmd)
	l.batch.ask()
}

// submitNew is submit for a command that nobody else has. It takes no memory: very many come and go.
func (l *eventLoop) submitNew(cmd room.Command) {
	if l.isHome() {
		l.home.order.Take(cmd)
		return
	}
	l.exchange.commands = append(l.exchange.commands, cmd)
	l.batch.ask()
}

// refuse tells the peer why not, in the order of its other answers.
func (l *eventLoop) refuse(p *peer, why room.Refusal) {
	cmd := l.server.command(p.id(), room.Refuse)
	cmd.Because(why)
	l.submitNew(cmd)
}

// hasLeft tells the room that a client's connection has ended, how many bytes were on their way to it then, and why.
func (l *eventLoop) hasLeft(id room.ClientID, untaken int, why ending.Reason) {
	cmd := l.server.command(id, room.Disconnect)
	cmd.N, cmd.Text = int64(untaken), whyGone(why)
	if l.isHome() {
		l.home.leave(cmd, l.input.Busy())
		return
	}
	l.submitNew(cmd)
}
