//go:build linux

package accounts

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"

	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// scramTime is how long a login by SCRAM-SHA-256 may take, from its first message on.
const scramTime = time.Minute

// scramFinal begins the second message of a client, and no first one.
const scramFinal = "c="

// conversations are the logins by SCRAM-SHA-256 that go on, at most one of each client of a loop. A client's goes with it.
type conversations map[room.ClientID]*conversation

type conversation struct {
	with  *secret.Conversation
	name  registry.Name // as it was when it began; its Key is "" for nobody
	until time.Duration
}

// checkScram takes a message of a login by SCRAM-SHA-256: the first, which counts as a try of a password; the second, which is right or wrong; and behind that an empty one, with which the client, who knows then
// that this is its server, is logged in. A first one ends a login that goes on. It takes microseconds, and waits for nothing before the last.
func checkScram(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	switch talk := a.talks[id]; {
	case ask.Password == "" && talk != nil && talk.with.Right():
		endScram(a, id)
		logInAs(a, id, ask, talk.name)
	case strings.HasPrefix(ask.Password, scramFinal) && talk != nil:
		stepScram(a, id, ask, talk)
	case a.mayTry(id, a.trier(id)):
		endScram(a, id)
		a.loop.SetAlarm(scramTime, id, ScramOver)
		stepScram(a, id, ask, beginScram(a))
	}
}

func beginScram(a *Answers) *conversation {
	talk := &conversation{until: a.cfg.Clock() + scramTime}
	talk.with = secret.Converse(func(said string) secret.Verifier {
		key := room.NameKey(said)
		talk.name, _ = a.registry.Name(key)
		if v := talk.name.Verifier; v != (secret.Verifier{}) {
			return v
		}
		return secret.Verifier{Salt: saltOf(a.Accounts, key)}
	})
	return talk
}

// stepScram takes the first or the second message. What is no message is a wrong password.
func stepScram(a *Answers, id room.ClientID, ask *room.Ask, talk *conversation) {
	answer, ok := talk.with.Step(ask.Password)
	if as := talk.with.As(); !ok || as != "" && room.NameKey(as) != room.NameKey(talk.with.Name()) {
		endScram(a, id)
		a.wrongPassword(id, ask.Verb, a.cfg.Clock())
		return
	}
	if a.talks == nil {
		a.talks = conversations{}
	}
	a.talks[id] = talk
	a.answer(id, &room.Event{Kind: room.Challenged, Text: answer})
}

// logInAs logs a client in that has shown that it knows the password, if that is still the account's.
func logInAs(a *Answers, id room.ClientID, ask *room.Ask, name registry.Name) {
	asked, key := a.cfg.Clock(), a.trier(id)
	if now, _ := a.registry.Name(name.Key); now.Verifier != name.Verifier || now.Hash != name.Hash {
		a.wrongPassword(id, ask.Verb, asked)
		return
	}
	a.attempts.Forgive(key, &attemptRates)
	a.atWork(a.checks, id, func() func() {
		past := pastOf(a.Accounts, name.Key)
		return func() { logIn(a, id, name, past) }
	})
}

// endScram forgets what the client has said, if anything.
func endScram(a *Answers, id room.ClientID) { delete(a.talks, id) }

// scramMayBeOver forgets what the client has said, unless it has begun anew since.
func scramMayBeOver(a *Answers, id room.ClientID) {
	if talk := a.talks[id]; talk != nil && talk.until <= a.cfg.Clock() {
		endScram(a, id)
	}
}

// Left is when a client has gone.
func (a *Answers) Left(id room.ClientID) { endScram(a, id) }

// saltOf is the salt for a name, registered or not: always the same, so that it tells nobody whether there is an account, whether it has a verifier, or that its password has been changed. It is made with the key of
// the cloaks, which is nobody's else and stays the same over a restart.
func saltOf(a *Accounts, key string) (salt [secret.SaltSize]byte) {
	mac := hmac.New(sha256.New, a.registry.CloakKey())
	mac.Write([]byte("salt of the verifier of "))
	mac.Write([]byte(key))
	copy(salt[:], mac.Sum(nil))
	return salt
}

// addVerifier has an account whose password has been said, and was right, have a verifier, if it has none: its password was set by an earlier looproom. It is made when nobody waits for the workers.
// It belongs to a worker.
func addVerifier(a *Answers, id room.ClientID, name registry.Name, password string) {
	if name.Verifier != (secret.Verifier{}) || len(a.checks.jobs) > 0 {
		return
	}
	a.passOn(a.checks, id, func() func() {
		v, err := secret.NewVerifier(password, saltOf(a.Accounts, name.Key))
		if err != nil {
			return nil // it is shorter than a new one may be
		}
		a.passOn(a.keeps, id, func() func() {
			kept := name
			kept.Verifier = v
			if err := carryOut(a.Accounts, &registry.Change{Kind: registry.VerifierKept, Name: kept}); err != nil && a.cfg.MayLog() {
				a.log.Error().Err(err).Msg("the verifier of a password is not kept")
			}
			return nil
		})
		return nil
	})
}
