//go:build linux

package loop

import "looproom/loop/room"

// command returns a command of the client, of now.
func (l *eventLoop) command(id room.ClientID, verb room.Verb) room.Command {
	now := l.server.clock()
	return room.Command{Verb: verb, Client: id, At: now, Unix: l.server.began.Add(now).Unix(), N: room.None}
}

// submit brings cmd to the room: at once on the home loop, with the next flush from another one.
func (l *eventLoop) submit(cmd *room.Command) {
	switch {
	case !l.isHome():
		l.toHome = append(l.toHome, *cmd)
		l.askFlush()
	case l.applying:
		l.queue = append(l.queue, *cmd)
	default:
		l.apply(cmd)
	}
}

// apply runs cmd through the room and delivers what follows, and then what came up meanwhile. Home loop only.
func (l *eventLoop) apply(cmd *room.Command) {
	l.applying = true
	plantApply(cmd)
	l.publish(l.watched(cmd, l.startOf(cmd)))
	for i := 0; i < len(l.queue); i++ {
		next := l.queue[i]
		if next.Verb == 0 {
			continue
		}
		l.queue[i].Verb = 0 // should it panic, it is not applied once more
		plantApply(&next)
		l.publish(l.watched(&next, l.server.clock()))
	}
	clear(l.queue)
	l.queue = l.queue[:0]
	l.applying = false
}

func (l *eventLoop) publish(events []room.Event) {
	for i := range events {
		e := &events[i]
		if len(l.server.loops) > 1 {
			l.forward(e)
		}
		l.deliver(e)
	}
}

// forward adds e to what the other loops get with the next flush.
func (l *eventLoop) forward(e *room.Event) {
	l.askFlush()
	if e.Scope == room.ToClient || e.Scope == room.ToLoops {
		if i := loopOf(e.Client); i != l.index && i < len(l.toLoops) {
			l.toLoops[i] = append(l.toLoops[i], *e)
		}
		return
	}
	for i := range l.toLoops {
		if i != l.index {
			l.toLoops[i] = append(l.toLoops[i], *e)
		}
	}
}

// exchange sends this batch's commands to the home loop, or its events to the others.
func (l *eventLoop) exchange() {
	if len(l.toHome) > 0 {
		home, commands := l.server.home(), l.toHome
		l.toHome = nil
		home.post(func() { home.applyAll(commands) })
	}
	for i, events := range l.toLoops {
		if len(events) > 0 {
			other := l.server.loops[i]
			l.toLoops[i] = nil
			other.post(func() { other.deliverAll(events) })
		}
	}
}

func (l *eventLoop) applyAll(commands []room.Command) {
	for i := range commands {
		if !l.guarded(nil, func() { l.submit(&commands[i]) }) {
			l.server.dropCulprit(commands[i].Client)
		}
	}
}

// dropCulprit drops the client whose command could not be applied, on the loop that it is on.
func (s *Server) dropCulprit(id room.ClientID) {
	l := s.loops[loopOf(id)]
	l.post(func() {
		if p := l.peer(id); p != nil {
			l.drop(p, "internal error")
		}
	})
}

func (l *eventLoop) deliverAll(events []room.Event) {
	for i := range events {
		l.guarded(nil, func() { l.deliver(&events[i]) })
	}
}

// refuse answers the peer with an error, in the order of its other answers.
func (l *eventLoop) refuse(p *peer, code room.Code, text string) {
	cmd := l.command(p.id, room.Refuse)
	cmd.Code, cmd.Text = code, text
	l.submit(&cmd)
}
