//go:build linux

package main_test

import (
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDrain: at SIGTERM everyone is told, gets what is queued and then the end of the stream, and the status is 0.
func TestDrain(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--loops", "2", "--listen", "line://127.0.0.1:0")
			clients := []*talker{signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob"), connect(t, s, 0, "guest")}
			for _, c := range clients {
				c.fence()
			}
			s.signal(signal)
			for _, c := range clients {
				c.until("! closing ")
				c.expectEnd()
			}
			if status := s.wait(); status != 0 {
				t.Errorf("exit status after %v = %d, want 0", signal, status)
			}
		})
	}
}

// TestDrainSendsWhatIsQueued: a client that has not read for a while gets all of it, then the word that the server closes.
func TestDrainSendsWhatIsQueued(t *testing.T) {
	s := startServer(t, "--drain", "30s")
	slow := slowReader(t, s, "slow")
	said := speak(t, s, 600)
	s.signal(syscall.SIGTERM)
	slow.until("[ana] ")
	for n := 1; n < 600; n++ {
		slow.expect("[ana] " + said)
	}
	slow.until("! closing ")
	slow.expectEnd()
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
}

// slowReader is greeted and then reads nothing, and its socket holds little.
func slowReader(t *testing.T, s *server, name string) *talker {
	t.Helper()
	network, address := s.address(0)
	dialer := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		controlErr := raw.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
		})
		if controlErr != nil {
			return controlErr
		}
		return err
	}}
	conn, err := dialer.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return greeted(newTalker(t, name, conn, conn))
}

// speak lets someone called ana say the same line count times, and returns it when the server has taken in all of them.
func speak(t *testing.T, s *server, count int) string {
	t.Helper()
	ana := signedIn(t, s, 0, "ana")
	said := strings.Repeat("tell me ", 100) + "more"
	ana.write(strings.Repeat(said+"\n", count))
	ana.fence()
	return said
}

// TestDrainDoesNotWaitForever: a client that reads nothing holds the end up no longer than --drain.
func TestDrainDoesNotWaitForever(t *testing.T) {
	s := startServer(t, "--drain", "300ms")
	slowReader(t, s, "stuck")
	speak(t, s, 8000)
	began := time.Now()
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	t.Logf("ended after %v", time.Since(began))
}

// TestSecondSignal ends a server that waits for a client at once.
func TestSecondSignal(t *testing.T) {
	s := startServer(t, "--drain", "10m")
	slowReader(t, s, "stuck")
	speak(t, s, 8000)
	s.signal(syscall.SIGTERM)
	waitFor(t, "the drain", func() bool { return strings.Contains(s.log.String(), "draining") })
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 1 {
		t.Errorf("exit status after a second signal = %d, want 1", status)
	}
}

// waitFor returns when the condition holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}
