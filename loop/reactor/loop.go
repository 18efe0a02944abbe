//go:build linux

package reactor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/panjf2000/gnet/v2"
	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"
)

// Config is what a Loop needs to know.
type Config struct {
	// Index names the loop in logs and errors.
	Index int
	// ReadSize is how much is read from one socket at once, in bytes; a power of two.
	ReadSize int
	// Clock is a clock that never goes back. Safe for any goroutine.
	Clock func() time.Duration
	Log   zerolog.Logger
}

// Descriptors is how many a Loop has open at most besides those of its clients: its epolls, the two ends of its own connection and of its bell, and those of the moments of
// enrolling.
const Descriptors = 6 + enrolsAtOnce

// Loop is one event loop: a gnet engine of its own, so that a connection can be enrolled where it is wanted. It must be made by Start. Fields without a word on it
// belong to the loop's goroutine alone.
type Loop struct {
	handler Handler
	config  Config
	engine  *gnet.Client
	tasks   gnet.EventLoop // safe for any goroutine
	anchor  int            // the far end of the connection through which tasks reach the loop
	epoll   int            // gnet's, -1 if it could not be found
	noPause error          // why not

	mail    mailbox // safe for any goroutine
	enrols  enrols  // safe for any goroutine
	pulse   pulse   // safe for any goroutine
	waker   *waker
	bell    bell // safe for any goroutine
	stopped atomic.Bool

	wanted   int         // callbacks since the bell last rang
	under    []callback  // way: the last is in the middle of the one before
	ending   []gnet.Conn // are to end when the step at hand is over
	endingOn bool
	paused   map[*Conn]struct{} // are not read; few at a time
	wheel    wheel
	timer    *Timer // of the alarms
	rings    []alarm
	letters  letters
	laters   []func() // wait until the input that has come is read; see AfterInput
	latersb  []func()
}

// Start starts a loop. An error of CanPause doesn't keep it from that.
func Start(handler Handler, config Config) (*Loop, error) {
	l := &Loop{handler: handler, config: config, paused: map[*Conn]struct{}{}}
	l.enrols.init()
	l.timer = l.NewTimer(l.ring)
	engine, err := gnet.NewClient(&callbacks{loop: l}, gnet.WithNumEventLoop(1), gnet.WithLogger(gnetLogger{config.Log}), gnet.WithReadBufferCap(config.ReadSize),
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
		return nil, errors.Join(err, engine.Stop(), unix.Close(l.anchor))
	}
	if err = l.hangBell(); err != nil {
		l.Stop()
		return nil, err
	}
	return l, nil
}

// callback is a step about a connection, in the middle of which gnet can't close it.
type callback struct {
	conn   *Conn
	closes bool // gnet is to close it behind that
}

// anchorContext marks the connection through which tasks reach the loop.
type anchorContext struct{}

// anchorTasks gives access to gnet's loop, which there is only through a connection in it.
func (l *Loop) anchorTasks() error {
	c, far, err := ownPair(l.engine, anchorContext{})
	if err != nil {
		return err
	}
	l.tasks, l.anchor = c.EventLoop(), far
	l.epoll, l.noPause = epollOf(c.Fd())
	return nil
}

// ownPair enrols one end of a socket pair under that context. The descriptor of the other end is the caller's.
func ownPair(engine *gnet.Client, context any) (near gnet.Conn, far int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, -1, fmt.Errorf("socketpair: %w", err)
	}
	conn, err := NetConn(fds[0])
	if err == nil {
		near, err = engine.EnrollContext(conn, context)
	}
	if err != nil {
		return nil, -1, errors.Join(err, unix.Close(fds[1]))
	}
	return near, fds[1], nil
}

// NetConn wraps a descriptor, which it takes over, as a net.Conn. Safe for any goroutine.
func NetConn(fd int) (net.Conn, error) {
	file := os.NewFile(uintptr(fd), "")
	defer file.Close()
	return net.FileConn(file)
}

// Task is what a loop does again and again at the end of a round. NewTask makes it, so that asking for it takes no memory but gnet's.
type Task struct {
	loop *Loop
	run  gnet.Runnable
}

// NewTask returns a task that is f.
func (l *Loop) NewTask(f func()) *Task { return &Task{l, runnable(func() { l.one(f) })} }

// Soon runs t as a step at the end of the round at hand, before what is posted from now on. Loop only.
func (t *Task) Soon() { t.loop.execute(t.run) }

func runnable(f func()) gnet.Runnable {
	return gnet.RunnableFunc(func(context.Context) error {
		f()
		return nil
	})
}

func (l *Loop) execute(task gnet.Runnable) {
	err := l.tasks.Execute(context.Background(), task)
	if err != nil && !l.stopped.Load() {
		l.config.Log.Error().Err(err).Int("loop", l.config.Index).Msg("task refused by the event loop")
	}
}

// one runs f as a step by itself.
func (l *Loop) one(f func()) {
	l.handler.Begins()
	l.step(f)
	l.handler.Rests()
}

// step runs f as a step.
func (l *Loop) step(f func()) {
	l.Guarded(nil, f)
	l.stepEnds()
}

// Guarded runs f. A panic in it comes to Handler.Panicked with c, and costs nobody else anything; gnet would let it end the process. It says whether f came to its
// end. Loop only.
func (l *Loop) Guarded(c Client, f func()) (ended bool) {
	defer l.Recovered(c)
	f()
	return true
}

// Recovered is the deferred part of Guarded, where a closure is too dear. Loop only.
func (l *Loop) Recovered(c Client) {
	if r := recover(); r != nil {
		l.handler.Panicked(c, r)
	}
}

// Stop ends the loop, and with it all connections that it holds (ErrStopped). Letters that wait are not read. It returns when the loop has ended. Once. Safe for any goroutine but the loop's.
func (l *Loop) Stop() {
	if l.stopped.Swap(true) {
		return
	}
	l.timer.timer.Stop()
	l.waker.stop()
	l.bell.stop()
	if err := l.engine.Stop(); err != nil {
		l.config.Log.Debug().Err(err).Int("loop", l.config.Index).Msg("stopping the event loop")
	}
	unix.Close(l.anchor)
	l.bell.fall()
}

// pulse is how others find out whether a loop is alive: a question that it answers when it comes to its mail. There is at most one
// under way, however many ask.
type pulse struct {
	mu       sync.Mutex
	question chan struct{} // closed by the answer; nil: none is under way
}

// Alive returns a channel that is closed when the loop answers. Safe for any goroutine.
func (l *Loop) Alive() <-chan struct{} {
	l.pulse.mu.Lock()
	defer l.pulse.mu.Unlock()
	if l.pulse.question == nil {
		l.pulse.question = make(chan struct{})
		l.Post(l.pulse.answer)
	}
	return l.pulse.question
}

func (p *pulse) answer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.question)
	p.question = nil
}
