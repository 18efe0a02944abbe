//go:build linux

package abuse

import (
	"bytes"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long anything may take. A slow machine must not fail a test.
const patience = time.Minute

// pairs are members of a crew, and the other ends of their connections.
func pairs(t *testing.T, n int, reads bool) (c *crew, members []*member, others []net.Conn) {
	t.Helper()
	c, err := newCrew()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	for range n {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		file := os.NewFile(uintptr(fds[1]), "other")
		other, err := net.FileConn(file)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		t.Cleanup(func() { other.Close() })
		if err := other.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		m, err := c.add(fds[0], reads)
		if err != nil {
			t.Fatal(err)
		}
		members, others = append(members, m), append(others, other)
	}
	return c, members, others
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for end := time.Now().Add(patience); !holds(); <-again.C {
		if time.Now().After(end) {
			t.Fatalf("not so after %v: %s", patience, what)
		}
	}
}

// TestSendSendsAllOnce, however much it is, and whoever reads late.
func TestSendSendsAllOnce(t *testing.T) {
	c, members, others := pairs(t, 3, true)
	said := bytes.Repeat([]byte("0123456789"), 200_000)
	c.send(members, func(i int) []byte { return said[i:] })
	for i, other := range others {
		got := make([]byte, len(said)-i)
		if _, err := io.ReadFull(other, got); err != nil || !bytes.Equal(got, said[i:]) {
			t.Errorf("member %d sent something else than it was told: %v", i, err)
		}
	}
	if sent, dropped := c.calm(); sent != int64(3*len(said)-3) || dropped != 0 {
		t.Errorf("sent %d bytes, %d dropped; want %d and none", sent, dropped, 3*len(said)-3)
	}
}

// TestFloodHasNoEnd until calm, and comes behind what was to be sent before.
func TestFloodHasNoEnd(t *testing.T) {
	c, members, others := pairs(t, 1, true)
	first := bytes.Repeat([]byte("first"), 100_000)
	c.send(members, func(int) []byte { return first })
	c.flood(members, []byte("again"))
	got := make([]byte, len(first)+5*100_000)
	if _, err := io.ReadFull(others[0], got); err != nil || !bytes.Equal(got, append(first, bytes.Repeat([]byte("again"), 100_000)...)) {
		t.Errorf("the flood is not what was told: %v", err)
	}
	sent, _ := c.calm()
	if sent < int64(len(got)) {
		t.Errorf("%d bytes are counted, want the %d that came at least", sent, len(got))
	}
	if sent, _ := c.calm(); sent != 0 {
		t.Errorf("%d bytes were sent after calm, want none", sent)
	}
}

// TestPaceTakesTurns: the members say a piece each, not all the same, and then the next one.
func TestPaceTakesTurns(t *testing.T) {
	c, members, others := pairs(t, 2, true)
	c.keepPace(members, 500, []byte("said\n"), []byte("asked\n"))
	for i, other := range others {
		got := make([]byte, 22)
		want := []string{"said\nasked\nsaid\nasked\n", "asked\nsaid\nasked\nsaid\n"}[i]
		if _, err := io.ReadFull(other, got); err != nil || string(got) != want {
			t.Errorf("member %d said %q, %v, want %q", i, got, err, want)
		}
	}
}

// TestWhoReadsThrowsAway, and who doesn't leaves it to the server.
func TestWhoReadsThrowsAway(t *testing.T) {
	_, _, others := pairs(t, 1, true)
	if _, err := others[0].Write(make([]byte, 8<<20)); err != nil {
		t.Errorf("write to one who reads: %v", err)
	}
	_, _, others = pairs(t, 1, false)
	if err := others[0].SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := others[0].Write(make([]byte, 8<<20)); err == nil {
		t.Errorf("one who doesn't read took all %d bytes", n)
	}
}

// TestDroppedIsCounted once for each connection, whether it reads or not.
func TestDroppedIsCounted(t *testing.T) {
	for _, reads := range []bool{false, true} {
		c, members, others := pairs(t, 3, reads)
		c.flood(members, []byte("noise"))
		others[1].Close()
		eventually(t, "the drop is counted", func() bool {
			_, dropped := c.calm()
			c.flood(members, []byte("noise"))
			return dropped > 0
		})
		if _, dropped := c.calm(); dropped != 1 {
			t.Errorf("reads: %v: %d were dropped, want 1", reads, dropped)
		}
	}
}
