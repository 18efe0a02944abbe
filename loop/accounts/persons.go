//go:build linux

package accounts

import "looproom/loop/room"

// keepPerson has a person stay in its rooms without a session, or no longer, or tells how it is.
func keepPerson(a *Answers, id room.ClientID, ask *room.Ask) {
	if ask.Person == nil {
		a.answer(id, &room.Event{Kind: room.Keeping, On: !ask.Off})
		return
	}
	cmd := a.command(id, room.PersonKept)
	cmd.Name, cmd.Person, cmd.Off = ask.Key, ask.Person, ask.Off
	a.loop.Submit(&cmd)
	a.loop.Answered(id)
}
