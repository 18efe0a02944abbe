//go:build linux

package machine

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// clockTick is the unit of times in /proc/PID/stat: USER_HZ, which is 100 on all of Linux's systems.
const clockTick = 10 * time.Millisecond

// stat is what /proc/PID/stat says of one process. children is the time of its children that ended and were waited for, and of
// theirs.
type stat struct {
	pid, parent int
	own         cpuTime
	children    cpuTime
	threads     int
	zombie      bool
}

// cpuTime is time on a CPU.
type cpuTime struct{ user, system time.Duration }

func (t cpuTime) plus(o cpuTime) cpuTime  { return cpuTime{t.user + o.user, t.system + o.system} }
func (t cpuTime) minus(o cpuTime) cpuTime { return cpuTime{t.user - o.user, t.system - o.system} }
func (t cpuTime) total() time.Duration    { return t.user + t.system }

// errGone says which process is not there any more.
func errGone(pid int) error {
	return fmt.Errorf("process %d is gone (did the server end? see what it printed)", pid)
}

// readStat reads one process. Its error is errGone's when there is none.
func readStat(pid int) (stat, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
		return stat{}, errGone(pid)
	}
	if err != nil {
		return stat{}, fmt.Errorf("read what process %d uses: %w", pid, err)
	}
	return parseStat(pid, text)
}

// parseStat reads the fields behind the name, which is in brackets and may hold anything. proc(5) numbers the first of them 3.
func parseStat(pid int, text []byte) (s stat, err error) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return stat{}, fmt.Errorf("/proc/%d/stat has %d fields behind the name, want 20 or more", pid, len(fields))
	}
	number := func(field int) int64 {
		n, failed := strconv.ParseInt(fields[field-3], 10, 64)
		err = errors.Join(err, failed)
		return n
	}
	ticks := func(field int) time.Duration { return time.Duration(number(field)) * clockTick }
	s = stat{
		pid: pid, parent: int(number(4)), own: cpuTime{ticks(14), ticks(15)}, children: cpuTime{ticks(16), ticks(17)},
		threads: int(number(20)), zombie: fields[0] == "Z" || fields[0] == "X",
	}
	return s, err
}

// readTree reads the process pid and all that descend from it, the root first. Those whose parents ended before them are not
// among them: the kernel no longer tells whose they were.
func readTree(pid int) ([]stat, error) {
	root, err := readStat(pid)
	if err != nil {
		return nil, err
	}
	pids, err := numbersIn("/proc")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	byParent := map[int][]stat{}
	for _, each := range pids {
		if s, err := readStat(each); err == nil {
			byParent[s.parent] = append(byParent[s.parent], s)
		}
	}
	tree := []stat{root}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, byParent[tree[i].pid]...)
	}
	return tree, nil
}

// clockTime is the process's time on a CPU to the nanosecond, also of its threads that ended. The kernel has such a clock for
// every process; see clock_getcpuclockid(3) for how its number is made.
func clockTime(pid int) (time.Duration, error) {
	const allOfProcess = 2 // CPUCLOCK_SCHED in the kernel
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|allOfProcess), &t); err != nil {
		return 0, fmt.Errorf("read the CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}

func threadsOf(pid int) ([]int, error) {
	tids, err := numbersIn(fmt.Sprintf("/proc/%d/task", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone(pid)
	}
	return tids, err
}

// numbersIn returns the names in a folder that are numbers.
func numbersIn(folder string) (numbers []int, err error) {
	names, err := namesIn(folder)
	for _, name := range names {
		if n, err := strconv.Atoi(name); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers, err
}

func namesIn(folder string) ([]string, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}
