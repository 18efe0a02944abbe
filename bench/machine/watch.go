//go:build linux

package machine

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"looproom/bench"
)

// Watch measures what a process uses between Begin and End. It belongs to one goroutine.
//
// CPU time is of the process, of all that descend from it, and of their threads, also of those that ended in between. It is exact
// to the nanosecond for processes that are alive at End; for children that ended and were waited for it is exact to a clock
// tick (10 ms) in all, however many they were. How it splits into user and system is in clock ticks. Not in it is a child whose
// parent ended first, or ignores SIGCHLD instead of waiting.
//
// Context switches of threads and processes that ended are lost, so their number is a lower bound. Memory of several processes is
// PSS, see memory.
type Watch struct {
	pid  int
	tree func(pid int) ([]stat, error)

	base  memory // at Observe
	peak  int64  // bytes, the most that was seen
	cpu   sample
	turns map[int]int64 // context switches of each thread at Begin
}

// sample is CPU time as the clock and as /proc/PID/stat have it.
type sample struct {
	exact time.Duration
	ticks cpuTime
}

// Observe makes a Watch of the process pid, of those of others, and of their children: servers that are one. Its memory at this moment is the Usage's BaseRSS, so call it when
// the server is ready and no client has come. It fails when there is no such process.
func Observe(pid int, others ...int) (*Watch, error) {
	return newWatch(pid, func(pid int) ([]stat, error) {
		all, err := readTree(pid)
		for _, other := range others {
			tree, failed := readTree(other)
			if failed == nil && tree[0].zombie {
				failed = errGone(other)
			}
			all, err = append(all, tree...), errors.Join(err, failed)
		}
		return all, err
	})
}

// Self makes a Watch of this process without its children, which may be servers.
func Self() (*Watch, error) {
	return newWatch(os.Getpid(), func(pid int) ([]stat, error) {
		alone, err := readStat(pid)
		alone.children = cpuTime{}
		return []stat{alone}, err
	})
}

func newWatch(pid int, tree func(int) ([]stat, error)) (*Watch, error) {
	w := &Watch{pid: pid, tree: tree}
	alive, err := w.alive()
	if err != nil {
		return nil, fmt.Errorf("observe: %w", err)
	}
	w.base = memoryOf(alive)
	w.peak = w.base.peak
	return w, w.Begin()
}

// Begin starts the measured time. It fails when the process is gone.
func (w *Watch) Begin() error {
	alive, err := w.alive()
	if err != nil {
		return fmt.Errorf("begin to measure: %w", err)
	}
	w.turns = switchesOf(alive)
	// Last, so that the reading of many threads is not in the measured time.
	w.cpu, err = w.sample()
	return err
}

// End ends the measured time and returns what was used since Begin, and what the process has now. It fails when the process is
// gone. It may be called again.
func (w *Watch) End() (bench.Usage, error) {
	cpu, err := w.sample()
	if err != nil {
		return bench.Usage{}, fmt.Errorf("end of measuring: %w", err)
	}
	alive, err := w.alive()
	if err != nil {
		return bench.Usage{}, fmt.Errorf("end of measuring: %w", err)
	}
	m := memoryOf(alive)
	rss, base := m.since(w.base)
	w.peak = max(w.peak, m.peak, rss)
	used := cpu.since(w.cpu)
	return bench.Usage{
		User: used.user, System: used.system,
		RSS: rss, PeakRSS: w.peak, BaseRSS: base, Sockets: socketBytes(),
		Switches: growth(w.turns, switchesOf(alive)), Threads: threadsIn(alive), Files: filesOf(alive),
	}, nil
}

// alive returns the tree without its zombies. Without its root it is an error.
func (w *Watch) alive() (alive []stat, err error) {
	tree, err := w.tree(w.pid)
	if err != nil {
		return nil, err
	}
	if tree[0].zombie {
		return nil, errGone(w.pid)
	}
	for _, process := range tree {
		if !process.zombie {
			alive = append(alive, process)
		}
	}
	return alive, nil
}

// sample reads the CPU time of the tree, zombies included: nobody has waited for them, so no parent has their time yet.
func (w *Watch) sample() (s sample, err error) {
	tree, err := w.tree(w.pid)
	if err != nil {
		return sample{}, err
	}
	for _, process := range tree {
		exact, err := clockTime(process.pid)
		if err != nil {
			exact = process.own.total()
		}
		s.exact += exact + process.children.total()
		s.ticks = s.ticks.plus(process.own).plus(process.children)
	}
	return s, nil
}

// since splits the exact time as the ticks are split. Of less than a tick nothing is known; a server's is then mostly the
// kernel's.
func (s sample) since(before sample) cpuTime {
	exact, ticks := max(s.exact-before.exact, 0), s.ticks.minus(before.ticks)
	ticks.user, ticks.system = max(ticks.user, 0), max(ticks.system, 0)
	if ticks.total() == 0 {
		return cpuTime{system: exact}
	}
	user := time.Duration(float64(exact) * float64(ticks.user) / float64(ticks.total()))
	return cpuTime{user, exact - user}
}

// switchesOf returns how often each thread has left a CPU, willingly or not.
func switchesOf(tree []stat) map[int]int64 {
	all := map[int]int64{}
	for _, process := range tree {
		tids, _ := threadsOf(process.pid)
		for _, tid := range tids {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/status", process.pid, tid))
			willing, errWilling := strconv.ParseInt(field(status, "voluntary_ctxt_switches", ":"), 10, 64)
			forced, errForced := strconv.ParseInt(field(status, "nonvoluntary_ctxt_switches", ":"), 10, 64)
			if errors.Join(errWilling, errForced) == nil {
				all[tid] = willing + forced
			}
		}
	}
	return all
}

// growth adds up by how much each thread's number grew. A smaller one is of a new thread that got an old one's id.
func growth(before, after map[int]int64) (sum int64) {
	for tid, n := range after {
		if n < before[tid] {
			sum += n
			continue
		}
		sum += n - before[tid]
	}
	return sum
}

func threadsIn(tree []stat) (n int) {
	for _, process := range tree {
		n += process.threads
	}
	return n
}

// filesOf counts the descriptors of those processes that this one may look into.
func filesOf(tree []stat) (n int) {
	for _, process := range tree {
		names, _ := namesIn(fmt.Sprintf("/proc/%d/fd", process.pid))
		n += len(names)
	}
	return n
}
