//go:build linux

package main_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"looproom/bench"
	"looproom/bench/peer"
	"looproom/bench/report"
)

// loopbench is the built program, with looproom beside it.
var loopbench string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "loopbench-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	build := exec.Command("go", "build", "-o", folder, "looproom/cmd/...")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	loopbench = filepath.Join(folder, "loopbench")
	return m.Run()
}

// run runs loopbench and returns what it printed.
func run(t *testing.T, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute) // a comparison of all takes minutes on a busy machine
	defer cancel()
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, loopbench, arguments...)
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	return out.String(), errs.String(), err
}

// result runs a measurement that is to succeed, and reads what it kept.
func result(t *testing.T, arguments ...string) *bench.Report {
	t.Helper()
	kept := filepath.Join(t.TempDir(), "result.json")
	if _, stderr, err := run(t, append(arguments, "--json", kept)...); err != nil {
		t.Fatalf("loopbench %v: %v\n%s", arguments, err, stderr)
	}
	r, err := report.ReadJSON(kept)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// needProgram skips the test where a program is missing that CI has.
func needProgram(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is missing, and LOOPROOM_REQUIRE_CLIENTS=1", name)
	}
	t.Skipf("%s is not installed", name)
}

// TestCompareDeliversEverything is the default comparison in a tiny size, and each kind of workload once.
func TestCompareDeliversEverything(t *testing.T) {
	folder := t.TempDir()
	r := result(t, "compare", "--quick", "--clients", "20", "--warmup", "50ms", "--duration", "150ms",
		"-w", "echo", "-w", "fanout", "-w", "chat", "-w", "rooms", "-w", "idle", "-w", "storm", "-w", "slow:slow=2",
		"--html", filepath.Join(folder, "report.html"), "--csv", filepath.Join(folder, "report.csv"), "--svg", filepath.Join(folder, "svg"))
	if len(r.Missing) > 0 {
		t.Errorf("missing: %q", r.Missing)
	}
	seen := map[string]int{}
	for _, m := range r.Measurements {
		seen[m.Subject]++
		if m.Lost+m.Duplicated+m.Reordered != 0 || m.Received != m.Expected || (m.Received == 0 && m.Workload.Kind != bench.Idle) {
			t.Errorf("%s, %s: received %d of %d, lost %d, duplicated %d, reordered %d", m.Subject, report.Title(m.Workload),
				m.Received, m.Expected, m.Lost, m.Duplicated, m.Reordered)
		}
		if m.Server.RSS == 0 {
			t.Errorf("%s, %s: no memory of the server is known", m.Subject, m.Workload.Kind)
		}
	}
	for name, want := range map[string]int{
		"looproom": 7, "threads": 7, "threads-queued": 7, "goroutines": 7, "gorilla": 6, "select": 7, "processes": 1, "prefork": 1, "gnet-echo": 1, "floor": 5,
	} {
		if seen[name] != want {
			t.Errorf("%s was measured %d times, want %d", name, seen[name], want)
		}
	}
	for _, file := range []string{"report.html", "report.csv", "svg"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Errorf("%s was not written: %v", file, err)
		}
	}
}

// TestShapes: many forms, rooms by turns, answers between and a bystander, for the servers that have them; the others say why they don't.
func TestShapes(t *testing.T) {
	folder := t.TempDir()
	r := result(t, "compare", "-n", "1", "--clients", "20", "--warmup", "50ms", "--duration", "150ms",
		"-s", "looproom,looproom-ws,goroutines,gorilla,floor",
		"-w", "fanout:forms=2", "-w", "fanout:forms=4", "-w", "fanout:rooms=2", "-w", "chat:answers=true,rate=200", "-w", "bystander:rate=50",
		"--html", filepath.Join(folder, "report.html"))
	missing := strings.Join(r.Missing, "\n")
	for _, want := range []string{
		"floor: fanout: 1 sender, 20 clients, 64-byte messages, 64 in flight, members that read in 2 ways: forms: members of this server read plain in at most one way",
		"goroutines: fanout: 1 sender, 20 clients, 64-byte messages, 64 in flight, members that read in 4 ways: forms: members of this server read line in at most 2 ways",
		"gorilla: fanout: 1 sender, 20 clients, 64-byte messages, 64 in flight, members that read in 4 ways: forms: members of this server read ws in at most 2 ways",
		"floor: fanout: 1 sender by turns in 2 rooms, 20 clients, 64-byte messages, 64 in flight: rooms: the dialect plain has none",
		"floor: chat: 20 of 20 clients talk, 64-byte messages, 200 a second, an answer to the sender behind each: answers: the dialect plain has no question",
	} {
		if !strings.Contains(missing, want) {
			t.Errorf("missing is %q, want %q in it", missing, want)
		}
	}
	if len(r.Missing) != 6 {
		t.Errorf("%d are missing, want those and floor's of 4 ways: %q", len(r.Missing), r.Missing)
	}
	seen := map[string]int{}
	for _, m := range r.Measurements {
		seen[m.Subject]++
		if m.Lost+m.Duplicated+m.Reordered != 0 || m.Received != m.Expected || m.Received == 0 {
			t.Errorf("%s, %s: received %d of %d, lost %d, duplicated %d, reordered %d", m.Subject, report.Title(m.Workload),
				m.Received, m.Expected, m.Lost, m.Duplicated, m.Reordered)
		}
		if m.Workload.Answers && m.Answers != m.Sent {
			t.Errorf("%s: %d answers to %d messages", m.Subject, m.Answers, m.Sent)
		}
		if m.Workload.Kind == bench.Bystander && (m.RoundTrip.Count() == 0 || m.RoundTrip.Max() == 0) {
			t.Errorf("%s: the bystander has seen nothing", m.Subject)
		}
	}
	for name, want := range map[string]int{"looproom": 5, "looproom-ws": 5, "goroutines": 4, "gorilla": 4, "floor": 0} {
		if seen[name] != want {
			t.Errorf("%s was measured %d times, want %d", name, seen[name], want)
		}
	}
}

// TestAStrangersServer measures servers that nobody here wrote by one command.
func TestAStrangersServer(t *testing.T) {
	t.Run("nats-server", func(t *testing.T) {
		nats, err := peer.FindPeer("nats-server")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := nats.Find(); err != nil {
			needProgram(t, "nats-server")
		}
		server, err := nats.Start(t.Context(), peer.StartOptions{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Stop()
		measureStranger(t, server.Addr, "nats", server.PID)
	})
	t.Run("ncat --broker", func(t *testing.T) {
		needProgram(t, "ncat")
		address := freeAddress(t)
		host, port, _ := net.SplitHostPort(address)
		server := exec.Command("ncat", "-l", "-k", "--broker", host, port)
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			_ = server.Process.Kill() // ended already is as good
			_ = server.Wait()
		}()
		waitFor(t, address)
		measureStranger(t, address, "plain", server.Process.Pid)
	})
}

func measureStranger(t *testing.T, address, dialect string, pid int) {
	t.Helper()
	r := result(t, "run", "chat:clients=8,rate=100,warmup=300ms,duration=300ms", "--target", "tcp://"+address, "--dialect", dialect,
		"--pid", fmt.Sprint(pid), "--burst", "1")
	if len(r.Measurements) != 1 {
		t.Fatalf("%d measurements, want 1; missing %q", len(r.Measurements), r.Missing)
	}
	if m := r.Measurements[0]; m.Received == 0 || m.Lost != 0 || m.Server.RSS == 0 {
		t.Errorf("received %d, lost %d, server's memory %d", m.Received, m.Lost, m.Server.RSS)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitFor waits until someone listens.
func waitFor(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if c, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			c.Close()
			return
		}
	}
	t.Fatalf("nobody listens at %s", address)
}

// TestInterruptedComparisonShowsWhatItHas sends Ctrl-C once there is a result.
func TestInterruptedComparisonShowsWhatItHas(t *testing.T) {
	c := exec.Command(loopbench, "compare", "-s", "looproom", "-w", "chat:clients=10", "--warmup", "10ms", "--duration", "100ms", "-n", "10000")
	var out bytes.Buffer
	c.Stdout = &out
	progress, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	seen := make([]byte, 0, 1<<16)
	buf := make([]byte, 4096)
	for interrupted := false; ; {
		n, err := progress.Read(buf)
		seen = append(seen, buf[:n]...)
		if err != nil {
			break
		}
		if !interrupted && bytes.Contains(seen, []byte("3/10000")) {
			interrupted = true
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err != nil {
		t.Errorf("loopbench ended with %v\n%s", err, seen)
	}
	if !strings.Contains(out.String(), "looproom") {
		t.Errorf("no table was shown:\n%s", out.String())
	}
}

func TestWrongCallsSayWhatToDo(t *testing.T) {
	tests := []struct {
		name, want string
		arguments  []string
	}{
		{"workload", "there are echo", []string{"run", "shout"}},
		{"subject", "no server is called", []string{"compare", "-s", "apache"}},
		{"dialect", "not one of", []string{"run", "chat", "--target", "tcp://127.0.0.1:1", "--dialect", "smtp"}},
		{"target", "tcp://host:port", []string{"run", "chat", "--target", "127.0.0.1"}},
		{"model", "threads", []string{"serve", "fibers"}},
		{"setting", "clients, rooms", []string{"run", "chat:colour=red"}},
		{"too many", "descriptor", []string{"run", "idle:clients=5000000"}},
		{"case", "there is no case", []string{"abuse", "-c", "shouting"}},
		{"roll of a server without IRC", "it speaks line, and not irc", []string{"rollcall", "-s", "looproom", "--clients", "2"}},
		{"roll of one", "from 2 to 99,999 clients", []string{"rollcall", "-s", "looproom-irc", "--clients", "1"}},
		{"attacked subject", "no server is called", []string{"abuse", "-s", "apache"}},
		{"attacked twice", "give one of them", []string{"abuse", "-s", "looproom", "--target", "tcp://127.0.0.1:1"}},
		{"pin", "CPU", []string{"compare", "--pin", "900:901"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, stderr, err := run(t, test.arguments...)
			if err == nil || !strings.Contains(stderr, test.want) {
				t.Errorf("loopbench %v ended with %v and said %q, want an error with %q", test.arguments, err, stderr, test.want)
			}
		})
	}
}

func TestReportComparesSavedRuns(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a.json"), filepath.Join(folder, "b.json")
	for _, kept := range []string{a, b} {
		if _, stderr, err := run(t, "run", "chat:clients=10", "--warmup", "10ms", "--duration", "100ms", "-n", "3", "--json", kept); err != nil {
			t.Fatalf("run: %v\n%s", err, stderr)
		}
	}
	stdout, stderr, err := run(t, "report", a, b)
	if err != nil || !strings.Contains(stdout, "looproom") {
		t.Errorf("report said %q and %q with %v, want a comparison of looproom", stdout, stderr, err)
	}
}
