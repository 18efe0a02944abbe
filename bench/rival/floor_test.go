//go:build linux

package rival_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"

	"looproom/bench/rival"
)

// TestFloorLosesNothing: all that one member sends comes to every other one, in order, whether or not it reads at once.
func TestFloorLosesNothing(t *testing.T) {
	const members, slow, size = 20, 5, 12 << 20
	m, err := rival.Find("floor")
	if err != nil {
		t.Fatal(err)
	}
	addr := serve(t, m, defaults())
	sent := make([]byte, size)
	for i := range sent {
		sent[i] = byte(i >> 8 * 7)
	}
	var listening sync.WaitGroup
	begin := make(chan struct{})
	crowd := seat(t, addr, members)
	for i, conn := range crowd[1:] {
		listening.Go(func() {
			if i < slow {
				<-begin
			}
			got := make([]byte, size)
			if n, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, sent) {
				t.Errorf("member %d got %d bytes, %v, want the %d that were sent", i, n, err, size)
			}
		})
	}
	if _, err := crowd[0].Write(sent); err != nil {
		t.Fatal(err)
	}
	close(begin)
	listening.Wait()
}

// seat connects members of a floor, and returns them when all are in: each has heard the one that came last.
func seat(t *testing.T, addr net.Addr, members int) []net.Conn {
	t.Helper()
	crowd := make([]net.Conn, members)
	for i := range crowd {
		crowd[i] = dial(t, addr)
	}
	// Those who came are taken in in order, so all are in when the last one is heard.
	if _, err := crowd[members-1].Write([]byte{0}); err != nil {
		t.Fatal(err)
	}
	for _, conn := range crowd[:members-1] {
		if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
	return crowd
}

// TestFloorDropsTheStuck: a member that never reads is dropped in the end, and the others go on.
func TestFloorDropsTheStuck(t *testing.T) {
	m, err := rival.Find("floor")
	if err != nil {
		t.Fatal(err)
	}
	crowd := seat(t, serve(t, m, defaults()), 3)
	const size = 64 << 20
	heard := make(chan error, 1)
	go func() {
		_, err := io.CopyN(io.Discard, crowd[1], size)
		heard <- err
	}()
	piece := make([]byte, 64<<10)
	for range size / len(piece) {
		if _, err := crowd[0].Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-heard; err != nil {
		t.Errorf("the member that reads: %v", err)
	}
	if n, err := io.Copy(io.Discard, crowd[2]); err == nil && n >= size {
		t.Errorf("the member that didn't read got all %d bytes, want it dropped", n)
	}
}
