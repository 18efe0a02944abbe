//go:build linux

package machine

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory is what the processes of a tree have of it, in bytes.
type memory struct {
	rss  int64 // resident pages; one that several processes share counts for each
	pss  int64 // a page that n processes share counts a n-th for each
	peak int64 // the most that any one of them had resident
	of   int   // processes
}

func memoryOf(tree []stat) (sum memory) {
	for _, process := range tree {
		m := memoryOfProcess(process.pid)
		sum = memory{sum.rss + m.rss, sum.pss + m.pss, max(sum.peak, m.peak), sum.of + 1}
	}
	return sum
}

// memoryOfProcess prefers smaps_rollup, because status can be off by some pages for each thread.
func memoryOfProcess(pid int) memory {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	exact, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	m := memory{rss: kibibytes(field(exact, "Rss", ":")), pss: kibibytes(field(exact, "Pss", ":"))}
	if m.rss == 0 {
		m.rss = kibibytes(field(status, "VmRSS", ":"))
	}
	if m.pss == 0 {
		m.pss = m.rss
	}
	m.peak = max(kibibytes(field(status, "VmHWM", ":")), m.rss)
	return m
}

// since returns how much the processes have now and had at first. It is RSS of a single process, and PSS once there are
// several, so that what fork left shared is not counted once for every child.
func (m memory) since(first memory) (now, base int64) {
	if m.of > 1 {
		return m.pss, first.pss
	}
	return m.rss, first.rss
}

// socketBytes is the kernel's memory for all TCP sockets of the machine, which it counts in pages.
func socketBytes() int64 {
	text, _ := os.ReadFile("/proc/net/sockstat")
	words := strings.Fields(field(text, "TCP", ":"))
	for i, word := range words[:max(len(words)-1, 0)] {
		if word == "mem" {
			pages, _ := strconv.ParseInt(words[i+1], 10, 64)
			return pages * int64(os.Getpagesize())
		}
	}
	return 0
}

// ResetPeak has the peak of the process's resident memory begin anew from what it has now. It fails where this process may not, as that of another
// user's.
func ResetPeak(pid int) error {
	// See proc(5): 5 is for the peak alone.
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5\n"), 0); err != nil {
		return fmt.Errorf("reset the peak of process %d: %w", pid, err)
	}
	return nil
}
