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

// network has the nodes of a cluster each in a network namespace of its own, see cables. nil is the loopback of the machine. Clients come by Unix sockets either way.
type network struct {
	name string // of the namespace with the switch, and the beginning of the others
}

func (n *network) of(i int) string   { return fmt.Sprintf("%s-%d", n.name, i+1) }
func (n *network) host(i int) string { return fmt.Sprintf("198.18.0.%d", i+1) }

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
