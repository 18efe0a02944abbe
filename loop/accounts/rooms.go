//go:build linux

package accounts

import (
	"errors"
	"slices"
	"time"

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
			_, err = a.registry.RemoveRoom(ask.Kept.Key)
		} else {
			err = a.registry.PutRoom(ask.Kept)
		}
		if err != nil {
			return func() { a.roomNotKept(id, ask, err, so) }
		}
		a.loop.Post(func() { a.submitKept(id, ask) }) // whether the client is still there or not
		return func() { a.loop.Answered(id) }
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

// RecordChanged is when a room has changed of which something outlives a restart, as e says: KeepRooms brings to the disk what is kept by ROOM KEEP. Only of the loop that has the room.
func (a *Answers) RecordChanged(e *room.Event) {
	k, name, err := e.Record.Room, e.Record.NoRoom, error(nil)
	switch {
	case k != nil && slices.ContainsFunc(k.Rights, func(h room.Right) bool { return h.Kind == room.RightKept }):
		name, err = k.Name, a.registry.SetRoom(k)
	case k != nil:
		name, err = k.Name, a.registry.UnsetRoom(k.Key)
	case name != "":
		err = a.registry.UnsetRoom(name)
	default:
		return
	}
	if a.rooms.due = true; err != nil && a.cfg.MayLog() {
		a.log.Error().Err(err).Str("room", name).Msg("what has changed in a room is not kept")
	}
}

// keepAgain is how long after a failure rooms are written again.
const keepAgain = 10 * time.Second

// roomWrites is when rooms that have changed are written. It is used on the loop that has the room.
type roomWrites struct {
	due   bool          // some have changed since the last write began, or that has failed
	busy  bool          // one is under way: a disk that hangs holds up no more than that
	again time.Duration // not before then
}

// KeepRooms has the rooms that are kept written if they have changed. It comes once a second, so that rooms that change all the time cost one write a second; what can't be
// written is tried again. Only of the loop that has the room.
func (a *Answers) KeepRooms() {
	now := a.cfg.Clock()
	if w := &a.rooms; w.due && !w.busy && now >= w.again {
		w.busy = a.keeps.give(func() {
			err := a.registry.KeepRooms()
			a.loop.Post(func() { a.roomsWritten(err, now) })
		})
		w.due = !w.busy
	}
}

// roomsWritten is when a write has ended that had begun then.
func (a *Answers) roomsWritten(err error, began time.Duration) {
	a.rooms.busy = false
	if err != nil && !errors.Is(err, registry.ErrClosed) {
		a.log.Error().Err(err).Msg("what has changed in rooms could not be written")
		a.rooms.due, a.rooms.again = true, began+keepAgain
	}
}
