//go:build linux

package loop

import "looproom/loop/room"

// isHome says whether the loop is the one on which the room lives.
func (l *eventLoop) isHome() bool { return l.home != nil }

// command returns a command of the client, of now.
func (l *eventLoop) command(id room.ClientID, verb room.Verb) room.Command {
	return l.server.command(id, verb)
}

// submit brings cmd to the room: at once on the home loop, with the next flush from another one.
func (l *eventLoop) submit(cmd *room.Command) {
	if l.isHome() {
		l.home.order.Submit(cmd)
		return
	}
	l.exchange.commands = append(l.exchange.commands, *cmd)
	l.batch.ask()
}

// refuse tells the peer why not, in the order of its other answers.
func (l *eventLoop) refuse(p *peer, why room.Refusal) {
	cmd := l.command(p.id, room.Refuse)
	cmd.Because(why)
	l.submit(&cmd)
}

// hasLeft tells the room that a client's connection has ended.
func (l *eventLoop) hasLeft(id room.ClientID) {
	cmd := l.command(id, room.Disconnect)
	if l.isHome() {
		l.home.leave(&cmd, l.input.Busy())
		return
	}
	l.submit(&cmd)
}
