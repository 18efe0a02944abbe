package journal

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// childEnv has the childConfig of a node that is a process of its own: this test's program, started again.
const childEnv = "LOOPROOM_JOURNAL_NODE"

type childConfig struct {
	Node, Dir, Listen string
	Join              []string
	Incarnation       uint64
}

func TestMain(m *testing.M) {
	text := os.Getenv(childEnv)
	if text == "" {
		os.Exit(m.Run())
	}
	if err := runChild(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// replica is a state that is made of what stands in the log: a hash of it all.
type replica struct {
	mu    sync.Mutex
	Seq   uint64
	Hash  uint64
	Last  map[string][2]uint64
	heard chan uint64 // own numbers that have been read
	node  string
	own   uint64 // incarnation
	say   func(r *replica)
}

func (r *replica) take(entries []Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range entries {
		r.Seq = e.Seq
		last := r.Last[e.Node]
		if e.Incarnation == last[0] && e.Number == last[1]+1 || e.Incarnation > last[0] && e.Number == 1 {
			r.Last[e.Node] = [2]uint64{e.Incarnation, e.Number}
			h := fnv.New64a()
			fmt.Fprintf(h, "%d %d %s %d %d %s", r.Hash, e.Seq, e.Node, e.Incarnation, e.Number, e.Body)
			r.Hash = h.Sum64()
			if e.Node == r.node && e.Incarnation == r.own {
				r.heard <- e.Number
			}
		}
		r.say(r)
	}
}

func (r *replica) save(_ context.Context, _ []byte, w io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return json.NewEncoder(w).Encode(r)
}

// runChild writes batches as fast as they are read, until its input ends, and says the hash at each entry. One that comes back takes the state of another one.
func runChild(text string) error {
	var c childConfig
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	log := zerolog.New(os.Stderr).Level(zerolog.WarnLevel)
	j, err := Open(ctx, Config{Cluster: "test", Node: c.Node, Dir: c.Dir, Listen: c.Listen, Join: c.Join, Sync: true, Log: log})
	if err != nil {
		return err
	}
	defer j.Close()
	r := &replica{Last: map[string][2]uint64{}, heard: make(chan uint64, 1), node: c.Node, own: c.Incarnation}
	r.say = func(r *replica) { fmt.Println("at", r.Seq, r.Hash, j.leads()) }
	if c.Incarnation > 1 {
		if err := r.load(ctx, j); err != nil {
			return err
		}
	}
	if err := j.Read(r.Seq+1, r.take); err != nil {
		return err
	}
	if err := j.Offer("state", r.save); err != nil {
		return err
	}
	return r.writeOn(j)
}

func (r *replica) load(ctx context.Context, j *Journal) error {
	state, err := j.Ask(ctx, "", "state", nil)
	if err != nil {
		return err
	}
	defer state.Close()
	text, err := io.ReadAll(state)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, r)
}

func (r *replica) writeOn(j *Journal) error {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	pace := time.NewTicker(5 * time.Millisecond)
	defer pace.Stop()
	for number := uint64(1); ; number++ {
		j.Publish(r.own, number, fmt.Appendf(nil, "%s %d", r.node, number))
		select {
		case <-r.heard:
			j.Done(number)
		case <-ended:
			return nil
		case err := <-j.Failed():
			return err
		}
		<-pace.C
	}
}

// child is such a process, and what it has said.
type child struct {
	cmd    *exec.Cmd
	input  io.Closer
	mu     sync.Mutex
	hashes map[uint64]string // by the sequence
	last   uint64
	leads  bool
	ended  chan struct{}
}

func startChild(t *testing.T, c childConfig) *child {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	k := &child{cmd: exec.Command(os.Args[0]), hashes: map[uint64]string{}, ended: make(chan struct{})}
	k.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	if testing.Verbose() {
		k.cmd.Stderr = os.Stderr
	}
	output, err := k.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if k.input, err = k.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go k.listen(output)
	t.Cleanup(k.kill)
	return k
}

func (k *child) listen(output io.Reader) {
	defer close(k.ended)
	for lines := bufio.NewScanner(output); lines.Scan(); {
		var seq uint64
		var hash string
		var leads bool
		if _, err := fmt.Sscan(strings.TrimPrefix(lines.Text(), "at "), &seq, &hash, &leads); err != nil {
			continue
		}
		k.mu.Lock()
		k.hashes[seq], k.last, k.leads = hash, seq, leads
		k.mu.Unlock()
	}
}

// kill ends it as kill -9 does.
func (k *child) kill() {
	_ = k.cmd.Process.Kill() // it may have ended
	<-k.ended
	_ = k.cmd.Wait()
}

func (k *child) at() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

func (k *child) isLeader() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.leads
}

// TestKilledLeader: three processes write without a pause. The leader is killed in the middle; the others go on, it comes back with the state of one of them, and at each entry all have the same state.
func TestKilledLeader(t *testing.T) {
	addresses, dir := freeAddresses(t, 3), shortDir(t)
	configs := make([]childConfig, 3)
	nodes := make([]*child, 3)
	for i := range nodes {
		name := fmt.Sprint("n", i+1)
		configs[i] = childConfig{Node: name, Dir: filepath.Join(dir, name), Listen: addresses[i], Join: addresses, Incarnation: 1}
		nodes[i] = startChild(t, configs[i])
	}
	all := func(seq uint64) func() bool {
		return func() bool { return nodes[0].at() >= seq && nodes[1].at() >= seq && nodes[2].at() >= seq }
	}
	eventually(t, "300 entries", all(300))
	leader := -1
	eventually(t, "a leader", func() bool {
		for i, k := range nodes {
			if k.isLeader() {
				leader = i
			}
		}
		return leader >= 0
	})
	killed := nodes[leader]
	killed.kill()
	other := nodes[(leader+1)%3]
	stood := other.at()
	begun := time.Now()
	eventually(t, "the others go on", func() bool { return other.at() > stood+20 })
	t.Logf("the others wrote on %v after the kill", time.Since(begun).Round(time.Millisecond))
	configs[leader].Incarnation = 2
	nodes[leader] = startChild(t, configs[leader])
	eventually(t, "the one that was killed reads", func() bool { return nodes[leader].at() > 0 })
	eventually(t, "200 more entries for all", all(nodes[leader].at()+200))
	for _, k := range nodes {
		k.input.Close()
		<-k.ended
	}
	compare(t, nodes[leader], other)
	compare(t, nodes[(leader+2)%3], other)
	compare(t, killed, other)
}

// compare wants the same state at each entry that both have read.
func compare(t *testing.T, a, b *child) {
	t.Helper()
	same := 0
	for seq, hash := range a.hashes {
		if other, ok := b.hashes[seq]; ok && other != hash {
			t.Fatalf("at entry %d one has the state %s, another one %s", seq, hash, other)
		} else if ok {
			same++
		}
	}
	if same < 150 {
		t.Errorf("%d entries that both have read, want 150 at least", same)
	}
}
