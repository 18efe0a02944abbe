//go:build linux

package machine

import (
	"strings"
	"testing"
	"time"

	"looproom/bench"
)

// observed returns what a server uses for the order.
func observed(t *testing.T, order string) bench.Usage {
	t.Helper()
	s := startServer(t)
	w, err := Observe(s.pid())
	if err != nil {
		t.Fatal(err)
	}
	s.must(t, order)
	usage, err := w.End()
	if err != nil {
		t.Fatal(err)
	}
	return usage
}

// TestWatchCPU asks for no less than was worked. More is no error: starting a process takes time too.
func TestWatchCPU(t *testing.T) {
	rows := []struct {
		order string
		least time.Duration
	}{
		{"work", work},
		{"threads", 3 * work},
		{"children", 3*work - 2*clockTick},
		{"child", work},
	}
	for _, row := range rows {
		t.Run(row.order, func(t *testing.T) {
			got := observed(t, row.order)
			if got.CPU() < row.least {
				t.Errorf("CPU = %v, want at least %v", got.CPU(), row.least)
			}
			if got.User == 0 {
				t.Errorf("user = %v of %v, want the most of it", got.User, got.CPU())
			}
		})
	}
}

// TestWatchSinceBegin: what was used before Begin doesn't count, also of a child that ends after it.
func TestWatchSinceBegin(t *testing.T) {
	s := startServer(t)
	w, err := Observe(s.pid())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		s.must(t, "work")
	}
	s.must(t, "child")
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	got, err := w.End()
	if err != nil {
		t.Fatal(err)
	}
	if got.CPU() >= 5*work {
		t.Errorf("CPU = %v, want only what came after Begin", got.CPU())
	}
}

func TestWatchSelfWithoutChildren(t *testing.T) {
	w, err := Self()
	if err != nil {
		t.Fatal(err)
	}
	s := startServer(t)
	for range 10 {
		s.must(t, "work")
	}
	got, err := w.End()
	if err != nil {
		t.Fatal(err)
	}
	if got.CPU() >= 10*work {
		t.Errorf("CPU = %v, want less than the child's %v", got.CPU(), 10*work)
	}
}

func TestWatchMemory(t *testing.T) {
	got := observed(t, "memory")
	if grown := got.RSS - got.BaseRSS; grown < 8<<20 || grown > 32<<20 {
		t.Errorf("RSS = %d, BaseRSS = %d, want 8 MiB more and a little", got.RSS, got.BaseRSS)
	}
	if got.PeakRSS < got.RSS {
		t.Errorf("PeakRSS = %d, want at least RSS = %d", got.PeakRSS, got.RSS)
	}
}

// TestWatchSharedMemory: a child of the same program shares most pages with its parent.
func TestWatchSharedMemory(t *testing.T) {
	got := observed(t, "child")
	if got.RSS <= got.BaseRSS || got.RSS >= 2*got.BaseRSS+(16<<20) {
		t.Errorf("RSS = %d, BaseRSS = %d, want more, but not much", got.RSS, got.BaseRSS)
	}
}

func TestWatchCounts(t *testing.T) {
	if got := observed(t, "sleep"); got.Switches < 200 {
		t.Errorf("Switches = %d, want at least 200", got.Switches)
	}
	before, after := observed(t, "nothing"), observed(t, "files")
	if after.Files-before.Files < 10 {
		t.Errorf("Files = %d with 10 more than %d", after.Files, before.Files)
	}
	if before.Threads < 1 {
		t.Errorf("Threads = %d, want at least 1", before.Threads)
	}
}

func TestWatchGone(t *testing.T) {
	s := startServer(t)
	w, err := Observe(s.pid())
	if err != nil {
		t.Fatal(err)
	}
	s.end()
	_, endErr := w.End()
	_, observeErr := Observe(s.pid())
	for call, err := range map[string]error{"End": endErr, "Begin": w.Begin(), "Observe": observeErr} {
		if err == nil || !strings.Contains(err.Error(), "is gone") {
			t.Errorf("%s of a process that ended = %v, want that it is gone", call, err)
		}
	}
}

func TestParseStat(t *testing.T) {
	line := "42 (a) R 9 (x) S 7 42 42 0 -1 4194560 101 0 0 0 150 250 31 42 20 0 5 0 365875 3133440 384 18446744073709551615\n"
	got, err := parseStat(42, []byte(line))
	want := stat{
		pid: 42, parent: 7, own: cpuTime{1500 * time.Millisecond, 2500 * time.Millisecond},
		children: cpuTime{310 * time.Millisecond, 420 * time.Millisecond}, threads: 5,
	}
	if err != nil || got != want {
		t.Errorf("parseStat(%q) = %+v, %v, want %+v", line, got, err, want)
	}
	for _, broken := range []string{"", "42 (a) S 7", strings.Replace(line, "150", "many", 1)} {
		if got, err := parseStat(42, []byte(broken)); err == nil {
			t.Errorf("parseStat(%q) = %+v, want an error", broken, got)
		}
	}
}

func TestSampleSince(t *testing.T) {
	rows := []struct {
		name          string
		before, after sample
		want          cpuTime
	}{
		{"split as the ticks are", sample{100, cpuTime{10, 20}}, sample{400, cpuTime{20, 40}}, cpuTime{100, 200}},
		{"less than a tick", sample{100, cpuTime{10, 20}}, sample{130, cpuTime{10, 20}}, cpuTime{0, 30}},
		{"never negative", sample{100, cpuTime{10, 20}}, sample{90, cpuTime{9, 20}}, cpuTime{0, 0}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := row.after.since(row.before); got != row.want {
				t.Errorf("since = %v, want %v", got, row.want)
			}
		})
	}
}

func TestGrowth(t *testing.T) {
	before := map[int]int64{1: 10, 2: 100, 3: 50}
	after := map[int]int64{1: 15, 3: 7, 4: 2} // 2 ended, 3 is another thread by now, 4 is new
	if got := growth(before, after); got != 14 {
		t.Errorf("growth = %d, want 14", got)
	}
}
