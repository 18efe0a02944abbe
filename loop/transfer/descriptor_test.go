//go:build linux

package transfer

import (
	"os"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAwaitDescriptor: while the process may have no more descriptors, a connection is not given back; and looking whether it may uses none up.
func TestAwaitDescriptor(t *testing.T) {
	conn, _ := connections(t)
	before := openDescriptors(t)
	awaitDescriptor(conn)
	if after := openDescriptors(t); after != before {
		t.Errorf("%d descriptors are open behind awaitDescriptor, want %d", after, before)
	}

	var usual unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &usual); err != nil {
		t.Fatal(err)
	}
	none := unix.Rlimit{Cur: 1, Max: usual.Max}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	var raised atomic.Bool
	raise := time.AfterFunc(5*descriptorLook, func() {
		raised.Store(true)
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &usual); err != nil {
			t.Error(err)
		}
	})
	c := newClient(t)
	(&Upload{conn: conn}).giveBack(c)
	if c.back() != conn {
		t.Error("another connection is given back")
	}
	if !raised.Load() && raise.Stop() {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &usual); err != nil {
			t.Fatal(err)
		}
		t.Error("the connection was given back while there were none")
	}

	began := time.Now()
	conn.Close()
	awaitDescriptor(conn)
	if took := time.Since(began); took >= descriptorLook*descriptorLooks {
		t.Errorf("awaitDescriptor of a closed connection took %v, want it to return at once", took)
	}
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
