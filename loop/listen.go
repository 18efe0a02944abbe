//go:build linux

package loop

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"looproom/loop/delivery"
	"looproom/loop/meter"
)

// Door is one listener, with the framing and the options of its URL.
type Door struct {
	server   *Server
	url      DoorURL
	wireAt   uint8 // index in doors.wires
	listener net.Listener
	keys     atomic.Pointer[tls.Config] // of a TLS door
	accepted sync.WaitGroup
	guests   atomic.Uint64             // counts clients without an address
	closing  atomic.Pointer[time.Time] // when to let nobody in any more, if the door is closing
	census   meter.Census
	web      *webDoor // of an http door
}

// maxWires bounds the ways in which all doors together lay out lines.
const maxWires = 16

// doors are the open doors of a server and the wires that they use.
type doors struct {
	mu    sync.Mutex
	open  []*Door
	wires [maxWires]delivery.Layout // an entry is written before the first client of its door comes
	used  int
	shut  bool
}

// Listen opens a door. Port 0 takes a free one: the Door's URL tells which.
func (s *Server) Listen(d DoorURL) (*Door, error) {
	s.setting.Lock()
	defer s.setting.Unlock()
	door := &Door{server: s, url: d}
	if err := door.listen(); err != nil {
		return nil, fmt.Errorf("listen %s: %w", d, err)
	}
	err := door.useCertificate()
	if err == nil {
		err = s.doors.add(door)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen %s: %w", d, err), door.listener.Close())
	}
	if d.framing == messages {
		door.serveWeb()
	}
	s.log.Info().Str("door", door.URL()).Msg("listening")
	for range acceptors {
		door.accepted.Go(door.accept)
	}
	return door, nil
}

func (ds *doors) add(d *Door) error {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.shut {
		return errors.New("the server is shutting down")
	}
	w := d.url.layout()
	i := 0
	for i < ds.used && ds.wires[i] != w {
		i++
	}
	if i == maxWires {
		return fmt.Errorf("there are at most %d different kinds of doors", maxWires)
	}
	if i == ds.used {
		ds.wires[i] = w
		ds.used++
	}
	d.wireAt = uint8(i)
	ds.open = append(ds.open, d)
	return nil
}

// backlogPatience bounds how long a door that closes goes on letting in whom the kernel has connected already: closed before that, it
// would reset their connections.
const backlogPatience = 500 * time.Millisecond

// close closes all doors and waits until nobody comes in any more. An acceptor waits for its loop, and a loop may look at the doors
// meanwhile; so they are not locked.
func (ds *doors) close() {
	open, until := ds.shutAll(), time.Now().Add(backlogPatience)
	for _, d := range open {
		d.closing.Store(&until)
		d.letIn()
	}
	for _, d := range open {
		d.accepted.Wait()
	}
}

// shutAll has no door added any more, and returns those that there are.
func (ds *doors) shutAll() []*Door {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.shut = true
	return append([]*Door(nil), ds.open...)
}

func (d *Door) listen() (err error) {
	if d.url.network == "unix" {
		if err = removeStale(d.url.address); err != nil {
			return err
		}
	}
	// Keep-alive is set on the listener: what it accepts inherits it, without five calls for each.
	config := net.ListenConfig{KeepAlive: -1, Control: d.server.limits.Load().control}
	d.listener, err = config.Listen(context.Background(), d.url.network, d.url.address)
	if err != nil {
		return plain(err)
	}
	if d.url.network == "tcp" {
		d.url.address = d.listener.Addr().String()
	}
	return nil
}

// plain is what went wrong without the words of package net around it.
func plain(err error) error {
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		return errors.New("address already in use (is another looproom running?)")
	case errors.Is(err, unix.EACCES):
		return errors.New("permission denied (ports under 1024 need privileges; a socket's folder must be writable)")
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// removeStale removes the socket file that a server left which no longer runs.
func removeStale(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return errors.New("that is a file, and no socket")
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
		return errors.New("address already in use (is another looproom running?)")
	}
	return os.Remove(path)
}

// URL is the door with its real port, without the files of its certificate.
func (d *Door) URL() string { return d.url.shown() }

// Tip is how a person connects, such as `nc localhost 7777`, or in brackets who connects instead of people.
func (d *Door) Tip() string { return d.url.tip() }

// form is the wire form of what a client of the door reads; here says that it is about its current room.
func (d *Door) form(here bool) uint8 {
	if here {
		return d.wireAt*2 + 1
	}
	return d.wireAt * 2
}

// acceptors is how many goroutines a door accepts with. Each waits until the loop has the connection, and the loop takes all that
// wait at once.
const acceptors = 4

// Bounds of the wait after an accept that failed, as by lack of descriptors.
const (
	backOffMin = 5 * time.Millisecond
	backOffMax = time.Second
)

func (d *Door) accept() {
	backOff := backOffMin
	for {
		c, err := d.listener.Accept()
		switch {
		case err == nil:
			backOff = backOffMin
			d.admit(c)
			d.letIn()
		case errors.Is(err, os.ErrDeadlineExceeded):
			d.listener.Close()
			return
		case errors.Is(err, net.ErrClosed):
			return
		default:
			d.server.acceptErrors.Add(1)
			d.server.log.Warn().Str("door", d.URL()).Err(err).Dur("again_in", backOff).Msg("accept failed")
			time.Sleep(backOff)
			backOff = min(2*backOff, backOffMax)
		}
	}
}

// letIn has a closing door's accept end when for a moment nobody has come.
func (d *Door) letIn() {
	until := d.closing.Load()
	if until == nil {
		return
	}
	deadline := time.Now().Add(10 * time.Millisecond)
	if deadline.After(*until) {
		deadline = *until
	}
	_ = d.listener.(interface{ SetDeadline(time.Time) error }).SetDeadline(deadline) // fails only on a closed listener
}

// forget takes back what a connection has been counted for. It comes once for each that was admitted, whatever ended it.
func (s *Server) forget(p *peer) {
	s.slots.give(p.id)
	s.giveMemory(p.door)
	if key, ok := keyOfPeer(p.address); ok {
		s.admission.Release(key, s.clock())
	}
}

// sendBuffer is SO_SNDBUF of each client's socket in bytes; the kernel doubles it for what it keeps beside the data. Left alone it grows
// to megabytes for clients that don't read, all of which are copied while the others wait.
const sendBuffer = 256 << 10

// control sets the options of a new listener that its connections inherit.
func (l *limits) control(network, _ string, c syscall.RawConn) error {
	if strings.HasPrefix(network, "unix") {
		return nil
	}
	var err error
	controlErr := c.Control(func(fd uintptr) {
		// Inline, urgent bytes keep their place in the stream: telnet's are the second half of a command.
		err = errors.Join(unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer),
			unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_OOBINLINE, 1))
	})
	return errors.Join(controlErr, err, setKeepAlive(c, l.PingEvery, l.PingTimeout))
}
