//go:build linux

package loop

import (
	"time"

	"looproom/loop/meter"
	"looproom/loop/room"
)

// guests are the connections that may have to sign in, in the order in which they came. Empty where there is no time limit.
type guests struct {
	queue  []guestSince
	lookAt time.Duration // when the alarm is set for, 0 if it isn't
}

type guestSince struct {
	id    room.ClientID
	since time.Duration
}

// watchGuest notes that p has come as a guest.
func (l *eventLoop) watchGuest(p *peer) {
	if l.server.limits.Load().SignInTimeout > 0 {
		l.guests.queue = append(l.guests.queue, guestSince{p.id, l.server.clock()})
		l.awaitSignIns()
	}
}

// watchGuests is watchGuest for those who are here when a time limit is set, and forgets them when there is none any more.
func (l *eventLoop) watchGuests() {
	switch {
	case l.server.limits.Load().SignInTimeout == 0:
		l.guests.queue = nil
	case len(l.guests.queue) == 0:
		for _, p := range l.peers {
			if p != nil && p.mustSignIn() {
				l.watchGuest(p)
			}
		}
	default:
		l.awaitSignIns()
	}
}

// mustSignIn says whether p is a guest that could sign in.
func (p *peer) mustSignIn() bool {
	return p.standing == meter.Guest && !p.door.url.echo() && !p.deaf() && !p.logged
}

// awaitSignIns sets the alarm for who has to sign in first.
func (l *eventLoop) awaitSignIns() {
	g := &l.guests
	if len(g.queue) == 0 {
		return
	}
	at := g.queue[0].since + l.server.limits.Load().SignInTimeout
	if g.lookAt == 0 || at < g.lookAt {
		g.lookAt = at
		l.setAlarm(at-l.server.clock(), room.NoClient, signInOver)
	}
}

// signInsOver disconnects those who have been guests for too long.
func (l *eventLoop) signInsOver() {
	g, now := &l.guests, l.server.clock()
	if g.lookAt == 0 || now < g.lookAt {
		return // of an alarm that an earlier one has replaced
	}
	if late := now - g.lookAt; late > meter.StallAfter {
		g.delay(late) // the process did not run; the guests could not be heard
	}
	g.lookAt = 0
	timeout := l.server.limits.Load().SignInTimeout
	for len(g.queue) > 0 && g.queue[0].since+timeout <= now {
		if p := l.peer(g.queue[0].id); p != nil && p.mustSignIn() {
			l.expel(p, room.SignInTimeout, "sign in within "+timeout.String()+": ADD name", "has not signed in in time")
		}
		g.queue = g.queue[1:]
	}
	l.awaitSignIns()
}

// delay gives all guests more time.
func (g *guests) delay(by time.Duration) {
	for i := range g.queue {
		g.queue[i].since += by
	}
}
