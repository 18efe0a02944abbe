//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"looproom/codec"
)

// TestFullHouseUploads: as many clients as the descriptors allow send a file each, all at the same moment, again and again. Everyone is
// answered, and nobody is lost when the connections come back to their loops.
func TestFullHouseUploads(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startCommand(t, withDescriptors(300, append(limitsOff(), "--listen", "line://127.0.0.1:0", "--loops", loops,
				"--announce-max", "1", "--files", t.TempDir())...), 1)
			house := fillHouse(t, s)
			t.Logf("%d clients", len(house))
			for round := range 3 {
				uploadTogether(t, house, round)
			}
			if log := s.log.String(); strings.Contains(log, "can't enrol") {
				t.Errorf("somebody could not be enrolled again; the log:\n%s", log)
			}
		})
	}
}

// fillHouse connects until the server is full.
func fillHouse(t *testing.T, s *server) (house []*talker) {
	t.Helper()
	for {
		c := dial(t, s, 0, fmt.Sprintf("client %d", len(house)))
		if line := c.next(); !strings.HasPrefix(line, "> Connected") {
			return house
		}
		house = append(house, c)
	}
}

// uploadTogether has all send a file, of which the last byte comes when the first bytes of everyone's are there.
func uploadTogether(t *testing.T, house []*talker, round int) {
	t.Helper()
	for n, c := range house {
		c.write(fmt.Sprintf("SEND 5 %d-%d\nfour", round, n))
	}
	var all sync.WaitGroup
	for n, c := range house {
		all.Go(func() {
			if _, err := c.input.Write([]byte("5PING behind\n")); err != nil {
				t.Errorf("%s, round %d: %v", c.name, round, err)
				return
			}
			for _, want := range []string{fmt.Sprintf("= SENT 5 %d-%d ", round, n), "PONG behind"} {
				if got := c.answer(); !strings.HasPrefix(got, want) {
					t.Errorf("%s, round %d: answer = %q, want %q", c.name, round, got, want)
					return
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// TestPingsWithinUploadCount: pings among the bytes of a file keep to the rate that they have elsewhere.
func TestPingsWithinUploadCount(t *testing.T) {
	const perSecond, burst, sent = 50, 5, 80
	s := startServer(t, "--lines-per-second", fmt.Sprint(perSecond), "--lines-burst", fmt.Sprint(burst), "--files", t.TempDir(), "--listen", onWeb)
	ann := browse(t, s, 0, "ann")
	began := time.Now()
	ann.say("SEND 1 x")
	for range sent {
		ann.sendFrame(codec.OpPing, []byte("still there?"))
	}
	ann.sendFrame(codec.OpBinary, []byte("1"))
	ann.until("= SENT 1 x ")
	if took, least := time.Since(began), time.Second*(sent-2*burst)/perSecond; took < least {
		t.Errorf("%d pings and a file took %v, want at least %v at %d a second", sent, took, least, perSecond)
	}
}

// TestFloodOfPingsWithinUploads: clients that send pings among the bytes of a file as fast as they can, and don't read the answers, take
// neither the server's memory nor its time.
func TestFloodOfPingsWithinUploads(t *testing.T) {
	for _, limit := range []string{"10", "0"} {
		t.Run("lines-per-second="+limit, func(t *testing.T) {
			s := startServer(t, "--lines-per-second", limit, "--sendq", "64KiB", "--files", t.TempDir(), "--listen", onWeb,
				"--listen", "line://127.0.0.1:0")
			bob := connect(t, s, 1, "bob")
			pings := bytes.Repeat(codec.AppendMaskedFrame(nil, codec.OpPing, 1, bytes.Repeat([]byte("x"), 125)), 500)
			enough := time.Now().Add(time.Second)
			var flood sync.WaitGroup
			for n := range 10 {
				ann := browse(t, s, 0, fmt.Sprintf("ann%d", n))
				ann.say("SEND 1000000 x")
				conn := ann.socket.Conn
				flood.Go(func() {
					_ = conn.SetWriteDeadline(enough)
					for time.Now().Before(enough) {
						if _, err := conn.Write(pings); err != nil {
							return // it has been stopped, or disconnected
						}
					}
				})
			}
			stop, measured := make(chan struct{}), make(chan spread)
			go func() { measured <- measureTrips(bob, stop) }()
			flood.Wait()
			close(stop)
			t.Logf("PING meanwhile: %v", <-measured)
			s.expectMemory(96 << 20)
		})
	}
}
