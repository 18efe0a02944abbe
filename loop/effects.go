//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/session"
)

// effects is the loop where events mean more to it than words.
type effects struct{ *eventLoop }

// table has what is done for each kind of event that is so, for the one client that it is for.
func (l effects) table() (on [256]func(*peer, *room.Event)) {
	on[room.FilesAsked] = l.transfers.list
	on[room.FileAsked] = l.transfers.send
	on[room.LookAsked] = l.lookups.look
	on[room.UploadAsked] = l.transfers.begin
	on[room.Asked] = func(p *peer, e *room.Event) { l.answers.Asked(p.id(), e.Ask) }
	on[room.Refused] = l.refused
	on[room.KickedUser] = l.kicked
	on[room.Welcomed] = l.welcomed
	on[room.Admitted] = l.admitted
	for _, kind := range []room.Kind{room.SignedIn, room.Nicked, room.LoggedIn} {
		on[kind] = l.signedIn
	}
	on[room.IDsAre] = l.fanOut.tellIDs
	on[room.Gone] = l.gone
	on[room.Answered] = func(p *peer, e *room.Event) { answered(l, p, e) }
	on[commandDone] = l.commandDone
	return on
}

// refused is for those refusals that mean more than an answer.
func (l effects) refused(p *peer, e *room.Event) {
	switch e.Why.Code() {
	case room.NeedPassword:
		if p.standing != meter.Locked {
			l.server.become(p, meter.Locked)
			l.answers.LockedOut(p.id())
		}
	case room.Kicked:
		l.ends.note(p, p.end.Expelled(ending.Kicked), "")
	case room.LoggedOut:
		l.ends.note(p, p.end.Expelled(ending.LoggedOut), "")
	case room.LoggedInElsewhere:
		l.ends.note(p, p.end.Expelled(ending.LoggedElsewhere), "")
	}
	l.fanOut.tell(p, e)
}

func (l effects) kicked(p *peer, e *room.Event) {
	l.server.log.Info().Str("user", e.Who).Str("by", p.address).Msg("kicked")
	l.fanOut.tell(p, e)
}

func (l effects) welcomed(p *peer, e *room.Event) {
	l.fanOut.tell(p, e)
	if l.server.doorOf(p).Greets() && !p.deaf() {
		l.fanOut.tellLine(p, greeting)
		l.fanOut.tellMOTD(p, motd(l.server))
	}
}

func (l effects) admitted(p *peer, e *room.Event) {
	if !p.deaf() {
		l.server.become(p, meter.Guest)
	}
	l.fanOut.tell(p, e)
}

func (l effects) signedIn(p *peer, e *room.Event) {
	if !p.deaf() { // else it has been counted as gone, or as about to go
		l.server.become(p, meter.SignedIn)
	}
	l.fanOut.tell(p, e)
}

// answered is when a client that speaks IRC has been told all that one of its lines leads to.
func answered(l effects, p *peer, e *room.Event) {
	c := p.irc()
	if c == nil {
		return
	}
	before := c.Set()
	l.fanOut.tell(p, e)
	if c.Set() != before {
		p.readIRC()
		l.fanOut.mirror.reform(p)
	}
	over(l, p)
	if !c.Waits() {
		l.inputs.resume(p, session.ForHome)
	}
}

// over ends p's connection, if it speaks IRC and has been told that.
func over(l effects, p *peer) {
	if c := p.irc(); c != nil && c.Over() {
		l.ends.leave(p, ending.None, "")
	}
}

// commandDone is when a command of p has been applied.
func (l effects) commandDone(p *peer, _ *room.Event) {
	l.onTheirWay.done(p.id())
	if c := p.irc(); c == nil || !c.Waits() { // a line of IRC can be several commands
		l.inputs.resume(p, session.ForHome)
	}
}

// gone is when the room has forgotten p: nothing more will be said to it.
func (l effects) gone(p *peer, _ *room.Event) {
	l.fanOut.mirror.removeAll(p)
	l.answers.Left(p.id())
	l.ends.note(p, p.end.Forgotten(), "")
}

// greeting is the second line that newcomers get on a door for people.
const greeting = "= HELP says what you can do"
