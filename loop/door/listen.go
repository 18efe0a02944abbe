//go:build linux

package door

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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

	"looproom/loop/meter"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// Door is one listener, with what its URL says. Port 0 of that is replaced by the real one.
type Door struct {
	URL
	// Census counts its connections, by whoever has enrolled them.
	Census   meter.Census
	doors    *Doors
	number   uint16
	voices   [1 + len(protocols)]uint8 // the numbers of its voices: its own, and one for each subprotocol if it has them
	listener net.Listener
	keys     atomic.Pointer[tls.Config] // of a door with TLS
	knocks   *knocks
	accepted sync.WaitGroup
	guests   atomic.Uint64             // counts clients without an address
	closing  atomic.Pointer[time.Time] // when to let nobody in any more, if the door is closing
	web      *webDoor                  // of a door for browsers
}

// Listen opens a door, by which people come in at once.
func (ds *Doors) Listen(u URL) (*Door, error) {
	ds.setting.Lock()
	defer ds.setting.Unlock()
	d := &Door{doors: ds, URL: u}
	if err := d.listen(); err != nil {
		return nil, fmt.Errorf("listen %s: %w", u, err)
	}
	err := d.useCertificate()
	if err == nil {
		d.knocks = d.attend()
		err = ds.add(d)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen %s: %w", u, err), d.close())
	}
	if d.kind.pages {
		d.serveWeb()
	}
	ds.cfg.Log.Info().Str("door", d.Shown()).Msg("listening")
	for range acceptors {
		d.accepted.Go(d.accept)
	}
	return d, nil
}

func (d *Door) listen() (err error) {
	if d.network == "unix" {
		if err = removeStale(d.address); err != nil {
			return err
		}
	}
	// Keep-alive is set on the listener: what it accepts inherits it, without five calls for each.
	config := net.ListenConfig{KeepAlive: -1, Control: d.doors.limits.Load().control}
	d.listener, err = config.Listen(context.Background(), d.network, d.address)
	if err != nil {
		return Plain(err)
	}
	if d.network == "tcp" {
		d.address = d.listener.Addr().String()
	}
	return nil
}

// Plain is what went wrong when something was to be listened at, without the words of package net around it.
func Plain(err error) error {
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

// Number is the door's, for Doors.Numbered: a quarter of a pointer, where there are very many.
func (d *Door) Number() uint16 { return d.number }

// Leave takes back what a connection that was enrolled has been counted for: once for each, at its end. name is its Name.
func (d *Door) Leave(id room.ClientID, name string) {
	d.doors.slots.give(id)
	d.giveMemory()
	if key, ok := remote.KeyOf(name); ok {
		d.doors.admission.Release(key, d.doors.host.Now())
	}
}

// useCertificate reads the door's files, and serves by them whoever comes from now on. When they are broken, nothing has changed.
func (d *Door) useCertificate() error {
	if !d.secure {
		return nil
	}
	config, err := d.files.load()
	if err != nil {
		return err
	}
	d.keys.Store(config)
	d.logCertificate(config.Certificates[0].Leaf)
	return nil
}

// logCertificate says which certificate is served now.
func (d *Door) logCertificate(leaf *x509.Certificate) {
	line := d.doors.cfg.Log.Info()
	now, words := time.Now(), "certificate"
	switch {
	case now.After(leaf.NotAfter):
		line, words = d.doors.cfg.Log.Warn(), "certificate has expired: clients will refuse it"
	case now.Before(leaf.NotBefore):
		line, words = d.doors.cfg.Log.Warn(), "certificate is not valid yet: clients will refuse it"
	}
	line.Str("door", d.Shown()).Str("file", d.files.cert).Str("subject", leaf.Subject.String()).Strs("names", leaf.DNSNames).
		Time("not_after", leaf.NotAfter).Msg(words)
}

// SendBuffer is SO_SNDBUF of each client's socket in bytes; the kernel doubles it for what it keeps beside the data. Left alone it grows
// to megabytes for clients that don't read, all of which are copied while the others wait.
const SendBuffer = 256 << 10

// control sets the options of a new listener that its connections inherit.
func (l *Limits) control(network, _ string, c syscall.RawConn) error {
	if strings.HasPrefix(network, "unix") {
		return nil
	}
	var err error
	controlErr := c.Control(func(fd uintptr) {
		// Inline, urgent bytes keep their place in the stream: telnet's are the second half of a command.
		err = errors.Join(unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUF, SendBuffer),
			unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_OOBINLINE, 1))
	})
	return errors.Join(controlErr, err, setKeepAlive(c, l.PingEvery, l.PingTimeout))
}
