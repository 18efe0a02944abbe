//go:build linux

package loop

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"looproom/loop/door"
	"looproom/loop/files"
	"looproom/loop/room"
	"looproom/loop/transport"
)

const testPatience = 30 * time.Second

// testConfig is a server as people run it, in small.
func testConfig(loops int) Config {
	return Config{Loops: loops, Room: room.Config{AnnounceMax: 200, Recent: 100, AwayAfter: 10 * time.Minute}}
}

// start runs a server with one line door until the test ends, and returns the door's address.
func start(t testing.TB, cfg Config) (*Server, string) {
	t.Helper()
	s, err := Start(cfg)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Drain(testPatience); err != nil {
			t.Errorf("Drain: %v", err)
		}
	})
	return s, listen(t, s, "line://127.0.0.1:0")
}

func listen(t testing.TB, s *Server, url string) string {
	t.Helper()
	u, err := door.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Listen(u)
	if err != nil {
		t.Fatal(err)
	}
	return addressOf(d)
}

// addressOf is where d listens: host and port, or a path.
func addressOf(d *door.Door) string {
	_, address, _ := strings.Cut(d.Shown(), "://")
	address, _, _ = strings.Cut(address, "?")
	return address
}

// client is a line client. It waits up to testPatience for each read and write, however many there are.
type client struct {
	t testing.TB
	net.Conn
	lines *bufio.Reader
}

func dial(t testing.TB, address string) *client {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return newClient(t, c)
}

func newClient(t testing.TB, c net.Conn) *client {
	made := &client{t: t, Conn: c}
	made.lines = bufio.NewReader(made)
	return made
}

func (c *client) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(testPatience)) // fails only where the read does
	return c.Conn.Read(b)
}

func (c *client) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(testPatience)) // fails only where the write does
	return c.Conn.Write(b)
}

func (c *client) say(format string, args ...any) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c, format+"\n", args...); err != nil {
		c.t.Fatalf("say: %v", err)
	}
}

// until reads lines up to one that begins with prefix and returns it.
func (c *client) until(prefix string) string {
	c.t.Helper()
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			c.t.Fatalf("waiting for a line that begins with %q: %v", prefix, err)
		}
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSuffix(line, "\n")
		}
	}
}

// eventually waits until ok holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(testPatience)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("still not so after %v: %s", testPatience, what)
		}
		runtime.Gosched()
	}
}

// eachLoopCount runs a test on one loop, where all is local, and on two, where all but the home loop's goes by mail.
func eachLoopCount(t *testing.T, test func(t *testing.T, cfg Config)) {
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("loops=%d", loops), func(t *testing.T) { test(t, testConfig(loops)) })
	}
}

// usage is what a server could leak.
type usage struct {
	goroutines, descriptors int
	heap                    uint64
}

func measure(t *testing.T) usage {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.GC() // what finalizers let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{runtime.NumGoroutine(), len(entries), m.HeapAlloc}
}

// TestThousandsComeAndGo has 5,000 clients connect, sign in, chat and leave, and expects the server to be as small as before.
func TestThousandsComeAndGo(t *testing.T) {
	const clients = 5000
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		visit := func(n int) {
			all := make([]*client, n)
			for i := range all {
				c, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				all[i] = newClient(t, c) // without dial's cleanup, which would keep it in memory
				all[i].say("ADD user%d", i)
			}
			for i, c := range all {
				if got, want := c.until("= ADD"), fmt.Sprintf("= ADD user%d", i); got != want {
					t.Fatalf("sign-in answered %q, want %q", got, want)
				}
			}
			all[0].say("hello")
			for _, c := range all[1:] {
				c.until("[user0] hello")
			}
			for i, c := range all {
				c.say("END")
				if i%2 == 0 { // one half leaves as one should, the other half just goes
					c.until("= END")
				}
				c.Close()
			}
			eventually(t, "no client left", func() bool { return s.Clients() == 0 })
		}
		visit(50) // what a server keeps for use is there from now on
		before := measure(t)
		visit(clients)
		var after usage
		eventually(t, "goroutines and descriptors as before", func() bool {
			after = measure(t)
			return after.goroutines <= before.goroutines && after.descriptors <= before.descriptors
		})
		// Tables by slot and spare outboxes stay: less than 300 bytes for each client that has ever been there at once.
		if grown := int64(after.heap) - int64(before.heap); grown > 300*clients {
			t.Errorf("the heap grew by %d bytes after %d clients, want at most %d", grown, clients, 300*clients)
		}
		t.Logf("before %+v, after %+v", before, after)
	})
}

// TestHalfClosedClientGetsEveryReply sends commands and closes the sending side at once; the replies are larger than all buffers.
func TestHalfClosedClientGetsEveryReply(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		for _, end := range []string{"", "END\n"} {
			c := dial(t, address)
			const repeats = 2000
			topic := strings.Repeat("t", 380)
			request := "ADD ann\nTOPIC " + topic + "\n" + strings.Repeat("TOPIC\n", repeats) + "PING last\n" + end
			go func() {
				_, _ = io.WriteString(c, request) // a failure shows below as missing lines
				_ = c.Conn.(*net.TCPConn).CloseWrite()
			}()
			got, err := io.ReadAll(c)
			if err != nil {
				t.Fatalf("ReadAll: %v", err)
			}
			if n := strings.Count(string(got), "= TOPIC #lobby "+topic+"\n"); n != repeats+1 {
				t.Errorf("with end %q: %d topics came, want %d", end, n, repeats+1)
			}
			if !strings.Contains(string(got), "PONG last\n") {
				t.Errorf("with end %q: no PONG came", end)
			}
			eventually(t, "no client left", func() bool { return s.Clients() == 0 })
		}
	})
}

// TestSlowReaderIsDroppedAndTheLogLetGo has one member of three read nothing while much is said.
func TestSlowReaderIsDroppedAndTheLogLetGo(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		slow, fast, talker := dial(t, address), dial(t, address), dial(t, address)
		for i, c := range []*client{slow, fast, talker} {
			c.say("ADD user%d", i)
			c.until("= ADD")
		}
		heard, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for lines := 0; ; {
				line := fast.until("")
				if strings.HasPrefix(line, "< The user user0 left") {
					return
				}
				if strings.HasPrefix(line, "[user2] ") {
					if lines++; lines%100 == 0 {
						heard <- struct{}{}
					}
				}
			}
		}()
		line := strings.Repeat("x", 4000)
		for said := 1; ; said++ {
			talker.say("%s", line)
			if said%100 != 0 {
				continue
			}
			select { // who reads is not to be late, however busy the machine is
			case <-heard:
				continue
			case <-done:
			}
			t.Logf("dropped after %d lines", said)
			break
		}
		for _, c := range []*client{talker, fast} { // all that was said has come and is read
			c.say("PING all")
			c.until("PONG all")
		}
		for _, l := range s.loops {
			held := 0
			if err := l.reactor.Call(func() { held = l.writer.Held() }); err != nil {
				t.Fatal(err)
			}
			if held > 1<<20 {
				t.Errorf("the log of loop %d still holds %d bytes", l.index, held)
			}
		}
	})
}

// TestPanicCostsOneConnection plants a panic in the handling of one client.
func TestPanicCostsOneConnection(t *testing.T) {
	s, address := start(t, testConfig(1))
	victim, other := dial(t, address), dial(t, address)
	victim.say("ADD victim")
	victim.until("= ADD")
	other.say("ADD other")
	other.until("= ADD")
	l := s.loops[0]
	err := l.reactor.Call(func() {
		for _, p := range l.peers {
			if p != nil && p.address == victim.LocalAddr().String() {
				p.more().secure = &transport.TLS{} // it has no TLS to read from
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	victim.say("hello")
	if _, err := io.ReadAll(victim.lines); err != nil {
		t.Logf("the victim's connection ended with: %v", err)
	}
	other.until("< The user victim left")
	other.say("PING alive")
	other.until("PONG alive")
}

// TestSlowDownloadDoesNotHoldTheLog reads a large file slowly while others talk: the chat must not pile up in memory.
func TestSlowDownloadDoesNotHoldTheLog(t *testing.T) {
	store, _, err := files.Open(t.TempDir(), files.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	cfg := testConfig(1)
	cfg.Files = store
	cfg.Limits.SendQGrace = testPatience // the reader is slow, and takes bytes all the time
	s, address := start(t, cfg)
	reader, talker := dial(t, address), dial(t, address)
	const size = 20 << 20
	reader.say("SEND %d big", size)
	if _, err := io.Copy(reader, io.LimitReader(zeros{}, size)); err != nil {
		t.Fatal(err)
	}
	reader.until("= SENT")
	reader.say("GET big")
	reader.until("= FILE")
	talker.until("> Connected")
	line := strings.Repeat("x", 4000)
	l, most := s.loops[0], 0
	for read := 0; read < size; {
		n, err := io.CopyN(io.Discard, reader.lines, min(64<<10, int64(size-read)))
		if err != nil {
			t.Fatalf("after %d bytes of the file: %v", read, err)
		}
		read += int(n)
		for range 10 {
			talker.say("%s", line)
		}
		talker.say("PING x")
		talker.until("PONG")
		if err := l.reactor.Call(func() { most = max(most, l.writer.Held()) }); err != nil {
			t.Fatal(err)
		}
	}
	if got := reader.until("["); !strings.HasSuffix(got, line) {
		t.Errorf("behind the file came %.60q, want what was said meanwhile", got)
	}
	t.Logf("the log held at most %d bytes", most)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
