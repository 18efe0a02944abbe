package order

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop/room"
)

// world is a log and the nodes that share it. Time passes in it only when a batch is taken.
type world struct {
	t      *testing.T
	random *rand.Rand
	log    []Entry
	now    time.Time
	nodes  []*node
	said   map[string]bool // commands whose submitter has seen them applied
	lives  uint64
}

// node is one of them, with what it has applied as its state.
type node struct {
	*Log
	w         *world
	name      string
	dead      bool
	stopped   bool     // it neither reads nor publishes
	waits     []Entry  // has been published, and not been taken for sure
	read      int      // of the log
	state     []string // what has been applied
	changes   []string // have been carried out
	own       []uint64 // proposals of its own that have come back
	number    uint8    // that it has
	differs   []uint64 // positions at which it was told that it differs
	behind    int      // Ticks that it still wants
	poison    string   // is a part of its hash
	submitted int      // commands, for their names
	mayFail   bool
	failed    error
}

func (n *node) config(life uint64) LogConfig {
	return LogConfig{
		Node: n.name, Incarnation: life,
		Apply: func(cmd *room.Command, _ bool) {
			n.state = append(n.state, fmt.Sprintf("%d %d |%s| %d %v %d", cmd.Verb, cmd.Client, cmd.Name, cmd.N, cmd.At, cmd.Wall))
			if cmd.Verb == room.Tick && n.behind == 0 {
				n.behind = len(n.state) % 3
			} else if cmd.Verb == room.Tick {
				n.behind--
			}
			if cmd.Verb == room.Say && cmd.Client.Node() == n.number {
				n.w.said[cmd.Name] = true
			}
		},
		Behind: func() bool { return n.behind > 0 },
		Hash:   func() uint64 { return n.hash() },
		Soon:   func() {},
		Publish: func(life, number uint64, body []byte) {
			n.waits = append(n.waits, Entry{Node: n.name, Incarnation: life, Number: number, Body: body})
		},
		Done: func(number uint64) {
			n.waits = slices.DeleteFunc(n.waits, func(e Entry) bool { return e.Number == number })
		},
		Change: func(change []byte, own uint64) {
			n.changes = append(n.changes, string(change))
			if own > 0 {
				n.own = append(n.own, own)
			}
		},
		Entered: func(number uint8) { n.number = number },
		Lost: func() {
			n.number, n.own = 0, nil
			n.Return()
		},
		Changed: func() {},
		Differs: func(p uint64) { n.differs = append(n.differs, p) },
		Failed: func(err error) {
			if n.failed = err; !n.mayFail {
				n.w.t.Errorf("%s can't go on: %v", n.name, err)
			}
		},
	}
}

func (n *node) hash() (h uint64) {
	for _, s := range append(n.state[max(0, len(n.state)-100):], fmt.Sprint(len(n.state), n.poison)) {
		for _, b := range []byte(s) {
			h = h*1099511628211 + uint64(b)
		}
	}
	return h
}

// newWorld has the first node make the state.
func newWorld(t *testing.T, seed uint64, nodes int) *world {
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 0)), now: time.UnixMilli(1_000_000_000), said: map[string]bool{}}
	first := &node{w: w, name: "n0"}
	w.lives++
	w.take(Entry{Node: first.name, Incarnation: w.lives, Number: 1, Body: Genesis(seed, w.now.UnixMilli(), 0)})
	epoch, base, is := IsGenesis(&w.log[0])
	if !is || epoch != seed {
		t.Fatalf("the first batch is no genesis of epoch %d: %v, %d", seed, is, epoch)
	}
	first.Log = NewLog(first.config(w.lives), epoch, base, &w.log[0])
	w.nodes = append(w.nodes, first)
	w.follow(first, 100)
	for i := 1; i < nodes; i++ {
		n := &node{w: w, name: fmt.Sprint("n", i)}
		w.nodes = append(w.nodes, n)
		w.join(n, first)
	}
	return w
}

// take has the log take a batch.
func (w *world) take(e Entry) {
	w.now = w.now.Add(time.Duration(w.random.IntN(400)-100) * time.Millisecond) // the clock of a new leader may be behind
	e.Seq, e.At = uint64(len(w.log)+1), w.now
	w.log = append(w.log, e)
}

// join has n begin with the state of another node, at the moment.
func (w *world) join(n, from *node) {
	from.Hold()
	w.lives++
	restored, err := RestoreLog(n.config(w.lives), from.Log.Append(nil))
	if err != nil {
		w.t.Fatal(err)
	}
	n.Log = restored
	n.state, n.changes, n.behind = slices.Clone(from.state), slices.Clone(from.changes), from.behind
	n.read, n.dead, n.stopped, n.number, n.waits, n.own, n.differs = int(n.Position()), false, false, 0, nil, nil, nil
	from.Release(func() bool { return w.random.IntN(2) == 0 })
	n.Enter()
}

// follow has n read at most so many batches.
func (w *world) follow(n *node, most int) {
	upTo := min(len(w.log), n.read+most)
	n.Deliver(w.log[n.read:upTo])
	n.read = upTo
	for range 3 {
		if n.Log.Carries() && w.random.IntN(2) == 0 {
			n.Log.Carried()
		}
		n.Advance(func() bool { return w.random.IntN(20) == 0 })
	}
	n.Flush()
}

// someOf is a node that lives, other than the one.
func (w *world) someOf(but *node) *node {
	for {
		if n := w.nodes[w.random.IntN(len(w.nodes))]; n != but && !n.dead && !n.stopped {
			return n
		}
	}
}

// step is one thing that happens.
func (w *world) step() {
	n := w.nodes[w.random.IntN(len(w.nodes))]
	switch x := w.random.IntN(100); {
	case n.dead:
		if x < 10 {
			w.join(n, w.someOf(n))
		}
	case n.stopped:
		n.stopped = x >= 10
	case x < 40:
		w.follow(n, w.random.IntN(5))
	case x < 65 && len(n.waits) > 0: // the log takes it, and its answer may be lost, so that it comes again
		e := n.waits[w.random.IntN(len(n.waits))]
		w.take(e)
		if w.random.IntN(4) == 0 {
			w.take(e)
		}
	case x < 85 && n.number > 0:
		n.submitted++
		n.Submit(&room.Command{Verb: room.Say, Client: room.ClientID(uint64(w.random.Uint32())<<32 | uint64(n.number)<<24), Name: fmt.Sprint(n.name, "-", n.submitted), N: room.None})
	case x < 88 && n.number > 0:
		if _, err := n.Propose(fmt.Appendf(nil, "change %d of %s", len(n.own), n.name)); err != nil {
			w.t.Error(err)
		}
	case x < 96:
		n.Beat()
		n.Flush()
	case x == 96 && w.living() > 2:
		n.dead = true
	case x == 97 && w.living() > 2:
		n.stopped = true
	}
}

func (w *world) living() (count int) {
	for _, n := range w.nodes {
		if !n.dead && !n.stopped {
			count++
		}
	}
	return count
}

// settle has all that live read all, and take part.
func (w *world) settle() {
	for range 10_000 {
		done := true
		for _, n := range w.nodes {
			if n.dead {
				continue
			}
			n.stopped = false
			w.follow(n, 100)
			if len(n.waits) > 0 {
				w.take(n.waits[0])
			}
			if n.Log.Carries() || len(n.waits) > 0 || n.read < len(w.log) || n.number == 0 || n.of != nil || len(n.inbox) > 0 || n.Log.behind || n.Waiting() > 0 {
				done = false
			}
		}
		if done {
			return
		}
	}
	w.t.Fatal("the nodes come to no end")
}

// TestNodesApplyTheSame: whatever is lost, doubled or late, whoever stops, dies and comes again, all apply the same at the same time, and what somebody has seen applied stays.
func TestNodesApplyTheSame(t *testing.T) {
	for seed := range uint64(40) {
		w := newWorld(t, seed, 3+int(seed%3))
		for range 8000 {
			w.step()
		}
		w.settle()
		first := w.someOf(nil)
		for _, n := range w.nodes {
			if n.dead {
				continue
			}
			if !slices.Equal(n.state, first.state) || !slices.Equal(n.changes, first.changes) {
				t.Fatalf("seed %d: %s has applied %d commands and %d changes, %s %d and %d, or others", seed, n.name, len(n.state), len(n.changes), first.name, len(first.state), len(first.changes))
			}
			if len(n.differs) > 0 {
				t.Errorf("seed %d: %s is said to differ at %v", seed, n.name, n.differs)
			}
			if string(n.Log.roster.append(nil)) != string(first.Log.roster.append(nil)) {
				t.Errorf("seed %d: %s and %s don't agree who takes part: %v, %v", seed, n.name, first.name, n.Members(), first.Members())
			}
		}
		checkSaid(t, w, first)
	}
}

// checkSaid: what was said is applied once, and nothing is missing that its own node has seen applied.
func checkSaid(t *testing.T, w *world, n *node) {
	t.Helper()
	times := map[string]int{}
	for _, s := range n.state {
		_, rest, _ := strings.Cut(s, "|")
		name, _, _ := strings.Cut(rest, "|")
		times[name]++
	}
	for name := range w.said {
		if times[name] != 1 {
			t.Errorf("%s is applied %d times, want once", name, times[name])
		}
	}
	if len(w.said) < 5 {
		t.Errorf("%d commands have come back to those who have submitted them, want more", len(w.said))
	}
}

// TestGoneByCount: who stops is gone when another one has shown five times that it lives, however long that takes, and then returns with a new life.
func TestGoneByCount(t *testing.T) {
	w := newWorld(t, 1, 3)
	w.settle()
	stopped := w.nodes[2]
	for i := range goneAfter {
		if gone := !w.nodes[0].Members()[2].Here; gone {
			t.Fatalf("it is gone after %d beats, want %d", i, goneAfter)
		}
		w.now = w.now.Add(time.Hour)
		w.nodes[0].Beat()
		w.nodes[0].Flush()
		w.take(w.nodes[0].waits[0])
		w.nodes[1].Submit(&room.Command{Verb: room.Say, Client: 1<<32 | 2<<24}) // no beat
		w.follow(w.nodes[0], 10)
		w.follow(w.nodes[1], 10)
		if waits := w.nodes[1].waits; len(waits) > 0 {
			w.take(waits[0])
			w.follow(w.nodes[0], 10)
			w.follow(w.nodes[1], 10)
		}
	}
	if w.nodes[0].Members()[2].Here {
		t.Fatal("it isn't gone")
	}
	before := stopped.incarnation
	w.settle()
	if m := w.nodes[0].Members()[2]; !m.Here || stopped.incarnation != before+1 || stopped.number != m.Number {
		t.Errorf("it has not returned: %+v, its life is %d and was %d, its number %d", m, stopped.incarnation, before, stopped.number)
	}
}

// TestWhoDiffersIsTold: the one with another state, and none of the others.
func TestWhoDiffersIsTold(t *testing.T) {
	w := newWorld(t, 2, 3)
	w.settle()
	w.nodes[1].poison = "x"
	for len(w.log) < 2*hashEvery+200 {
		for _, n := range w.nodes {
			n.Beat()
			n.Flush()
			for _, e := range slices.Clone(n.waits) {
				w.take(e)
			}
			w.follow(n, 10)
		}
	}
	for i, n := range w.nodes {
		if told := len(n.differs) > 0; told != (i == 1) {
			t.Errorf("%s is told that it differs: %v", n.name, told)
		}
	}
}

// TestOthersBeginAnew: a node that has gone on with a state of its own, while the others have made another one, says that it can't go on. A batch that was to make a state, and came behind something
// else, makes none.
func TestOthersBeginAnew(t *testing.T) {
	for _, row := range []struct {
		name  string
		late  uint64 // batches that have come between
		fails bool
	}{
		{"next", 0, true},
		{"late", 1, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, 5, 2)
			w.settle()
			after := uint64(len(w.log))
			for range row.late {
				w.take(Entry{Node: "n9", Incarnation: 1, Number: 1, Body: []byte("of nobody")})
			}
			w.take(Entry{Node: "n9", Incarnation: 77, Number: 1, Body: Genesis(77, w.now.UnixMilli(), after)})
			if _, _, counts := IsGenesis(&w.log[len(w.log)-1]); counts != row.fails {
				t.Errorf("it counts: %v, want %v", counts, row.fails)
			}
			for _, n := range w.nodes {
				n.mayFail = true
				w.follow(n, 10)
				w.follow(n, 10)
				if failed := errors.Is(n.failed, errAnew); failed != row.fails {
					t.Errorf("%s ends with %v, want that it can't go on: %v", n.name, n.failed, row.fails)
				}
			}
		})
	}
}

// TestWhatIsTooLong: a long command goes in a batch of its own, and one that the log can't take is refused to its client, and to nobody if it has none.
func TestWhatIsTooLong(t *testing.T) {
	w := newWorld(t, 5, 2)
	n := w.nodes[0]
	w.settle()
	id := room.ClientID(n.number) << 24
	var leftOut []room.Verb
	n.cfg.TooLong = func(cmd *room.Command) { leftOut = append(leftOut, cmd.Verb) }
	n.Submit(&room.Command{Verb: room.Say, Client: id, Name: "before"})
	n.Submit(&room.Command{Verb: room.Say, Client: id, Name: strings.Repeat("x", MaxItem-100)})
	n.Submit(&room.Command{Verb: room.Say, Client: id, Name: strings.Repeat("y", MaxItem+1)})
	n.Submit(&room.Command{Verb: room.Say, Client: room.NoClient, Name: strings.Repeat("z", MaxItem+1)})
	if _, err := n.Propose(make([]byte, MaxItem)); !errors.Is(err, ErrTooLong) {
		t.Errorf("Propose = %v, want %v", err, ErrTooLong)
	}
	for _, b := range n.queue {
		if len(b) > bodyHead+MaxItem {
			t.Errorf("a batch has %d bytes, want at most %d", len(b), bodyHead+MaxItem)
		}
	}
	w.settle()
	for _, node := range w.nodes {
		said := strings.Join(node.state[len(node.state)-3:], "\n")
		if !strings.Contains(said, "|before|") || !strings.Contains(said, "|xxx") || strings.Contains(said, "|y") || !strings.HasPrefix(node.state[len(node.state)-1], fmt.Sprintf("%d %d ||", room.Refuse, id)) {
			t.Errorf("%s has applied %.300q, want the first two, and a refusal", node.name, said)
		}
	}
	if len(leftOut) != 1 || leftOut[0] != room.Say {
		t.Errorf("left out are %v, want the one of nobody", leftOut)
	}
}

// TestOneBatchIsOnItsWay: what is submitted meanwhile waits, in batches that aren't too long.
func TestOneBatchIsOnItsWay(t *testing.T) {
	w := newWorld(t, 3, 1)
	n := w.nodes[0]
	w.settle()
	for i := range 20_000 {
		n.Submit(&room.Command{Verb: room.Say, Client: room.ClientID(n.number) << 24, Name: fmt.Sprintf("a line of some length, number %d", i)})
		n.Flush()
	}
	if len(n.waits) != 1 || n.Waiting() < 500_000 {
		t.Errorf("%d batches are on their way, and %d bytes wait, want one and more", len(n.waits), n.Waiting())
	}
	for _, b := range n.queue {
		if len(b) > MaxBody {
			t.Errorf("a batch has %d bytes, want at most %d", len(b), MaxBody)
		}
	}
	before := len(n.state)
	w.settle()
	said := 0
	for _, s := range n.state[before:] {
		if strings.Contains(s, "a line of some length") {
			said++
		}
	}
	if said != 20_000 {
		t.Errorf("%d lines have been applied, want 20000", said)
	}
}

// FuzzBodies: whatever is in a batch, nodes that read it go on, and alike.
func FuzzBodies(f *testing.F) {
	f.Add([]byte{1, 3, 'a', 'b', 'c'})
	f.Add(appendItem(nil, itemBeat, appendBeat(nil, beat{1000, 7})...))
	f.Add(appendItem(appendItem(nil, itemLeave), itemHello))
	f.Add(appendItem(nil, itemChange, 200))
	f.Fuzz(func(t *testing.T, items []byte) {
		w := newWorld(t, 4, 2)
		w.settle()
		n := w.nodes[1]
		w.take(Entry{Node: n.name, Incarnation: n.incarnation, Number: n.Log.number + 1, Body: append(appendHead(nil, 4), items...)})
		w.follow(w.nodes[0], 10)
		w.follow(n, 10)
		for range 1000 {
			w.follow(w.nodes[0], 10)
			w.follow(n, 10)
		}
		if !slices.Equal(w.nodes[0].state, n.state) {
			t.Errorf("%q and %q", w.nodes[0].state, n.state)
		}
	})
}

func TestItemSize(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 1<<14 - 1, 1 << 14, MaxItem} {
		if got, want := itemSize(n), len(appendItem(nil, itemChange, make([]byte, n)...)); got != want {
			t.Errorf("itemSize(%d) = %d, want %d", n, got, want)
		}
	}
}
