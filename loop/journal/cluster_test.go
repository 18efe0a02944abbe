package journal

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// patience is how long a test waits for what has to happen.
const patience = 60 * time.Second

// eventually waits for a condition.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
		<-ticker.C
	}
}

// freeAddresses are loopback addresses whose ports are free.
func freeAddresses(t testing.TB, n int) (found []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		found = append(found, l.Addr().String())
	}
	return found
}

// shortDir is a folder of the test.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// cluster is several nodes in this process.
type cluster struct {
	t       testing.TB
	configs []Config
	nodes   []*node
}

// node is a Journal with a reader that accepts by the rule and keeps what it has read.
type node struct {
	*Journal
	incarnation uint64
	mu          sync.Mutex
	read        []Entry
	accepted    []string
	last        map[string][2]uint64
	done        uint64 // the last own number that was read
	lag         func(at Entry)
}

func configsOf(t testing.TB, n int) []Config {
	t.Helper()
	addresses := freeAddresses(t, n)
	dir := shortDir(t)
	configs := make([]Config, n)
	for i := range configs {
		log := zerolog.Nop()
		if testing.Verbose() {
			log = zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel).With().Int("node", i).Logger()
		}
		configs[i] = Config{Cluster: "test", Node: "n" + strconv.Itoa(i+1), Dir: filepath.Join(dir, strconv.Itoa(i+1)), Listen: addresses[i], Expect: n, MaxBytes: 64 << 20, Log: log}
		if n > 1 {
			configs[i].Join = slices.Clone(addresses)
		}
	}
	return configs
}

func startCluster(t testing.TB, n int) *cluster {
	t.Helper()
	return startWith(t, configsOf(t, n))
}

func startWith(t testing.TB, configs []Config) *cluster {
	t.Helper()
	c := &cluster{t: t, configs: configs, nodes: make([]*node, len(configs))}
	var all sync.WaitGroup
	errs := make([]error, len(configs))
	for i := range configs {
		all.Go(func() { c.nodes[i], errs[i] = openNode(configs[i], 1) })
	}
	all.Wait()
	t.Cleanup(c.close)
	for i, err := range errs {
		if err != nil {
			t.Fatalf("Open of node %d = %v", i+1, err)
		}
	}
	return c
}

func openNode(cfg Config, incarnation uint64) (*node, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	j, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &node{Journal: j, incarnation: incarnation, last: map[string][2]uint64{}}, nil
}

func (c *cluster) close() {
	var all sync.WaitGroup
	for _, n := range c.nodes {
		if n != nil {
			all.Go(func() { n.Close() })
		}
	}
	all.Wait()
}

// stop ends a node, and restart begins it again from its folder.
func (c *cluster) stop(i int) {
	c.t.Helper()
	if err := c.nodes[i].Close(); err != nil {
		c.t.Errorf("Close of node %d = %v", i+1, err)
	}
}

func (c *cluster) restart(i int, incarnation uint64) *node {
	c.t.Helper()
	n, err := openNode(c.configs[i], incarnation)
	if err != nil {
		c.t.Fatalf("Open of node %d again = %v", i+1, err)
	}
	c.nodes[i] = n
	return n
}

// leader is the index of the node that leads the stream.
func (c *cluster) leader() (found int) {
	c.t.Helper()
	found = -1
	eventually(c.t, "a leader of the log", func() bool {
		found = slices.IndexFunc(c.nodes, func(n *node) bool { return n.ctx.Err() == nil && n.leads() })
		return found >= 0
	})
	return found
}

// follow has all nodes read.
func (c *cluster) follow(from uint64) {
	c.t.Helper()
	for _, n := range c.nodes {
		n.follow(c.t, from)
	}
}

func (n *node) follow(t testing.TB, from uint64) {
	t.Helper()
	if err := n.Read(from, n.take); err != nil {
		t.Fatalf("Read(%d) of %s = %v", from, n.cfg.Node, err)
	}
}

// take is deliver: it heeds a batch by its number.
func (n *node) take(entries []Entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range entries {
		n.read = append(n.read, e)
		last := n.last[e.Node]
		if !(e.Incarnation == last[0] && e.Number == last[1]+1 || e.Incarnation > last[0] && e.Number == 1) {
			continue
		}
		n.last[e.Node] = [2]uint64{e.Incarnation, e.Number}
		n.accepted = append(n.accepted, e.Node+" "+string(e.Body))
		if e.Node == n.cfg.Node && e.Incarnation == n.incarnation {
			n.Done(e.Number)
			n.done = e.Number
			if n.lag != nil {
				n.lag(e)
			}
		}
	}
}

func (n *node) doneUpTo() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.done
}

func (n *node) accepts() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.accepted)
}

func (n *node) entries() []Entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.read)
}

// write publishes batches from..to, each once the one before has been read.
func (n *node) write(t testing.TB, from, to uint64) {
	t.Helper()
	for number := from; number <= to; number++ {
		n.Publish(n.incarnation, number, fmt.Appendf(nil, "%d.%d", n.incarnation, number))
		eventually(t, fmt.Sprintf("batch %d of %s", number, n.cfg.Node), func() bool { return n.doneUpTo() == number })
	}
}

// inStep wants all nodes to have accepted so many, the same in the same order, each once, and sequences without a gap.
func (c *cluster) inStep(want int) {
	c.t.Helper()
	first := c.nodes[0]
	for _, n := range c.nodes {
		if n.ctx.Err() != nil {
			continue
		}
		eventually(c.t, fmt.Sprintf("%d batches at %s", want, n.cfg.Node), func() bool { return len(n.accepts()) >= want })
		if first.ctx.Err() != nil {
			first = n
		}
		if got, is := strings.Join(n.accepts(), "\n"), strings.Join(first.accepts(), "\n"); got != is {
			c.t.Errorf("%s has accepted %q, %s %q", n.cfg.Node, got, first.cfg.Node, is)
		}
		seen := map[string]bool{}
		for _, batch := range n.accepts() {
			if seen[batch] {
				c.t.Errorf("%s has accepted %q twice", n.cfg.Node, batch)
			}
			seen[batch] = true
		}
		entries := n.entries()
		for i := range entries {
			if entries[i].Seq != entries[0].Seq+uint64(i) {
				c.t.Fatalf("%s has read %d behind %d entries from %d", n.cfg.Node, entries[i].Seq, i, entries[0].Seq)
			}
		}
	}
}
