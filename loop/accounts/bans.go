//go:build linux

package accounts

import (
	"errors"

	"looproom/codec/plain"
	"looproom/loop/ban"
	"looproom/loop/registry"
	"looproom/loop/room"
)

// setBan sets a ban or a shun, and has it hold for those who are here.
func (a *Answers) setBan(id room.ClientID, ask *room.Ask) {
	target, err := ban.ParseTarget(ask.Name, ask.Key)
	if err != nil {
		a.deny(id, room.Refusal{Why: room.NotATarget, Text: err.Error()})
		return
	}
	if _, own, ok := a.client(id); ok && own.MeantBy(target) {
		a.deny(id, room.Refusal{Why: room.OwnAddress, Text: target.String()})
		return
	}
	e := ban.Entry{
		Target: target, Shun: ask.Verb == room.Shun, Since: a.wallClock(), Until: a.until(ask.Seconds), By: ask.Operator, Words: ask.Text,
	}
	a.atWork(a.sanctions, id, func() func() {
		if err := carryOut(a.Accounts, &registry.Change{Kind: registry.BanSet, Ban: e, Now: e.Since}); err != nil {
			return func() { a.notKept(id, err, room.BanNotSet) }
		}
		a.log.Info().Str("target", target.String()).Bool("shun", e.Shun).Int64("until", e.Until).Str("operator", e.By).Str("words", plain.CleanString(e.Words)).Msg("ban set")
		tell := func() { a.loop.Tell(id, &room.Event{Kind: room.BanSet, List: []room.Row{rowOf(e)}}) }
		if e.Shun {
			a.enforce(e, e.Until)
			a.loop.PostTo(id, tell)
		} else { // what the operator sees of it comes behind the answer
			a.loop.PostTo(id, tell)
			a.enforce(e, e.Until)
		}
		return a.keepBans(id, room.BanNotKept)
	})
}

// liftBan ends what was set for exactly this target.
func (a *Answers) liftBan(id room.ClientID, ask *room.Ask) {
	target, err := ban.ParseTarget(ask.Name, ask.Key)
	if err != nil {
		a.deny(id, room.Refusal{Why: room.NotATarget, Text: err.Error()})
		return
	}
	a.atWork(a.sanctions, id, func() func() {
		err := carryOut(a.Accounts, &registry.Change{Kind: registry.BanLifted, Ban: ban.Entry{Target: target}, Now: a.wallClock()})
		switch {
		case errors.Is(err, registry.ErrNoBan):
			return func() { a.deny(id, room.Refusal{Why: room.NothingToLift, Text: target.String()}) }
		case err != nil:
			return func() { a.notKept(id, err, room.BanNotErased) }
		}
		a.log.Info().Str("target", target.String()).Str("operator", ask.Operator).Msg("ban lifted")
		a.enforce(ban.Entry{Target: target}, room.None)
		if target.Name != "" {
			a.enforce(ban.Entry{Target: target, Shun: true}, room.None)
		}
		a.loop.PostTo(id, func() { a.loop.Tell(id, &room.Event{Kind: room.BanLifted, Who: target.String()}) })
		return a.keepBans(id, room.BanNotErased)
	})
}

// keepBans has the bans in force written, which may take as long as a disk does, whether the client is still there or not, and then goes on with its input.
// Where they can't be written it is told so. It returns what is to be done at once, for atWork. It belongs to a worker.
func (a *Answers) keepBans(id room.ClientID, so room.Reason) (then func()) {
	kept := a.passOn(a.keeps, id, func() func() {
		keep := a.registry.KeepBans
		if a.cfg.Order != nil {
			keep = a.registry.Flush
		}
		if err := keep(); err != nil {
			return func() { a.notKept(id, err, so) }
		}
		return func() { a.loop.Answered(id) }
	})
	if kept {
		return nil
	}
	return func() { a.notKept(id, errDiskBusy, so) } // the next that is kept has this one with it
}

var errDiskBusy = errors.New("too much waits for the disk")

// rowOf is an entry as it is told.
func rowOf(e ban.Entry) room.Row {
	return room.Row{Name: e.Target.String(), Who: e.By, Text: e.Words, At: 1000 * e.Until, Shun: e.Shun}
}

func (a *Answers) listBans(id room.ClientID, _ *room.Ask) {
	entries := a.registry.Bans().Entries(a.wallClock())
	rows := make([]room.Row, len(entries))
	for i, e := range entries {
		rows[i] = rowOf(e)
	}
	first, rest := room.Pages(rows, a.cfg.Page)
	a.answer(id, &room.Event{Kind: room.BanList, Count: len(rows), List: first, Rest: rest})
}
