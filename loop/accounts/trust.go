//go:build linux

package accounts

import (
	"errors"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// trust has a client's key open its account from now on. Each that is new counts as a try of a password, since it costs a write.
func (a *Answers) trust(id room.ClientID, ask *room.Ask) {
	key := a.trier(id)
	if !a.keepsAnything(id, room.NamesNotKept) || !a.mayTry(id, key) {
		return
	}
	a.atWork(a.checks, id, func() func() {
		if name, registered := a.registry.Name(ask.Key); registered && trusts(a, id, name, ask.Password) {
			a.attempts.Forgive(key, &attemptRates)
			return func() { answerTrust(a, id, "") }
		}
		kept := a.passOn(a.keeps, id, func() func() {
			if err := changeKeys(a, registry.KeyTrusted, ask); err != nil {
				return func() { a.trustNotKept(id, ask, err, room.KeyNotWritten) }
			}
			return func() { answerTrust(a, id, "") }
		})
		if kept {
			return nil
		}
		return func() { a.deny(id, room.Refusal{Why: room.DiskBusy}) }
	})
}

// distrust forgets one of a client's keys, or all that open its account.
func (a *Answers) distrust(id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		if err := changeKeys(a, registry.KeyDistrusted, ask); err != nil {
			return func() { a.trustNotKept(id, ask, err, room.KeyNotErased) }
		}
		return func() { answerTrust(a, id, "OFF") }
	})
}

// changeKeys carries out a change of the keys of the client's account.
func changeKeys(a *Answers, kind registry.Kind, ask *room.Ask) error {
	name, registered := a.registry.Name(ask.Key)
	if !registered {
		return registry.ErrNoName
	}
	return carryOut(a.Accounts, registry.KeyChange(kind, name, ask.Password))
}

// trusts says whether the account is opened by the key with that digest, and has it noted that it was used, by all servers if there are several: nobody waits for that. It belongs to a worker.
func trusts(a *Answers, id room.ClientID, name registry.Name, digest string) bool {
	if a.cfg.Order == nil {
		return a.registry.Trusts(name, digest)
	}
	opens, last := a.registry.Knows(name, digest)
	if opens && !last {
		a.passOn(a.keeps, id, func() func() {
			if err := carryOut(a.Accounts, registry.KeyChange(registry.KeyUsed, name, digest)); err != nil && a.cfg.MayLog() {
				a.log.Error().Err(err).Msg("which key of an account was used last is not kept")
			}
			return nil
		})
	}
	return opens
}

// answerTrust answers TRUST, or TRUST OFF.
func answerTrust(a *Answers, id room.ClientID, off string) {
	a.answer(id, &room.Event{Kind: room.Done, Verb: room.Trust, Who: off})
}

func (a *Answers) trustNotKept(id room.ClientID, ask *room.Ask, err error, so room.Reason) {
	if errors.Is(err, registry.ErrNoName) {
		a.deny(id, room.Refusal{Why: room.NameOfNobodyNow, Who: ask.Name})
		return
	}
	a.notKept(id, err, so)
}
