//go:build linux

package bystander

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// lateBy is from when on a question counts as late.
const lateBy = time.Millisecond

// maxWaiting is how many questions of one client may be without an answer; beyond that it asks no more until one comes.
const maxWaiting = 1 << 16

// run is the thread's life; it ends with the group.
func (g *Group) run() {
	// Never unlocked: the thread, whose priority it is, ends with the goroutine.
	runtime.LockOSThread()
	favour(g.options.Pin)
	events := make([]unix.EpollEvent, 64)
	for !g.ended {
		n, err := g.wait(events)
		if err != nil && !errors.Is(err, unix.EINTR) {
			panic(fmt.Sprintf("epoll_pwait2: %v", err)) // only a wrong argument can be the cause
		}
		for _, e := range events[:max(n, 0)] {
			if e.Fd < 0 {
				g.readMail()
			} else if m := g.members[e.Fd]; m.fd >= 0 {
				g.hear(m)
			}
		}
		g.askDue()
	}
}

// favour pins the thread, and has it run before others and wake in time if it may. Where it may not, what left late says so.
func favour(cpus []int) {
	if len(cpus) > 0 {
		var set unix.CPUSet
		for _, cpu := range cpus {
			set.Set(cpu)
		}
		_ = unix.SchedSetaffinity(0, &set) // the report says what was asked for
	}
	_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), -20)
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
}

// wait waits for input until the next question is due.
func (g *Group) wait(events []unix.EpollEvent) (int, error) {
	wait := -1
	if g.asking {
		left := time.Until(g.times.next)
		if left > 0 && left < time.Millisecond {
			// epoll_wait can't wait for less than a millisecond.
			pause := unix.NsecToTimespec(int64(left))
			_, err := unix.Ppoll([]unix.PollFd{{Fd: int32(g.epoll), Events: unix.POLLIN}}, &pause, nil)
			if err != nil {
				return 0, err
			}
			left = 0
		}
		wait = max(0, int(left/time.Millisecond))
	}
	return unix.EpollWait(g.epoll, events, wait)
}

func (g *Group) readMail() {
	var b [8]byte
	_, _ = unix.Read(g.wake, b[:]) // only empties it
	select {
	case f := <-g.mail:
		f()
	default:
	}
}

// askDue asks what is due.
func (g *Group) askDue() {
	for g.asking {
		now := time.Now()
		due, ok := g.times.take(now)
		if !ok {
			return
		}
		if now.Sub(due) > lateBy {
			g.result.Late++
		}
		g.ask(g.members[g.turn%len(g.members)])
		g.turn++
	}
}

func (g *Group) ask(m *member) {
	if m.fd < 0 || len(m.sent) >= maxWaiting {
		return
	}
	g.scratch = g.options.Dialect.Ask(g.scratch[:0])
	began := wallClock()
	if err := m.send(g.scratch); err != nil {
		g.lose(m, err)
		return
	}
	m.sent = append(m.sent, began)
	g.result.Asked++
}

// hear takes what has come for m.
func (g *Group) hear(m *member) {
	in, at, err := m.receive()
	if err != nil {
		g.lose(m, err)
		return
	}
	for range min(m.answers.Count(in), len(m.sent)) {
		g.result.RoundTrip.Record(time.Duration(at - m.sent[0]))
		g.result.Answered++
		m.sent = m.sent[1:]
	}
	if g.scratch = g.options.Dialect.Control(g.scratch[:0], in); len(g.scratch) > 0 {
		if err := m.send(g.scratch); err != nil {
			g.lose(m, err)
		}
	}
}

// lose is when m's connection is over though it should not be.
func (g *Group) lose(m *member, err error) {
	if errors.Is(err, io.EOF) {
		err = errors.New("closed by the server")
	}
	g.result.Lost = append(g.result.Lost, err.Error())
	m.close()
}

// giveUp counts what has not been answered.
func (g *Group) giveUp() {
	now := wallClock()
	for _, m := range g.members {
		for _, began := range m.sent {
			g.result.RoundTrip.Record(time.Duration(now - began))
		}
		m.sent = nil
	}
}

// wallClock is in the nanoseconds of the kernel's time stamps.
func wallClock() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_REALTIME, &t) // it is there on all of Linux
	return t.Nano()
}

// schedule is when questions are due: at random, as those of many who don't know of each other.
type schedule struct {
	gap  float64 // mean, in nanoseconds
	next time.Time
	dice *rand.Rand
}

func newSchedule(rate float64, start time.Time) schedule {
	s := schedule{gap: float64(time.Second) / rate, next: start, dice: rand.New(rand.NewPCG(1, 2))}
	s.step()
	return s
}

func (s *schedule) step() { s.next = s.next.Add(time.Duration(s.dice.ExpFloat64() * s.gap)) }

// take returns when the next question is due and goes on to the one after, if that time has come.
func (s *schedule) take(now time.Time) (due time.Time, ok bool) {
	if s.next.After(now) {
		return time.Time{}, false
	}
	due = s.next
	s.step()
	return due, true
}
