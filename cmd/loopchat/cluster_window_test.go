//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startCluster starts so many servers that are one chat, and waits until all take part. Each has one line door.
func startCluster(t *testing.T, count int) (nodes []*server) {
	t.Helper()
	var peers []string
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, listener.Addr().String())
		listener.Close()
	}
	var starting sync.WaitGroup
	for i := range count {
		others := slices.Delete(slices.Clone(peers), i, i+1)
		s := &server{t: t, arguments: []string{"--listen", "line://127.0.0.1:0", "--cluster", "test", "--node", fmt.Sprint("n", i+1), "--cluster-listen", peers[i],
			"--cluster-join", strings.Join(others, ","), "--state", t.TempDir()}}
		s.command = exec.Command(looproom, s.arguments...)
		out, err := s.command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.kill)
		starting.Go(func() {
			lines := bufio.NewReader(out)
			door, _ := lines.ReadString('\n') // what comes is looked at below
			url, _, _ := strings.Cut(door, " ")
			s.addresses = []string{strings.TrimPrefix(url, "line://")}
			go func() { _, _ = io.Copy(io.Discard, lines) }()
		})
		nodes = append(nodes, s)
	}
	starting.Wait()
	for _, s := range nodes {
		if s.address() == "" {
			t.Fatalf("%s opened no door", s.command)
		}
	}
	return nodes
}

// TestWindowGoesToAnotherNode: the node is killed, or drained, under a window that knows the others: it comes back there by itself, as who it was and where, and what is said meanwhile arrives once.
func TestWindowGoesToAnotherNode(t *testing.T) {
	need(t, "tmux")
	rows := []struct {
		name   string
		signal syscall.Signal
		told   string
	}{
		{"killed", syscall.SIGKILL, "loopchat goes to"},
		{"drained", syscall.SIGTERM, "closing"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			nodes := startCluster(t, 3)
			bob := nodes[2].join("bob")
			bob.say("JOIN #go")
			bob.until("= JOIN #go 1")
			ana := chatAs(t, "ana", "--room", "'#go'", "--server", nodes[1].address(), nodes[0].address())
			ana.see("#go · ana · " + nodes[0].address())
			ana.line("before")
			bob.until("[ana] before")
			bob.say("an answer")
			ana.see("[bob] an answer")

			if err := nodes[0].command.Process.Signal(row.signal); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			const lines = 5
			for i := range lines {
				ana.line(fmt.Sprint("line ", i))
			}
			ana.see("Connected again, to "+nodes[1].address(), "#go · ana · "+nodes[1].address())
			t.Logf("%s: ana is at another node after %v", row.name, time.Since(began).Round(time.Millisecond))
			ana.see(row.told)
			ana.line("the last")
			var heard []string
			for _, line := range bob.until("[ana] the last") {
				if strings.HasPrefix(line, "[ana] ") {
					heard = append(heard, line)
				}
			}
			var want []string
			for i := range lines {
				want = append(want, fmt.Sprint("[ana] line ", i))
			}
			if !slices.Equal(heard, want) {
				t.Errorf("bob heard %q, want %q", heard, want)
			}
			bob.say("still here")
			ana.see("[bob] still here")
			ana.miss("…[You]")
			if shown := ana.text(); strings.Contains(shown, "?[You]") || strings.Contains(shown, "Server is down") {
				t.Errorf("ana sees\n%s", shown)
			}
			ana.keys("C-c")
			ana.ended(0)
		})
	}
}

// TestWindowFindsANode: the first servers that are named are not there, and at the end none is.
func TestWindowFindsANode(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s, gone := startServer(t), startServer(t)
	gone.kill()
	ana := newScreen(t, 100, 20)
	ana.line("LOOPCHAT_SERVER=" + s.address() + " " + loopchat + " --name ana " + gone.address())
	ana.see("No connection (connect to "+gone.address()+": ", "loopchat goes to another server.", "#lobby · ana · "+s.address())
	s.kill()
	ana.see("Server is down, join later once it is up!")
	s.restart()
	ana.see("Connected again, to " + s.address())
}

// TestFilterTakesTheNextServer: a filter says its lines to the first server that can be had.
func TestFilterTakesTheNextServer(t *testing.T) {
	t.Parallel()
	s, gone := startServer(t), startServer(t)
	gone.kill()
	bob := s.join("bob")
	if status, _, errs := piped(t, strings.NewReader("hello\n"), "--name", "ana", gone.address(), s.address()); status != 0 || errs != "" {
		t.Errorf("exit status %d, errors %q, want 0 and none", status, errs)
	}
	bob.until("[ana] hello")
	s.kill()
	if status, _, errs := piped(t, strings.NewReader("hello\n"), "--server", gone.address(), s.address()); status != 1 || !strings.Contains(errs, "none of 2 servers can be reached: connect to ") {
		t.Errorf("exit status %d, errors %q, want 1 and that there is no server", status, errs)
	}
}

// TestWindowLeavesANodeThatIsCutOff: a node that tells for long that it is cut off from the others is left for another one; that a leader is chosen is no answer to anything.
func TestWindowLeavesANodeThatIsCutOff(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	f := startReplying(t, func(line string) string {
		if strings.HasPrefix(line, "ADD ana ") {
			return "! waiting the cluster is choosing a leader\n= ADD ana\n! goes-on the cluster goes on\n"
		}
		return ""
	}, greeting)
	ana := chatAs(t, "ana", f.address(), s.address())
	f.say("! cluster-away this server is cut off\n")
	ana.see("Connected again, to "+s.address(), "· ana · "+s.address())
	ana.line("hello")
	bob.until("[ana] hello")
}
