//go:build linux

package loop

import (
	"math"
	"slices"
	"time"

	"looproom/loop/budget"
	"looproom/loop/delivery"
	"looproom/loop/room"
)

// scale weighs what a loop's clients hold of the memory that can't be refused, and sheds those who hold most when there is too little. It belongs to the loop's
// goroutine.
type scale struct {
	budget               *budget.Budget
	writer               *delivery.Writer
	peers                *peers
	sendq, recvq, kernel budget.Gauge
	sealed               int  // bytes that wait for slow clients in encrypted form, as of the last check
	shedding             bool // clients have just been shed; again has been asked for

	// drop ends the connection of a client who holds much: of its input more than of what is to be sent to it, if input says so.
	drop func(p *peer, input bool)
	// again has mayShedAgain called after a time, and later has tidy.
	again, later func(after time.Duration)
	tidies       bool // later has been asked for
}

func newScale(b *budget.Budget, w *delivery.Writer, ps *peers) scale {
	return scale{budget: b, writer: w, peers: ps, sendq: b.Gauge(budget.SendQ), recvq: b.Gauge(budget.RecvQ), kernel: b.Gauge(budget.Kernel)}
}

// weighInput counts the input that waits of p anew, if it has changed. It says whether that is a reason to shed, at the next weighOutput.
func (s *scale) weighInput(p *peer) (short bool) {
	change := p.session.Weigh()
	if change == 0 {
		return false
	}
	s.recvq.Move(int64(change))
	return p.session.Weighed() > 0 && s.budget.Over()
}

// weighOutput counts what waits to be sent anew, and sheds clients if it is too much.
func (s *scale) weighOutput() {
	s.count()
	s.writer.SetSpill(int(min(s.budget.Left()/2, math.MaxInt32)))
	if s.budget.Over() {
		delivery.Tidy(s.writer, true)
		s.count()
	}
	if s.budget.Over() {
		s.shed()
	}
	if !s.tidies && delivery.Lavish(s.writer) {
		s.tidies = true
		s.later(tidyEvery)
	}
}

// tidyEvery is how often memory that is kept for the next burst is given back, if there was none.
const tidyEvery = time.Second

// tidy gives it back.
func (s *scale) tidy() {
	s.tidies = false
	delivery.Tidy(s.writer, false)
	s.weighOutput()
}

func (s *scale) count() {
	s.sendq.Set(int64(s.writer.Memory() + s.sealed))
	s.kernel.Set(int64(s.writer.Full()) * fullMemory)
}

// weighSealed counts the bytes that wait for slow clients in encrypted form. It goes through all that wait.
func (s *scale) weighSealed() {
	s.sealed = 0
	for r := range s.writer.EachWaiting {
		if p := s.peers.of(room.ClientID(r.ID())); p != nil && p.secure() != nil {
			s.sealed += p.secure().Waits()
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
func (s *scale) shed() {
	if s.shedding {
		return // mayShedAgain comes to it
	}
	found, pause := s.greediest(), shedPause
	if len(found) == 0 {
		pause = time.Second // nobody on this loop holds much
	}
	s.shedding = true
	s.again(pause)
	for _, p := range found {
		if !s.budget.Over() {
			return
		}
		out, in := p.weight()
		s.drop(p, in > out)
		s.count()
	}
}

// mayShedAgain is when the pause is over.
func (s *scale) mayShedAgain() {
	s.shedding = false
	s.weighOutput()
}

// greediest are the clients that hold most, at most shedAtOnce of them, the first of them first.
func (s *scale) greediest() []*peer {
	found, weights := make([]*peer, 0, shedAtOnce), make([]int, 0, shedAtOnce)
	for _, p := range *s.peers {
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
