package cluster

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/journal"
	"looproom/loop/order"
	"looproom/loop/room"
)

// Journal is what a Node needs of a *journal.Journal.
type Journal interface {
	journal.Answerer
	Publish(incarnation, number uint64, body []byte)
	Health() journal.Health
	Members() []journal.Member
	Votes(node string) bool
	Done(number uint64)
	Last() (seq uint64, err error)
	Read(from uint64, deliver func([]journal.Entry)) error
	Failed() <-chan error
	Everyone(ctx context.Context, kind string, ask []byte, answer func(node string, b []byte)) error
}

// Config is what a Node is made of.
type Config struct {
	// Name is this node's among the others, and Expect how many there are at least when the cluster begins.
	Name    string
	Expect  int
	Journal Journal
	// Waits is told, on the goroutine of Begin, why there is no state yet. nil: nobody wants to know.
	Waits func(why error)
	// Keeps says whether this node keeps anything: a cluster begins with that rather than with nothing. Own says that this is what a server by itself has kept, so that it must not be given up for what
	// another node has, unless Key is the same there: then it is a copy. They are asked for once. nil: it keeps nothing, or nothing of its own.
	Keeps, Own func() bool
	// Key is what tells what this node keeps from what others do. nil: nothing does.
	Key func() string
	// Kept is how far this node has kept what was said: a number that grows. It is asked for once, when the node begins.
	Kept func() uint64
	// Make makes the state of what this node keeps, as a server by itself does when it starts. base is the time from which it counts, in milliseconds of wall clock.
	Make func() (base int64, err error)
	// Use has the home loop go by a state that another node has.
	Use func(*room.State) error
	// Keep writes what this node keeps beside the state, but messages, as it is behind all that has been carried out; Take has what another node has written in the place of that.
	Keep func(w io.Writer) error
	Take func(from io.Reader) error
	// Catch has what was said be here as another node has it, with what it has erased. It is called before the state is taken, and once more, for what came meanwhile, behind that and before anything of the log is applied.
	Catch func(ctx context.Context, from string) error
	// Save writes the state and where the log stands, see order.Log.Append, of one moment.
	Save func(w io.Writer, log func() []byte) error
	// Home has work done on the home loop, and Later when what has come is read there. enough says that others come first.
	Home  func(work func())
	Later func(work func())
	// Began has the pieces of work begin, and enough says when one has been long enough; both on the home loop.
	Began  func()
	Enough func() bool
	// Hooks are those of the home: Apply, Behind, Hash, Entered, Lost, Changed, Differs, Failed.
	Hooks order.LogConfig
	// Carry carries out a change that has been proposed, on a goroutine that isn't a loop's, one after the other. Nothing that stands behind it in the log is applied meanwhile.
	Carry func(change []byte) error
	// Published counts a batch of so many bytes that has gone out, and Took how long one took until this node has applied it; both on the home loop.
	Published func(bytes int)
	Took      func(time.Duration)
	Log       zerolog.Logger
}

// The kinds of what nodes ask each other.
const (
	kindNode  = "node"
	kindState = "state"
	kindKept  = "kept"
)

// about is what a node says of itself.
type about struct {
	State  bool   `json:"state"`  // it has the state that all have
	Making bool   `json:"making"` // it is about to make one
	Keeps  bool   `json:"keeps"`  // it keeps something
	Key    string `json:"key"`    // see Config
	Kept   uint64 `json:"kept"`
}

const (
	askPatience  = time.Second
	lookEvery    = 300 * time.Millisecond
	waitForAll   = 5 * time.Second
	tellEvery    = 10 * time.Second
	stateTimeout = time.Minute
)

// Node is this server as one of a cluster.
type Node struct {
	cfg    Config
	log    *order.Log  // of the home loop
	kept   uint64      // how far this node has kept what was said, when it began
	keeps  bool        // it keeps something
	own    bool        // and that is what a server by itself has kept
	state  atomic.Bool // it has the state
	making atomic.Bool // it is about to make one
	follow *follower
	waits  patience
	ask    proposals
	quiet  quiet // while this node looks for the state
	shows  standing

	pending func() // what Advance has come to be told of when all is applied, while a change is carried out
}

// Begin gets the state that all nodes have, or makes it, and returns when this node has it. It goes on until ctx ends: nodes that aren't there yet are waited for.
func Begin(ctx context.Context, cfg Config) (*Node, error) {
	n := &Node{cfg: cfg, kept: cfg.Kept(), keeps: cfg.Keeps != nil && cfg.Keeps(), own: cfg.Own != nil && cfg.Own()}
	n.waits.took = cfg.Took
	n.follow = newFollower(n)
	go n.follow.watch()
	if err := errors.Join(cfg.Journal.Offer(kindNode, n.tellAbout), cfg.Journal.Offer(kindState, n.tellState), cfg.Journal.Offer(kindKept, n.tellKept)); err != nil {
		return nil, err
	}
	told := time.Now()
	for {
		why := n.try(ctx)
		if why == nil {
			return n, nil
		}
		if errors.Is(why, ErrOwn) {
			return nil, why
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("join the cluster: %w; %w", ctx.Err(), why)
		}
		if cfg.Waits != nil {
			cfg.Waits(why)
		}
		if time.Since(told) > tellEvery {
			told = time.Now()
			cfg.Log.Warn().Err(why).Msg("waiting for the cluster")
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

var (
	errFew     = errors.New("fewer nodes answer than decide")
	errOthers  = errors.New("another node makes the state")
	errForeign = errors.New("another node was faster")
	errLater   = errors.New("something else has come first")
	errMissing = errors.New("not all nodes are there, and those that are not may have the state")
)

// ErrOwn is the error of Begin for a node that keeps what a server by itself has kept, where the cluster has begun without it: that would be lost.
var ErrOwn = errors.New("this server keeps what it has kept by itself, and the nodes of the cluster have begun without that, so that it would be lost: stop all nodes, empty the folders of --state of the others and put the log of this one aside (looproom cluster rescue), and start all at once; or give this one an empty folder")

// try gets the state if it can be had now. The error says why not.
func (n *Node) try(ctx context.Context) error {
	all, err := n.askAll(ctx)
	if err != nil {
		return err
	}
	for name, a := range all {
		if a.State && name != n.cfg.Name {
			if n.own && a.Key != n.key() {
				return ErrOwn
			}
			if err := n.takeFrom(ctx, name); err != nil {
				return fmt.Errorf("take the state from %s: %w", name, err)
			}
			n.state.Store(true)
			return nil
		}
	}
	if err := n.decide(all); err != nil {
		return err
	}
	last, err := n.cfg.Journal.Last()
	if err != nil {
		return err
	}
	if still := n.quiet.since(last, len(all), time.Now()); len(all) < n.cfg.Expect && still < waitForAll {
		return fmt.Errorf("%w: %d of %d, for %v", errMissing, len(all), n.cfg.Expect, still.Round(time.Second))
	}
	if first := firstOf(all); first != n.cfg.Name {
		return fmt.Errorf("%w: %s", errOthers, first)
	}
	n.making.Store(true)
	defer n.making.Store(false)
	if err := n.makeState(ctx); err != nil {
		return err
	}
	n.state.Store(true) // before it says that it makes none any more
	return nil
}

// decide returns errFew where those that have answered are no majority.
func (n *Node) decide(all map[string]about) error {
	if 2*len(all) <= n.cfg.Expect {
		return fmt.Errorf("%w: %d of %d", errFew, len(all), n.cfg.Expect)
	}
	return nil
}

// quiet is for how long as many nodes have been there, and nothing has come into the log: who has the state shows each second that it lives.
type quiet struct {
	last  uint64
	nodes int
	from  time.Time
}

func (q *quiet) since(last uint64, nodes int, now time.Time) time.Duration {
	if q.from.IsZero() || q.last != last || q.nodes != nodes {
		*q = quiet{last, nodes, now}
	}
	return now.Sub(q.from)
}

// mayMake asks again, when all others can know that this node is about to make the state, and it knows where the log ends: whoever has written before that says now that it makes one, or has it. What is
// written later is seen in the log.
func (n *Node) mayMake(ctx context.Context) error {
	all, err := n.askAll(ctx)
	if err != nil {
		return err
	}
	for name, a := range all {
		if name != n.cfg.Name && (a.State || a.Making) {
			return fmt.Errorf("%w: %s", errOthers, name)
		}
	}
	return n.decide(all)
}

// askAll is what all nodes that answer say of themselves, this one among them.
func (n *Node) askAll(ctx context.Context) (map[string]about, error) {
	all := map[string]about{n.cfg.Name: {Keeps: n.keeps, Kept: n.kept}}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	err := n.cfg.Journal.Everyone(ctx, kindNode, nil, func(node string, b []byte) {
		var a about
		if json.Unmarshal(b, &a) == nil && node != n.cfg.Name {
			all[node] = a
		}
	})
	return all, err
}

// firstOf is the node that is to make the state.
func firstOf(all map[string]about) (first string) {
	for name, a := range all {
		if first == "" || before(name, a, first, all[first]) {
			first = name
		}
	}
	return first
}

// before says whether one node is to make the state rather than another.
func before(name string, a about, other string, b about) bool {
	switch {
	case a.Keeps != b.Keeps:
		return a.Keeps
	case a.Kept != b.Kept:
		return a.Kept > b.Kept
	}
	return name < other
}

func (n *Node) tellAbout(_ context.Context, _ []byte, w io.Writer) error {
	return json.NewEncoder(w).Encode(about{State: n.state.Load(), Making: n.making.Load(), Keeps: n.keeps, Key: n.key(), Kept: n.kept})
}

func (n *Node) key() string {
	if n.cfg.Key == nil {
		return ""
	}
	return n.cfg.Key()
}

var errNoState = errors.New("this node has no state yet")

// tellState answers with the length of where the log stands, that, and the state.
func (n *Node) tellState(_ context.Context, _ []byte, w io.Writer) error {
	if !n.state.Load() {
		return errNoState
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := n.cfg.Save(out, func() []byte { return frame(n.log.Append(nil)) }); err != nil {
		return err
	}
	return out.Flush()
}

// tellKept answers with what this node keeps.
func (n *Node) tellKept(_ context.Context, _ []byte, w io.Writer) error {
	if !n.state.Load() {
		return errNoState
	}
	return n.cfg.Keep(w)
}

// takeKept takes what another node keeps. It is asked for behind the state: what is carried out between the two comes by the log once more, and changes nothing then.
func (n *Node) takeKept(ctx context.Context, name string) error {
	body, err := n.cfg.Journal.Ask(ctx, name, kindKept, nil)
	if err != nil {
		return err
	}
	defer body.Close()
	return n.cfg.Take(body)
}

func frame(b []byte) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...) }

// mostHead bounds where the log stands, in bytes: a batch that is half applied is in it.
const mostHead = 4 << 20

// takeFrom takes the state from another node, and what that keeps.
func (n *Node) takeFrom(ctx context.Context, name string) error {
	if err := n.cfg.Catch(ctx, name); err != nil { // which may be much; the log goes on meanwhile, and is a short buffer
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	began := time.Now()
	body, err := n.cfg.Journal.Ask(ctx, name, kindState, nil)
	if err != nil {
		return err
	}
	defer body.Close()
	in := bufio.NewReaderSize(body, 64<<10)
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return err
	}
	length := binary.BigEndian.Uint32(size[:])
	if length > mostHead {
		return fmt.Errorf("%d bytes say where the log stands: at most %d do", length, mostHead)
	}
	saved := make([]byte, length)
	if _, err := io.ReadFull(in, saved); err != nil {
		return err
	}
	state, err := room.Restore(in)
	if err != nil {
		return err
	}
	if n.log, err = order.RestoreLog(n.hooks(), saved); err != nil {
		return err
	}
	if err := n.takeKept(ctx, name); err != nil {
		return err
	}
	if err := n.cfg.Catch(ctx, name); err != nil {
		return err
	}
	if err := n.cfg.Use(state); err != nil {
		return err
	}
	n.cfg.Log.Info().Str("from", name).Uint64("position", n.log.Position()).Stringer("took", time.Since(began).Round(time.Millisecond)).Msg("has the state of the cluster")
	return nil
}

// makeState makes the state of what this node keeps, unless another node does so first.
func (n *Node) makeState(ctx context.Context) error {
	last, err := n.cfg.Journal.Last()
	if err == nil {
		err = n.mayMake(ctx)
	}
	if err != nil {
		return err
	}
	base, err := n.cfg.Make()
	if err != nil {
		return err
	}
	life := newLife()
	seen, err := n.follow.look(last+1, life)
	if err != nil {
		return err
	}
	n.cfg.Journal.Publish(life, 1, order.Genesis(life, base, last))
	var first order.Entry
	select {
	case first = <-seen:
	case <-ctx.Done():
		return ctx.Err()
	}
	if first.Node != n.cfg.Name || first.Incarnation != life {
		n.cfg.Journal.Done(1)
		return fmt.Errorf("%w: %s", errForeign, first.Node)
	}
	if _, _, counts := order.IsGenesis(&first); !counts {
		n.cfg.Journal.Done(1)
		return errLater
	}
	n.log = order.NewLog(n.hooks(), life, base, &first)
	n.cfg.Log.Info().Uint64("position", first.Seq).Msg("has made the state of the cluster of what it keeps")
	return nil
}

// newLife is a number that is greater than those of lives before, if the clock has not gone back: then the log says so, and one more than those is taken.
func newLife() uint64 { return uint64(time.Now().UnixMicro()) }
