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
		if name, registered := a.registry.Name(ask.Key); registered && a.registry.Trusts(name, ask.Password) {
			a.attempts.Forgive(key, &attemptRates)
			return func() { answerTrust(a, id, "") }
		}
		kept := a.passOn(a.keeps, id, func() func() {
			if err := a.registry.Trust(ask.Key, ask.Password); err != nil {
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
		if err := a.registry.Distrust(ask.Key, ask.Password); err != nil {
			return func() { a.trustNotKept(id, ask, err, room.KeyNotErased) }
		}
		return func() { answerTrust(a, id, "OFF") }
	})
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
