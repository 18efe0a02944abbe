//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestManyFiles: a folder with very many files is opened quickly once its table has been made, and takes no memory to speak of.
func TestManyFiles(t *testing.T) {
	const files = 200_000
	dir := t.TempDir()
	var index bytes.Buffer
	for n := range files {
		fmt.Fprintf(&index, `{"name":"file %d","sender":"ann","time":"2026-03-01T12:00:00Z","offset":0,"size":0,"sha256":"%064d"}`+"\n", n, n)
	}
	if err := os.WriteFile(filepath.Join(dir, "all_received.index"), index.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	startServer(t, "--files", dir).stop()
	began := time.Now()
	s := startServer(t, "--files", dir)
	t.Logf("started with %d files in %v", files, time.Since(began))
	ann := signedIn(t, s, 0, "ann")
	ann.say("FILES 2")
	ann.expect(fmt.Sprintf("= FILES 2 of %d", files),
		fmt.Sprintf("= STORED 0 2026-03-01T12:00:00Z ann %064d file %d", files-2, files-2),
		fmt.Sprintf("= STORED 0 2026-03-01T12:00:00Z ann %064d file %d", files-1, files-1))
	ann.say("FILES 1000000")
	ann.expect(fmt.Sprintf("= FILES 1000 of %d", files))
	for range 1000 {
		ann.until("= STORED 0 ")
	}
	for _, n := range []int{0, files / 2, files - 1} {
		ann.say(fmt.Sprintf("GET file %d", n))
		ann.expect(fmt.Sprintf("= FILE 0 file %d", n))
	}
	ann.say("GET file of nobody's")
	ann.until("! no-such-file ")
	s.expectMemory(48 << 20)
}

// TestFilesAreAnsweredInOrder: what the store has to look for is told in its place among the other answers, whatever comes in one go.
func TestFilesAreAnsweredInOrder(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--loops", loops, "--files", t.TempDir())
			ann, bob := signedIn(t, s, 0, "ann"), signedIn(t, s, 0, "bob")
			ann.fence()
			content := strings.Repeat("content\n", 20_000)
			sum := ann.send("a file", []byte(content))
			for round := range 20 {
				ann.write(fmt.Sprintf("PING 1\nFILES 1\nPING 2\nGET nothing\nGET a file\nTEXT TO bob hello\nPING 3\nGET a file\nFILES 0\nSEND 3 b\nabcPING 4\nSEND %d a file\n%s",
					len(content), content))
				ann.expect("PONG 1")
				ann.until("= FILES 1 of ")
				ann.until("= STORED ")
				ann.expect("PONG 2")
				ann.until("! no-such-file ")
				for n := range 2 {
					ann.expect(fmt.Sprintf("= FILE %d a file", len(content)))
					if string(ann.bytes(len(content))) != content {
						t.Fatalf("round %d: GET %d brought other bytes", round, n)
					}
					if n == 0 {
						ann.expect("PONG 3")
					}
				}
				ann.until("= FILES 0 of ")
				ann.until("= SENT 3 b ")
				ann.expect("PONG 4", fmt.Sprintf("= SENT %d a file %s", len(content), sum))
				bob.until("*ann* hello")
			}
			ann.write("GET a file\nFILES 1\n")
			ann.closeInput()
			ann.expect(fmt.Sprintf("= FILE %d a file", len(content)))
			if string(ann.bytes(len(content))) != content {
				t.Fatal("GET of who sends no more brought other bytes")
			}
			ann.until("= FILES 1 of ")
			ann.until("= STORED ")
			ann.expectEnd()
		})
	}
}
