//go:build linux

package accounts

import (
	"time"

	"looproom/loop/registry"
	"looproom/loop/room"
)

// keepPerson has a person stay in its rooms when its last session has ended, or no longer. The room answers when that is on the disk.
func keepPerson(a *Answers, id room.ClientID, ask *room.Ask) {
	if ask.Person == nil {
		a.answer(id, &room.Event{Kind: room.Keeping, On: !ask.Off})
		return
	}
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.keeps, id, func() func() {
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.PersonPut, Person: ask.Person, Rooms: ask.Rooms}); err != nil {
			so := room.PersonNotWritten
			if ask.Off {
				so = room.PersonNotErased
			}
			return func() { a.notKept(id, err, so) }
		}
		return a.kept(id, func() {
			cmd := a.command(id, room.PersonKept)
			cmd.Name, cmd.Person, cmd.Off = ask.Key, ask.Person, ask.Off
			a.loop.Submit(&cmd)
		})
	})
}

// pastPatience is how long a login waits for the disk. Who logs in while that hangs has read nothing, and nothing is set of it, and is let in all the same.
const pastPatience = time.Second

// pastOf is how far an account has read, and what is set of it, as it is kept. It belongs to a worker.
func pastOf(a *Accounts, account string) *room.Past {
	read := make(chan *room.Past, 1)
	given := a.reads.give(func() {
		past, err := a.registry.Past(account)
		if err != nil && a.cfg.MayLog() {
			a.log.Error().Err(err).Msg("what is kept of somebody could not be looked up")
		}
		read <- &past
	})
	if !given {
		return &room.Past{}
	}
	late := time.NewTimer(pastPatience)
	defer late.Stop()
	select {
	case past := <-read:
		return past
	case <-late.C:
		return &room.Past{}
	}
}
