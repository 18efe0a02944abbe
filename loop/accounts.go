//go:build linux

package loop

import (
	"time"

	"looproom/loop/accounts"
	"looproom/loop/ban"
	"looproom/loop/ending"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/store"
)

// newAccounts makes what answers for the server's passwords, names and bans.
func (s *Server) newAccounts() (*accounts.Accounts, error) {
	return accounts.New(accounts.Config{
		Access: s.cfg.Access, Registry: s.registry, Store: keptBy(s.cfg.Store), Began: s.began, Clock: s.clock, Log: s.log, Stats: s.Stats, OnDrain: s.cfg.OnDrain, Page: answerPage, Order: orderOf(s.cluster),
		MayLog:        func() bool { return s.loud.Pass(s.clock()) },
		SignInTimeout: func() time.Duration { return s.limits.Load().SignInTimeout },
	})
}

// orderOf is the order of changes of what several servers keep, nil if there is one.
func orderOf(c *clustered) accounts.Order {
	if c == nil {
		return nil
	}
	return c
}

// keptBy is the store as accounts have it, nil if there is none.
func keptBy(s *store.Store) accounts.Store {
	if s == nil {
		return nil
	}
	return s
}

// clients is the event loop as its accounts.Answers see it.
type clients struct{ *eventLoop }

// Post implements accounts.Loop.
func (c clients) Post(letter func()) { c.reactor.Post(letter) }

// PostTo implements accounts.Loop.
func (c clients) PostTo(id room.ClientID, letter func()) {
	c.reactor.Post(func() {
		if p := c.peer(id); p != nil && !p.deaf() {
			c.reactor.Guarded(p, letter)
		}
	})
}

// Call implements accounts.Loop.
func (c clients) Call(f func()) error {
	return c.reactor.Call(func() { f(); c.exchange.send() })
}

// EachClient implements accounts.Loop.
func (c clients) EachClient(look func(room.ClientID)) error {
	return c.reactor.CallUntil(func(done func()) {
		c.eachPeer(func(p *peer) { look(p.id()) }, func() { c.exchange.send(); done() })
	})
}

// Guard implements accounts.Loop.
func (c clients) Guard(id room.ClientID, f func()) { c.guardedBeside(id, f) }

// all yields the clients of the loop.
func (c clients) all(yield func(room.ClientID) bool) {
	for _, p := range c.peers {
		if p != nil && !yield(p.id()) {
			return
		}
	}
}

// Client implements accounts.Loop.
func (c clients) Client(id room.ClientID) (accounts.Client, bool) {
	p := c.peer(id)
	if p == nil {
		return accounts.Client{Descriptor: -1}, false
	}
	return accounts.Client{
		Address: p.address, Descriptor: p.out.Descriptor(), Standing: p.standing, Chats: !c.server.doorOf(p).Echo(), Deaf: p.deaf(), Ending: !p.end.Heeds(),
		Waits: p.session.Hold() == session.ForAnswer, Certificate: p.certificate(),
	}, true
}

// Tell implements accounts.Loop.
func (c clients) Tell(id room.ClientID, e *room.Event) {
	if p := c.peer(id); p != nil {
		c.fanOut.tell(p, e)
	}
}

// Answered implements accounts.Loop.
func (c clients) Answered(id room.ClientID) {
	if p := c.peer(id); p != nil {
		c.endAsk(p)
		c.inputs.resume(p, session.ForAnswer)
	}
}

// endAsk ends what p, who speaks IRC, has asked the server's accounts: they have answered.
func (c clients) endAsk(p *peer) {
	i := p.irc()
	if i == nil {
		return
	}
	if tag := i.Asks(); tag != 0 {
		cmd := c.server.command(p.id(), room.Reply)
		cmd.Tag, cmd.Last = tag, true
		c.submitNew(cmd)
	}
}

// Submit implements accounts.Loop.
func (c clients) Submit(cmd *room.Command) { c.submit(cmd) }

// SetAlarm implements accounts.Loop.
func (c clients) SetAlarm(after time.Duration, id room.ClientID, alarm accounts.Alarm) {
	c.setAlarm(after, id, accountsAlarm+alarmKind(alarm))
}

// Expel implements accounts.Loop.
func (c clients) Expel(id room.ClientID, why room.Refusal, reason string) {
	if p := c.peer(id); p != nil {
		c.ends.expel(p, why, ending.Expelled, reason)
	}
}

// Ban implements accounts.Loop.
func (c clients) Ban(id room.ClientID, e ban.Entry) {
	p := c.peer(id)
	switch {
	case p == nil:
	case c.server.doorOf(p).Echo():
		c.ends.cut(p, ending.Banned, "")
	default:
		c.ends.note(p, p.end.Expelled(ending.Banned), "")
		p.session.End()
		cmd := c.server.command(id, room.BanClient)
		cmd.N, cmd.Text = e.Until, e.Words
		c.submit(&cmd)
	}
}
