//go:build linux

package main_test

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// TestTLSRefusalsAreFew: a handshake costs much, so not everybody who knocks at a full server is told so inside of TLS: some 50 a second are. The others'
// connections are closed at once, where those wait for what the client says.
func TestTLSRefusalsAreFew(t *testing.T) {
	s, config := startSecure(t, "--max-clients", "1")
	signedInSecure(t, s, 0, "ana", config)
	var waiting []net.Conn
	for range 200 {
		waiting = append(waiting, s.dial(t, 0))
	}
	for n, conn := range waiting {
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		_, err := conn.Read(make([]byte, 1))
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Logf("connection %d ends at once: %v", n, err)
			return
		}
	}
	t.Errorf("all of %d connections wait for a handshake, want some 50 a second", len(waiting))
}
