//go:build linux

package loop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"looproom/loop/files"
)

// TestFailedUploadLosesNothingBehindIt has a disk fail while much of the file has come in one read with its SEND: what follows the file is
// answered all the same. Some of the lines behind it were once taken for bytes of the file.
func TestFailedUploadLosesNothingBehindIt(t *testing.T) {
	dir := t.TempDir()
	store, _, err := files.Open(dir, files.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	cfg := testConfig(1)
	cfg.Files = store
	s, address := start(t, cfg)
	c := dial(t, address)
	c.say("ADD uploader")
	c.until("= ADD")
	parts := filepath.Join(dir, "incoming")
	if err := os.RemoveAll(parts); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(parts, nil, 0o600); err != nil { // no folder any more
		t.Fatal(err)
	}
	const size, first = 200_000, 150_000
	file := strings.Repeat("x", size)
	for n := range 20 {
		held, goOn := make(chan struct{}), make(chan struct{})
		s.loops[0].reactor.Post(func() { close(held); <-goOn })
		<-held
		c.say("SEND %d lost\n%s", size, file[:first-1]) // say adds a line end
		close(goOn)
		c.say("%sPING %d", file[first:], n)
		c.until("! file-failed")
		c.until(fmt.Sprintf("PONG %d", n))
	}
}
