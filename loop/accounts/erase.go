//go:build linux

package accounts

import (
	"errors"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// Leaves says whether all is being erased that is kept of an account: nothing more of it may be kept until the room knows that it is gone.
func (a *Accounts) Leaves(account string) bool { return a.registry.Leaves(account) }

// forget takes out all that an account has said, and the account. The room answers when that is done.
func forget(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.erases, id, func() func() {
		messages, err := eraseAccount(a.Accounts, ask.Key)
		switch {
		case errors.Is(err, registry.ErrLeaving): // by another session
			return func() { a.deny(id, room.Refusal{Why: room.DeskBusy}) }
		case err != nil:
			return func() { a.notKept(id, err, room.NotForgotten) }
		}
		a.log.Info().Int64("messages", messages).Msg("an account and its messages are erased")
		home := a.loops[0]
		tell := func() {
			cmd := home.command(id, room.Forgotten)
			cmd.Name, cmd.N = ask.Key, messages
			home.loop.Submit(&cmd)
		}
		gone := registry.Change{Kind: registry.AccountGone, Key: ask.Key}
		if a.cfg.Order == nil {
			home.loop.Post(func() { tell(); a.registry.CarryOut(&gone) })
			return func() { a.loop.Answered(id) }
		}
		a.mustHold(home.loop.Call(tell))
		if err := carryOut(a.Accounts, &gone); err != nil { // behind what the room is told
			a.log.Error().Err(err).Msg("a name that is free can't be registered until it is forgotten once more")
		}
		return func() { a.loop.Answered(id) }
	})
}

// eraseAccount takes out all that is kept of an account, and returns how many messages that were. From then on nothing more of it is kept, unless there is an error, until a change AccountGone.
func eraseAccount(a *Accounts, key string) (messages int64, err error) {
	forgotten := registry.Change{Kind: registry.AccountForgotten, Key: key}
	if a.cfg.Order != nil {
		if err := carryOut(a, &forgotten); err != nil {
			return 0, err
		}
		return a.registry.EraseForgotten(key)
	}
	if !a.registry.Leave(key) {
		return 0, registry.ErrLeaving
	}
	a.mustHold(a.loops[0].loop.Call(func() {})) // what was said before is on its way to the store
	if messages, err = a.registry.Forget(key); err != nil {
		a.registry.CarryOut(&registry.Change{Kind: registry.AccountGone, Key: key})
	}
	return messages, err
}

// clearRoom takes out all that was said in a room. The room answers when that is done.
func clearRoom(a *Answers, id room.ClientID, ask *room.Ask) {
	cleared := func() {
		cmd := a.command(id, room.RoomCleared)
		cmd.Name, cmd.Room, cmd.Place = ask.Name, ask.Key, ask.Place
		a.loop.Submit(&cmd)
	}
	if a.cfg.Store == nil && a.cfg.Order == nil { // then it is in memory alone
		cleared()
		a.loop.Answered(id)
		return
	}
	a.atWork(a.erases, id, func() func() {
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.PlaceErased, Place: ask.Place}); err != nil {
			return func() { a.notKept(id, err, room.RoomNotCleared) }
		}
		return a.kept(id, cleared)
	})
}

// redact takes out one message that was said in a room. The room answers when that is done.
func redact(a *Answers, id room.ClientID, ask *room.Ask) {
	erased := func() {
		cmd := a.command(id, room.MessageErased)
		cmd.Name, cmd.Room, cmd.Place, cmd.Msg, cmd.Text = ask.Name, ask.Key, ask.Place, ask.Msg, ask.Text
		a.loop.Submit(&cmd)
	}
	if a.cfg.Store == nil && a.cfg.Order == nil { // then it is in memory alone
		erased()
		a.loop.Answered(id)
		return
	}
	a.atWork(a.erases, id, func() func() {
		a.mustHold(a.loops[0].loop.Call(func() {})) // what was said before is on its way to the store
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.MessageErased, Place: ask.Place, Message: ask.Msg}); err != nil {
			return func() { a.notKept(id, err, room.MessageNotTaken) }
		}
		return a.kept(id, erased)
	})
}
