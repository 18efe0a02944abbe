//go:build linux

package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"looproom/loop/ban"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/store"
)

// sharedLog is the log of several nodes, in one process.
type sharedLog struct {
	t       *testing.T
	mu      sync.Mutex
	cond    *sync.Cond
	entries []entry
	nodes   []*logNode
	over    bool
	spoken  atomic.Int64 // the last message
}

// entry is what stands in the log: a change, or something else that happens at each node's loop.
type entry struct {
	change []byte
	by     *logNode
	done   chan error // of a change: by has carried it out
	happen func(h *house)
}

// logNode is a node as its Order.
type logNode struct {
	log    *sharedLog
	house  *house
	next   int // of the entries: those in front are done with here
	held   bool
	busy   bool
	copied int        // what happened in front of it a copy has had
	slow   *rand.Rand // nil: it takes each entry at once
	ended  chan struct{}
}

func newSharedLog(t *testing.T, nodes int, seed uint64) *sharedLog {
	l := &sharedLog{t: t}
	l.cond = sync.NewCond(&l.mu)
	for i := range nodes {
		n := &logNode{log: l, ended: make(chan struct{})}
		if seed > 0 {
			n.slow = rand.New(rand.NewPCG(seed, uint64(i)))
		}
		n.house = newNode(t, 1, n, store.Options{Sync: store.Off})
		l.nodes = append(l.nodes, n)
	}
	first := l.nodes[0].snapshot()
	for _, n := range l.nodes[1:] { // the cluster's keys
		if err := n.house.accounts.Take(bytes.NewReader(first)); err != nil {
			t.Fatal(err)
		}
		n.house.loops[0].want()
	}
	for _, n := range l.nodes {
		go n.read()
	}
	t.Cleanup(l.end) // in front of the nodes' ends
	return l
}

func (l *sharedLog) end() {
	l.mu.Lock()
	l.over = true
	l.cond.Broadcast()
	l.mu.Unlock()
	for _, n := range l.nodes {
		<-n.ended
	}
}

func (l *sharedLog) put(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	l.cond.Broadcast()
}

// Propose is Order.Propose.
func (n *logNode) Propose(change []byte) error {
	done := make(chan error, 1)
	n.log.put(entry{change: change, by: n, done: done})
	return <-done
}

// read takes the entries one after the other.
func (n *logNode) read() {
	defer close(n.ended)
	for {
		e, ok := n.take()
		if !ok {
			return
		}
		if n.slow != nil {
			for range n.slow.IntN(200) {
				runtime.Gosched()
			}
		}
		if e.happen != nil {
			n.house.loops[0].Post(func() { e.happen(n.house) })
		} else if err := n.house.accounts.Carry(e.change); e.by == n {
			e.done <- err
		}
		n.log.mu.Lock()
		n.next++
		n.busy = false
		n.log.cond.Broadcast()
		n.log.mu.Unlock()
	}
}

func (n *logNode) take() (entry, bool) {
	l := n.log
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.over && (n.held || n.next == len(l.entries)) {
		l.cond.Wait()
	}
	if l.over {
		return entry{}, false
	}
	n.busy = true
	e := l.entries[n.next]
	if e.happen != nil && n.next < n.copied {
		e.happen = func(*house) {}
	}
	return e, true
}

// hold has the node take nothing more, and returns where it is.
func (n *logNode) hold() int {
	n.log.mu.Lock()
	defer n.log.mu.Unlock()
	for n.held = true; n.busy; {
		n.log.cond.Wait()
	}
	return n.next
}

func (n *logNode) release() {
	n.log.mu.Lock()
	defer n.log.mu.Unlock()
	n.held = false
	n.log.cond.Broadcast()
}

// await waits until the log has so many entries more.
func (l *sharedLog) await(more int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for upTo := len(l.entries) + more; len(l.entries) < upTo; {
		l.cond.Wait()
	}
}

// settle waits until all nodes have taken all entries, and what follows from them is over.
func (l *sharedLog) settle() {
	for _, n := range l.nodes {
		n.house.settle()
	}
	l.mu.Lock()
	for _, n := range l.nodes {
		for n.next < len(l.entries) {
			l.cond.Wait()
		}
	}
	l.mu.Unlock()
	for _, n := range l.nodes {
		n.house.settle()
	}
}

func (n *logNode) snapshot() []byte {
	n.log.t.Helper()
	var b bytes.Buffer
	if err := n.house.registry.Snapshot(&b); err != nil {
		n.log.t.Fatal(err)
	}
	return b.Bytes()
}

// said is what an export has of messages.
func (n *logNode) said() (all []string) {
	n.log.t.Helper()
	var b bytes.Buffer
	if err := n.house.store.Export(context.Background(), &b); err != nil {
		n.log.t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, `{"kind":"message"`) || strings.HasPrefix(line, `{"kind":"letter"`) {
			all = append(all, line)
		}
	}
	return all
}

var errMissed = errors.New("the node was away, and doesn't know")

// restore has the node, which is held, go on as another one is now, behind which some changes come that it has.
func (n *logNode) restore(from *logNode, again int) {
	at := from.hold()
	copied := from.snapshot()
	from.release()
	if err := n.house.accounts.Take(bytes.NewReader(copied)); err != nil {
		n.log.t.Error(err)
	}
	n.log.mu.Lock()
	defer n.log.mu.Unlock()
	back := max(n.next, at-again)
	for _, e := range n.log.entries[n.next:back] {
		if e.by == n {
			e.done <- errMissed
		}
	}
	n.next, n.copied = back, at
	n.held = false
	n.log.cond.Broadcast()
}

// people are those whose names are registered, given up and forgotten.
var people = []string{"ana", "bob", "cy", "dan", "eve", "fay"}

// operation has a client do something random.
func operation(r *rand.Rand, h *house, id room.ClientID) {
	f, who := h.loops[0], people[r.IntN(len(people))]
	a := f.answers
	digest := fmt.Sprint("key", r.IntN(25))
	of := room.KeptRoom{Key: fmt.Sprint("#room", r.IntN(30)), Name: fmt.Sprint("#Room", r.IntN(30)), Topic: fmt.Sprint(r.IntN(1000)), Metadata: []room.KeyValue{{Key: "url", Value: fmt.Sprint(r.IntN(9))}}, Rights: []room.Right{{Kind: room.RightFounder, Target: who, By: who}, {Kind: room.RightKept, By: who}}}
	switch r.IntN(16) {
	case 0, 1:
		name := registry.Name{Key: who, Shown: strings.ToUpper(who), Hash: hashes()[[]string{annPassword, bobPassword}[r.IntN(2)]], Since: r.Int64N(1000)}
		f.on(func() { a.atWork(h.accounts.keeps, id, func() func() { return a.keepName(id, name) }) })
	case 2:
		f.ask(id, room.Ask{Verb: room.Unregister, Name: who, Key: who})
	case 3, 4:
		f.ask(id, room.Ask{Verb: room.Trust, Name: who, Key: who, Password: digest})
	case 5:
		if r.IntN(4) == 0 {
			digest = ""
		}
		f.ask(id, room.Ask{Verb: room.Distrust, Name: who, Key: who, Password: digest})
	case 6:
		f.on(func() {
			a.atWork(h.accounts.checks, id, func() func() {
				name, _ := h.registry.Name(who)
				trusts(a, id, name, digest)
				return func() { f.Answered(id) }
			})
		})
	case 7:
		f.on(func() { f.clients[id].Certificate = strings.Repeat(fmt.Sprintf("%02x", r.IntN(40)), 32) })
		f.ask(id, room.Ask{Verb: room.TrustCert, Name: who, Key: who})
	case 8:
		f.ask(id, room.Ask{Verb: room.DistrustCert, Name: who, Key: who, Password: strings.Repeat(fmt.Sprintf("%02x", r.IntN(40)), 32)})
	case 9, 10:
		target, key := fmt.Sprintf("10.9.%d.%d", r.IntN(3), r.IntN(4)), ""
		if r.IntN(3) == 0 {
			target, key = who, who
		}
		ask := room.Ask{Verb: []room.Verb{room.Ban, room.Shun, room.Unban}[r.IntN(3)], Name: target, Key: key, Operator: "Ann", Text: "spam"}
		if r.IntN(2) == 0 {
			ask.Seconds = 1 + r.Int64N(1000*3600)
		}
		f.ask(id, ask)
	case 11:
		f.ask(id, room.Ask{Verb: room.KeepRoom, Name: who, Kept: &of, Off: r.IntN(3) == 0})
	case 12:
		f.ask(id, room.Ask{Verb: room.Keep, Key: who, Person: &room.KeptPerson{Account: who, Name: who, Keeps: r.IntN(3) > 0, Rooms: []string{of.Key}}, Rooms: []*room.KeptRoom{&of}})
	case 13:
		f.ask(id, room.Ask{Verb: room.Forget, Name: who, Key: who})
	case 14:
		f.ask(id, room.Ask{Verb: room.ClearRoom, Name: who, Key: of.Key, Place: placeOf(room.MsgID(r.Int64N(1+h.order.(*logNode).log.spoken.Load()))) - 1})
	case 15:
		f.ask(id, room.Ask{Verb: room.Redact, Name: who, Key: of.Key, Place: placeOf(room.MsgID(r.IntN(3000))), Msg: room.MsgID(r.IntN(3000))})
	}
}

// placeOf is where a message is said. No place is spoken in again that is cleared.
func placeOf(n room.MsgID) room.PlaceID { return room.PlaceID(7 + n/100) }

// happening is something random that the room does at each node: it has a room, a person or a mark change, or somebody say something.
func happening(r *rand.Rand, n room.MsgID) func(*house) {
	who, key := people[r.IntN(len(people))], fmt.Sprint("#room", r.IntN(30))
	record := &room.Record{}
	switch r.IntN(7) {
	case 4:
		record.Key = &room.KeptKey{Account: who, Key: "url", Value: []string{"", "here", "there"}[r.IntN(3)]}
	case 0:
		record.Room = &room.KeptRoom{Key: key, Name: key, Topic: fmt.Sprint("topic ", n), Rights: []room.Right{{Kind: room.RightFounder, Target: who, By: who}}}
	case 1:
		record.NoRoom = key
	case 2:
		record.Mark = &room.KeptMark{Account: who, Key: key, Shown: key, Read: n}
	case 3:
		record.Person = &room.KeptPerson{Account: who, Name: who, Keeps: true, Since: int64(n)}
	default:
		m := store.Message{ID: n, Place: placeOf(n), Room: "#place", Who: who, WhoKey: who, Account: who, Text: fmt.Sprint("word", n), At: int64(n)}
		if r.IntN(3) == 0 {
			m = store.Message{ID: n, At: int64(n), To: &room.Letter{ID: n, At: int64(n), Text: "private", From: who, FromKey: who, FromAccount: who, To: "zoe", ToKey: "zoe", ToAccount: "zoe"}}
		}
		return func(h *house) {
			if !h.accounts.Leaves(who) {
				h.store.Say([]store.Message{m})
			}
		}
	}
	return func(h *house) { h.loops[0].answers.RecordChanged(record) }
}

// TestNodesKeepTheSame has clients of three nodes do what they like at once, while rooms and persons change and somebody speaks, each node in its own time. One of the nodes is away for a while, then takes a copy of what another one keeps, and carries out some
// changes that the copy has. In the end all three keep the same, byte for byte, and those that weren't away have the same messages.
func TestNodesKeepTheSame(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			operations := 500
			if testing.Short() {
				operations = 150
			}
			keepTheSame(t, seed+1, operations)
		})
	}
}

func keepTheSame(t *testing.T, seed uint64, operations int) {
	hashes()
	l := newSharedLog(t, 3, seed)
	var clients sync.WaitGroup
	for i, n := range l.nodes {
		n.house.now.Store(int64(time.Duration(i) * 24 * time.Hour))
		on := map[room.ClientID]chan struct{}{ann: make(chan struct{}, 1), bob: make(chan struct{}, 1)}
		n.house.loops[0].on(func() { n.house.loops[0].went = func(id room.ClientID) { on[id] <- struct{}{} } })
		for id, goesOn := range on {
			r := rand.New(rand.NewPCG(seed, 100+uint64(i)*10+uint64(id)))
			clients.Go(func() {
				for range operations {
					n.house.pass(time.Hour) // so that nobody has tried too often
					operation(r, n.house, id)
					select {
					case <-goesOn:
					case <-time.After(6 * patience):
						t.Error("a client waits for ever")
						return
					}
				}
			})
		}
	}
	clients.Go(func() {
		r := rand.New(rand.NewPCG(seed, 99))
		for n := range room.MsgID(5 * operations) {
			l.spoken.Store(int64(n + 1))
			l.put(entry{happen: happening(r, n+1)})
			for range 1000 {
				runtime.Gosched()
			}
		}
	})
	away := l.nodes[2]
	l.await(operations)
	away.hold()
	l.await(operations)
	away.restore(l.nodes[0], 50)
	clients.Wait()
	r := rand.New(rand.NewPCG(seed, 98))
	for n := range room.MsgID(20) { // the clients may have erased all that was said before
		l.put(entry{happen: happening(r, room.MsgID(5*operations)+n+1)})
	}
	l.settle()
	want := l.nodes[0].snapshot()
	for i, n := range l.nodes {
		if got := n.snapshot(); !bytes.Equal(got, want) {
			t.Errorf("node %d keeps other things than the first:\n%q\nwant\n%q", i, got, want)
		}
	}
	if got, want := l.nodes[1].said(), l.nodes[0].said(); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("the second node has %d messages, want %d. It alone has\n%s\nand the first alone\n%s", len(got), len(want), without(got, want), without(want, got))
	}
	if strings.Contains(away.house.log.String(), "doesn't keep what the others do") {
		t.Error(away.house.log)
	}
}

// without is the lines of all that are not among others.
func without(all, others []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(all), func(line string) bool { return slices.Contains(others, line) }), "")
}

// TestRefusalsAreTheSameBySeveralNodes: what can't be kept is refused as by a server that is alone, whichever node the other thing was kept by.
func TestRefusalsAreTheSameBySeveralNodes(t *testing.T) {
	rows := []struct {
		name   string
		before func(*house)
		ask    room.Ask
	}{
		{"a room too many", kept(manyRooms()...), room.Ask{Verb: room.KeepRoom, Name: "Bob", Kept: goRoom("")}},
		{"a certificate of somebody else's", all(registered, opens("ana", annCert)), room.Ask{Verb: room.TrustCert, Name: "Bob", Key: "bob"}},
		{"a certificate too many", many, room.Ask{Verb: room.TrustCert, Name: "Bob", Key: "bob"}},
		{"no such certificate", registered, room.Ask{Verb: room.DistrustCert, Name: "Bob", Key: "bob", Password: otherCert}},
		{"no such name", func(*house) {}, room.Ask{Verb: room.Unregister, Name: "Bob", Key: "bob"}},
		{"a key of nobody's", func(*house) {}, room.Ask{Verb: room.Trust, Name: "Bob", Key: "bob", Password: "digest"}},
		{"nothing to lift", func(*house) {}, room.Ask{Verb: room.Unban, Name: "10.9.9.9"}},
		{"who is leaving", func(h *house) {
			h.registry.Carry(registry.ChangeID{Proposer: h.accounts.proposer, Number: 30}, &registry.Change{Kind: registry.AccountForgotten, Key: "bob"})
		}, room.Ask{Verb: room.Forget, Name: "Bob", Key: "bob"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			alone := newHouse(t, 1)
			several := newSharedLog(t, 2, 0).nodes[0].house
			var got [2][]string
			for i, h := range []*house{alone, several} {
				f := h.loops[0]
				if row.before(h); i == 0 && row.name == "who is leaving" {
					h.registry.Leave("bob")
				}
				shows(annCert)(h)
				f.ask(ann, row.ask)
				h.settle()
				f.mu.Lock()
				got[i] = f.done
				f.mu.Unlock()
			}
			if !slices.Equal(got[0], got[1]) || len(got[0]) != 2 || !strings.Contains(got[0][0], "< ! ") {
				t.Errorf("of several it is answered %q, alone %q", got[1], got[0])
			}
		})
	}
}

// TestBansOfAnotherNode: those of addresses hold for who is here, and the room is told of names by the node that has set them alone.
func TestBansOfAnotherNode(t *testing.T) {
	l := newSharedLog(t, 2, 0)
	one, other := l.nodes[0].house.loops[0], l.nodes[1].house.loops[0]
	other.on(func() { other.clients[bob].Address = "10.7.7.7:5" })
	one.ask(ann, room.Ask{Verb: room.Ban, Name: "10.7.7.0/24", Operator: "Ann", Text: "spam"})
	one.want("1< = BAN 10.7.7.0/24 until forever by Ann spam", "1 goes on")
	other.want("2 banned until 0: spam")
	one.ask(ann, room.Ask{Verb: room.Shun, Name: "10.0.0.0/30", Operator: "Ann"})
	one.want("1< ! bad-argument 10.0.0.0/30 is your own address, too", "1 goes on")
	one.ask(ann, room.Ask{Verb: room.Ban, Name: "eve", Key: "eve", Operator: "Ann"})
	one.want("1< = BAN eve until forever by Ann", "nobody> set ban eve until 0", "1 goes on")
	one.ask(ann, room.Ask{Verb: room.Unban, Name: "10.7.7.0/24", Operator: "Ann"})
	one.want("1< = UNBAN 10.7.7.0/24", "1 goes on")
	l.settle()
	other.want("2> shun client")
	for _, n := range l.nodes {
		if entries := n.house.registry.Bans().Entries(0); len(entries) != 1 || entries[0].Target != (ban.Target{Name: "eve"}) {
			t.Errorf("bans %v, want eve's", entries)
		}
	}
}

// TestForgetBySeveralNodes: all goes at each node, and the room is told once.
func TestForgetBySeveralNodes(t *testing.T) {
	l := newSharedLog(t, 2, 0)
	one, other := l.nodes[0].house, l.nodes[1].house
	name := registry.Name{Key: "bob", Shown: "Bob", Hash: hashes()[bobPassword]}
	one.loops[0].on(func() {
		one.loops[0].answers.atWork(one.accounts.keeps, bob, func() func() { return one.loops[0].answers.keepName(bob, name) })
	})
	one.loops[0].want("2> registered Bob", "2 goes on")
	for i := range 3 {
		l.put(entry{happen: func(h *house) {
			h.store.Say([]store.Message{{ID: room.MsgID(11 + i), Place: 7, Room: "#go", Who: "Bob", WhoKey: "bob", Account: "bob", Text: "one", At: 1}})
		}})
	}
	one.loops[0].ask(bob, room.Ask{Verb: room.Forget, Name: "Bob", Key: "bob"})
	one.loops[0].want("2> forgotten bob until 3", "2 goes on")
	l.settle()
	other.loops[0].want()
	for i, n := range l.nodes {
		if _, registered := n.house.registry.Name("bob"); registered || n.house.accounts.Leaves("bob") || len(n.said()) != 0 {
			t.Errorf("node %d: registered %v, leaves %v, said %q", i, registered, n.house.accounts.Leaves("bob"), n.said())
		}
	}
}

// silent is a log that takes nothing.
type silent struct{}

func (silent) Propose([]byte) error { return ErrNoOrder }

// TestLogThatTakesNothing: nothing is kept, and the client is told so.
func TestLogThatTakesNothing(t *testing.T) {
	h := newNode(t, 1, silent{}, store.Options{})
	f := h.loops[0]
	registered(h)
	var copied bytes.Buffer
	if err := h.registry.Snapshot(&copied); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []room.Ask{
		{Verb: room.Unregister, Name: "Bob", Key: "bob"}, {Verb: room.KeepRoom, Name: "Bob", Kept: goRoom("")}, {Verb: room.Forget, Name: "Bob", Key: "bob"}, {Verb: room.Ban, Name: "10.9.9.9"}, {Verb: room.Unban, Name: "10.9.9.9"},
		{Verb: room.ClearRoom, Name: "Bob", Key: "#go", Place: 7}, {Verb: room.Redact, Name: "Bob", Key: "#go", Place: 7, Msg: 1}, {Verb: room.Trust, Name: "Bob", Key: "bob", Password: "digest"},
	} {
		f.ask(ann, ask)
		h.settle()
		f.mu.Lock()
		if len(f.done) != 2 || !strings.HasPrefix(f.done[0], "1< ! ") || f.done[1] != "1 goes on" {
			t.Errorf("verb %d is answered %q", ask.Verb, f.done)
		}
		f.done = nil
		f.mu.Unlock()
	}
	var after bytes.Buffer
	if err := h.registry.Snapshot(&after); err != nil || !bytes.Equal(copied.Bytes(), after.Bytes()) {
		t.Errorf("something is kept: %v", err)
	}
}
