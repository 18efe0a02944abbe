//go:build linux

package bystander

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// Options is who asks whom, and how often.
type Options struct {
	// Address is host:port, or the path of a Unix socket when it begins with a slash.
	Address string
	Dialect bench.Asker
	// Clients is how many there are. 0: one. A server that limits how often one client may ask needs several.
	Clients int
	// First is the number of the first one, for its name: clients of the same Dialect must have others.
	First int
	// Burst is how many of them may be on their way in at once. 0: 64.
	Burst int
	// Room is where they are.
	Room int
	// From is the address that they come from; "": the system's choice.
	From string
	// Rate is questions a second of all of them together.
	Rate float64
	// Pin has their thread run on these CPUs. nil: where the kernel likes.
	Pin []int
	// Patience is how long to wait at the end for what has not been answered. 0: DefaultPatience.
	Patience time.Duration
}

// DefaultPatience is longer than the worst that was ever seen of a server that came back.
const DefaultPatience = 30 * time.Second

const defaultBurst = 64

// Result is what they have seen.
type Result struct {
	// RoundTrip is of all questions; one that was not answered counts with the time that it was waited for.
	RoundTrip bench.Distribution
	Asked     int64
	Answered  int64
	// Late counts those that left over a millisecond after they were due.
	Late int64
	// Lost is why connections ended that should not have.
	Lost []string
}

// Group is bystanders that are in.
type Group struct {
	options Options
	members []*member
	epoll   int
	wake    int         // an eventfd, to end a wait
	mail    chan func() // what is to be done on the thread; at most one waits
	done    sync.WaitGroup

	// Of the thread.
	times   schedule
	asking  bool
	ended   bool
	turn    int // whose turn it is to ask
	result  Result
	scratch []byte
}

// Enter brings the bystanders in. The caller closes the group.
func Enter(ctx context.Context, o Options) (*Group, error) {
	if o.Rate <= 0 {
		return nil, errors.New("bystander: the rate has to be above 0")
	}
	o.Clients = max(o.Clients, 1)
	if o.Patience == 0 {
		o.Patience = DefaultPatience
	}
	g := &Group{options: o, epoll: -1, wake: -1, mail: make(chan func(), 1)}
	if err := g.enter(ctx); err != nil {
		g.release()
		return nil, err
	}
	g.done.Go(g.run)
	return g, nil
}

func (g *Group) enter(ctx context.Context) (err error) {
	if g.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("epoll_create1: %w", err)
	}
	if g.wake, err = unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC); err != nil {
		return fmt.Errorf("eventfd: %w", err)
	}
	if err := g.watch(g.wake, -1); err != nil {
		return err
	}
	if err := g.enterAll(ctx); err != nil {
		return err
	}
	for i, m := range g.members {
		if err := g.watch(m.fd, int32(i)); err != nil {
			return err
		}
	}
	return nil
}

// enterAll brings them in, as many at once as may be: some servers let clients in once a second.
func (g *Group) enterAll(ctx context.Context) error {
	came := make([]*member, g.options.Clients)
	errs := make([]error, g.options.Clients)
	var coming sync.WaitGroup
	places := make(chan struct{}, cmp.Or(g.options.Burst, defaultBurst))
	for i := range came {
		places <- struct{}{}
		coming.Go(func() {
			defer func() { <-places }()
			came[i], errs[i] = enter(ctx, &g.options, g.options.First+i)
		})
	}
	coming.Wait()
	for _, m := range came {
		if m != nil {
			g.members = append(g.members, m)
		}
	}
	if err := cmp.Or(errs...); err != nil {
		return fmt.Errorf("bystander: %w", err)
	}
	return nil
}

func (g *Group) watch(fd int, index int32) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: index}
	if err := unix.EpollCtl(g.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// Begin has them ask.
func (g *Group) Begin() {
	g.do(func() {
		g.result = Result{}
		g.times = newSchedule(g.options.Rate, time.Now())
		g.asking = true
	})
}

// End has them stop, waits for the answers that are still to come, and returns what was seen since Begin. Without an answer for the patience it
// waits no longer, nor when ctx is done.
func (g *Group) End(ctx context.Context) Result {
	var answered int64
	look := func() { answered = g.result.Answered }
	g.do(func() { g.asking = false; look() })
	last, since := answered, time.Now()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for g.waiting() && time.Since(since) < g.options.Patience && ctx.Err() == nil {
		select {
		case <-again.C:
		case <-ctx.Done():
		}
		if g.do(look); answered != last {
			last, since = answered, time.Now()
		}
	}
	var result Result
	g.do(func() {
		g.giveUp()
		result = g.result
	})
	return result
}

// waiting is true as long as an answer may still come.
func (g *Group) waiting() (waiting bool) {
	g.do(func() {
		for _, m := range g.members {
			waiting = waiting || (m.fd >= 0 && len(m.sent) > 0)
		}
	})
	return waiting
}

// Close ends their connections.
func (g *Group) Close() {
	g.do(func() { g.ended = true })
	g.done.Wait()
	g.release()
}

// do has f run on the thread and waits for it.
func (g *Group) do(f func()) {
	done := make(chan struct{})
	g.mail <- func() { f(); close(done) }
	_, _ = unix.Write(g.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails only when it is awake already
	<-done
}

func (g *Group) release() {
	for _, m := range g.members {
		m.close()
	}
	for _, fd := range []int{g.epoll, g.wake} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}
