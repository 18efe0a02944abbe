//go:build linux

package loop

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/panjf2000/gnet/v2"
	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/delivery"
	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/transport"
)

// eventLoop is one event loop and all that it owns. Fields without a word on it belong to the loop's goroutine alone.
type eventLoop struct {
	gnet.BuiltinEventEngine
	server *Server
	index  int
	engine *gnet.Client
	tasks  gnet.EventLoop // safe for any goroutine
	anchor net.Conn       // the far end of the connection through which tasks reach the loop
	epoll  int            // gnet's, -1 if it could not be found
	// anchorFD is its descriptor.
	anchorFD int
	mail     mailbox       // safe for any goroutine
	clients  atomic.Int32  // how many connections are enrolled or about to be
	enrols   chan struct{} // one entry for each connection that is being enrolled
	waker    *waker
	stopped  atomic.Bool
	pulse    pulse // safe for any goroutine

	round    round
	turns    turns
	meter    *meter.Loop // its Counters are safe for any goroutine
	peers    []*peer     // by slot
	mirror   mirror
	writer   *delivery.Writer
	held     held
	uploads  uploads
	checking bool  // an alarm is set to look at those who read slowly
	reading  *peer // whose input is being looked at
	// closeReading says that gnet is to close the connection of reading, as soon as it may.
	closeReading bool

	guests  guests
	wheel   wheel
	timer   *time.Timer
	timerAt time.Duration // what timer is set to, 0 if it isn't

	telling telling           // the event that is being delivered
	groups  []*delivery.Group // scratch: of an event
	text    []byte            // scratch: an event as text
	rings   []alarm
	cmd     room.Command // scratch: the command at hand
	asks    codec.TelnetAsks
	sealer  transport.Sealer
	letters letters
	laters  []func() // wait until the input that has come is read; see afterInput
	latersb []func()

	flushAsked bool
	flushTimer *time.Timer    // ends a wait for more messages
	wakeAt     time.Duration  // what flushTimer is set to, 0 if it isn't
	toHome     []room.Command // commands for the home loop, of this batch
	draining   bool

	// Of the home loop only.
	state        *room.State
	housekeeping housekeeping
	applying     bool
	queue        []room.Command // came up while another command's events were being delivered
	toLoops      [][]room.Event // by loop: events of this batch
	leaving      []room.Command // Disconnect, of clients whose connections have ended; see hasLeft
}

// anchorContext marks the connection through which tasks reach the loop.
type anchorContext struct{}

// startLoop starts a gnet engine of one event loop, and the loop's waker.
func startLoop(s *Server, index int) (*eventLoop, error) {
	l := &eventLoop{server: s, index: index, meter: meter.NewLoop(index, s.clock, s.log), held: newHeld(&s.budget), enrols: make(chan struct{}, enrolsAtOnce)}
	l.writer = delivery.New(host{l}, s.limits.Load().delivery())
	l.mirror = newMirror(l.writer)
	l.uploads = uploads{l}
	l.timer = time.AfterFunc(time.Hour, func() { l.post(l.ring) })
	l.timer.Stop()
	l.flushTimer = time.AfterFunc(time.Hour, func() { l.post(l.waitOver) })
	l.flushTimer.Stop()
	engine, err := gnet.NewClient(l, gnet.WithNumEventLoop(1), gnet.WithLogger(gnetLogger{s.log}), gnet.WithReadBufferCap(readSize),
		gnet.WithTCPNoDelay(gnet.TCPDelay)) // package net has turned Nagle off
	if err != nil {
		return nil, err
	}
	if err := engine.Start(); err != nil {
		return nil, err
	}
	l.engine = engine
	if err := l.anchorTasks(); err != nil {
		return nil, errors.Join(err, engine.Stop())
	}
	if l.waker, err = startWaker(l); err != nil {
		return nil, errors.Join(err, engine.Stop())
	}
	return l, nil
}

// anchorTasks enrols one end of a socket pair: gnet gives access to a loop only through a connection in it.
func (l *eventLoop) anchorTasks() error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("socketpair: %w", err)
	}
	near, err := connOf(fds[0])
	if err != nil {
		return errors.Join(err, unix.Close(fds[1]))
	}
	if l.anchor, err = connOf(fds[1]); err != nil {
		return errors.Join(err, near.Close())
	}
	l.anchorFD = rawDescriptor(l.anchor)
	c, err := l.engine.EnrollContext(near, anchorContext{})
	if err != nil {
		return err
	}
	l.tasks = c.EventLoop()
	if l.epoll, err = epollOf(c.Fd()); err != nil {
		l.server.log.Warn().Err(err).Msg("clients that don't read their answers are disconnected by --recvq, where they would only wait")
	}
	return nil
}

// connOf wraps a descriptor, which it takes over, as a net.Conn.
func connOf(fd int) (net.Conn, error) {
	file := os.NewFile(uintptr(fd), "")
	defer file.Close()
	return net.FileConn(file)
}

func (l *eventLoop) isHome() bool { return l.index == 0 }

// post runs letter on the loop, after what was posted before. Safe for any goroutine. Once the server has stopped it does
// nothing.
func (l *eventLoop) post(letter func()) {
	if l.mail.post(letter) {
		l.execute(l.readMail)
	}
}

// call runs f on the loop and waits for it. It must not be called on a loop.
func (l *eventLoop) call(f func()) error {
	return l.callUntil(func(done func()) { defer done(); f() })
}

// callUntil is call for what ends in a later turn of the loop, which is when f calls done.
func (l *eventLoop) callUntil(f func(done func())) error {
	ended := make(chan struct{})
	l.post(func() { f(func() { close(ended) }) })
	select {
	case <-ended:
		return nil
	case <-time.After(callPatience):
		return fmt.Errorf("event loop %d does not answer", l.index)
	}
}

// callPatience is how long call waits for a loop that is busy.
const callPatience = 10 * time.Second

func (l *eventLoop) execute(task func()) {
	err := l.tasks.Execute(context.Background(), gnet.RunnableFunc(func(context.Context) error {
		l.guarded(nil, task)
		return nil
	}))
	if err != nil && !l.stopped.Load() {
		l.server.log.Error().Err(err).Int("loop", l.index).Msg("task refused by the event loop")
	}
}

// stop ends the loop and closes what it holds.
func (l *eventLoop) stop() {
	if err := l.call(l.shutAll); err != nil {
		l.server.log.Error().Err(err).Msg("stopping the event loop")
	}
	if l.stopped.Swap(true) {
		return
	}
	l.timer.Stop()
	l.flushTimer.Stop()
	l.waker.stop()
	if err := l.engine.Stop(); err != nil {
		l.server.log.Debug().Err(err).Int("loop", l.index).Msg("stopping the event loop")
	}
	l.anchor.Close()
}

// peer returns the client's peer, nil if it is not on this loop or no longer.
func (l *eventLoop) peer(id room.ClientID) *peer {
	if slot := int(id.Slot()); slot < len(l.peers) {
		if p := l.peers[slot]; p != nil && p.id == id {
			return p
		}
	}
	return nil
}
