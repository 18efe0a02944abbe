//go:build linux

package loop

import (
	"errors"
	"time"

	"looproom/loop/rate"
	"looproom/loop/registry"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/secret"
	"looproom/loop/session"
)

// wrongDelay is how long after it was said a wrong password is answered. It is longer than any check takes, so that the time tells nothing
// of whose name it was.
const wrongDelay = time.Second

// checkPass looks at the server's password. Who comes back with the one that has been right before costs next to nothing.
func (l *eventLoop) checkPass(p *peer, ask *room.Ask) {
	shared := l.server.access.Load().shared
	switch {
	case shared == nil: // it was taken away a moment ago
		l.conclude(p, room.Admit, "")
	case shared.Quick(ask.Password):
		l.conclude(p, room.Admit, "")
	default:
		l.check(p, ask, shared.Matches, func(p *peer) { l.conclude(p, room.Admit, "") })
	}
}

const noNames = "this server registers no names"

func (l *eventLoop) checkLogin(p *peer, ask *room.Ask) {
	if !l.server.registry.Keeps() {
		l.deny(p, room.NamesOff, noNames)
		return
	}
	name, _ := l.server.registry.Name(ask.Key)
	matches := func(password string) bool { return secret.Matches(name.Hash, password) }
	l.check(p, ask, matches, func(p *peer) { l.conclude(p, room.LogIn, name.Shown) })
}

func (l *eventLoop) checkOper(p *peer, ask *room.Ask) {
	who := l.server.access.Load().operators[ask.Key]
	matches := func(password string) bool { return secret.Matches(who.hash, password) }
	l.check(p, ask, matches, func(p *peer) {
		l.server.log.Info().Str("client", p.address).Str("operator", who.name).Msg("is an operator now")
		l.conclude(p, room.Grant, who.name)
	})
}

// check has a password looked at, unless p's address has tried too many, and calls right if it is the one.
func (l *eventLoop) check(p *peer, ask *room.Ask, matches func(string) bool, right func(*peer)) {
	asked := l.server.clock()
	key := p.trier()
	if !l.mayTry(p, key) {
		return
	}
	l.atDesk(l.server.checks, p, func() func(*peer) {
		if !matches(ask.Password) {
			return func(p *peer) { l.wrongPassword(p, ask.Verb, asked) }
		}
		l.server.attempts.Forgive(key, &attemptRates)
		return right
	})
}

// trier is what p's tries of passwords are counted by. Those who come from this machine share its address, so they are counted by user, and
// none of them can use up what the operator has; but for where the kernel doesn't tell.
func (p *peer) trier() rate.Key {
	from, ok := p.remote()
	if !ok {
		return rate.Key{} // it is gone, and is answered no more
	}
	if address, _ := from.Address(); address.IsLoopback() {
		if uid, err := remote.LocalUser(p.address, p.out.Descriptor()); err == nil {
			return rate.KeyOfUser(uid, address)
		}
	}
	return from.Key()
}

// attemptRates is one try of a password in ten seconds in the long run, and six at once: enough for a person who has several passwords, and 3 million
// tries a year for who guesses. A whole /56 of IPv6 has four times, a /48 sixteen times as many.
var attemptRates = rate.NewRates(0.1, 6)

// mayTry counts an attempt, or refuses it.
func (l *eventLoop) mayTry(p *peer, key rate.Key) bool {
	wait := l.server.attempts.Try(key, &attemptRates, l.server.clock())
	if wait == 0 {
		return true
	}
	l.meter.AttemptsRefused.Add(1)
	if l.server.refusals.mayLog(l.server.clock()) {
		l.server.log.Warn().Str("client", p.address).Dur("for", wait).Msg("has tried too many passwords")
	}
	l.deny(p, room.TooManyAttempts, "try again in "+wait.Truncate(time.Second).String())
	return false
}

// wrongPassword notes it, and has it answered when its time has come. Neither the log nor the answer says what was wrong: a name can be a
// password that was written in the wrong place.
func (l *eventLoop) wrongPassword(p *peer, verb room.Verb, asked time.Duration) {
	l.meter.PasswordsWrong.Add(1)
	if l.server.refusals.mayLog(l.server.clock()) {
		l.server.log.Warn().Str("client", p.address).Str("for", passwordVerbs[verb]).Msg("wrong password")
	}
	l.setAlarm(max(wrongDelay-(l.server.clock()-asked), 0), p.id, wrongAnswer)
}

var passwordVerbs = map[room.Verb]string{room.Pass: "PASS", room.Login: "LOGIN", room.Oper: "OPER"}

// answerWrong is when it is time to say that a password was wrong.
func (l *eventLoop) answerWrong(p *peer) {
	if p.session.Hold() == session.ForAnswer && !p.deaf() {
		l.deny(p, room.WrongPassword, "the name or the password is wrong")
	}
}

// register keeps p's name for whoever has the password.
func (l *eventLoop) register(p *peer, ask *room.Ask) {
	reg := l.server.registry
	if !reg.Keeps() {
		l.deny(p, room.NamesOff, noNames)
		return
	}
	if err := secret.Check(ask.Password); err != nil {
		l.deny(p, room.BadPassword, err.Error())
		return
	}
	if !l.mayTry(p, p.trier()) {
		return
	}
	id, name := p.id, registry.Name{Key: ask.Key, Shown: ask.Name, Since: l.server.wallClock()}
	l.atDesk(l.server.checks, p, func() func(*peer) {
		hash, err := secret.Hash(ask.Password)
		if err != nil {
			return func(p *peer) { l.notKept(p, err, notRegistered) }
		}
		name.Hash = hash
		if !l.passOn(l.server.keeps, id, func() func(*peer) { return l.keepName(id, name) }) {
			return func(p *peer) { l.deny(p, room.Busy, "too much is waiting for the disk; try again") }
		}
		return nil
	})
}

const notRegistered = "the name is not registered"

// keepName writes the name to the disk, and returns what is to be answered.
func (l *eventLoop) keepName(id room.ClientID, name registry.Name) (then func(*peer)) {
	if err := l.server.registry.PutName(name); err != nil {
		return func(p *peer) { l.notKept(p, err, notRegistered) }
	}
	l.reactor.Post(func() { l.kept(id, room.Registered, name.Shown) })
	return l.answered
}

func (l *eventLoop) unregister(p *peer, ask *room.Ask) {
	if !l.server.registry.Keeps() {
		l.deny(p, room.NamesOff, noNames)
		return
	}
	id := p.id
	l.atDesk(l.server.keeps, p, func() func(*peer) {
		had, err := l.server.registry.RemoveName(ask.Key)
		switch {
		case err != nil:
			return func(p *peer) { l.notKept(p, err, "the name stays registered") }
		case !had:
			return func(p *peer) { l.deny(p, room.NotRegistered, ask.Name+" is not registered") }
		}
		l.reactor.Post(func() { l.kept(id, room.Unregistered, ask.Name) })
		return l.answered
	})
}

// kept tells the room what is on the disk now, whether the client is still there or not.
func (l *eventLoop) kept(id room.ClientID, verb room.Verb, name string) {
	cmd := l.command(id, verb)
	cmd.Name = name
	l.submit(&cmd)
}

// notKept answers that the server's state could not be written.
func (l *eventLoop) notKept(p *peer, err error, so string) {
	if errors.Is(err, registry.ErrFull) {
		l.deny(p, room.NamesOff, "this server has as many names as it keeps")
		return
	}
	l.server.log.Error().Err(err).Msg("the state could not be written")
	l.deny(p, room.NotKept, so+": the server's disk refuses it")
}
