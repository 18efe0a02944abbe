//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// underRace says that the server is built with the race detector, which makes it several times as large and as slow.
var underRace = len(buildFlags) > 0

// withDescriptors is looproom under a limit of descriptors, as `ulimit -n` sets it.
func withDescriptors(limit int, arguments ...string) *exec.Cmd {
	words := append([]string{"-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, limit), binary}, arguments...)
	return exec.Command("sh", words...)
}

// memory returns a field of the server's /proc/PID/status in bytes: VmRSS is what it has now, VmHWM the most it ever had.
func (s *server) memory(field string) int64 {
	s.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(status), field+":")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kilobytes, err := strconv.ParseInt(number, 10, 64)
	if !found || err != nil {
		s.t.Fatalf("no %s in /proc/PID/status: %v", field, err)
	}
	return kilobytes << 10
}

// descriptors returns how many the server has open.
func (s *server) descriptors() int {
	s.t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.command.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	return len(entries)
}

// expectMemory fails when the server ever had more than limit bytes; under -race it may have four times that.
func (s *server) expectMemory(limit int64) {
	s.t.Helper()
	if underRace {
		limit *= 4
	}
	most := s.memory("VmHWM")
	if most > limit {
		s.t.Errorf("the server had up to %d MiB in memory, want at most %d MiB", most>>20, limit>>20)
	}
	s.t.Logf("memory: at most %d MiB", most>>20)
}

// expectDescriptors waits until the server has no more of them open than before.
func (s *server) expectDescriptors(t *testing.T, before int) {
	t.Helper()
	waitFor(t, fmt.Sprintf("%d descriptors or fewer", before), func() bool { return s.descriptors() <= before })
}
