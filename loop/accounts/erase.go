//go:build linux

package accounts

import (
	"sync"
	"sync/atomic"

	"looproom/loop/room"
	"looproom/loop/store"
)

// leavers are the accounts of which all is being erased. Safe for any goroutine.
type leavers struct {
	count atomic.Int32 // of keys: nobody waits while there are none
	mu    sync.Mutex
	keys  map[string]bool // at most as many as there are jobs of workers
}

// add is false if the account is among them already.
func (l *leavers) add(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[account] {
		return false
	}
	if l.keys == nil {
		l.keys = map[string]bool{}
	}
	l.keys[account] = true
	l.count.Store(int32(len(l.keys)))
	return true
}

func (l *leavers) remove(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, account)
	l.count.Store(int32(len(l.keys)))
}

func (l *leavers) has(account string) bool {
	if l.count.Load() == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.keys[account]
}

// Leaves says whether all is being erased that is kept of an account: nothing more of it may be kept until the room knows that it is gone.
func (a *Accounts) Leaves(account string) bool { return a.leavers.has(account) }

// forget takes out all that an account has said, and the account. The room answers when that is done.
func forget(a *Answers, id room.ClientID, ask *room.Ask) {
	if !a.keepsAnything(id, room.NamesNotKept) {
		return
	}
	a.atWork(a.erases, id, func() func() {
		if !a.leavers.add(ask.Key) {
			return func() { a.deny(id, room.Refusal{Why: room.DeskBusy}) } // by another session
		}
		home := a.loops[0]
		a.mustHold(home.loop.Call(func() {})) // what was said before is on its way to the store
		messages, err := a.registry.Forget(ask.Key)
		if err != nil {
			a.leavers.remove(ask.Key)
			return func() { a.notKept(id, err, room.NotForgotten) }
		}
		a.log.Info().Int64("messages", messages).Msg("an account and its messages are erased")
		home.loop.Post(func() {
			cmd := home.command(id, room.Forgotten)
			cmd.Name, cmd.N = ask.Key, messages
			home.loop.Submit(&cmd)
			a.leavers.remove(ask.Key)
		})
		return func() { a.loop.Answered(id) }
	})
}

// clearRoom takes out all that was said in a room. The room answers when that is done.
func clearRoom(a *Answers, id room.ClientID, ask *room.Ask) {
	cleared := func() {
		cmd := a.command(id, room.RoomCleared)
		cmd.Name, cmd.Room, cmd.Place = ask.Name, ask.Key, ask.Place
		a.loop.Submit(&cmd)
	}
	if a.cfg.Store == nil { // then it is in memory alone
		cleared()
		a.loop.Answered(id)
		return
	}
	a.atWork(a.erases, id, func() func() {
		if err := a.cfg.Store.Change(store.ErasePlace(ask.Place)); err != nil {
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
	if a.cfg.Store == nil { // then it is in memory alone
		erased()
		a.loop.Answered(id)
		return
	}
	a.atWork(a.erases, id, func() func() {
		a.mustHold(a.loops[0].loop.Call(func() {})) // what was said before is on its way to the store
		if err := a.cfg.Store.EraseMessage(ask.Place, ask.Msg); err != nil {
			return func() { a.notKept(id, err, room.MessageNotTaken) }
		}
		return a.kept(id, erased)
	})
}
