//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// stored is a line of the index, as far as the tests look at it.
type stored struct {
	Name, Sender string
	Offset, Size int64
	SHA256       string
}

// received reads all_received and its index.
func received(t *testing.T, dir string) ([]byte, []stored) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "all_received"))
	if err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile(filepath.Join(dir, "all_received.index"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []stored
	lines := bufio.NewScanner(bytes.NewReader(index))
	for lines.Scan() {
		var e stored
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatalf("index line %q: %v", lines.Text(), err)
		}
		entries = append(entries, e)
	}
	return data, entries
}

// TestUploadsAtOnce: several clients send several files each at the same time; all land whole, one behind the other.
func TestUploadsAtOnce(t *testing.T) {
	const clients = 5
	sizes := []int{0, 1, 100_000, 1 << 20, 65_536}
	dir := t.TempDir()
	s := startServer(t, "--loops", "2", "--files", dir)
	sums := map[string]string{}
	var work sync.WaitGroup
	for n := range clients {
		c := signedIn(t, s, 0, fmt.Sprintf("user%d", n))
		batch := newBatch(n, sizes)
		for name, data := range batch.files {
			sums[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		}
		work.Go(func() { batch.send(c) })
	}
	work.Wait()
	if t.Failed() {
		return
	}
	checkReceived(t, dir, sums)
	checkDownloads(t, s, sums)
}

// batch is the files that one client sends.
type batch struct {
	names []string
	files map[string][]byte
}

func newBatch(client int, sizes []int) batch {
	b := batch{files: map[string][]byte{}}
	for n, size := range sizes {
		name := fmt.Sprintf("file %d of user%d", n, client)
		b.names = append(b.names, name)
		b.files[name] = randomBytes(uint64(client*len(sizes)+n), size)
	}
	return b
}

// send sends all files at one go, and waits for the answers. It runs beside the test, so it never ends it.
func (b batch) send(c *talker) {
	var sent bytes.Buffer
	for _, name := range b.names {
		fmt.Fprintf(&sent, "SEND %d %s\n", len(b.files[name]), name)
		sent.Write(b.files[name])
	}
	if _, err := c.input.Write(sent.Bytes()); err != nil {
		c.t.Errorf("%s: %v", c.name, err)
		return
	}
	for _, name := range b.names {
		want := fmt.Sprintf("= SENT %d %s %x", len(b.files[name]), name, sha256.Sum256(b.files[name]))
		if got := c.answer(); got != want {
			c.t.Errorf("%s: answer = %q, want %q", c.name, got, want)
			return
		}
	}
}

// answer returns the next line that is no notice, or what went wrong.
func (c *talker) answer() string {
	for {
		line, err := c.line()
		if err != nil {
			return err.Error()
		}
		if !strings.HasPrefix(line, "> ") && !strings.HasPrefix(line, "< ") {
			return line
		}
	}
}

// checkReceived looks for each file's bytes where the index says that they are.
func checkReceived(t *testing.T, dir string, sums map[string]string) {
	t.Helper()
	data, entries := received(t, dir)
	var end int64
	for _, e := range entries {
		if e.Offset != end {
			t.Fatalf("%q begins at %d, want %d", e.Name, e.Offset, end)
		}
		end += e.Size
		sum := fmt.Sprintf("%x", sha256.Sum256(data[e.Offset:end]))
		if sum != e.SHA256 || sum != sums[e.Name] || !strings.HasSuffix(e.Name, e.Sender) {
			t.Errorf("%q of %s: SHA-256 %s in all_received, %s in the index, want %s", e.Name, e.Sender, sum, e.SHA256, sums[e.Name])
		}
	}
	if len(entries) != len(sums) || end != int64(len(data)) {
		t.Errorf("%d files of %d bytes in %d bytes, want %d files", len(entries), end, len(data), len(sums))
	}
}

// checkDownloads gets each file back, all of them asked for at once.
func checkDownloads(t *testing.T, s *server, sums map[string]string) {
	t.Helper()
	c := connect(t, s, 0, "downloader")
	c.say("FILES")
	c.expect(fmt.Sprintf("= FILES %d of %d", len(sums), len(sums)))
	for range sums {
		c.until("= STORED ")
	}
	for name := range sums {
		c.say("GET " + name)
	}
	for range sums {
		var size int
		line := c.next()
		head, name, _ := strings.Cut(strings.TrimPrefix(line, "= FILE "), " ")
		if _, err := fmt.Sscan(head, &size); err != nil {
			t.Fatalf("answer to GET = %q: %v", line, err)
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(c.bytes(size))); sum != sums[name] {
			t.Errorf("GET %s brought SHA-256 %s, want %s", name, sum, sums[name])
		}
	}
	c.expectOnly()
}

// TestUploadOutlivesServer: what was kept is there after the next start.
func TestUploadOutlivesServer(t *testing.T) {
	dir := t.TempDir()
	s := startServer(t, "--files", dir)
	data := randomBytes(7, 200_000)
	upload(t, s, "notes.txt", data)
	s.stop()
	again := connect(t, startServer(t, "--files", dir), 0, "later")
	again.say("GET notes.txt")
	again.expect("= FILE 200000 notes.txt")
	if !bytes.Equal(again.bytes(len(data)), data) {
		t.Error("GET after a new start brought other bytes")
	}
}

// TestBrokenUpload: nothing is left of a file whose sender went away, or of one that the end of the server cut short.
func TestBrokenUpload(t *testing.T) {
	dir := t.TempDir()
	s := startServer(t, "--files", dir, "--admin", "127.0.0.1:0")
	part := string(randomBytes(3, 300_000))
	broken := connect(t, s, 0, "broken")
	broken.write("SEND 1000000 broken.bin\n" + part)
	waitFor(t, "the part of the upload", func() bool { return incoming(t, dir) == 1 })
	broken.input.(net.Conn).Close()
	waitFor(t, "the part to be removed", func() bool { return incoming(t, dir) == 0 })
	s.awaitLog("disconnected", "upload broken off: unexpected EOF")
	m := scrape(t, adminOf(t, s))
	for name, want := range map[string]float64{"begun": 1, "failed": 1, "kept": 0} {
		if got := m.sum("looproom_uploads_" + name + "_total"); got != want {
			t.Errorf("looproom_uploads_%s_total = %v, want %v", name, got, want)
		}
	}

	cut := connect(t, s, 0, "cut")
	cut.write("SEND 1000000 cut.bin\n" + part)
	waitFor(t, "the part of the upload", func() bool { return incoming(t, dir) == 1 })
	s.stop()
	if n := incoming(t, dir); n != 0 {
		t.Errorf("%d parts after the end, want none", n)
	}
	if data, entries := received(t, dir); len(data) != 0 || len(entries) != 0 {
		t.Errorf("%d bytes and %d files after broken uploads, want none", len(data), len(entries))
	}
}

// incoming returns how many uploads are on their way to the disk.
func incoming(t *testing.T, dir string) int {
	t.Helper()
	parts, err := os.ReadDir(filepath.Join(dir, "incoming"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(parts)
}

// TestRefusedUploads: the bytes of a file that is refused are taken all the same, so that they are not read as lines.
func TestRefusedUploads(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		want      string
	}{
		{"files are off", nil, "! files-off "},
		{"too large", []string{"--max-file", "1k", "--files", "DIR"}, "! file-too-large "},
	}
	for _, loops := range []string{"1", "2"} {
		for _, row := range rows {
			t.Run(row.name+"/loops="+loops, func(t *testing.T) {
				t.Parallel()
				arguments := []string{"--loops", loops}
				for _, word := range row.arguments {
					arguments = append(arguments, strings.ReplaceAll(word, "DIR", t.TempDir()))
				}
				s := startServer(t, arguments...)
				bob := connect(t, s, 0, "bob")
				for _, name := range []string{"ana", "eve"} { // each on a loop of its own, if there are two
					c := connect(t, s, 0, name)
					bob.fence()
					file := strings.Repeat("LIST\nsaid\n", 10_000)
					c.write(fmt.Sprintf("SEND %d lines.txt\n%sPING after\n", len(file), file))
					c.until(row.want)
					c.expect("PONG after")
					bob.expectOnly()
				}
			})
		}
	}
}

// TestSlowDownload: a client that takes a file slowly holds up nobody, and gets all of it.
func TestSlowDownload(t *testing.T) {
	s := startServer(t, "--files", t.TempDir(), "--loops", "1", "--listen", "line://127.0.0.1:0")
	data := randomBytes(5, 4<<20)
	upload(t, s, "big.bin", data)
	slow := slowReader(t, s, "slow")
	slow.say("GET big.bin")
	slow.expect(fmt.Sprintf("= FILE %d big.bin", len(data)))
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.fence()
	for range 100 {
		ana.say("still here?")
		bob.expect("[ana] still here?")
	}
	if !bytes.Equal(slow.bytes(len(data)), data) {
		t.Error("the slow client got other bytes")
	}
}
