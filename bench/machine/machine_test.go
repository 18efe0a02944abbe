//go:build linux

package machine

import (
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestDescribe(t *testing.T) {
	m := Describe()
	for name, value := range map[string]string{
		"CPU": m.CPU, "Kernel": m.Kernel, "Go": m.Go, "net.core.somaxconn": m.Sysctls["net.core.somaxconn"],
	} {
		if value == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if m.Cores < 1 || m.MemoryBytes < 1<<20 || m.Descriptors < 1 {
		t.Errorf("Cores = %d, MemoryBytes = %d, Descriptors = %d, want some of each", m.Cores, m.MemoryBytes, m.Descriptors)
	}
}

func TestField(t *testing.T) {
	text := []byte("Name:\tVmRSS: 9 kB\nVmRSS:\t   1708 kB\nPRETTY_NAME=\"A System\"\n")
	if got := kibibytes(field(text, "VmRSS", ":")); got != 1708<<10 {
		t.Errorf("VmRSS = %d, want %d", got, 1708<<10)
	}
	if got, want := field(text, "PRETTY_NAME", "="), `"A System"`; got != want {
		t.Errorf("PRETTY_NAME = %q, want %q", got, want)
	}
	if got := kibibytes(field(text, "VmHWM", ":")); got != 0 {
		t.Errorf("VmHWM = %d, want 0", got)
	}
}

func TestCheckDescriptors(t *testing.T) {
	rows := []struct {
		name  string
		need  int
		limit uint64
		want  string // in the error
	}{
		{"as many as there are", 1000, 1064, ""},
		{"one too many", 1001, 1064, "allows 1000 connections"},
		{"the way out", 5000, 1024, "ulimit -n 5064"},
		{"not even one", 1, 10, "allows 0 connections"},
		{"no limit", 1 << 30, ^uint64(0), ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { checkError(t, judgeDescriptors(row.need, row.limit), row.want) })
	}
}

func TestCheckPorts(t *testing.T) {
	rows := []struct {
		name            string
		need, addresses int
		portRange       string
		want            string
	}{
		{"enough", 28232, 1, "32768 60999", ""},
		{"one too many", 28233, 1, "32768 60999", "use 2 addresses"},
		{"two addresses", 28233, 2, "32768 60999", ""},
		{"how many there are", 60000, 2, "32768 60999", "there are 56464"},
		{"unreadable", 1, 1, "", "not a range"},
		{"upside down", 1, 1, "9 1", "not a range"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { checkError(t, judgePorts(row.need, row.addresses, row.portRange), row.want) })
	}
}

// checkError asks for an error that contains want, or for none if want is empty.
func checkError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("error = %v, want none", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error = %v, want %q in it", err, want)
	}
}

func TestRaiseDescriptors(t *testing.T) {
	if err := RaiseDescriptors(100); err != nil {
		t.Fatal(err)
	}
	if err := CheckDescriptors(100); err != nil {
		t.Errorf("CheckDescriptors(100) = %v, want none", err)
	}
}

func TestPlan(t *testing.T) {
	rows := []struct {
		name, spec        string
		cores             [][]int
		server, generator []int
		words             string
	}{
		{"one CPU", "auto", [][]int{{0}}, nil, nil, "one CPU"},
		{"two", "auto", [][]int{{0}, {1}}, []int{0}, []int{1}, "server on CPU 0, generator on CPU 1"},
		{"three", "auto", [][]int{{0}, {1}, {2}}, []int{0}, []int{1, 2}, "generator on CPU 1-2"},
		{"threads of a core stay together", "auto", [][]int{{0, 2}, {1, 3}}, []int{0, 2}, []int{1, 3}, "CPU 0,2, generator"},
		{"one core with two threads", "auto", [][]int{{0, 1}}, []int{0}, []int{1}, "hyper-threads"},
		{"off", "off", [][]int{{0}, {1}}, nil, nil, "not pinned"},
		{"as asked", "3,0:1-2", [][]int{{0}, {1}, {2}, {3}}, []int{0, 3}, []int{1, 2}, "server on CPU 0,3"},
		{"shared", "0:0-1", [][]int{{0}, {1}}, []int{0}, []int{0, 1}, "share CPUs"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := plan(row.spec, row.cores)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Server, row.server) || !reflect.DeepEqual(got.Generator, row.generator) {
				t.Errorf("plan(%q) = %v and %v, want %v and %v", row.spec, got.Server, got.Generator, row.server, row.generator)
			}
			if !strings.Contains(got.String(), row.words) {
				t.Errorf("String() = %q, want %q in it", got, row.words)
			}
		})
	}
}

func TestPlanRefuses(t *testing.T) {
	for _, spec := range []string{"on", "0", "0:", ":1", "0:x", "0:2", "1-0:0", "-1:0", "0:5000"} {
		if got, err := plan(spec, [][]int{{0}, {1}}); err == nil {
			t.Errorf("plan(%q) = %v, want an error", spec, got)
		}
	}
}

// TestStart: the process and all its threads are on the CPU from the start, and this thread is where it was.
func TestStart(t *testing.T) {
	before, err := allowedCPUs()
	if err != nil {
		t.Fatal(err)
	}
	last := before[len(before)-1:]
	s := &server{command: exec.Command(os.Args[0])}
	if err := s.start(func() error { return Start(s.command, last) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.end)
	s.must(t, "nothing")
	checkAffinity(t, s.pid(), last)
	checkAffinity(t, os.Getpid(), before)
}

func TestPin(t *testing.T) {
	allowed, err := allowedCPUs()
	if err != nil {
		t.Fatal(err)
	}
	s := startServer(t)
	if err := Pin(s.pid(), allowed[:1]); err != nil {
		t.Fatal(err)
	}
	s.must(t, "threads")
	checkAffinity(t, s.pid(), allowed[:1])
	if err := PinSelf(allowed); err != nil {
		t.Errorf("PinSelf(%v) = %v", allowed, err)
	}
	s.end()
	checkError(t, Pin(s.pid(), allowed[:1]), "is gone")
}

// checkAffinity asks every thread of the process where it may run.
func checkAffinity(t *testing.T, pid int, want []int) {
	t.Helper()
	tids, err := threadsOf(pid)
	if err != nil {
		t.Fatal(err)
	}
	for _, tid := range tids {
		var set unix.CPUSet
		if err := unix.SchedGetaffinity(tid, &set); err != nil {
			continue // it has ended since
		}
		if wanted := cpuSet(want); set != wanted {
			t.Errorf("thread %d of process %d may run on %d CPUs, want %v", tid, pid, set.Count(), want)
		}
	}
}
