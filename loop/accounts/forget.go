//go:build linux

package accounts

import "looproom/loop/room"

// forget erases an account.
func forget(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		if _, err := a.registry.RemoveName(ask.Key); err != nil {
			return func() { a.notKept(id, err, room.NotForgotten) }
		}
		return a.kept(id, room.Forgotten, ask.Key)
	})
}

// clearRoom has a room forget what was said there.
func clearRoom(a *Answers, id room.ClientID, ask *room.Ask) {
	cmd := a.command(id, room.RoomCleared)
	cmd.Name, cmd.Room = ask.Name, ask.Key
	a.loop.Submit(&cmd)
	a.loop.Answered(id)
}
