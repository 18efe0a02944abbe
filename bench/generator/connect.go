//go:build linux

package generator

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

var (
	errRefused = errors.New("refused by the server")
	errDropped = errors.New("dropped by the server")
)

// dialMore has more clients begin to connect, as long as not too many are on their way.
func (w *worker) dialMore() {
	for len(w.toDial) > 0 && w.dialing < max(1, w.fleet.options.Burst/len(w.fleet.workers)) {
		c := w.toDial[0]
		w.toDial = w.toDial[1:]
		w.dialing++
		c.dialed = int64(w.fleet.now())
		if err := w.dial(c); err != nil {
			c.stage = closed
			w.failed(c, err)
		}
	}
}

func (w *worker) dial(c *client) error {
	if err := c.dial(w.targets[c.way][c.node]); err != nil {
		return err
	}
	c.polled = c.wants()
	event := unix.EpollEvent{Events: c.polled, Fd: int32(w.indexOf(c))}
	if err := unix.EpollCtl(w.epoll, unix.EPOLL_CTL_ADD, c.fd, &event); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// writable goes on with what c could not write before.
func (w *worker) writable(c *client) {
	if c.stage != connecting {
		if err := c.sendMore(); err != nil {
			w.end(c, err)
		}
		return
	}
	code, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && code != 0 {
		err = unix.Errno(code)
	}
	if err != nil {
		w.end(c, fmt.Errorf("connect: %w", err))
		return
	}
	c.stage = greeting
	c.steps = w.fleet.hello(c)
	w.greet(c)
}

// greet sends the hello's next step, or those that await nothing.
func (w *worker) greet(c *client) {
	for len(c.steps) > 0 {
		c.hello = c.hello[:0]
		if err := c.send(c.steps[0].Send); err != nil {
			w.end(c, err)
			return
		}
		if len(c.steps[0].Await) > 0 {
			return
		}
		c.steps = c.steps[1:]
	}
	w.welcome(c)
}

// greeted looks for the end of the hello's step in what has come.
func (w *worker) greeted(c *client, in []byte) {
	w.control(c, in)
	if c.stage != greeting {
		return
	}
	c.hello = append(c.hello, in...)
	step := &c.steps[0]
	if len(step.Refused) > 0 && bytes.Contains(c.hello, step.Refused) {
		w.end(c, errRefused)
		return
	}
	if !bytes.Contains(c.hello, step.Await) {
		// A long hello, such as the names of thousands of members, is not kept.
		if keep := 4096; len(c.hello) > 4*keep {
			c.hello = append(c.hello[:0], c.hello[len(c.hello)-keep:]...)
		}
		return
	}
	c.steps = c.steps[1:]
	w.greet(c)
}

func (w *worker) welcome(c *client) {
	c.stage, c.hello, c.steps = ready, nil, nil
	w.dialing--
	w.in.Add(1)
	if w.fleet.storm {
		w.counts.latency.record(time.Duration(int64(w.fleet.now()) - c.dialed))
	}
}

// end is when c's connection is over though it should not be.
func (w *worker) end(c *client, err error) {
	was := c.stage
	c.cut()
	switch was {
	case ready:
		w.in.Add(-1)
		w.note(c, err)
	case leaving:
		w.fleet.left.Add(1)
	default:
		w.failed(c, err)
	}
}

// failed is when c could not come in.
func (w *worker) failed(c *client, err error) {
	w.dialing--
	w.fleet.failed.Add(1)
	w.note(c, err)
}

func (w *worker) note(c *client, err error) {
	reason := err.Error()
	if c.slow {
		reason = "slow reader: " + reason
	}
	w.lost[reason]++
}

// leave has all clients say goodbye and close.
func (w *worker) leave() {
	for _, c := range w.clients {
		if c.stage != ready {
			continue
		}
		w.in.Add(-1)
		c.stage = leaving
		w.scratch = w.fleet.dialect(c).Goodbye(w.scratch[:0], c.index)
		if len(w.scratch) == 0 || c.send(w.scratch) != nil {
			c.cut()
			w.fleet.left.Add(1)
			continue
		}
		w.poll(c)
	}
}
