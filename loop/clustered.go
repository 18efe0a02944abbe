//go:build linux

package loop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"looproom/loop/accounts"
	"looproom/loop/catchup"
	"looproom/loop/cluster"
	"looproom/loop/meter"
	"looproom/loop/order"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// MaxNodes is how many servers can be one.
const MaxNodes = order.MaxNodes

// Cluster says how a Server is one of several.
type Cluster struct {
	// Node is its name among the others, and Expect how many there are at least when the cluster begins.
	Node   string
	Expect int
	// PublicURL is where browsers reach this node, as nodes.Check has it: pages of the other nodes may come here, and are told of it, as this one's pages are of theirs. "": nobody is told.
	PublicURL string
	// Journal is their log. The server doesn't close it.
	Journal cluster.Journal
	// Folder gets a state that is another one than that of the other nodes, for whoever looks into that. "": none is kept.
	Folder string
	// Patience is how long the log may not answer before what clients say is refused. 0: for ever.
	Patience time.Duration
	// Join ends how long Start waits for the others.
	Join context.Context
	// OnWait is told why this node doesn't take part yet, on a goroutine that waits for that. nil: nobody wants to know.
	OnWait func(why error)
	// OnParted is called, on a goroutine of its own, when this node can't go on as one of the cluster: the process is to end, and may start again. nil: it panics.
	OnParted func(error)
}

// clustered is a server that is one of several. Its methods belong to the home loop where nothing else is said.
type clustered struct {
	server  *Server
	cfg     *Cluster
	home    *eventLoop
	entered chan struct{} // closed when this node takes part
	enter   func()
	node    atomic.Pointer[cluster.Node] // nil: it doesn't take part yet
	waiting waiting
	ended   sync.Once // it can't go on, and that has been said
	told    bool      // that it has another state
	meter   meter.Cluster
	shared  shared
}

func newClustered(s *Server) *clustered {
	c := &clustered{server: s, cfg: s.cfg.Cluster, entered: make(chan struct{})}
	c.enter = sync.OnceFunc(func() { close(c.entered) })
	return c
}

// join has the room be that of the cluster, or makes that of what this server keeps, and returns when this node takes part. It is for a goroutine that may wait.
func (c *clustered) join(first *room.Command) error {
	c.home = c.server.homeLoop()
	said, err := catchup.New(catchup.Config{
		Store: c.server.cfg.Store, Journal: c.cfg.Journal, Log: c.server.log,
		Ready:  func() bool { return c.node.Load() != nil },
		Settle: func() error { return c.home.reactor.Call(c.home.exchange.send) },
		Since: func(account string) int64 {
			name, _ := c.server.registry.Name(account)
			return name.Since
		},
	})
	if err != nil {
		return err
	}
	if err := c.shared.open(c.server); err != nil {
		return err
	}
	node, err := cluster.Begin(c.cfg.Join, c.config(first, said))
	if err != nil {
		return err
	}
	if err := (keeping{c.server, c.cfg.Folder}).noteJoined(); err != nil {
		return err
	}
	err = c.home.reactor.Call(func() {
		c.home.home.node, c.home.home.order, c.home.home.beat = node, node.Order(), c.second
		c.home.batch.submitted = node.Order().Flush
	})
	if err != nil {
		return err
	}
	c.node.Store(node)
	return node.Follow(c.entered)
}

func (c *clustered) config(first *room.Command, said *catchup.Keeper) cluster.Config {
	s, home := c.server, c.home
	keeping := keeping{s, c.cfg.Folder}
	var began time.Duration
	return cluster.Config{
		Name: c.cfg.Node, Expect: c.cfg.Expect, Journal: c.cfg.Journal, Log: s.log,
		Kept: func() uint64 { return keptUpTo(s) },
		Make: func() (int64, error) {
			err := recall(s, first)
			if err == nil {
				err = home.reactor.Call(func() { home.home.state.KeepHash() })
			}
			return first.Wall, err
		},
		Use:    func(state *room.State) error { return home.reactor.Call(func() { home.home.state = state }) },
		Save:   func(w io.Writer, log func() []byte) error { return saveBehind(s, w, log) },
		Waits:  c.cfg.OnWait,
		Keeps:  keeping.any,
		Own:    keeping.isOwn,
		Key:    keeping.key,
		Home:   home.reactor.Post,
		Later:  home.reactor.AfterInput,
		Began:  func() { began = s.clock() },
		Enough: func() bool { return home.home.seen-began >= reactor.MaxPiece },
		Carry:  s.accounts.Carry,
		Keep:   s.registry.Snapshot,
		Take:   c.take,
		Catch: func(ctx context.Context, from string) error {
			return errors.Join(said.From(ctx, from), c.shared.from(ctx, from))
		},

		Published: c.meter.Published,
		Took:      c.meter.Took,
		Hooks: order.LogConfig{
			Apply:  c.apply,
			Behind: func() bool { return home.home.state.Behind() },
			Hash:   func() uint64 { return home.home.state.Hash() },
			Soon:   home.batch.ask,
			Entered: func(number uint8) {
				s.doors.SetNode(number)
				s.guestNames.SetNode(number)
				c.enter()
			},
			Lost: c.lost,
			TooLong: func(cmd *room.Command) {
				s.log.Error().Stringer("verb", cmd.Verb).Err(order.ErrTooLong).Msg("a command of the server itself is left out")
			},
			Changed: func() {
				log := home.home.node.Order()
				s.log.Info().Uint64("position", log.Position()).Str("state", fmt.Sprintf("%016x", home.home.state.Hash())).Interface("nodes", log.Members()).Msg("the cluster has changed")
				c.shared.changed(log.Members())
			},
			Differs: c.differs,
			Failed:  c.parted,
		},
	}
}

// take has what another node keeps in the place of what this one does.
func (c *clustered) take(from io.Reader) error {
	if err := c.server.accounts.Take(from); err != nil {
		return err
	}
	c.server.guestNames.SetKey(c.server.registry.CloakKey())
	return nil
}

// Propose implements accounts.Order.
func (c *clustered) Propose(change []byte) error {
	node := c.node.Load()
	if node == nil {
		return accounts.ErrNoOrder
	}
	for _, l := range c.server.loops {
		if err := l.reactor.Call(l.exchange.send); err != nil { // what has been submitted before stands in front of it
			return fmt.Errorf("%w: %w", accounts.ErrNoOrder, err)
		}
	}
	atMost := c.cfg.Patience
	if atMost <= 0 {
		atMost = time.Hour
	}
	err := node.Propose(change, atMost)
	if errors.Is(err, cluster.ErrLate) || errors.Is(err, cluster.ErrLost) {
		err = fmt.Errorf("%w: %w", accounts.ErrNoOrder, err)
	}
	return err
}

// lost is when the other nodes have gone on without this one: its clients are told and disconnected, as they are gone for all others, and new ones may come.
func (c *clustered) lost() {
	c.server.log.Warn().Msg("the other nodes have gone on without this one: all of its clients are disconnected")
	tellAll(c.server, room.Refusal{Why: room.NodeWasGone})
	c.home.home.node.Order().Return()
}

// ErrDiffers is what OnParted gets when the state of this node is another one than that of the others. What it keeps may differ as well, and is to be had anew.
var ErrDiffers = errors.New("the state of this node is another one than that of the others")

// differs is when this node has another state than most, which must not be: it ends, and begins again with that of the others.
func (c *clustered) differs(position uint64) {
	if c.told {
		return
	}
	c.told = true
	go func() {
		kept := "nowhere"
		if c.cfg.Folder != "" {
			dropStates(c.cfg.Folder)
			kept = filepath.Join(c.cfg.Folder, fmt.Sprintf("differs-%d.state", position))
			if err := keepState(c.server, kept); err != nil {
				kept = err.Error()
			}
		}
		c.parted(fmt.Errorf("%w behind batch %d of the log, which is a mistake in looproom: please report it (the state is kept in %s)", ErrDiffers, position, kept))
	}()
}

// mostStates is how many states are kept that differed, the present one among them.
const mostStates = 4

// dropStates has room for one more: the oldest go.
func dropStates(folder string) {
	found, err := filepath.Glob(filepath.Join(folder, "differs-*.state"))
	if err != nil {
		return
	}
	age := func(path string) int64 {
		if about, err := os.Stat(path); err == nil {
			return about.ModTime().UnixNano()
		}
		return 0
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(age(b), age(a)) })
	for _, path := range found[min(len(found), mostStates-1):] {
		_ = os.Remove(path) // what can't be removed stays
	}
}

func keepState(s *Server, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(s.Save(f), f.Close())
}

// parted is when this node can't go on. It is safe for any goroutine.
func (c *clustered) parted(err error) {
	c.ended.Do(func() {
		c.server.log.Error().Err(err).Msg("this node leaves the cluster")
		if c.cfg.OnParted == nil {
			panic(err)
		}
		go c.cfg.OnParted(err)
	})
}

// second is what a node does once a second.
func (c *clustered) second() {
	c.home.home.node.Second()
	c.waiting.look(c)
}

// settleWithin is how long an end waits for a log that doesn't answer: clients have to be told all the same.
const settleWithin = time.Second

// settle returns when what this node's clients have said is applied, so that they have the answers. It is for a goroutine that may wait; c may be nil.
func (c *clustered) settle(deadline time.Time) {
	if c == nil || c.node.Load() == nil {
		return
	}
	if err := c.home.reactor.Call(c.home.exchange.send); err != nil {
		return // it is said where the loop is needed
	}
	ctx, cancel := context.WithTimeout(context.Background(), min(settleWithin, time.Until(deadline)))
	defer cancel()
	if err := c.node.Load().Settle(ctx); err != nil {
		c.server.log.Warn().Err(err).Msg("not all that was said has been applied")
	}
}

// leave says to the others that this node goes, and returns when they know. It is for a goroutine that may wait; c may be nil.
func (c *clustered) leave(deadline time.Time) {
	if c == nil || c.node.Load() == nil {
		return
	}
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	if err := c.node.Load().Leave(ctx); err != nil {
		c.server.log.Warn().Err(err).Msg("the other nodes learn late that this one is gone")
	}
}
