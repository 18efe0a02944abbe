//go:build linux

package delivery

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inKernel is what the kernel counts by that ioctl of a socket.
func inKernel(t testing.TB, fd int, of uint) int {
	t.Helper()
	n, err := unix.IoctlGetInt(fd, of)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkUntaken fails if what c has not got is another amount than what it should have heard, less what it has read or could: a Unix socket counts its own way what it has.
func (m *model) checkUntaken(t *testing.T, c *client) {
	t.Helper()
	want := 0
	if !c.r.Closed() {
		want = len(c.want) - len(c.got) - inKernel(t, c.theirs, unix.SIOCINQ) + inKernel(t, c.ours, unix.SIOCOUTQ)
	}
	for _, s := range m.lists[c] {
		for _, line := range s.lines { // have not been given
			if s.closed == 0 {
				want -= len(line) + 1
			}
		}
	}
	if got := c.r.Untaken(); got != want {
		t.Fatalf("Untaken() = %d, want %d: it should hear %d bytes and has read %d", got, want, len(c.want), len(c.got))
	}
}

// connectTCP is connect by TCP, for whom the kernel knows each byte that has not come.
func (h *house) connectTCP(t testing.TB, slot int) *client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c := &client{ours: descriptorOf(t, near), theirs: descriptorOf(t, far)}
	h.w.Open(&c.r, uint64(slot), c.ours, 0, false)
	h.clients[&c.r] = c
	return c
}

// descriptorOf is another descriptor of c, which is closed.
func descriptorOf(t testing.TB, c net.Conn) (fd int) {
	t.Helper()
	defer c.Close()
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if failed := raw.Control(func(f uintptr) { fd, err = unix.FcntlInt(f, unix.F_DUPFD_CLOEXEC, 0) }); failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	return fd
}

// What a client by TCP has not got is known to the byte: while it waits here, while it is in the kernel, and when the client has reset its connection.
func TestUntakenByTCP(t *testing.T) {
	h := newHouse(t, Limits{SendQ: 64 << 20, HardSendQ: 64 << 20, Grace: time.Hour})
	c, g := h.connectTCP(t, 1), &Group{}
	h.w.Join(&c.r, g, 0)
	h.w.Publish(g, nil, text("hello"))
	h.w.Tell(&c.r, text("and"), 0)
	if got := c.r.Untaken(); got != len("hello\nand\n") {
		t.Errorf("before the sweep: Untaken() = %d, want all %d", got, len("hello\nand\n"))
	}
	settled := func(when string, want func() int) {
		t.Helper()
		for late := time.After(30 * time.Second); c.r.Untaken() != want(); { // the client's kernel may take some time to confirm
			select {
			case <-late:
				t.Fatalf("%s: Untaken() = %d, want %d", when, c.r.Untaken(), want())
			default:
			}
		}
	}
	h.pump()
	settled("all was read", func() int { return 0 })

	c.slept = true
	all := len(c.got)
	for range 20 {
		line := strings.Repeat("x", 400<<10)
		h.w.Publish(g, nil, text(line))
		all += len(line) + 1
		h.pump()
	}
	h.w.Publish(g, nil, text("the last")) // pending in the stream
	all += len("the last\n")
	missing := func() int { return all - len(c.got) - inKernel(t, c.theirs, unix.SIOCINQ) }
	settled("the client doesn't read", missing)
	if missing() < 1<<20 {
		t.Fatalf("only %d bytes are missing: the test has lost its point", missing())
	}

	want := missing()
	if err := unix.SetsockoptLinger(c.theirs, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		t.Fatal(err)
	}
	if unix.Close(c.theirs) != nil {
		t.Fatal("close")
	}
	c.theirs = -1
	for late := time.After(30 * time.Second); ; {
		if _, err := unix.Read(c.ours, make([]byte, 1)); err == unix.ECONNRESET {
			break
		}
		select {
		case <-late:
			t.Fatal("no reset has come")
		default:
		}
	}
	if got := c.r.Untaken(); got != want {
		t.Errorf("behind the reset: Untaken() = %d, want %d", got, want)
	}
	h.w.Close(&c.r)
	if got := c.r.Untaken(); got != 0 {
		t.Errorf("of a closed one: Untaken() = %d, want 0", got)
	}
}

// What was sealed and could not be written is the host's again, also when the connection is broken: so it is counted in one place or the other.
func TestSealedIsGivenBackBeforeTheEnd(t *testing.T) {
	h := newHouse(t, roomy)
	h.seal = (&cased{most: 1 << 20}).seal
	c := h.connect(0, 0, false)
	h.w.Seal(&c.r)
	unix.Close(c.theirs)
	c.theirs = -1
	h.w.Tell(&c.r, text("hello"), 0)
	h.w.Sweep()
	if c.failed != unix.EPIPE || !bytes.Equal(h.unsent[&c.r], []byte("HELLO\n")) {
		t.Errorf("failed: %v, given back: %q; want %v, all", c.failed, h.unsent[&c.r], unix.EPIPE)
	}
}

// A group's messages count for those alone that they are for: not for who said them, and not for whom nothing more is to be said to.
func TestUntakenIsWhatOneIsTold(t *testing.T) {
	h := newHouse(t, roomy)
	g := &Group{}
	speaker, hears, finished := h.connect(1, 0, false), h.connect(2, 0, false), h.connect(3, 0, false)
	for _, c := range []*client{speaker, hears, finished} {
		h.w.Join(&c.r, g, 0)
	}
	h.w.Publish(g, &speaker.r, text("one"))
	h.w.Finish(&finished.r)
	h.w.Publish(g, &speaker.r, text("two"))
	h.w.TellFrom(&hears.r, &list{lines: []string{"not given yet"}}, 1000, 1000)
	if a, b, c := speaker.r.Untaken(), hears.r.Untaken(), finished.r.Untaken(); a != 0 || b != len("one\ntwo\n") || c != len("one\n") {
		t.Errorf("Untaken() = %d, %d, %d, want 0, 8, 4", a, b, c)
	}
}

func BenchmarkUntaken(b *testing.B) {
	h := newHouse(nil, roomy)
	c, g := h.connectTCP(b, 1), &Group{}
	defer h.shut(&c.r)
	h.w.Join(&c.r, g, 0)
	for b.Loop() {
		c.r.Untaken()
	}
}
