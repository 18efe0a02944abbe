//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestUnreadDownloads: clients that ask for a file and take nothing of it are as slow as any others, and end as those do; who takes it
// slowly gets all of it, and who is there besides notices nothing.
func TestUnreadDownloads(t *testing.T) {
	const count = 100
	c := newCertificate(t)
	s := startServer(t, "--sendq-grace", "1s", "--loops", "2", "--files", t.TempDir(), "--listen", "line://127.0.0.1:0", "--listen", c.door("line"))
	data := randomBytes(9, 4<<20)
	upload(t, s, "big.bin", data)
	slow, bob := slowReader(t, s, "slow"), connect(t, s, 0, "bob")
	for n := range count {
		slowReader(t, s, fmt.Sprint("unread", n)).write("GET big.bin\n")
	}
	secured := dialSecure(t, s, 1, "unread by TLS", c.trust(t))
	greeted(secured)
	secured.write(strings.Repeat("GET big.bin\n", 10)) // more than its socket's buffers hold, whatever they are
	slow.say("GET big.bin")
	slow.until("= FILE ")
	var got []byte
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	for len(got) < len(data) {
		<-pace.C
		got = append(got, slow.bytes(min(128<<10, len(data)-len(got)))...)
	}
	if !bytes.Equal(got, data) {
		t.Error("the slow client got other bytes")
	}
	waitFor(t, "all to be gone", func() bool { return strings.Count(s.log.String(), `"reads too slowly"`) >= count+1 })
	bob.fence()
	slow.fence()
}

// TestUnreadAnswersAboutFiles: who asks for lists or for files and reads nothing waits, and the server keeps little for it; who reads gets as much as it
// likes, then or later.
func TestUnreadAnswersAboutFiles(t *testing.T) {
	rows := []struct {
		name, asks, head string
		count, behind    int // bytes behind each head
	}{
		{"lists", "FILES 1000\n", "= FILES 101 of 101", 200, 0},
		{"files", "GET big.bin\n", "= FILE ", 40, 1 << 20},
		{"files that there aren't", "GET nothing\n", "! no-such-file ", 20000, 0},
	}
	s := startServer(t, "--sendq", "64KiB", "--sendq-grace", "10m", "--loops", "2", "--files", t.TempDir())
	ana := signedIn(t, s, 0, "ana")
	ana.send("big.bin", randomBytes(9, 1<<20))
	for n := range 100 {
		ana.send(fmt.Sprint(strings.Repeat("a long name ", 15), n), nil)
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			slow := slowReader(t, s, row.name)
			slow.write(strings.Repeat(row.asks, row.count))
			ana.fence()
			for range row.count {
				slow.until(row.head)
				slow.bytes(row.behind)
			}
			slow.fence()
			s.expectMemory(64 << 20)
		})
	}
	for range 50 {
		ana.say("FILES 1000")
		ana.until("= FILES 101 of 101")
		for range 101 {
			ana.until("= STORED ")
		}
	}
	ana.fence()
}

// TestDownloadBuffers: what a client that takes nothing holds of the kernel's memory is bounded.
func TestDownloadBuffers(t *testing.T) {
	const count, most = 50, 200 << 10
	s := startServer(t, "--sendq-grace", "1m", "--files", t.TempDir(), "--listen", "line://127.0.0.1:0")
	upload(t, s, "big.bin", randomBytes(9, 4<<20))
	for n := range count {
		c := slowReader(t, s, fmt.Sprint("unread", n))
		c.write("GET big.bin\n")
		c.until("= FILE ")
	}
	held := s.waitStuck(t, count*downloadLeast)
	t.Logf("%d KiB for each", held/count>>10)
	if held > count*most {
		t.Errorf("%d clients hold %d bytes, want at most %d each", count, held, most)
	}
}

// downloadLeast is what each socket takes of a file in any case, in bytes.
const downloadLeast = 16 << 10

// waitStuck waits until the first door's sockets have had the same waiting in them for a while, and at least so many bytes, and returns how many. A look at them can take as long
// as that while, where the machine has many.
func (s *server) waitStuck(t *testing.T, least int) (held int) {
	t.Helper()
	held, since := -1, time.Now()
	waitFor(t, "the sockets to be full", func() bool {
		before := held
		if held = s.unsent(t); held != before || held < least {
			since = time.Now()
		}
		return time.Since(since) > 100*time.Millisecond
	})
	return held
}

// unsent is how many bytes the kernel holds for the clients of the first door that they have not taken.
func (s *server) unsent(t *testing.T) (bytes int) {
	t.Helper()
	_, port := s.hostPort(0)
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Skip(err)
	}
	for _, line := range strings.Split(string(table), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 5 || !strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", number)) {
			continue
		}
		waiting, _, _ := strings.Cut(fields[4], ":")
		n, err := strconv.ParseInt(waiting, 16, 64)
		if err != nil {
			t.Fatalf("/proc/net/tcp: %q: %v", line, err)
		}
		bytes += int(n)
	}
	return bytes
}
