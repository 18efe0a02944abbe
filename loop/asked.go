//go:build linux

package loop

import (
	"time"

	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/session"
)

// answers has what is done for each verb that leads to an Asked. Every one ends in answered, at once or later. The client's input waits from
// the command to the answer, so that what stands behind it is done by whom the answer makes of it.
var answers [256]func(*eventLoop, *peer, *room.Ask)

func init() { // the functions lead back to frames, which lead to the table
	answers[room.Pass] = (*eventLoop).checkPass
	answers[room.Login] = (*eventLoop).checkLogin
	answers[room.Oper] = (*eventLoop).checkOper
	answers[room.Register] = (*eventLoop).register
	answers[room.Unregister] = (*eventLoop).unregister
	answers[room.Ban] = (*eventLoop).setBan
	answers[room.Shun] = (*eventLoop).setBan
	answers[room.Unban] = (*eventLoop).liftBan
	answers[room.Bans] = (*eventLoop).listBans
	answers[room.Stats] = (*eventLoop).listStats
	answers[room.Drain] = (*eventLoop).drainAsked
}

// asked does what p wants, at its place in the order of p's answers.
func (l *eventLoop) asked(p *peer, ask *room.Ask) {
	if p.deaf() {
		return
	}
	if ask.Refusal.Why != 0 {
		no := ask.Refusal.Event()
		l.tellNow(p, &no)
		l.answered(p)
		return
	}
	answers[ask.Verb](l, p, ask)
}

// deny answers that what p wants is not done.
func (l *eventLoop) deny(p *peer, code room.Code, words string) {
	l.tellNow(p, &room.Event{Kind: room.Refused, Code: code, Text: words})
	l.answered(p)
}

// answered goes on with p's input.
func (l *eventLoop) answered(p *peer) {
	l.resume(p, session.ForAnswer)
}

// atDesk has work done beside the loop, at one of the server's desks. What it returns, if it returns anything, is then done on the loop, if p is still there.
func (l *eventLoop) atDesk(d *desk, p *peer, work func() (then func(*peer))) {
	if !l.passOn(d, p.id, work) {
		l.deny(p, room.Busy, "too much is waiting; try again")
	}
}

// passOn is atDesk for any goroutine. It is false if too much is waiting there.
func (l *eventLoop) passOn(d *desk, id room.ClientID, work func() (then func(*peer))) bool {
	return d.give(func() {
		l.guardedBeside(id, func() {
			if then := work(); then != nil {
				l.reactor.Post(func() { l.backFromDesk(id, then) })
			}
		})
	})
}

func (l *eventLoop) backFromDesk(id room.ClientID, then func(*peer)) {
	if p := l.peer(id); p != nil && !p.deaf() {
		l.reactor.Guarded(p, func() { then(p) })
	}
}

// conclude submits a command of p's that follows from an answer, and goes on with its input.
func (l *eventLoop) conclude(p *peer, verb room.Verb, name string) {
	cmd := l.command(p.id, verb)
	cmd.Name = name
	l.submit(&cmd)
	l.answered(p)
}

// wallClock is the time in seconds since 1970.
func (s *Server) wallClock() int64 { return s.began.Add(s.clock()).Unix() }

// until is when something ends that lasts so many seconds, 0 for ever.
func (s *Server) until(seconds int64) int64 {
	if seconds == 0 {
		return 0
	}
	return s.wallClock() + seconds
}

// drainAsked ends the server for an operator.
func (l *eventLoop) drainAsked(p *peer, ask *room.Ask) {
	l.server.log.Warn().Str("operator", ask.Operator).Str("client", p.address).Msg("drain asked for")
	l.tellNow(p, &room.Event{Kind: room.Draining})
	if l.server.cfg.OnDrain != nil {
		go l.server.cfg.OnDrain(ask.Operator)
	}
	l.answered(p)
}

// passTime is how long a client may take to say the server's password.
const passTime = 30 * time.Second

// lockedOut is when p has been told to say the server's password.
func (l *eventLoop) lockedOut(p *peer) {
	if p.standing == meter.Locked {
		return
	}
	p.become(meter.Locked)
	wait := passTime
	if most := l.server.limits.Load().SignInTimeout; most > 0 {
		wait = min(wait, most)
	}
	l.setAlarm(wait, p.id, passOver)
}

// passMayBeOver disconnects who has not said the server's password.
func (l *eventLoop) passMayBeOver(p *peer) {
	if p.standing == meter.Locked && !p.deaf() && !p.logged {
		l.expel(p, room.SignInTimeout, "no password came in time", "has not said the password in time")
	}
}
