//go:build linux

package accounts

import (
	"time"

	"looproom/loop/meter"
	"looproom/loop/room"
)

// passTime is how long a client may take to say the server's password.
const passTime = 30 * time.Second

// guests are the connections that may have to sign in, in the order in which they came. Empty where there is no time limit.
type guests struct {
	queue  []guestSince
	lookAt time.Duration // when the alarm is set for, 0 if it isn't
}

type guestSince struct {
	id    room.ClientID
	since time.Duration
}

// watchGuest notes that the client has come as a guest.
func (a *Answers) watchGuest(id room.ClientID) {
	if a.cfg.SignInTimeout() > 0 {
		a.guests.queue = append(a.guests.queue, guestSince{id, a.cfg.Clock()})
		a.awaitSignIns()
	}
}

// LimitsChanged is when SignInTimeout may be another than before. here yields those of the loop's clients that are there: who is a guest has all of a new time from now on.
func (a *Answers) LimitsChanged(here func(yield func(room.ClientID) bool)) {
	switch {
	case a.cfg.SignInTimeout() == 0:
		a.guests.queue = nil
	case len(a.guests.queue) == 0:
		for id := range here {
			if c, ok := a.loop.Client(id); ok && c.mustSignIn() {
				a.watchGuest(id)
			}
		}
	default:
		a.awaitSignIns()
	}
}

// awaitSignIns sets the alarm for who has to sign in first.
func (a *Answers) awaitSignIns() {
	g := &a.guests
	if len(g.queue) == 0 {
		return
	}
	at := g.queue[0].since + a.cfg.SignInTimeout()
	if g.lookAt == 0 || at < g.lookAt {
		g.lookAt = at
		a.loop.SetAlarm(at-a.cfg.Clock(), room.NoClient, SignInOver)
	}
}

// signInsOver disconnects those who have been guests for too long.
func (a *Answers) signInsOver() {
	g, now := &a.guests, a.cfg.Clock()
	if g.lookAt == 0 || now < g.lookAt {
		return // of an alarm that an earlier one has replaced
	}
	if late := now - g.lookAt; late > meter.StallAfter {
		g.delay(late) // the process did not run; the guests could not be heard
	}
	g.lookAt = 0
	timeout := a.cfg.SignInTimeout()
	for len(g.queue) > 0 && g.queue[0].since+timeout <= now {
		id := g.queue[0].id
		if c, here := a.loop.Client(id); here && c.mustSignIn() {
			a.loop.Expel(id, room.Refusal{Why: room.NoNameInTime, N: int64(timeout)}, "has not signed in in time")
		}
		g.queue = g.queue[1:]
	}
	a.awaitSignIns()
}

// delay gives all guests more time.
func (g *guests) delay(by time.Duration) {
	for i := range g.queue {
		g.queue[i].since += by
	}
}

// LockedOut is when a client has been told to say the server's password, for the first time.
func (a *Answers) LockedOut(id room.ClientID) {
	wait := passTime
	if most := a.cfg.SignInTimeout(); most > 0 {
		wait = min(wait, most)
	}
	a.loop.SetAlarm(wait, id, PassOver)
}

// passMayBeOver disconnects who has not said the server's password.
func (a *Answers) passMayBeOver(id room.ClientID) {
	if c, here := a.loop.Client(id); here && c.Standing == meter.Locked && !c.Deaf && !c.Ending {
		a.loop.Expel(id, room.Refusal{Why: room.NoPasswordInTime}, "has not said the password in time")
	}
}
