//go:build linux

package accounts

import (
	"time"

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
		if err := a.registry.PutPerson(ask.Person, ask.Rooms...); err != nil {
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

// marksPatience is how long a login waits for the disk. Who logs in while that hangs has read nothing, and is let in all the same.
const marksPatience = time.Second

// marksOf is how far an account has read, as it is kept. It belongs to a worker.
func marksOf(a *Accounts, account string) []room.KeptMark {
	read := make(chan []room.KeptMark, 1)
	given := a.reads.give(func() {
		marks, err := a.registry.Marks(account)
		if err != nil && a.cfg.MayLog() {
			a.log.Error().Err(err).Msg("how far somebody has read could not be looked up")
		}
		read <- marks
	})
	if !given {
		return nil
	}
	late := time.NewTimer(marksPatience)
	defer late.Stop()
	select {
	case marks := <-read:
		return marks
	case <-late.C:
		return nil
	}
}
