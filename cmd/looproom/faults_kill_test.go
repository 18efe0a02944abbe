//go:build linux

package main_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKilledWhileFilesArrive kills the server in the middle of uploads, again and again.
func TestKilledWhileFilesArrive(t *testing.T) { killAgain(t, 10) }

// killAgain starts a server in one folder, has four clients upload, and kills it, rounds times. After each start, all_received and its index
// agree, and every file that a client was told is kept is there.
func killAgain(t *testing.T, rounds int) {
	dir := t.TempDir()
	promised := &promises{sums: map[string]string{}}
	random := rand.New(rand.NewPCG(5, uint64(rounds)))
	repaired := 0
	var slowest time.Duration
	for round := range rounds {
		began := time.Now()
		s := startServer(t, "--files", dir)
		slowest = max(slowest, time.Since(began))
		repaired += strings.Count(s.log.String(), "files repaired")
		promised.check(t, dir, round)
		promised.uploadAndKill(t, s, round, time.Duration(random.IntN(100))*time.Millisecond)
	}
	t.Logf("%d kills: %d files promised, all there; %d starts had something to repair; the slowest start took %v",
		rounds, len(promised.sums), repaired, slowest.Round(time.Millisecond))
}

// promises are the files that clients were told are kept, by name, with their SHA-256.
type promises struct {
	mu   sync.Mutex
	sums map[string]string
}

// uploadAndKill has four clients upload one file after the other, and kills the server a while after the first is kept.
func (p *promises) uploadAndKill(t *testing.T, s *server, round int, delay time.Duration) {
	t.Helper()
	first := make(chan struct{})
	var once sync.Once
	var uploads sync.WaitGroup
	for n := range 4 {
		c := signedIn(t, s, 0, fmt.Sprintf("user%d", n))
		random := rand.New(rand.NewPCG(uint64(round), uint64(n)))
		uploads.Go(func() { p.uploadUntilKilled(c, random, round, func() { once.Do(func() { close(first) }) }) })
	}
	select {
	case <-first:
	case <-time.After(patience):
		t.Fatal("no file was kept")
	}
	<-time.After(delay)
	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wait()
	uploads.Wait()
}

// uploadUntilKilled runs beside the test.
func (p *promises) uploadUntilKilled(c *talker, random *rand.Rand, round int, kept func()) {
	defer c.input.(net.Conn).Close()
	for n := 0; ; n++ {
		data := randomBytes(random.Uint64(), random.IntN(400_000))
		name := fmt.Sprintf("file %d.%d of %s", round, n, c.name)
		if _, err := fmt.Fprintf(c.input, "SEND %d %s\n%s", len(data), name, data); err != nil {
			return
		}
		sum := fmt.Sprintf("%x", sha256.Sum256(data))
		if c.answer() != fmt.Sprintf("= SENT %d %s %s", len(data), name, sum) {
			return
		}
		p.mu.Lock()
		p.sums[name] = sum
		p.mu.Unlock()
		kept()
	}
}

// check looks for all that was promised in the folder of a server that has just started. There may be a file more of each client: the server
// can be killed between keeping it and saying so.
func (p *promises) check(t *testing.T, dir string, round int) {
	t.Helper()
	data, entries := received(t, dir)
	var end int64
	found := map[string]string{}
	for _, e := range entries {
		if e.Offset != end || e.Offset+e.Size > int64(len(data)) {
			t.Fatalf("round %d: %q has %d bytes at %d, want them at %d, of %d", round, e.Name, e.Size, e.Offset, end, len(data))
		}
		end += e.Size
		if sum := fmt.Sprintf("%x", sha256.Sum256(data[e.Offset:end])); sum != e.SHA256 {
			t.Fatalf("round %d: %q has SHA-256 %s in all_received and %s in the index", round, e.Name, sum, e.SHA256)
		}
		found[e.Name] = e.SHA256
	}
	if end != int64(len(data)) {
		t.Fatalf("round %d: all_received has %d bytes, the index tells of %d", round, len(data), end)
	}
	for name, sum := range p.sums {
		if found[name] != sum {
			t.Fatalf("round %d: %q was promised with SHA-256 %s and is there with %q", round, name, sum, found[name])
		}
	}
}
