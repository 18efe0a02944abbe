//go:build linux

package main_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
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
