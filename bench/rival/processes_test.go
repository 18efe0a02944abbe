//go:build linux

package rival_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"looproom/bench/rival"
)

// childrenOf returns the pids of a process's children, and of those that have ended and were not reaped.
func childrenOf(t *testing.T, parent int) (pids, zombies []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // has ended meanwhile
		}
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if fields[1] != strconv.Itoa(parent) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
		if fields[0] == "Z" {
			zombies = append(zombies, pid)
		}
	}
	return pids, zombies
}

func TestProcessesAreReaped(t *testing.T) {
	const clients = 20
	m, err := rival.Find("processes")
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, m, echoOptions())
	conns := make([]net.Conn, clients)
	for i := range conns {
		conns[i] = dial(t, addr)
		says(t, conns[i], "hello")
	}
	if pids, _ := childrenOf(t, os.Getpid()); len(pids) != clients {
		t.Errorf("%d children with %d clients, want one for each", len(pids), clients)
	}
	for _, conn := range conns[1:] {
		conn.Close()
	}
	eventually(t, "one child is left, and no zombie", func() bool {
		pids, zombies := childrenOf(t, os.Getpid())
		return len(pids) == 1 && len(zombies) == 0
	})
	says(t, conns[0], "still here")
}

// says sends words and waits for their echo.
func says(t *testing.T, conn net.Conn, words string) {
	t.Helper()
	if _, err := io.WriteString(conn, words); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(words))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != words {
		t.Fatalf("echo of %q = %q, %v", words, got, err)
	}
}

func TestPreforkStartsTheDeadAgain(t *testing.T) {
	m, err := rival.Find("prefork")
	if err != nil {
		t.Fatal(err)
	}
	o := echoOptions()
	o.Workers = 2
	addr := serve(t, m, o)
	before, _ := childrenOf(t, os.Getpid())
	if len(before) != 2 {
		t.Fatalf("%d workers, want 2", len(before))
	}
	if err := unix.Kill(before[0], unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another worker in the place of the dead one", func() bool {
		now, zombies := childrenOf(t, os.Getpid())
		return len(now) == 2 && len(zombies) == 0 && !slices.Contains(now, before[0])
	})
	// The new worker may not listen yet, but then the kernel gives it nobody.
	for range 8 {
		says(t, dial(t, addr), "hello")
	}
}

func TestChildrenEndWithTheirParent(t *testing.T) {
	for _, name := range []string{"prefork", "processes"} {
		t.Run(name, func(t *testing.T) {
			parent := exec.Command(os.Args[0])
			parent.Env = append(os.Environ(), parentVar+"="+name)
			out, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatalf("the parent says %q, %v, want an address", line, err)
			}
			addr, err := net.ResolveTCPAddr("tcp", strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			conn := dial(t, addr)
			says(t, conn, "hello")
			pids, _ := childrenOf(t, parent.Process.Pid)
			if len(pids) == 0 {
				t.Fatal("no children, want some")
			}
			if err := parent.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = parent.Wait() // killed
			if n, err := conn.Read(make([]byte, 1)); err == nil {
				t.Errorf("read %d bytes after the end, want the end of the connection", n)
			}
			eventually(t, "the children have ended", func() bool {
				return !slices.ContainsFunc(pids, alive)
			})
		})
	}
}

// alive says whether a process runs; one that waits to be reaped doesn't.
func alive(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	return fields[0] != "Z"
}
