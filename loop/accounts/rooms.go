//go:build linux

package accounts

import (
	"errors"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// keepRoom has a room outlive its last member and the server, or no longer. The room answers when it is on the disk.
func (a *Answers) keepRoom(id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.RoomsNotKept) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		so, err := room.RoomNotWritten, error(nil)
		if ask.Off {
			so = room.RoomNotErased
			err = carryOut(a.Accounts, &registry.Change{Kind: registry.RoomRemoved, Key: ask.Kept.Key})
		} else {
			err = carryOut(a.Accounts, &registry.Change{Kind: registry.RoomPut, Room: ask.Kept})
		}
		if err != nil && !errors.Is(err, registry.ErrNoRoom) {
			return func() { a.roomNotKept(id, ask, err, so) }
		}
		return a.kept(id, func() { a.submitKept(id, ask) })
	})
}

func (a *Answers) submitKept(id room.ClientID, ask *room.Ask) {
	cmd := a.command(id, room.RoomKept)
	cmd.Name, cmd.Kept, cmd.Off = ask.Name, ask.Kept, ask.Off
	a.loop.Submit(&cmd)
}

func (a *Answers) roomNotKept(id room.ClientID, ask *room.Ask, err error, so room.Reason) {
	switch {
	case errors.Is(err, registry.ErrRoomsFull):
		a.deny(id, room.Refusal{Why: room.RoomsFull})
	case errors.Is(err, registry.ErrFounderFull):
		a.deny(id, room.Refusal{Why: room.KeepsTooManyRooms, Who: ask.Kept.Founder(), N: registry.MaxRoomsPerFounder})
	default:
		a.notKept(id, err, so)
	}
}

// RecordChanged is when something has changed of what outlives a restart, but for private messages. It waits for nothing: the store has it soon, and tries again where the disk fails. Only of
// the loop that has the room.
func (a *Answers) RecordChanged(r *room.Record) {
	if r.Person != nil && a.Leaves(r.Person.Account) || r.Mark != nil && a.Leaves(r.Mark.Account) || r.Key != nil && a.Leaves(r.Key.Account) {
		return
	}
	if err := a.registry.Record(r); err != nil && a.cfg.MayLog() {
		a.log.Error().Err(err).Str("room", r.Room.Name).Msg("what has changed in a room is not kept")
	}
}
