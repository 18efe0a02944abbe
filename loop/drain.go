//go:build linux

package loop

import (
	"fmt"
	"time"

	"looproom/loop/ending"
	"looproom/loop/room"
)

// Drain ends the server: its doors close, every client is told and gets what waits for it, the connections close, the loops stop.
// Clients that have not taken all of it within timeout are cut off; the error says how many there were.
func (s *Server) Drain(timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	s.public.list.Leave()
	noMoreSaves(s)
	s.doors.Close()
	for _, l := range s.loops {
		if err := l.reactor.Call(l.endInput); err != nil {
			return err
		}
	}
	s.cluster.settle(deadline)
	// The home loop has all commands by now. What follows from them has been sent to the other loops when it is done with this.
	if err := s.homeLoop().reactor.Call(func() { s.homeLoop().exchange.send() }); err != nil {
		return err
	}
	for _, l := range s.loops {
		l.reactor.Post(l.sayClosingToAll)
	}
	left := s.doors.WaitEmpty(deadline)
	s.cluster.leave(deadline.Add(time.Second))
	s.stop()
	if left > 0 {
		return fmt.Errorf("%d clients had not taken all that waited for them after %v", left, timeout)
	}
	return nil
}

// noMoreSaves waits until no state is being taken, and has Save refuse from now on: commands that waited for that would be applied too late.
func noMoreSaves(s *Server) {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.ends = true
}

// endInput has the loop read no more, and sends the home loop what it has read.
func (l *eventLoop) endInput() {
	l.draining = true
	l.exchange.send()
}

func (l *eventLoop) sayClosingToAll() {
	for _, p := range l.peers {
		if p != nil && !p.closed() {
			l.sayClosing(p)
		}
	}
}

// sayClosing is the last that p is told.
func (l *eventLoop) sayClosing(p *peer) {
	if u := p.upload(); u != nil && !u.Over() {
		l.ends.cut(p, ending.UploadCut, "")
		return
	}
	if !l.server.doorOf(p).Echo() {
		l.fanOut.tell(p, refused(room.Refusal{Why: room.ShuttingDown}))
	}
	l.ends.note(p, p.end.Last(), "")
}
