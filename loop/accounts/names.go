//go:build linux

package accounts

import (
	"errors"

	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// register keeps the client's name for whoever has the password.
func (a *Answers) register(id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	if err := secret.Check(ask.Password, a.PasswordMin()); err != nil {
		a.deny(id, room.Refusal{Why: room.PasswordUnfit, Text: err.Error()})
		return
	}
	if !a.mayTry(id, a.trier(id)) {
		return
	}
	name := registry.Name{Key: ask.Key, Shown: ask.Name, Since: a.wallClock()}
	a.atWork(a.checks, id, func() func() {
		hash, err := secret.Hash(ask.Password)
		if err != nil {
			return func() { a.notKept(id, err, room.NameNotWritten) }
		}
		name.Hash = hash
		if name.Verifier, err = secret.NewVerifier(ask.Password, saltOf(a.Accounts, name.Key)); err != nil {
			return func() { a.notKept(id, err, room.NameNotWritten) }
		}
		if !a.passOn(a.keeps, id, func() func() { return a.keepName(id, name) }) {
			return func() { a.deny(id, room.Refusal{Why: room.DiskBusy}) }
		}
		return nil
	})
}

// keepsAnything says whether there is a folder for what outlives the server, and denies the client what it wants if not.
func (a *Answers) keepsAnything(id room.ClientID, not room.Reason) bool {
	if a.registry.Keeps() {
		return true
	}
	a.deny(id, room.Refusal{Why: not})
	return false
}

// keepName writes the name to the disk, and returns what is to be answered.
func (a *Answers) keepName(id room.ClientID, name registry.Name) (then func()) {
	err := carryOut(a.Accounts, &registry.Change{Kind: registry.NamePut, Name: name})
	if errors.Is(err, registry.ErrLeaving) { // another session of its owner has asked for that meanwhile
		return func() { a.deny(id, room.Refusal{Why: room.DeskBusy}) }
	}
	if err != nil {
		return func() { a.notKept(id, err, room.NameNotWritten) }
	}
	return a.kept(id, func() { a.submit(id, room.Registered, name.Shown) })
}

func (a *Answers) unregister(id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		err := carryOut(a.Accounts, &registry.Change{Kind: registry.NameRemoved, Key: ask.Key})
		switch {
		case errors.Is(err, registry.ErrNoName):
			return func() { a.deny(id, room.Refusal{Why: room.NameOfNobodyNow, Who: ask.Name}) }
		case err != nil:
			return func() { a.notKept(id, err, room.NameNotErased) }
		}
		return a.kept(id, func() { a.submit(id, room.Unregistered, ask.Name) })
	})
}

// kept has the loop tell the room what is on the disk now, whether the client is still there or not, and returns how it is answered: the room does that.
func (a *Answers) kept(id room.ClientID, tell func()) (then func()) {
	a.loop.Post(tell)
	return func() { a.loop.Answered(id) }
}

// notKept answers that the server's state could not be written.
func (a *Answers) notKept(id room.ClientID, err error, so room.Reason) {
	if errors.Is(err, registry.ErrFull) {
		a.deny(id, room.Refusal{Why: room.NamesFull})
		return
	}
	a.log.Error().Err(err).Msg("the state could not be written")
	a.deny(id, room.Refusal{Why: so})
}
