//go:build linux

package peer

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// script starts a shell script as a server.
func script(t *testing.T, o StartOptions, text string) (*Running, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return StartCommand(ctx, o, "script", []string{"sh", "-c", text})
}

func TestFindMissing(t *testing.T) {
	p := Peer{Name: "no-such-server", Package: "its-package"}
	_, _, err := p.Find()
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install its-package") {
		t.Errorf("Find: %v, want ErrMissing and how to get its-package", err)
	}
	if _, err := p.Start(t.Context(), StartOptions{Dir: t.TempDir()}); !errors.Is(err, ErrMissing) {
		t.Errorf("Start: %v, want ErrMissing", err)
	}
}

// TestFindIncomplete: a program without its library is missing, too.
func TestFindIncomplete(t *testing.T) {
	p := Peer{Name: "shell", Program: "sh", Package: "dash", needs: []string{"/usr/share/no-such-library"}}
	if _, _, err := p.Find(); !errors.Is(err, ErrMissing) {
		t.Errorf("Find: %v, want ErrMissing", err)
	}
}

func TestFind(t *testing.T) {
	for _, p := range Peers() {
		t.Run(p.Name, func(t *testing.T) {
			path, version, err := p.Find()
			if err != nil {
				missing(t, err)
			}
			if !strings.HasSuffix(path, "/"+cmp.Or(p.Program, p.Name)) || versionNumber.FindString(version) != version || version == "" {
				t.Errorf("Find = %q, %q, want a path and a version", path, version)
			}
		})
	}
}

func TestFindPeer(t *testing.T) {
	for _, p := range Peers() {
		if found, err := FindPeer(p.Name); err != nil || found.Name != p.Name {
			t.Errorf("FindPeer(%q) = %v, %v", p.Name, found, err)
		}
		if _, err := FindDialect(p.Dialect); err != nil || p.Package == "" || p.Model == "" {
			t.Errorf("%s: %v, package %q, model %q", p.Name, err, p.Package, p.Model)
		}
	}
	if _, err := FindPeer("tcpd"); err == nil || !strings.Contains(err.Error(), "nats-server, redis-server") {
		t.Errorf("FindPeer(tcpd): %v, want an error with the known names", err)
	}
}

func TestStartRefused(t *testing.T) {
	rows := []struct {
		name  string
		start func() (*Running, error)
		want  []string
	}{
		{
			"it dies",
			func() (*Running, error) { return script(t, StartOptions{}, "echo one; echo two >&2; exit 3") },
			[]string{"start script", "exit status 3", "one", "two"},
		},
		{
			"it ends in peace",
			func() (*Running, error) { return script(t, StartOptions{}, "echo bye") },
			[]string{"exit status 0", "bye"},
		},
		{
			"it is not there",
			func() (*Running, error) {
				return StartCommand(t.Context(), StartOptions{}, "it", []string{"no-such-server"})
			},
			[]string{"start it", "no-such-server", "not found"},
		},
		{
			"no command",
			func() (*Running, error) { return StartCommand(t.Context(), StartOptions{}, "it", nil) },
			[]string{"start it: no command"},
		},
		{
			"no such CPU",
			func() (*Running, error) { return script(t, StartOptions{CPUs: []int{1023}}, "exec sleep 60") },
			[]string{"CPUs [1023]", "invalid argument"},
		},
		{
			"no such folder",
			func() (*Running, error) { return script(t, StartOptions{Dir: "/no/such/folder"}, "exec sleep 60") },
			[]string{"/no/such/folder"},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r, err := row.start()
			if r != nil || err == nil {
				t.Fatalf("start = %v, %v, want an error", r, err)
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("start: %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestStartGivenUpByDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := StartCommand(ctx, StartOptions{}, "script", []string{"sh", "-c", "echo thinking; exec sleep 60"})
	if err == nil || !strings.Contains(err.Error(), "has not said where it listens: gave up waiting: thinking") {
		t.Errorf("StartCommand: %v, want that it gave up", err)
	}
}

func TestPeerNeedsAFolder(t *testing.T) {
	for _, p := range Peers() {
		_, err := p.Start(t.Context(), StartOptions{})
		if errors.Is(err, ErrMissing) {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "folder") {
			t.Errorf("%s: %v, want an error about its folder", p.Name, err)
		}
	}
}

func TestRunning(t *testing.T) {
	for _, p := range Peers() {
		t.Run(p.Name, func(t *testing.T) {
			folder := t.TempDir()
			r, err := p.Start(t.Context(), StartOptions{Dir: folder, Connections: 123, CPUs: []int{firstCPU(t)}})
			started(t, r, err)
			if !strings.Contains(r.Command, folder) || r.Config == "" {
				t.Errorf("command %q, configuration %q, want both", r.Command, r.Config)
			}
			if name := procField(t, r.PID, "status", "Name:"); !strings.HasPrefix(p.Name, name) {
				t.Errorf("process %d is %q, want %q", r.PID, name, p.Name)
			}
			if got, want := procField(t, r.PID, "status", "Cpus_allowed_list:"), strconv.Itoa(firstCPU(t)); got != want {
				t.Errorf("it may run on CPUs %s, want %s", got, want)
			}
			if err := r.Err(); err != nil {
				t.Errorf("Err = %v while it runs, want nil", err)
			}
		})
	}
}

// firstCPU is one that this process may use.
func firstCPU(t *testing.T) int {
	t.Helper()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	cpu := 0
	for !set.IsSet(cpu) {
		cpu++
	}
	return cpu
}

// procField returns the words behind a field's name in a file of /proc/PID.
func procField(t *testing.T, pid int, file, field string) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		t.Fatal(err)
	}
	_, behind, _ := strings.Cut(string(text), field)
	line, _, _ := strings.Cut(behind, "\n")
	return strings.TrimSpace(line)
}

func TestDescriptors(t *testing.T) {
	r, err := script(t, StartOptions{}, "echo at 127.0.0.1:1; exec sleep 60")
	started(t, r, err)
	limits := strings.Fields(procField(t, r.PID, "limits", "Max open files"))
	if hard, _ := strconv.Atoi(limits[1]); limits[0] != limits[1] && hard < maxDescriptors {
		t.Errorf("soft limit of descriptors is %s, want the hard one, %s", limits[0], limits[1])
	}
}

func TestConnectionsWithinDescriptors(t *testing.T) {
	limit, err := raiseDescriptors()
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct{ asked, want int }{
		{0, min(DefaultConnections, limit-ownDescriptors)},
		{10, 10},
		{1 << 31, limit - ownDescriptors},
	}
	for _, row := range rows {
		var s settings
		err := s.prepare(StartOptions{Dir: "somewhere", Connections: row.asked})
		if err != nil || s.connections != row.want {
			t.Errorf("connections for %d = %d, %v, want %d", row.asked, s.connections, err, row.want)
		}
	}
}

func TestStop(t *testing.T) {
	r, err := script(t, StartOptions{}, "echo at 127.0.0.1:1; exec sleep 60")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Stop(); err != nil {
			t.Errorf("Stop: %v, want nil", err)
		}
	}
	if err := syscall.Kill(r.PID, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("kill(%d, 0) = %v after Stop, want that nothing is there", r.PID, err)
	}
}

func TestStopOfADeadServer(t *testing.T) {
	r, err := script(t, StartOptions{}, "echo at 127.0.0.1:1; read wait <&3; echo alas >&2; exit 4")
	if err == nil {
		<-r.Done()
		err = r.Stop()
	}
	if err == nil || !strings.Contains(err.Error(), "alas") {
		t.Errorf("Stop: %v, want how it ended", err)
	}
}

// TestStopKillsTheGroup has a server that doesn't listen to SIGTERM, and neither does its child.
func TestStopKillsTheGroup(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r, err := script(t, StartOptions{Log: &log}, `trap "" TERM; sleep 60 & echo child $! at 127.0.0.1:1; wait`)
	if err != nil {
		t.Fatal(err)
	}
	r.process.patience = 100 * time.Millisecond
	if err := r.Stop(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("Stop: %v, want that it was killed", err)
	}
	var child int
	if _, err := fmt.Sscanf(log.String(), "child %d", &child); err != nil {
		t.Fatalf("no child in %q: %v", log.String(), err)
	}
	waitGone(t, child)
}

// waitGone waits until the process has ended. Someone else reaps it, perhaps late.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	ended := func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || bytes.Contains(stat, []byte(") Z "))
	}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(patience); !ended(); <-again.C {
		if time.Now().After(deadline) {
			t.Fatalf("process %d is still there", pid)
		}
	}
}

func TestOutputKeepsTheLastLines(t *testing.T) {
	var log bytes.Buffer
	o := output{log: &log}
	for i := range 1000 {
		_, _ = fmt.Fprintf(&o, "line %d\n\n", i)
	}
	if got, want := o.String(), "line 995 | line 996 | line 997 | line 998 | line 999"; got != want {
		t.Errorf("last lines = %q, want %q", got, want)
	}
	if !strings.HasPrefix(log.String(), "line 0\n") || len(o.kept) > keptBytes {
		t.Errorf("%d bytes logged, %d kept, want all and at most %d", log.Len(), len(o.kept), keptBytes)
	}
}
