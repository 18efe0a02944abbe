//go:build linux

package main_test

import (
	"syscall"
	"testing"

	"looproom/codec"
)

// TestDrainWaitsForNoUpload: whoever is in the middle of a file when the server ends is cut off, however long others have to take what waits for them.
func TestDrainWaitsForNoUpload(t *testing.T) {
	c := newCertificate(t)
	for _, door := range []string{"line://127.0.0.1:0", c.door("line"), onWeb} {
		t.Run(door[:8], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := startServer(t, "--drain", "10m", "--files", dir, "--listen", "line://127.0.0.1:0", "--listen", door)
			bob := connect(t, s, 0, "bob")
			begin := map[string]func(){
				"line://1": func() { connect(t, s, 1, "ana").write("SEND 100 x\nsome") },
				"line+tls": func() { greeted(dialSecure(t, s, 1, "ana", c.trust(t))).write("SEND 100 x\nsome") },
				"http://1": func() {
					ana := overWeb(t, s.dial(t, 1), "ana", "")
					greeted(ana.talker)
					ana.say("SEND 100 x")
					ana.sendFrame(codec.OpBinary, []byte("some"))
				},
			}
			begin[door[:8]]()
			waitFor(t, "the part of the upload", func() bool { return incoming(t, dir) == 1 })
			s.signal(syscall.SIGTERM)
			bob.until("! closing ")
			bob.expectEnd()
			bob.closeInput()
			if status := s.wait(); status != 0 {
				t.Errorf("exit status = %d, want 0", status)
			}
			s.awaitLog("the server is shutting down; the upload was not complete")
			if n := incoming(t, dir); n != 0 {
				t.Errorf("%d parts after the end, want none", n)
			}
		})
	}
}
