//go:build linux

package accounts

import (
	"looproom/loop/ban"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// enforce has e hold for those who are here, until then or with room.None no longer, and returns when it does: a name is the room's affair,
// an address that of each loop. It belongs to a worker.
func (a *Accounts) enforce(e ban.Entry, until int64) {
	home := a.loops[0]
	if e.Target.Name != "" {
		a.mustHold(home.loop.Call(func() { home.banName(e, until) }))
		return
	}
	for _, l := range a.loops {
		a.mustHold(l.loop.EachClient(func(id room.ClientID) { l.lookAt(id, e.Target) }))
	}
	a.mustHold(home.loop.Call(func() {})) // behind what the others have sent it
}

// mustHold logs what Call complains of: a loop that does not answer, or a server that ends.
func (a *Accounts) mustHold(err error) {
	if err != nil {
		a.log.Error().Err(err).Msg("a ban may not hold for all who are here")
	}
}

// banName tells the room until when a name is banned or shunned; room.None ends it. Only of the loop that has the room.
func (a *Answers) banName(e ban.Entry, until int64) {
	cmd := a.command(room.NoClient, room.SetBan)
	if e.Shun {
		cmd.Verb = room.SetShun
	}
	cmd.Name, cmd.Text, cmd.N = e.Target.Name, e.Words, until
	a.loop.Submit(&cmd)
}

// lookAt has the bans and shuns hold for the client if it comes from the target's addresses.
func (a *Answers) lookAt(id room.ClientID, target ban.Target) {
	if c, from, ok := a.client(id); ok && from.MeantBy(target) {
		a.hold(id, &c, from, true)
	}
}

// lookAgain has the bans and shuns hold for a client for whom others have held before.
func (a *Answers) lookAgain(id room.ClientID, before *ban.List) {
	if c, from, ok := a.client(id); ok {
		_, shunned := from.Ban(before, true, a.wallClock())
		a.hold(id, &c, from, shunned)
	}
}

// hold has the bans and shuns of where the client comes from hold for it. known says that it may have been shunned before.
func (a *Answers) hold(id room.ClientID, c *Client, from remote.Remote, known bool) {
	bans, now := a.registry.Bans(), a.wallClock()
	if e, banned := from.Ban(bans, false, now); banned && !c.Ending {
		a.loop.Ban(id, e)
		return
	}
	e, shunned := from.Ban(bans, true, now)
	if !c.Chats || !shunned && !known {
		return
	}
	cmd := a.command(id, room.ShunClient)
	if shunned {
		cmd.N = e.Until
	}
	a.loop.Submit(&cmd)
}

// Came is when a client has come that the room has just been told of: bans and shuns hold for it, for it may have been on its way when they were set; and it has to
// sign in in time.
func (a *Answers) Came(id room.ClientID) {
	if a.registry.Bans().Len() > 0 {
		if c, from, ok := a.client(id); ok {
			a.hold(id, &c, from, false)
		}
	}
	a.watchGuest(id)
}
