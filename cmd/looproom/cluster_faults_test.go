//go:build linux

package main_test

import (
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	nats "github.com/nats-io/nats-server/v2/server"
)

// TestClusterKeepsItsPromise: a node is killed, one is stopped for so long that it is gone, and one leaves, each once, while numbered lines are said at all of them.
func TestClusterKeepsItsPromise(t *testing.T) {
	m := startMachines(t, binary, nil, 3)
	p := newPromise(m, 1)
	m.kill(0)
	p.goesOn(1)
	m.restart(0)
	p.goesOn(0)
	m.at[1].signal(syscall.SIGSTOP)
	waitFor(t, "the others to find it gone", func() bool { return goneAt(m.at[0], "n2") })
	m.at[1].signal(syscall.SIGCONT)
	p.goesOn(1)
	p.finish()
}

// TestClusterNodeThatDiffers: one of the nodes has a mistake planted that changes its state. It finds that out by what the others say of theirs, ends with a line of log, leaves its state in its folder, and
// when it is started again it has that of the others. These go on.
func TestClusterNodeThatDiffers(t *testing.T) {
	m := startMachines(t, buildPlanted(t), nil, 3)
	m.at[2].stop()
	m.restart(2, "LOOPROOM_PLANT=differs")
	bystander := dial(t, m.at[2], 0, "bystander")
	bystander.until("> Connected ")
	ann := signedIn(t, m.at[0], 0, "ann")
	ann.say("TEXT ID=annsphone:1 plant-differs")
	ann.until("= SAID annsphone:1")
	bystander.until("[ann] something else")
	differ := func() bool { return strings.Contains(m.at[2].log.String(), "is another one than that of the others") }
	for n := 2; !differ(); n++ { // as many batches as stand between two hashes
		ann.say("TEXT ID=annsphone:" + strconv.Itoa(n) + " and so on")
		ann.until("= SAID annsphone:" + strconv.Itoa(n))
	}
	if status := m.at[2].wait(); status != 1 {
		t.Errorf("the exit status of a node that differs is %d, want 1", status)
	}
	kept, err := filepath.Glob(m.path("n3/differs-*.state"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q are there, %v; want one state", kept, err)
	}
	if about, err := os.Stat(kept[0]); err != nil || about.Size() == 0 {
		t.Errorf("%s: %v, %v; want a state", kept[0], about, err)
	}
	if line := m.at[2].log.With("this node leaves the cluster"); len(line) != 1 || !strings.Contains(line[0], kept[0]) {
		t.Errorf("the log says %q, want once that the node leaves, and where its state is", line)
	}
	m.restart(2)
	eve := signedIn(t, m.at[2], 0, "eve")
	hears(t, eve, ann, "the same again")
	for words, want := range map[string]string{"differs": "= SEARCH 1", "something else": "= SEARCH 0"} {
		waitFor(t, want+" to be what "+words+" finds", func() bool { // it may just be taken
			eve.say("SEARCH " + words)
			got, _ := eve.until("= SEARCH ")
			return got == want
		})
	}
	for _, s := range m.at[:2] {
		if said := s.log.With("this node leaves the cluster"); len(said) > 0 {
			t.Errorf("another node leaves as well: %q", said)
		}
	}
}

// TestTwoNodesAreRefused: with the reason, and before anything is made.
func TestTwoNodesAreRefused(t *testing.T) {
	dir := t.TempDir()
	command := exec.Command(binary, "--cluster", "test", "--node", "n1", "--cluster-listen", freeAddress(t), "--cluster-join", freeAddress(t), "--state", filepath.Join(dir, "state"), "--listen", "line://127.0.0.1:0")
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "a cluster of 2 nodes stands still as soon as one of them does: have 1, or 3 and more") {
		t.Errorf("two nodes: %v, %s", err, out)
	}
}

// TestClusterLogIsMadeAnew: somebody has removed the log from the NATS servers that keep it. The node ends with a line of log, and started again it goes on with what it keeps.
func TestClusterLogIsMadeAnew(t *testing.T) {
	dir := t.TempDir()
	servers, err := nats.NewServer(&nats.Options{JetStream: true, StoreDir: filepath.Join(dir, "nats"), Host: "127.0.0.1", Port: nats.RANDOM_PORT, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	go servers.Start()
	t.Cleanup(func() { servers.Shutdown(); servers.WaitForShutdown() })
	waitFor(t, "NATS to be there", func() bool { return servers.ReadyForConnections(time.Second) })
	address := servers.Addr().String()
	start := func() *server {
		return startServer(t, "--cluster", "test", "--node", "n1", "--cluster-nats", "nats://"+address, "--cluster-nodes", "1", "--state", filepath.Join(dir, "state"), "--listen", "line://127.0.0.1:0")
	}
	s := start()
	ann := signedIn(t, s, 0, "ann")
	ann.say("TEXT ID=annsphone:1 before")
	ann.until("= SAID annsphone:1")
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "CONNECT {}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.DELETE.looproom-test answer 0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	newTalker(t, "nats", conn, conn).until(`{"type":"io.nats.jetstream.api.v1.stream_delete_response","success":true`)
	if status := s.wait(); status != 1 || !strings.Contains(s.log.String(), "the log of the cluster can't be followed: ") {
		t.Errorf("exit status %d, want 1 and a line of log why; the log:\n%s", status, s.log.String())
	}
	s = start()
	ann = signedIn(t, s, 0, "ann")
	ann.say("RECENT")
	ann.until("= RECENT 1")
	if got := ann.next(); !strings.HasSuffix(got, "[ann] before") {
		t.Errorf("what was said before is %q", got)
	}
	ann.say("TEXT ID=annsphone:2 after")
	ann.until("= SAID annsphone:2")
}

// goneAt says whether a node has logged that another one is gone.
func goneAt(s *server, name string) bool {
	return slices.ContainsFunc(s.log.With("the cluster has changed"), func(line string) bool {
		_, rest, _ := strings.Cut(line, `"Name":"`+name+`"`)
		said, _, _ := strings.Cut(rest, "}")
		return strings.Contains(said, `"Here":false`)
	})
}

// nemesis hurts a cluster in a random order that a seed says.
type nemesis struct {
	p      *promise
	m      *machines
	random *rand.Rand
}

// seedOf is the seed of the environment, or one of the clock.
func seedOf(t *testing.T) uint64 {
	seed, err := strconv.ParseUint(os.Getenv("TORTURE_SEED"), 10, 64)
	if err != nil {
		seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	t.Logf("TORTURE_SEED=%d has the same faults again", seed)
	return seed
}

// tortureCluster hurts a cluster of so many nodes for so long.
func tortureCluster(t *testing.T, count int, long time.Duration) {
	seed := seedOf(t)
	m := startMachines(t, binary, newNetwork(t, count), count)
	n := &nemesis{p: newPromise(m, 2), m: m, random: rand.New(rand.NewPCG(seed, 0))}
	done := map[string]int{}
	for began := time.Now(); time.Since(began) < long; {
		done[n.hurt()]++
	}
	t.Logf("faults in %v: %v", long, done)
	n.p.finish()
}

// few are so many nodes at random as the others can do without.
func (n *nemesis) few() []int {
	most := (len(n.m.at) - 1) / 2
	return n.random.Perm(len(n.m.at))[:1+n.random.IntN(most)]
}

// hold is how long a fault lasts: most are over before anybody is gone by them, some are not.
func (n *nemesis) hold() time.Duration {
	d := time.Duration(n.random.IntN(3000)) * time.Millisecond
	if n.random.IntN(3) == 0 {
		d += time.Duration(4+n.random.IntN(10)) * time.Second
	}
	return d
}

// hurt does one thing, and makes it good again.
func (n *nemesis) hurt() (what string) {
	nodes, hold := n.few(), n.hold()
	what = []string{"kill", "kill", "stop", "stop", "cut", "cut", "cut", "leave"}[n.random.IntN(8)]
	wait := n.random.IntN(3) > 0
	n.p.t.Logf("%s %v for %v", what, nodes, hold)
	switch what {
	case "kill":
		n.each(nodes, n.m.kill)
		pause(n.p.ctx, hold)
		n.each(nodes, func(i int) { n.m.restart(i) })
	case "leave":
		n.each(nodes, func(i int) { n.m.at[i].stop() })
		pause(n.p.ctx, hold)
		n.each(nodes, func(i int) { n.m.restart(i) })
	case "stop":
		n.each(nodes, func(i int) { n.m.at[i].signal(syscall.SIGSTOP) })
		pause(n.p.ctx, hold)
		n.each(nodes, func(i int) { n.m.at[i].signal(syscall.SIGCONT) })
	case "cut":
		n.m.network.cut(nodes...)
		pause(n.p.ctx, hold)
		n.m.network.heal(len(n.m.at))
	}
	if began := time.Now(); wait {
		n.each(nodes, n.p.goesOn)
		n.p.t.Logf("%s: all is well again after %v", what, time.Since(began).Round(10*time.Millisecond))
	}
	return what
}

func (n *nemesis) each(nodes []int, do func(i int)) {
	for _, i := range nodes {
		do(i)
	}
}
