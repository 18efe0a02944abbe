//go:build linux

package accounts

import (
	"errors"
	"io"

	"looproom/loop/ban"
	"looproom/loop/registry"
	"looproom/loop/room"
)

// Order brings what is to be kept to all nodes, by a log that they share.
type Order interface {
	// Propose has a change carried out by every node, in the order of the log, this node among them, by Accounts.Carry. It returns when this node has carried it out, with the error that that had, or with another one when
	// the log doesn't take it, see ErrNoOrder; then it may be carried out later all the same. What the loops have submitted before stands in front of it. It is called from the goroutines of workers, and change is
	// the Order's from then on.
	Propose(change []byte) error
}

// ErrNoOrder is the error of an Order for what the log doesn't take just now.
var ErrNoOrder = errors.New("most of the servers can't be reached, so that nothing can be agreed on")

// carryOut has a change carried out: at once where the server is alone, and where there are several by all of them. It returns when that is done here and what somebody is told of is on the disk. The errors are those of
// registry.CarryOut, and of Order.Propose. It belongs to a worker.
func carryOut(a *Accounts, c *registry.Change) error {
	if a.cfg.Order == nil {
		return a.registry.CarryOut(c)
	}
	id := registry.ChangeID{Proposer: a.proposer, Number: a.proposed.Add(1)}
	change, err := registry.AppendChange(nil, id, c)
	if err != nil {
		return err
	}
	if err := a.cfg.Order.Propose(change); err != nil {
		return err
	}
	switch c.Kind {
	case registry.BanSet, registry.BanLifted, registry.KeyUsed, registry.VerifierKept, registry.AccountForgotten, registry.AccountGone:
		return nil // nobody is told yet that they are on the disk
	}
	if err := a.registry.Flush(); err != nil && a.cfg.MayLog() {
		a.log.Error().Err(err).Msg("what all servers keep is not on this one's disk yet")
	}
	return nil
}

// Carry carries out a change that the log has brought, proposed by this node or another one. Changes come one after the other, in the log's order, on a goroutine that is not an event loop's; what stands in front of a change has
// been posted to the loop that has the room, and what stands behind it comes there when Carry has returned. It waits for no disk, and for that loop only: who is here is looked at for a ban by a worker. A change that comes twice
// is carried out once.
//
// The error is for who has proposed it. Of a change that can't be read it is said in the log: this node is older than the one that has written it.
func (a *Accounts) Carry(change []byte) error {
	id, c, err := registry.ReadChange(change)
	if err != nil {
		a.log.Error().Err(err).Msg("this server doesn't keep what the others do")
		return err
	}
	if len(a.loops) > 0 {
		if err := a.loops[0].loop.Call(func() {}); err != nil { // what was said and has changed before is on its way to the store
			a.log.Error().Err(err).Msg("what was said before a change may be kept behind it")
		}
	}
	if err := a.registry.Carry(id, &c); err != nil || id.Proposer == a.proposer {
		return err
	}
	switch c.Kind {
	case registry.BanSet:
		followBan(a, c.Ban, c.Ban.Until)
	case registry.BanLifted:
		followBan(a, ban.Entry{Target: c.Ban.Target}, 0)
	case registry.AccountForgotten:
		give(a.erases, func() {
			if _, err := a.registry.EraseForgotten(c.Key); err != nil {
				a.log.Error().Err(err).Msg("what an account has said is erased after the next start")
			}
		})
	}
	return nil
}

// followBan has a ban that another node has set, or lifted, hold for this node's clients. A name is the room's affair, which that node tells it.
func followBan(a *Accounts, e ban.Entry, until int64) {
	if e.Target.Name == "" {
		give(a.sanctions, func() { a.enforce(e, until) })
	}
}

// give has work done by the workers, or here if too much is waiting there.
func give(w *workers, work func()) {
	if !w.give(work) {
		work()
	}
}

// Take has all that another node keeps, as registry.Snapshot has written it, in the place of what this one does, and its bans hold for the clients that are here. Nothing may be carried out meanwhile. It waits for the disk. The
// error says that nothing has changed, see registry.Take.
func (a *Accounts) Take(from io.Reader) error {
	before := a.registry.Bans()
	if err := a.registry.Take(from); err != nil {
		return err
	}
	for _, l := range a.loops {
		a.mustHold(l.loop.EachClient(func(id room.ClientID) { l.lookAgain(id, before) }))
	}
	return nil
}
