//go:build linux

package delivery

import (
	"bytes"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// house is a Host with receivers on socket pairs.
type house struct {
	t       *testing.T
	w       *Writer
	layout  Layout
	clock   func() time.Duration
	clients map[*Receiver]*client
	watched map[*Receiver]bool
	woken   bool
	wakeAt  time.Duration
	// seal is what is written to a sealed receiver for front, where that is more than the front itself.
	seal     func(r *Receiver, front [][]byte) (sealed []byte, took int, err error)
	unsent   map[*Receiver][]byte
	panicked []any
}

// client is the other end of a receiver, and what it should hear.
type client struct {
	r        Receiver
	ours     int // the writer's descriptor
	theirs   int
	got      []byte
	want     []byte
	failed   error
	finished bool
	eased    int
	slept    bool // it doesn't read
}

func newHouse(t *testing.T, limits Limits) *house {
	began := time.Now()
	h := &house{t: t, clients: map[*Receiver]*client{}, watched: map[*Receiver]bool{}, unsent: map[*Receiver][]byte{}, clock: func() time.Duration { return time.Since(began) }}
	h.w = New(h, limits)
	if t != nil {
		t.Cleanup(func() {
			for r := range h.clients {
				h.shut(r)
			}
		})
	}
	return h
}

var roomy = Limits{SendQ: 1 << 20, HardSendQ: 16 << 20, Grace: 5 * time.Second}

func (h *house) Layout(uint8) Layout     { return h.layout }
func (h *house) Now() time.Duration      { return h.clock() }
func (h *house) Wake()                   { h.woken = true }
func (h *house) WakeAt(at time.Duration) { h.wakeAt = at }
func (h *house) Finished(r *Receiver)    { h.clients[r].finished = true; h.w.Close(r) }
func (h *house) Eased(r *Receiver)       { h.clients[r].eased++ }
func (h *house) Panicked(r *Receiver, why any) {
	h.panicked = append(h.panicked, why)
	h.fail(r, ErrSlow)
}
func (h *house) Failed(r *Receiver, err error) { h.fail(r, err) }

func (h *house) Seal(r *Receiver, front [][]byte) (sealed []byte, took int, err error) {
	if rest := h.unsent[r]; len(rest) > 0 {
		delete(h.unsent, r)
		return rest, 0, nil
	}
	return h.seal(r, front)
}

func (h *house) Unsent(r *Receiver, rest []byte) { h.unsent[r] = bytes.Clone(rest) }

func (h *house) Watch(r *Receiver) error {
	h.watched[r] = true
	return nil
}

func (h *house) Skipped(_ *Receiver, skipped, _ int) []byte {
	return laid{h.layout, "skipped " + strconv.Itoa(skipped)}.Append(nil, 0)
}

// fail is how an event loop ends a connection: at once, and in the middle of whatever the writer is at.
func (h *house) fail(r *Receiver, err error) {
	h.clients[r].failed = err
	h.w.Close(r)
	for g := r.AnyGroup(); g != nil; g = r.AnyGroup() {
		h.w.Leave(r, g)
	}
}

func (h *house) shut(r *Receiver) {
	c := h.clients[r]
	unix.Close(c.ours)
	unix.Close(c.theirs)
	delete(h.clients, r)
}

// connect returns a client in the slot whose socket takes about buffer bytes.
func (h *house) connect(slot, buffer int, mayLose bool) *client {
	h.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err == nil && buffer > 0 {
		err = unix.SetsockoptInt(fds[0], unix.SOL_SOCKET, unix.SO_SNDBUF, buffer)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	c := &client{ours: fds[0], theirs: fds[1]}
	h.w.Open(&c.r, uint64(slot), fds[0], 0, mayLose)
	h.clients[&c.r] = c
	return c
}

// read takes at most most bytes from the client's socket.
func (h *house) read(c *client, most int) {
	buf := make([]byte, most)
	n, err := unix.Read(c.theirs, buf)
	if err == nil {
		c.got = append(c.got, buf[:n]...)
	}
}

// pump sweeps and reads until nothing moves any more.
func (h *house) pump() {
	h.t.Helper()
	for range 1_000_000 {
		more := h.w.Sweep()
		moved := h.woken || more || len(h.w.paused) > 0
		h.woken = false
		for r, c := range h.clients {
			if c.slept {
				continue
			}
			before := len(c.got)
			h.read(c, 64<<10)
			moved = moved || len(c.got) > before
			if h.watched[r] {
				delete(h.watched, r)
				h.w.Writable(r)
				moved = true
			}
		}
		if !moved {
			return
		}
	}
	h.t.Fatal("the writer never comes to rest")
}

// text is a message that reads alike in every form but for a mark.
type text string

func (m text) Append(dst []byte, form uint8) []byte {
	dst = append(dst, m...)
	for range form {
		dst = append(dst, '+')
	}
	return append(dst, '\n')
}
