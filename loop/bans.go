//go:build linux

package loop

import (
	"errors"

	"looproom/loop/ban"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// setBan sets a ban or a shun, and has it hold for those who are here.
func (l *eventLoop) setBan(p *peer, ask *room.Ask) {
	target, err := ban.ParseTarget(ask.Name, ask.Key)
	if err != nil {
		l.deny(p, room.BadArgument, err.Error())
		return
	}
	if own, ok := p.remote(); ok && own.MeantBy(target) {
		l.deny(p, room.BadArgument, target.String()+" is your own address, too")
		return
	}
	s := l.server
	e := ban.Entry{
		Target: target, Shun: ask.Verb == room.Shun, Since: s.wallClock(), Until: s.until(ask.Seconds), By: ask.Operator, Words: ask.Text,
	}
	id := p.id
	l.atDesk(s.checks, p, func() func(*peer) {
		if err := s.registry.SetBan(e, e.Since); err != nil {
			return func(p *peer) { l.notKept(p, err, "nobody is banned") }
		}
		s.log.Info().Str("target", target.String()).Bool("shun", e.Shun).Int64("until", e.Until).Str("operator", e.By).Str("words", e.Words).Msg("ban set")
		tell := func() {
			l.backFromDesk(id, func(p *peer) { l.tellNow(p, &room.Event{Kind: room.BanSet, List: []room.Row{rowOf(e)}}) })
		}
		if e.Shun {
			s.enforce(e, e.Until)
			l.reactor.Post(tell)
		} else { // what the operator sees of it comes behind the answer
			l.reactor.Post(tell)
			s.enforce(e, e.Until)
		}
		return l.keepBans(id, "it holds only until the server ends")
	})
}

// keepBans has the bans in force written, which may take as long as a disk does, whether the client is still there or not, and then goes on with its input.
// Where they can't be written it is told so. It returns what is to be done at once, for atDesk. It belongs to a desk.
func (l *eventLoop) keepBans(id room.ClientID, so string) (then func(*peer)) {
	kept := l.passOn(l.server.keeps, id, func() func(*peer) {
		if err := l.server.registry.KeepBans(); err != nil {
			return func(p *peer) { l.notKept(p, err, so) }
		}
		return l.answered
	})
	if kept {
		return nil
	}
	return func(p *peer) { l.notKept(p, errDiskBusy, so) } // the next that is kept has this one with it
}

var errDiskBusy = errors.New("too much waits for the disk")

// rowOf is an entry as it is told.
func rowOf(e ban.Entry) room.Row {
	return room.Row{Name: e.Target.String(), Who: e.By, Text: e.Words, Unix: e.Until, Shun: e.Shun}
}

// enforce has e hold for those who are here, until then or with room.None no longer, and returns when it does: a name is the room's affair,
// an address that of each loop. It belongs to the desk.
func (s *Server) enforce(e ban.Entry, until int64) {
	home := s.home()
	if e.Target.Name != "" {
		s.callAt(home, func(done func()) { home.banName(e, until); done() })
		return
	}
	for _, l := range s.loops {
		s.callAt(l, func(done func()) {
			l.lookAtAddresses(e.Target, func() { l.exchange(); done() })
		})
	}
	s.callAt(home, func(done func()) { done() }) // behind what the others have sent it
}

// callAt logs what call complains of: a loop that does not answer, or a server that ends.
func (s *Server) callAt(l *eventLoop, f func(done func())) {
	if err := l.reactor.CallUntil(f); err != nil {
		s.log.Error().Err(err).Msg("a ban may not hold for all who are here")
	}
}

// banName tells the room until when a name is banned or shunned; room.None ends it. Home loop only.
func (l *eventLoop) banName(e ban.Entry, until int64) {
	cmd := l.command(room.NoClient, room.SetBan)
	if e.Shun {
		cmd.Verb = room.SetShun
	}
	cmd.Name, cmd.Text, cmd.N = e.Target.Name, e.Words, until
	l.submit(&cmd)
}

// lookAtAddresses has the bans and shuns hold for those who come from the target's addresses, and then calls done.
func (l *eventLoop) lookAtAddresses(target ban.Target, done func()) {
	l.eachPeer(func(p *peer) {
		if from, ok := p.remote(); ok && from.MeantBy(target) {
			l.checkRemote(p, from, true)
		}
	}, done)
}

// checkRemote has the bans and shuns of where p comes from hold for it. known says that p may have been shunned before.
func (l *eventLoop) checkRemote(p *peer, from remote.Remote, known bool) {
	bans, now := l.server.registry.Bans(), l.server.wallClock()
	if e, banned := from.Ban(bans, false, now); banned && !p.logged {
		l.expelBanned(p, e)
		return
	}
	e, shunned := from.Ban(bans, true, now)
	if p.door.url.echo() || !shunned && !known {
		return
	}
	cmd := l.command(p.id, room.ShunClient)
	if shunned {
		cmd.N = e.Until
	}
	l.submit(&cmd)
}

func (l *eventLoop) expelBanned(p *peer, e ban.Entry) {
	if p.door.url.echo() {
		l.drop(p, "banned")
		return
	}
	l.logEnd(p, "banned")
	p.session.End()
	cmd := l.command(p.id, room.BanClient)
	cmd.N, cmd.Text = e.Until, e.Words
	l.submit(&cmd)
}

// checkNewcomer has the bans and shuns hold for p, which has just come: it may have been on its way when they were set.
func (l *eventLoop) checkNewcomer(p *peer) {
	if l.server.registry.Bans().Len() == 0 {
		return
	}
	if from, ok := p.remote(); ok {
		l.checkRemote(p, from, false)
	}
}

// liftBan ends what was set for exactly this target.
func (l *eventLoop) liftBan(p *peer, ask *room.Ask) {
	target, err := ban.ParseTarget(ask.Name, ask.Key)
	if err != nil {
		l.deny(p, room.BadArgument, err.Error())
		return
	}
	s, id := l.server, p.id
	l.atDesk(s.checks, p, func() func(*peer) {
		had, err := s.registry.UnsetBan(target, s.wallClock())
		switch {
		case err != nil:
			return func(p *peer) { l.notKept(p, err, "nothing is lifted") }
		case !had:
			return func(p *peer) {
				l.deny(p, room.NoSuchBan, target.String()+" is neither banned nor shunned; BANS lists who is")
			}
		}
		s.log.Info().Str("target", target.String()).Str("operator", ask.Operator).Msg("ban lifted")
		s.enforce(ban.Entry{Target: target}, room.None)
		if target.Name != "" {
			s.enforce(ban.Entry{Target: target, Shun: true}, room.None)
		}
		l.reactor.Post(func() {
			l.backFromDesk(id, func(p *peer) { l.tellNow(p, &room.Event{Kind: room.BanLifted, Who: target.String()}) })
		})
		return l.keepBans(id, "it is back when the server starts again")
	})
}

func (l *eventLoop) listBans(p *peer, _ *room.Ask) {
	entries := l.server.registry.Bans().Entries(l.server.wallClock())
	rows := make([]room.Row, len(entries))
	for i, e := range entries {
		rows[i] = rowOf(e)
	}
	first, rest := room.Pages(rows, answerPage)
	l.tellNow(p, &room.Event{Kind: room.BanList, Count: len(rows), List: first, Rest: rest})
	l.answered(p)
}

// recall tells the room what was kept: which names are registered, and which are banned or shunned. Home loop only.
func (l *eventLoop) recall() {
	for _, name := range l.server.registry.Names() {
		cmd := l.command(room.NoClient, room.Registered)
		cmd.Name = name.Shown
		l.submit(&cmd)
	}
	for _, e := range l.server.registry.Bans().Entries(l.server.wallClock()) {
		if e.Target.Name != "" {
			l.banName(e, e.Until)
		}
	}
}

// banned returns why nobody may come in from there, nil if one may.
func (s *Server) banned(from remote.Remote) *refusal {
	e, banned := from.Ban(s.registry.Bans(), false, s.wallClock())
	if !banned {
		return nil
	}
	return &refusal{room.Banned, room.BanWords(e.Until, e.Words)}
}
