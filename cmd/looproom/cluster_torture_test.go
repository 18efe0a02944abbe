//go:build linux && torture

package main_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nemesis hurts a cluster in a random order that a seed says.
type nemesis struct {
	p      *promise
	m      *machines
	cables *cables
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
	c := newCables(t, count)
	m := startMachines(t, binary, &c.network, count)
	n := &nemesis{p: newPromise(m, 2), m: m, cables: c, random: rand.New(rand.NewPCG(seed, 0))}
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
		n.cables.cut(nodes...)
		pause(n.p.ctx, hold)
		n.cables.heal(len(n.m.at))
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

// cables are a network in which each node has one to a switch that can be pulled into two.
type cables struct {
	network
	t *testing.T
}

// newCables makes a network of so many nodes. It skips the test where that isn't allowed.
func newCables(t *testing.T, count int) *cables {
	t.Helper()
	n := &cables{network{fmt.Sprintf("looproom%d", os.Getpid())}, t}
	if _, err := exec.LookPath("ip"); err != nil {
		missing(t, "ip (of iproute2)")
	}
	if err := runIP("netns", "add", n.name); err != nil {
		missing(t, "the right to make network namespaces ("+err.Error()+")")
	}
	t.Cleanup(func() { _ = runIP("netns", "del", n.name) })
	for _, bridge := range []string{"whole", "apart"} {
		n.ip("-n", n.name, "link", "add", bridge, "type", "bridge")
		n.ip("-n", n.name, "link", "set", bridge, "up")
	}
	for i := range count {
		n.ip("netns", "add", n.of(i))
		t.Cleanup(func() { _ = runIP("netns", "del", n.of(i)) })
		n.ip("-n", n.of(i), "link", "add", "cable", "type", "veth", "peer", "name", n.port(i), "netns", n.name)
		n.ip("-n", n.of(i), "address", "add", n.host(i)+"/24", "dev", "cable")
		n.ip("-n", n.of(i), "link", "set", "cable", "up")
		n.ip("-n", n.of(i), "link", "set", "lo", "up")
		n.ip("-n", n.name, "link", "set", n.port(i), "master", "whole")
		n.ip("-n", n.name, "link", "set", n.port(i), "up")
	}
	return n
}

func (n *cables) port(i int) string { return fmt.Sprintf("port%d", i+1) }

// cut has these nodes reach nobody but each other.
func (n *cables) cut(nodes ...int) {
	n.t.Helper()
	for _, i := range nodes {
		n.ip("-n", n.name, "link", "set", n.port(i), "master", "apart")
	}
}

// heal has all reach all.
func (n *cables) heal(count int) {
	n.t.Helper()
	for i := range count {
		n.ip("-n", n.name, "link", "set", n.port(i), "master", "whole")
	}
}

func (n *cables) ip(arguments ...string) {
	n.t.Helper()
	if err := runIP(arguments...); err != nil {
		n.t.Fatal(err)
	}
}

func runIP(arguments ...string) error {
	if out, err := exec.Command("ip", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("ip %s: %w: %s", strings.Join(arguments, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
