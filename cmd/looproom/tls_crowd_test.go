//go:build linux

package main_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTLSCrowd: 100 clients in one room, all behind TLS.
func TestTLSCrowd(t *testing.T) { chatSecurely(t, 100, patience) }

// chatSecurely has n clients talk TLS in one room. Each says linesEach lines and hears those of all others, each other's in order. Once they
// are in, the server has no more goroutines than before they came.
func chatSecurely(t *testing.T, n int, within time.Duration) {
	s, config := startSecure(t, "--admin", "127.0.0.1:0", "--admin-pprof", "--recent", "0")
	admin := adminOf(t, s)
	before, rss := collected(t, admin), s.memory("VmRSS")
	pinger, stop, trips := connect(t, s, 1, "pinger"), make(chan struct{}), make(chan spread, 1)
	go func() { trips <- measureTrips(pinger, stop) }()
	began := time.Now()
	crowd := comeSecurely(t, s, n, config)
	came := time.Since(began)
	close(stop)
	meanwhile := <-trips
	pinger.input.Close()
	expectQuiet(t, admin, float64(n))
	with := collected(t, admin)
	if more := with.sum("go_goroutines") - before.sum("go_goroutines"); more > 8 {
		t.Errorf("%v more goroutines than before %d clients came, want none", more, n)
	}
	heap := (with.sum("go_memstats_heap_alloc_bytes") - before.sum("go_memstats_heap_alloc_bytes")) / float64(n)
	resident := float64(s.memory("VmRSS")-rss) / float64(n)
	began = time.Now()
	crowd.chat(t, within)
	t.Logf("%d clients came in %v, PING meanwhile %v; %v and %v goroutines before and with them; of each %.1f KiB of heap, %.1f KiB resident; %d deliveries in %v",
		n, came.Round(time.Millisecond), meanwhile, before.sum("go_goroutines"), with.sum("go_goroutines"), heap/1024, resident/1024,
		n*(n-1)*linesEach, time.Since(began).Round(time.Millisecond))
}

// collected is what the metrics say when there is no garbage.
func collected(t *testing.T, admin string) metrics {
	t.Helper()
	get(t, admin+"/debug/pprof/heap?gc=1")
	return scrape(t, admin)
}

// linesEach is how many lines each of the crowd says.
const linesEach = 2

// secureCrowd is many clients, by their number.
type secureCrowd []*secureMember

type secureMember struct {
	conn  *tls.Conn
	lines *bufio.Reader
	heard []uint8 // how many lines of each other
}

// comeSecurely connects n clients, 32 at a time. Each thousand of them has an address of its own.
func comeSecurely(t *testing.T, s *server, n int, config *tls.Config) secureCrowd {
	t.Helper()
	_, address := s.address(0)
	crowd, work := make(secureCrowd, n), make(chan int)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := range work {
				var err error
				if crowd[i], err = comeIn(address, i, n, config); err != nil {
					t.Errorf("client %d: %v", i, err)
				}
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	t.Cleanup(func() {
		for _, m := range crowd {
			m.conn.NetConn().Close()
		}
	})
	return crowd
}

func comeIn(address string, i, n int, config *tls.Config) (*secureMember, error) {
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i/1000))}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	m := &secureMember{conn: tls.Client(conn, config), heard: make([]uint8, n)}
	m.lines = bufio.NewReader(m.conn)
	if err := m.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if line, err := m.lines.ReadString('\n'); err != nil || !strings.HasPrefix(line, "> Connected") {
		return nil, fmt.Errorf("greeting %q: %w", line, err)
	}
	return m, nil
}

// chat has all of them say their lines at once, and hear all of the others.
func (crowd secureCrowd) chat(t *testing.T, within time.Duration) {
	t.Helper()
	deadline := time.Now().Add(within)
	var all sync.WaitGroup
	for i, m := range crowd {
		if err := m.conn.SetDeadline(deadline); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if err := m.hear(i); err != nil {
				t.Errorf("client %d: %v", i, err)
			}
		})
	}
	for number := range linesEach {
		for i, m := range crowd {
			if _, err := fmt.Fprintf(m.conn, "%d %d\n", i, number); err != nil {
				t.Fatalf("client %d: %v", i, err)
			}
		}
	}
	all.Wait()
}

// hear takes all lines of the others.
func (m *secureMember) hear(self int) error {
	for missing := linesEach * (len(m.heard) - 1); missing > 0; {
		line, err := m.lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("%d lines have not come: %w", missing, err)
		}
		_, said, isSaid := strings.Cut(line, "] ")
		if !isSaid || line[0] != '[' {
			continue // who came
		}
		who, number, _ := strings.Cut(strings.TrimSuffix(said, "\n"), " ")
		from, err := strconv.Atoi(who)
		if err != nil || from < 0 || from >= len(m.heard) || from == self {
			return fmt.Errorf("line %q is of none of the others", line)
		}
		if want := strconv.Itoa(int(m.heard[from])); number != want {
			return fmt.Errorf("line %q, want number %s of this client", line, want)
		}
		m.heard[from]++
		missing--
	}
	return nil
}
