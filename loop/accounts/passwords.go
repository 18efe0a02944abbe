//go:build linux

package accounts

import (
	"time"

	"looproom/loop/rate"
	"looproom/loop/registry"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// wrongDelay is how long after it was said a wrong password is answered. It is longer than any check takes, so that the time tells nothing
// of whose name it was.
const wrongDelay = time.Second

// checkPass looks at the server's password. Who comes back with the one that has been right before costs next to nothing.
func (a *Answers) checkPass(id room.ClientID, ask *room.Ask) {
	shared := a.access.Load().shared
	switch {
	case shared == nil: // it was taken away a moment ago
		a.conclude(id, room.Admit, "")
	case shared.Quick(ask.Password):
		a.conclude(id, room.Admit, "")
	default:
		a.check(id, ask, shared.Matches, func() { a.conclude(id, room.Admit, "") })
	}
}

// checkLogin looks at a password, or at a key that opens the account in its place. Whatever is wrong costs the same: one look at the keys, and one check of a password.
func (a *Answers) checkLogin(id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	name, _ := a.registry.Name(ask.Key)
	var past *room.Past // read before the loop goes on
	matches := func(said string) bool {
		if !trusts(a, id, name, room.KeyDigest(said)) {
			if !secret.Matches(name.Hash, said) {
				return false
			}
			addVerifier(a, id, name, said)
		}
		past = pastOf(a.Accounts, name.Key)
		return true
	}
	a.check(id, ask, matches, func() { logIn(a, id, name, past) })
}

// logIn has the room log a client in, with what is kept of its account.
func logIn(a *Answers, id room.ClientID, name registry.Name, past *room.Past) {
	cmd := a.command(id, room.LogIn)
	cmd.Name, cmd.Past = name.Shown, past
	a.loop.Submit(&cmd)
	a.loop.Answered(id)
}

func (a *Answers) checkOper(id room.ClientID, ask *room.Ask) {
	who := a.access.Load().operators[ask.Key]
	matches := func(password string) bool { return secret.Matches(who.hash, password) }
	a.check(id, ask, matches, func() {
		a.log.Info().Str("client", a.addressOf(id)).Str("operator", who.name).Msg("is an operator now")
		a.conclude(id, room.Grant, who.name)
	})
}

// check has a password looked at, unless the client's address has tried too many, and calls right if it is the one.
func (a *Answers) check(id room.ClientID, ask *room.Ask, matches func(string) bool, right func()) {
	asked := a.cfg.Clock()
	key := a.trier(id)
	if !a.mayTry(id, key) {
		return
	}
	a.atWork(a.checks, id, func() func() {
		if !matches(ask.Password) {
			return func() { a.wrongPassword(id, ask.Verb, asked) }
		}
		a.attempts.Forgive(key, &attemptRates)
		return right
	})
}

// trier is what the client's tries of passwords are counted by. Those who come from this machine share its address, so they are counted by user, and
// none of them can use up what the operator has; but for where the kernel doesn't tell.
func (a *Answers) trier(id room.ClientID) rate.Key {
	c, from, ok := a.client(id)
	if !ok {
		return rate.Key{} // it is gone, and is answered no more
	}
	if address, _ := from.Address(); address.IsLoopback() {
		if uid, err := remote.LocalUser(c.Address, c.Descriptor); err == nil {
			return rate.KeyOfUser(uid, address)
		}
	}
	return from.Key()
}

// attemptRates is one try of a password in ten seconds in the long run, and six at once: enough for a person who has several passwords, and 3 million
// tries a year for who guesses. A whole /56 of IPv6 has four times, a /48 sixteen times as many.
var attemptRates = rate.NewRates(0.1, 6)

// mayTry counts an attempt, or refuses it.
func (a *Answers) mayTry(id room.ClientID, key rate.Key) bool {
	wait := a.attempts.Try(key, &attemptRates, a.cfg.Clock())
	if wait == 0 {
		return true
	}
	a.counters.AttemptsRefused.Add(1)
	if a.cfg.MayLog() {
		a.log.Warn().Str("client", a.addressOf(id)).Dur("for", wait).Msg("has tried too many passwords")
	}
	a.deny(id, room.Refusal{Why: room.TriesTooOften, N: int64(wait.Truncate(time.Second))})
	return false
}

// wrongPassword notes it, and has it answered when its time has come. Neither the log nor the answer says what was wrong: a name can be a
// password that was written in the wrong place.
func (a *Answers) wrongPassword(id room.ClientID, verb room.Verb, asked time.Duration) {
	a.counters.PasswordsWrong.Add(1)
	if a.cfg.MayLog() {
		a.log.Warn().Str("client", a.addressOf(id)).Str("for", passwordVerbs[verb]).Msg("wrong password")
	}
	a.loop.SetAlarm(max(wrongDelay-(a.cfg.Clock()-asked), 0), id, WrongAnswer)
}

var passwordVerbs = map[room.Verb]string{room.Pass: "PASS", room.Login: "LOGIN", room.LoginBy: "LOGIN CERT", room.Scram: "SCRAM", room.Oper: "OPER"}

// answerWrong is when it is time to say that a password was wrong.
func (a *Answers) answerWrong(id room.ClientID) {
	if c, here := a.loop.Client(id); here && c.Waits && !c.Deaf {
		a.deny(id, room.Refusal{Why: room.WrongSecret})
	}
}
