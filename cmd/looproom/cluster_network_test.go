//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// network has the nodes of a cluster each in a network namespace of its own, with a cable to a switch that can be pulled into two. Clients come by Unix sockets, so that a cut is none between them
// and their node. Its zero value, and nil, are the loopback of the machine, where nothing can be cut.
type network struct {
	t    *testing.T
	name string // of the namespace with the switch, and the beginning of the others
}

// newNetwork makes a network of so many nodes. It skips the test where that isn't allowed.
func newNetwork(t *testing.T, count int) *network {
	t.Helper()
	n := &network{t: t, name: fmt.Sprintf("looproom%d", os.Getpid())}
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

func (n *network) of(i int) string   { return fmt.Sprintf("%s-%d", n.name, i+1) }
func (n *network) port(i int) string { return fmt.Sprintf("port%d", i+1) }
func (n *network) host(i int) string { return fmt.Sprintf("198.18.0.%d", i+1) }

// cut has these nodes reach nobody but each other.
func (n *network) cut(nodes ...int) {
	n.t.Helper()
	for _, i := range nodes {
		n.ip("-n", n.name, "link", "set", n.port(i), "master", "apart")
	}
}

// heal has all reach all.
func (n *network) heal(count int) {
	n.t.Helper()
	for i := range count {
		n.ip("-n", n.name, "link", "set", n.port(i), "master", "whole")
	}
}

func (n *network) ip(arguments ...string) {
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

// machines are the nodes of a cluster, on a network or the loopback.
type machines struct {
	t         *testing.T
	dir       string
	program   string
	network   *network
	addresses []string
	at        []*server
	ended     []*server // that have been others' in at before
}

// startMachines starts so many nodes of a program at once, and waits until all take part.
func startMachines(t *testing.T, program string, network *network, count int) *machines {
	t.Helper()
	m := &machines{t: t, dir: t.TempDir(), program: program, network: network}
	if err := os.WriteFile(m.path("secret"), []byte("a secret that all have"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range count {
		if network == nil {
			m.addresses = append(m.addresses, freeAddress(t))
		} else {
			m.addresses = append(m.addresses, network.host(i)+":6222")
		}
	}
	for i := range count {
		m.at = append(m.at, m.launch(i))
	}
	t.Cleanup(m.tell)
	for _, s := range m.at {
		s.opens()
	}
	return m
}

// tell has the log of a test that has failed say what the nodes have logged.
func (m *machines) tell() {
	if !m.t.Failed() {
		return
	}
	for _, s := range append(slices.Clone(m.ended), m.at...) {
		m.t.Logf("%s:\n%s", s.command, s.log.String())
	}
}

func (m *machines) path(name string) string { return filepath.Join(m.dir, name) }

// door is the path of a node's line door.
func (m *machines) door(i int) string { return m.path(fmt.Sprint("n", i+1, ".door")) }

// launch starts a node.
func (m *machines) launch(i int, environment ...string) *server {
	m.t.Helper()
	name := fmt.Sprint("n", i+1)
	arguments := append(limitsOff(), "--cluster", "test", "--node", name, "--cluster-listen", m.addresses[i], "--cluster-join", strings.Join(m.addresses, ","),
		"--cluster-nodes", fmt.Sprint(len(m.addresses)), "--cluster-secret", m.path("secret"), "--state", m.path(name), "--drain", "5s", "--listen", "line+unix://"+m.door(i))
	command := exec.Command(m.program, arguments...)
	if m.network != nil {
		command = exec.Command("ip", append([]string{"netns", "exec", m.network.of(i), m.program}, arguments...)...)
	}
	command.Env = append(os.Environ(), environment...)
	s := launch(m.t, command, 1)
	m.t.Cleanup(s.expectNoPanic)
	return s
}

// kill ends a node as a crash of its machine would.
func (m *machines) kill(i int) {
	m.t.Helper()
	m.at[i].signal(syscall.SIGKILL)
	m.at[i].wait()
}

// restart starts a node that has ended, and returns when it takes part again.
func (m *machines) restart(i int, environment ...string) {
	m.t.Helper()
	m.ended = append(m.ended, m.at[i])
	m.at[i] = m.launch(i, environment...)
	m.at[i].opens()
}
