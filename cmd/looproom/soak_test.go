//go:build linux && soak

package main_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSoak loads a server with all that clients do, well and badly, for the time that the variable SOAK gives, and fails if its memory or its
// descriptors have not stayed flat. It leaves soak.csv and soak.svg in the folder that SOAK_DIR gives.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		t.Fatalf("SOAK: %v (SOAK=30m is half an hour)", err)
	}
	admin := freePort(t)
	s := startServer(t, "--admin", admin, "--lines-per-second", "500", "--sendq", "64KiB", "--sendq-grace", "2s",
		"--max-rooms", "200", "--loops", "2", "--files", t.TempDir(), "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0",
		"--listen", "chunk://127.0.0.1:0")
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	load := startLoad(ctx, s)
	samples := s.sample(ctx, admin, max(time.Second, length/500))
	load.wait()
	writeSamples(t, os.Getenv("SOAK_DIR"), samples)
	load.report(t, samples)
	expectFlat(t, "heap", samples, func(x sample) float64 { return x.heap }, 1.15, 4<<20)
	if !underRace { // the race detector keeps some bytes of each defer for as long as the goroutine lives: its own, not the server's
		expectFlat(t, "memory", samples, func(x sample) float64 { return float64(x.memory) }, 1.15, 8<<20)
	}
	expectFlat(t, "goroutines", samples, func(x sample) float64 { return x.goroutines }, 1.10, 6)
	expectFlat(t, "descriptors", samples, func(x sample) float64 { return float64(x.descriptors) }, 1.10, 15)
	expectFlat(t, "threads", samples, func(x sample) float64 { return float64(x.threads) }, 1.10, 4)
	if strings.Contains(s.log.String(), `"panic"`) || strings.Contains(s.log.String(), "DATA RACE") {
		t.Errorf("the server's log has a panic or a data race:\n%s", s.log.String())
	}
}

// sample is the server at one moment.
type sample struct {
	at                   time.Duration
	memory               int64 // bytes
	descriptors, threads int
	clients              int
	heap, goroutines     float64 // as /metrics has them; heap in bytes
}

// freePort returns an address of the loopback that nobody uses at the moment.
func freePort(t *testing.T) string {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	return probe.Addr().String()
}

// metrics returns the figures of /metrics that have no labels, by name.
func (s *server) metrics(admin string) map[string]float64 {
	s.t.Helper()
	reply, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	figures := map[string]float64{}
	for lines := bufio.NewScanner(reply.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if figure, err := strconv.ParseFloat(value, 64); err == nil {
			figures[name] = figure
		}
	}
	return figures
}

// sample looks at the server again and again until ctx ends.
func (s *server) sample(ctx context.Context, admin string, every time.Duration) (samples []sample) {
	began, look := time.Now(), time.NewTicker(every)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return samples
		case <-look.C:
			threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.command.Process.Pid))
			x := sample{at: time.Since(began), memory: s.memory("VmRSS"), descriptors: s.descriptors(), threads: len(threads)}
			x.clients = s.clients()
			figures := s.metrics(admin)
			x.heap, x.goroutines = figures["go_memstats_heap_inuse_bytes"], figures["go_goroutines"]
			samples = append(samples, x)
		}
	}
}

// clients asks the server how many are in the lobby, as a client that comes and goes.
func (s *server) clients() int {
	_, address := s.address(0)
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return -1
	}
	defer conn.Close()
	c := newTalker(s.t, "counter", conn, conn)
	if _, err := conn.Write([]byte("LIST\n")); err != nil {
		return -1
	}
	for {
		line, err := c.line()
		if err != nil {
			return -1
		}
		if words := strings.Fields(line); strings.HasPrefix(line, "= LIST ") {
			n, _ := strconv.Atoi(words[2]) // digits, by the protocol
			return n
		}
	}
}

// expectFlat fails when the median of the last fifth is over that of the second fifth by more than the factor and the slack.
func expectFlat(t *testing.T, what string, samples []sample, value func(sample) float64, factor, slack float64) {
	t.Helper()
	fifth := len(samples) / 5
	if fifth == 0 {
		t.Fatalf("%d samples are too few to tell anything; soak for longer", len(samples))
	}
	early, late := medianOf(samples[fifth:2*fifth], value), medianOf(samples[len(samples)-fifth:], value)
	if late > early*factor+slack {
		t.Errorf("%s: median of the second fifth %.0f, of the last %.0f, want at most %.0f", what, early, late, early*factor+slack)
	}
	t.Logf("%s: median of the second fifth %.0f, of the last %.0f", what, early, late)
}

func medianOf(samples []sample, value func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, x := range samples {
		values[i] = value(x)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func writeSamples(t *testing.T, dir string, samples []sample) {
	t.Helper()
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	table, err := os.Create(filepath.Join(dir, "soak.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	out := csv.NewWriter(table)
	rows := [][]string{{"seconds", "rss_bytes", "descriptors", "threads", "clients", "heap_bytes", "goroutines"}}
	for _, x := range samples {
		rows = append(rows, []string{
			strconv.FormatFloat(x.at.Seconds(), 'f', 1, 64), strconv.FormatInt(x.memory, 10), strconv.Itoa(x.descriptors),
			strconv.Itoa(x.threads), strconv.Itoa(x.clients), strconv.FormatFloat(x.heap, 'f', 0, 64), strconv.FormatFloat(x.goroutines, 'f', 0, 64),
		})
	}
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "soak.svg"), []byte(plotSamples(samples)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// load is the clients of a soak.
type load struct {
	ctx     context.Context
	s       *server
	clients sync.WaitGroup
	mu      sync.Mutex
	done    map[string]int // how often each thing was done
	failed  []string       // what must not have happened
}

// startLoad starts all clients. Each runs on a goroutine of its own until ctx ends.
func startLoad(ctx context.Context, s *server) *load {
	l := &load{ctx: ctx, s: s, done: map[string]int{}}
	kinds := []struct {
		count int
		every time.Duration
		run   func(l *load, random *rand.Rand, n int)
	}{
		{12, 100 * time.Millisecond, (*load).visit},
		{3, 500 * time.Millisecond, (*load).exchangeFile},
		{4, 300 * time.Millisecond, (*load).makeNoise},
		{5, 500 * time.Millisecond, (*load).neglect},
	}
	for k, kind := range kinds {
		for n := range kind.count {
			random := rand.New(rand.NewPCG(uint64(k), uint64(n)))
			l.clients.Go(func() { l.repeat(kind.every, func() { kind.run(l, random, n) }) })
		}
	}
	for n := range 10 {
		l.clients.Go(func() { l.stay(n) })
	}
	for range 100 {
		l.clients.Go(l.idle)
	}
	return l
}

func (l *load) wait() { l.clients.Wait() }

func (l *load) count(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done[what]++
}

func (l *load) fail(format string, arguments ...any) {
	if l.ctx.Err() != nil {
		return // it ends by the end of the soak
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = append(l.failed, fmt.Sprintf(format, arguments...))
}

func (l *load) report(t *testing.T, samples []sample) {
	t.Helper()
	t.Logf("%d samples; done: %v", len(samples), l.done)
	if len(l.failed) > 0 {
		t.Errorf("%d things went wrong: %.2000q", len(l.failed), l.failed)
	}
	for _, what := range []string{"visits", "files", "noises", "dropped for reading too slowly", "lines by those who stay"} {
		if l.done[what] == 0 {
			t.Errorf("%s: none in all the time", what)
		}
	}
}

func (l *load) repeat(every time.Duration, what func()) {
	pace := time.NewTicker(every)
	defer pace.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-pace.C:
			what()
		}
	}
}

// dial connects to the n-th door; the connection ends with the soak at the latest.
func (l *load) dial(n int) (*talker, func()) {
	network, address := l.s.address(n)
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil {
		l.fail("dial: %v", err)
		return nil, nil
	}
	stop := context.AfterFunc(l.ctx, func() { conn.Close() })
	return newTalker(l.s.t, "soak", conn, conn), func() { stop(); conn.Close() }
}
