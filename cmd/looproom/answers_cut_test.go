//go:build linux

package main_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// TestGoneInTheMiddleOfLongAnswers: clients of all loops ask for much, take some of it as fast as they can, and reset the connection. Nobody stumbles over what is
// still being made for them.
func TestGoneInTheMiddleOfLongAnswers(t *testing.T) {
	const askers, each = 8, 40
	s := startServer(t, "--loops", "2")
	fill(t, s, "ana", "")
	stop := bystander(t, s)
	var asking sync.WaitGroup
	for n := range askers {
		asking.Go(func() {
			network, address := s.address(0)
			for i := range each {
				conn, err := net.DialTimeout(network, address, patience)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(conn, strings.Repeat("RECENT 100\n", 3))
				if _, err := io.CopyN(io.Discard, conn, int64(20_000+n*10_000+i*5_000)); err != nil {
					t.Error(fmt.Errorf("asker %d: %w", n, err))
				}
				_ = conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
		})
	}
	asking.Wait()
	t.Logf("longest PING of a bystander: %v", stop())
	connect(t, s, 0, "late").fence()
}
