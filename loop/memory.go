//go:build linux

package loop

import (
	"math"
	"slices"
	"time"

	"looproom/loop/budget"
	"looproom/loop/door"
	"looproom/loop/ending"
	"looproom/loop/meter"
	"looproom/loop/room"
)

// What is counted for each of a kind, in bytes: measured where it can be, and else what it is at the worst. Package transfer has what files take.
const (
	// fullMemory is what the kernel holds for a client that takes nothing of anything else.
	fullMemory = 2 * door.SendBuffer
)

// fixedMemory is what the server takes by itself: the program, loops without clients, buffers for the disk, two passwords that are being
// checked, the table of files. It is no one's share; of a small ceiling it is a quarter.
const fixedMemory = 64 << 20

// setMostMemory makes the ceiling of all sources what is left of that of the process.
func (s *Server) setMostMemory(most int64) {
	if most > 0 {
		most -= min(fixedMemory, most/4)
	}
	s.budget.SetMost(most)
}

// held is what a loop's clients hold of the sources that can't be refused.
type held struct {
	sendq, recvq, kernel budget.Gauge
	sealed               int  // bytes that wait for slow clients in encrypted form, as of the last check
	shedding             bool // clients have just been dropped for it; an alarm is set
}

func newHeld(b *budget.Budget) held {
	return held{
		sendq: b.Gauge(budget.SendQ), recvq: b.Gauge(budget.RecvQ), kernel: b.Gauge(budget.Kernel),
	}
}

// weigh counts the input that waits of p anew, if it has changed.
func (l *eventLoop) weigh(p *peer) {
	change := p.session.Weigh()
	if change == 0 {
		return
	}
	l.held.recvq.Move(int64(change))
	if p.session.Weighed() > 0 && l.server.budget.Over() {
		l.askFlush() // which sheds
	}
}

// weighOutput counts what waits to be sent anew, and drops clients if it is too much.
func (l *eventLoop) weighOutput() {
	l.held.sendq.Set(int64(l.writer.Memory() + l.held.sealed))
	l.held.kernel.Set(int64(l.writer.Full()) * fullMemory)
	l.writer.SetSpill(int(min(l.server.budget.Left()/2, math.MaxInt32)))
	if l.server.budget.Over() {
		l.shed()
	}
}

// weighSealed counts the bytes that wait for slow clients in encrypted form. It goes through all that wait.
func (l *eventLoop) weighSealed() {
	l.held.sealed = 0
	for r := range l.writer.EachWaiting {
		if p := l.peer(room.ClientID(r.ID())); p != nil && p.secure() != nil {
			l.held.sealed += p.secure().Waits()
		}
	}
}

const (
	// shedPause is how long a loop waits at least before it drops more clients: it goes through all of them each time.
	shedPause = 10 * time.Millisecond
	// shedAtOnce is how many it drops then at most.
	shedAtOnce = 16
	// greedy is from how many bytes on a client can be dropped for what it holds.
	greedy = 32 << 10
)

// weight is what the server and the kernel hold for p that can be got back by dropping it, in bytes.
func (p *peer) weight() (out, in int) {
	if out = p.out.Owes(); p.out.Full() {
		out += fullMemory
	}
	return out, p.session.Weighed()
}

// shed drops the clients that hold most, until there is enough memory for the others.
func (l *eventLoop) shed() {
	if l.held.shedding {
		return // the alarm comes to it
	}
	found, pause := l.greediest(), shedPause
	if len(found) == 0 {
		pause = time.Second // nobody on this loop holds much
	}
	l.held.shedding = true
	l.setAlarm(pause, room.NoClient, shedAgain)
	for _, p := range found {
		if !l.server.budget.Over() {
			return
		}
		l.reactor.Guarded(p, func() { l.shedPeer(p) })
		l.held.sendq.Set(int64(l.writer.Memory() + l.held.sealed))
		l.held.kernel.Set(int64(l.writer.Full()) * fullMemory)
	}
}

// mayShedAgain is when shedPause has passed.
func (l *eventLoop) mayShedAgain() {
	l.held.shedding = false
	l.weighOutput()
}

func (l *eventLoop) shedPeer(p *peer) {
	out, in := p.weight()
	l.meter.Shed.Add(1)
	if in > out && !p.deaf() {
		l.ends.expel(p, room.Refusal{Why: room.HoldsTooMuch}, ending.TooMuchInput, "")
		l.weigh(p)
		return
	}
	l.ends.cut(p, ending.TooMuchOutput, "")
}

// greediest are the clients that hold most, at most shedAtOnce of them, the first of them first.
func (l *eventLoop) greediest() []*peer {
	found, weights := make([]*peer, 0, shedAtOnce), make([]int, 0, shedAtOnce)
	for _, p := range l.peers {
		if p == nil {
			continue
		}
		out, in := p.weight()
		if out+in < greedy || len(found) == shedAtOnce && out+in <= weights[shedAtOnce-1] {
			continue
		}
		at, _ := slices.BinarySearchFunc(weights, out+in, func(a, b int) int { return b - a })
		if len(found) == shedAtOnce {
			found, weights = found[:shedAtOnce-1], weights[:shedAtOnce-1]
		}
		found, weights = slices.Insert(found, at, p), slices.Insert(weights, at, out+in)
	}
	return found
}

func (s *Server) memoryStats() meter.MemoryStats {
	stats := meter.MemoryStats{BySource: map[string]int64{}, Most: s.budget.Most()}
	for _, source := range budget.All() {
		stats.BySource[source.String()] = s.budget.Held(source)
	}
	return stats
}
