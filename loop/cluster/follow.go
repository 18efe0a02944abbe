package cluster

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"looproom/loop/journal"
	"looproom/loop/order"
)

// follower reads the log: first it looks for the batch that makes the state, then it brings all to the home loop.
type follower struct {
	node  *Node
	ready chan struct{} // closed when the home loop can apply
	ended chan struct{} // closed when nothing is applied any more
	end   func()

	mu      sync.Mutex
	reading bool
	life    uint64           // of this node, in which it makes a state
	seen    chan order.Entry // who waits for a batch that makes the state; nil: nobody
	held    []order.Entry    // has been read before the home loop can apply it
	weight  int              // of held, in bytes
}

// mostHeld bounds what is held, in bytes. Beyond it the reading waits; while the state is looked for, what is held is forgotten.
const mostHeld = 16 << 20

func newFollower(n *Node) *follower {
	f := &follower{node: n, ready: make(chan struct{}), ended: make(chan struct{})}
	f.end = sync.OnceFunc(func() { close(f.ended) })
	return f
}

// watch has the home know when the log can't be read any further, as long as this node runs.
func (f *follower) watch() {
	select {
	case err := <-f.node.cfg.Journal.Failed():
		f.node.cfg.Hooks.Failed(fmt.Errorf("the log of the cluster can't be followed: %w", err))
	case <-f.ended:
	}
}

// look reads from that position on, if nothing is read yet, and gives the next batch that makes a state, or with which this node has tried to, in that life.
func (f *follower) look(from, life uint64) (<-chan order.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen, f.life = make(chan order.Entry, 1), life
	if f.reading {
		return f.seen, nil
	}
	f.reading = true
	return f.seen, f.node.cfg.Journal.Read(from, f.deliver)
}

// begin has the home loop apply what is read from that position on. It waits for that loop.
func (f *follower) begin(from uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.held) > 0 {
		held := f.held
		f.held, f.weight = nil, 0
		f.mu.Unlock()
		f.node.bring(held)
		f.mu.Lock()
	}
	close(f.ready)
	if f.reading {
		return nil
	}
	f.reading = true
	return f.node.cfg.Journal.Read(from, f.deliver)
}

// deliver takes what has been read, and returns when it has been applied, or is held.
func (f *follower) deliver(read []journal.Entry) {
	entries := make([]order.Entry, len(read))
	for i, e := range read {
		entries[i] = order.Entry(e)
	}
	if f.hold(entries) {
		return
	}
	select {
	case <-f.ready:
		f.node.bring(entries)
	case <-f.ended:
	}
}

// hold holds entries if the home loop can't apply them yet, and says whether it has. It waits if that is too much.
func (f *follower) hold(entries []order.Entry) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.ready:
		return false
	default:
	}
	f.show(entries)
	f.held = append(f.held, entries...)
	for _, e := range entries {
		f.weight += len(e.Body)
	}
	switch {
	case f.weight < mostHeld:
	case f.seen != nil:
		f.held, f.weight = nil, 0
	default:
		f.mu.Unlock()
		select {
		case <-f.ready:
		case <-f.ended:
		}
		f.mu.Lock()
	}
	return true
}

// show gives the first batch that makes a state to who waits for one.
func (f *follower) show(entries []order.Entry) {
	for i := range entries {
		e := &entries[i]
		_, _, makes := order.IsGenesis(e)
		if tried := e.Node == f.node.cfg.Name && e.Incarnation == f.life; (makes || tried) && f.seen != nil {
			f.seen <- *e
			f.seen = nil
		}
	}
}

// bring has entries applied by the home loop, those that it has not, and waits for that.
func (n *Node) bring(entries []order.Entry) {
	done := make(chan struct{})
	n.cfg.Home(func() {
		for len(entries) > 0 && entries[0].Seq <= n.log.Position() {
			entries = entries[1:]
		}
		n.log.Deliver(entries)
		n.advance(func() { close(done) })
	})
	select {
	case <-done:
	case <-n.follow.ended:
	}
}

// advance applies what has come, piece by piece. It belongs to the home loop.
func (n *Node) advance(done func()) {
	n.cfg.Began()
	all := n.log.Advance(n.cfg.Enough)
	n.shows.position.Store(n.log.Position())
	switch {
	case n.log.Carries():
		n.pending = done
	case all:
		done()
	default:
		n.cfg.Later(func() { n.advance(done) })
	}
}

// Order is the order of commands on the home loop.
func (n *Node) Order() *order.Log { return n.log }

// Follow has the home loop, which goes by Order now, apply what the log brings, and returns when this node takes part: clients may come, and have the number. It waits for as long as that takes.
func (n *Node) Follow(entered <-chan struct{}) error {
	var from uint64
	at := make(chan struct{})
	n.cfg.Home(func() {
		if from = n.log.Position() + 1; !n.log.Present() {
			n.log.Enter()
		}
		n.log.Flush()
		n.shows.note(n.log)
		close(at)
	})
	<-at
	if err := n.follow.begin(from); err != nil {
		return err
	}
	select {
	case <-entered:
		return nil
	case <-n.follow.ended:
		return errEnded
	}
}

var errEnded = errors.New("the server ends")

// hooks are those of the home, and what this package needs besides.
func (n *Node) hooks() order.LogConfig {
	hooks := n.cfg.Hooks
	hooks.Node, hooks.Incarnation = n.cfg.Name, newLife()
	hooks.Publish = func(life, number uint64, body []byte) {
		n.waits.begin(time.Now())
		if n.cfg.Published != nil {
			n.cfg.Published(len(body))
		}
		n.cfg.Journal.Publish(life, number, body)
	}
	hooks.Done = func(number uint64) {
		n.waits.end(time.Now())
		n.cfg.Journal.Done(number)
	}
	hooks.Change = n.carry
	changed := hooks.Changed
	hooks.Changed = func() {
		n.shows.note(n.log)
		changed()
	}
	lost := hooks.Lost
	hooks.Lost = func() {
		n.ask.fail(ErrLost)
		lost()
	}
	return hooks
}
