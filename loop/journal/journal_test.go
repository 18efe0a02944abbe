package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// others are the indices of the nodes but one.
func (c *cluster) others(than int) (found []int) {
	for i := range c.nodes {
		if i != than {
			found = append(found, i)
		}
	}
	return found
}

// writeAll has some nodes write at the same time.
func (c *cluster) writeAll(who []int, from, to uint64) {
	var all sync.WaitGroup
	for _, i := range who {
		all.Go(func() { c.nodes[i].write(c.t, from, to) })
	}
	all.Wait()
}

func TestThreeWritersOneOrder(t *testing.T) {
	c := startCluster(t, 3)
	c.follow(0)
	c.writeAll([]int{0, 1, 2}, 1, 100)
	c.inStep(300)
	for _, n := range c.nodes {
		if n.Epoch() == "" || n.Epoch() != c.nodes[0].Epoch() {
			t.Errorf("epoch of %s = %q, want the same %q for all", n.cfg.Node, n.Epoch(), c.nodes[0].Epoch())
		}
		eventually(t, "health of "+n.cfg.Node, func() bool {
			h := n.Health()
			return h.Connected && h.Takes && h.Leader != "" && h.Last >= 300 && h.Next == h.Last+1 && !h.LastAck.IsZero() && h.Waits == 0
		})
		if names := membersOf(n); !slices.Equal(names, []string{"n1", "n2", "n3"}) {
			t.Errorf("members at %s = %q, want all three", n.cfg.Node, names)
		}
	}
}

func membersOf(n *node) (names []string) {
	for _, m := range n.Members() {
		if m.Connected {
			names = append(names, m.Name)
		}
	}
	return names
}

// TestCloseOfLeader: the others go on with the same order, and who comes back reads on where it was.
func TestCloseOfLeader(t *testing.T) { stopAndReturn(t, (*cluster).leader) }

func TestCloseOfFollower(t *testing.T) {
	stopAndReturn(t, func(c *cluster) int { return c.others(c.leader())[0] })
}

func stopAndReturn(t *testing.T, who func(*cluster) int) {
	c := startCluster(t, 3)
	c.follow(0)
	c.writeAll([]int{0, 1, 2}, 1, 30)
	c.inStep(90)
	gone := who(c)
	left := c.others(gone)
	was := c.nodes[gone]
	next := was.entries()[len(was.entries())-1].Seq + 1
	c.stop(gone)
	c.writeAll(left, 31, 60)
	back := c.restart(gone, 2)
	back.read, back.accepted, back.last = was.read, was.accepted, was.last // a snapshot
	back.follow(t, next)
	c.writeAll(left, 61, 70)
	back.write(t, 1, 10)
	c.inStep(90 + 60 + 20 + 10)
	if h := c.nodes[left[0]].Health(); h.Elections == 0 && who != nil && gone == c.leader() {
		t.Errorf("%d elections at %s, want one at least", h.Elections, c.nodes[left[0]].cfg.Node)
	}
}

// TestLostMessages: what the connection loses is fetched, and comes in its place.
func TestLostMessages(t *testing.T) {
	c := startCluster(t, 3)
	for i, n := range c.nodes {
		n.drop = func(seq uint64) bool { return (seq+uint64(i))%3 == 0 }
	}
	c.nodes[2].drop = func(uint64) bool { return true }
	c.follow(0)
	c.writeAll([]int{0, 1}, 1, 40)
	c.inStep(80)
	if h := c.nodes[2].Health(); h.Fetched < 80 {
		t.Errorf("%d entries fetched by a node to which nothing comes, want all 80", h.Fetched)
	}
}

// TestReaderThatBlocks: deliver may take its time. What doesn't fit meanwhile is dropped, counted and fetched.
func TestReaderThatBlocks(t *testing.T) {
	c := startCluster(t, 1)
	n := c.nodes[0]
	let := make(chan struct{})
	var seqs []uint64
	done := make(chan struct{})
	const batches = 100
	err := n.Read(0, func(entries []Entry) {
		<-let
		for _, e := range entries {
			if seqs = append(seqs, e.Seq); len(seqs) == batches {
				close(done)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, MaxBody)
	for number := uint64(1); number <= batches; number++ {
		n.Publish(1, number, body)
		eventually(t, "an acknowledgement", func() bool {
			last, err := n.Last()
			return err == nil && last >= number
		})
		n.Done(number)
	}
	eventually(t, "dropped entries", func() bool { return n.Health().Dropped > 0 })
	close(let)
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("not all entries came")
	}
	for i, seq := range seqs {
		if seq != uint64(i+1) {
			t.Fatalf("entry %d has sequence %d, want all in their order", i+1, seq)
		}
	}
}

// TestTooOld: a reader that wants what the log no longer has, or not yet, is told so.
func TestTooOld(t *testing.T) {
	configs := configsOf(t, 1)
	configs[0].MaxBytes = leastMaxBytes
	c := startWith(t, configs)
	n := c.nodes[0]
	n.follow(t, 0)
	body := make([]byte, MaxBody)
	for number := uint64(1); number <= 40; number++ {
		n.Publish(1, number, body)
		eventually(t, "a batch", func() bool { return n.doneUpTo() == number })
	}
	if err := n.Read(0, n.take); err == nil {
		t.Error("second Read = nil, want that the log is being read")
	}
	other, err := openOther(t, n)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Read(1, other.take); !errors.Is(err, ErrTooOld) {
		t.Errorf("Read(1) = %v, want %v", err, ErrTooOld)
	}
	if err := other.Read(1000, other.take); !errors.Is(err, ErrAhead) {
		t.Errorf("Read(1000) = %v, want %v", err, ErrAhead)
	}
	first, err := n.First()
	if err != nil || first < 2 {
		t.Fatalf("First = %d, %v; want that the first are gone", first, err)
	}
	other.follow(t, first)
	last, err := n.Last()
	if err != nil || last != 40 {
		t.Fatalf("Last = %d, %v; want 40", last, err)
	}
	eventually(t, "the rest of the log", func() bool { return len(other.entries()) == int(last-first+1) })
}

// openOther is a second Journal at the server of a node, by the way of those that are there already.
func openOther(t *testing.T, n *node) (*node, error) {
	t.Helper()
	j := &Journal{cfg: n.cfg, names: n.names, embedded: n.embedded, failed: make(chan error, 1)}
	j.cfg.Node, j.names.node = "other", "other"
	j.ctx, j.cancel = context.WithCancel(context.Background())
	var err error
	if err = j.begin(context.Background()); err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		j.embedded = nil // it is the other's
		j.shut()
	})
	return &node{Journal: j, incarnation: 1, last: map[string][2]uint64{}}, nil
}

// TestFailed: a reader that has slept too long is told so, and may read again from where the log begins.
func TestFailed(t *testing.T) {
	configs := configsOf(t, 1)
	configs[0].MaxBytes = leastMaxBytes
	c := startWith(t, configs)
	n := c.nodes[0]
	n.follow(t, 0)
	asleep, err := openOther(t, n)
	if err != nil {
		t.Fatal(err)
	}
	asleep.drop = func(uint64) bool { return true }
	let := make(chan struct{})
	if err := asleep.Read(0, func([]Entry) { <-let }); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, MaxBody)
	for number := uint64(1); number <= 60; number++ {
		n.Publish(1, number, body)
		eventually(t, "a batch", func() bool { return n.doneUpTo() == number })
	}
	close(let)
	select {
	case err := <-asleep.Failed():
		if !errors.Is(err, ErrTooOld) {
			t.Errorf("Failed = %v, want %v", err, ErrTooOld)
		}
	case <-time.After(patience):
		t.Fatal("nobody says that the entries are gone")
	}
	asleep.drop = nil
	first, err := asleep.First()
	if err != nil {
		t.Fatal(err)
	}
	asleep.follow(t, first)
	eventually(t, "the log again", func() bool { return len(asleep.entries()) > 0 })
}

// TestHand: the others lose no time by a leader that hands over.
func TestHand(t *testing.T) {
	c := startCluster(t, 3)
	c.follow(0)
	was := c.leader()
	if err := c.nodes[was].Hand(); err != nil {
		t.Fatalf("Hand = %v", err)
	}
	if now := c.leader(); now == was {
		t.Errorf("node %d leads still", was+1)
	}
	c.writeAll([]int{0, 1, 2}, 1, 5)
	c.inStep(15)
}

// TestRemove: a node that is gone for good can be taken out, and the two that are left know it.
func TestRemove(t *testing.T) {
	c := startCluster(t, 3)
	c.follow(0)
	c.writeAll([]int{0, 1, 2}, 1, 5)
	c.stop(2)
	if err := c.nodes[0].Remove("n1"); err == nil {
		t.Error("Remove of itself = nil, want an error")
	}
	if err := c.nodes[0].Remove("n3"); err != nil {
		t.Errorf("Remove = %v", err)
	}
	c.writeAll([]int{0, 1}, 6, 10)
	eventually(t, "two members", func() bool { return len(c.nodes[0].Members()) == 2 && len(c.nodes[1].Members()) == 2 })
	if err := c.nodes[0].Remove("nobody"); err == nil {
		t.Error("Remove of a node that isn't known = nil, want an error")
	}
}

// TestAllRestart: a cluster whose nodes have all been closed is the same log when they are back, a node with an empty folder among them, and a fourth.
func TestAllRestart(t *testing.T) {
	configs := configsOf(t, 4)
	fourth := configs[3]
	for i := range configs[:3] {
		configs[i].Join, configs[i].Expect = configs[i].Join[:3], 3
	}
	c := startWith(t, configs[:3])
	c.follow(0)
	c.writeAll([]int{0, 1, 2}, 1, 10)
	c.inStep(30)
	was := c.nodes
	c.close()
	if err := os.RemoveAll(filepath.Join(configs[1].Dir, "journal")); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	again := make([]*node, 4)
	for i := range again[:3] {
		all.Go(func() {
			var err error
			if again[i], err = openNode(configs[i], 2); err != nil {
				t.Errorf("Open of node %d again = %v", i+1, err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	var err error
	if again[3], err = openNode(fourth, 1); err != nil {
		t.Fatalf("Open of the fourth = %v", err)
	}
	c.nodes, c.configs = again, configs
	for _, n := range again {
		if n.Epoch() != was[0].Epoch() {
			t.Errorf("epoch of %s = %q, want %q as before", n.cfg.Node, n.Epoch(), was[0].Epoch())
		}
	}
	c.follow(was[0].entries()[0].Seq)
	c.writeAll([]int{0, 1, 2, 3}, 1, 10)
	c.inStep(70)
	eventually(t, "four members", func() bool { return len(again[0].Members()) == 4 })
}

// TestLogMadeAnew: who reads is told that this is another log.
func TestLogMadeAnew(t *testing.T) {
	c := startCluster(t, 1)
	n := c.nodes[0]
	n.follow(t, 0)
	n.write(t, 1, 3)
	if err := n.js.DeleteStream(t.Context(), n.names.stream()); err != nil {
		t.Fatal(err)
	}
	if _, err := makeStream(t.Context(), n.js, n.cfg); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-n.Failed():
		if !errors.Is(err, ErrEpoch) {
			t.Errorf("Failed = %v, want %v", err, ErrEpoch)
		}
	case <-time.After(patience):
		t.Fatal("nobody says that the log is another one")
	}
}

// TestForeignEntry: what no Journal has written has no number, and makes no gap.
func TestForeignEntry(t *testing.T) {
	c := startCluster(t, 1)
	n := c.nodes[0]
	n.follow(t, 0)
	n.write(t, 1, 1)
	if err := n.nc.Publish(n.names.batches(), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	n.write(t, 2, 2)
	got := n.entries()
	if len(got) != 3 || got[1].Node != "" || got[1].Number != 0 || string(got[1].Body) != "hello" || len(n.accepts()) != 2 {
		t.Errorf("entries = %+v, want the foreign one between the two", got)
	}
}

// TestPublishRefusesLongBodies: whoever cuts batches has to know how long they may be.
func TestPublishRefusesLongBodies(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Publish of a body that is too long doesn't panic")
		}
	}()
	(&Journal{out: &publisher{}}).Publish(1, 1, make([]byte, MaxBody+1))
}
