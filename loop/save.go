//go:build linux

package loop

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"looproom/loop/reactor"
	"looproom/loop/room"
)

var (
	// errEnds is the error of Save when the server is about to end, or has ended.
	errEnds     = errors.New("the server ends")
	errPanicked = errors.New("it has panicked")
)

// Save writes the state of the chat to w, as room.Restore reads it: that of one moment, at which all commands before have been applied and none behind. It is safe for any
// goroutine but those of the loops.
//
// Meanwhile the loops go on with all but commands: the state is taken in pieces of half a millisecond, with a round of each loop between two, and nobody has a turn with its input, which
// waits with the client but for the one read that brought it. So what waits in memory until the state is taken is a few commands for each client at most, for its coming and
// going and for what the server has found out for it. The state itself is in memory once more, as it is saved, until w has taken it; nobody waits for w.
func (s *Server) Save(w io.Writer) error {
	return saveBehind(s, w, nil)
}

// saveBehind is Save, and writes what head returns in front, at the moment of the state; nil: nothing.
func saveBehind(s *Server, w io.Writer, head func() []byte) error {
	taken, err := takeState(s, head)
	if err != nil {
		return fmt.Errorf("save the chat: %w", err)
	}
	for i, piece := range taken.pieces {
		if _, err := w.Write(piece); err != nil {
			return fmt.Errorf("save the chat: %w", err)
		}
		taken.pieces[i] = nil
	}
	return nil
}

// takeState takes the state, and returns when the chat has gone on.
func takeState(s *Server, head func() []byte) (*saving, error) {
	s.setting.Lock() // whoever sets something may count on it that commands are applied
	defer s.setting.Unlock()
	if s.ends {
		return nil, errEnds
	}
	defer proceed(s)
	for _, l := range s.loops {
		if err := l.reactor.Call(l.input.Suspend); err != nil {
			return nil, err
		}
	}
	v := &saving{home: s.homeLoop().home, head: head}
	if err := s.homeLoop().reactor.CallUntil(v.begin); err != nil {
		v.abandoned.Store(true)
		return nil, err
	}
	return v, v.err
}

// proceed has the input of all clients go on.
func proceed(s *Server) {
	for _, l := range s.loops {
		l.reactor.Post(func() {
			if l.input.Proceed() {
				l.reactor.AfterInput(l.inputs.takeTurns)
			}
		})
	}
}

// saving is a state that is being taken. It belongs to the home loop's goroutine until done has been called.
type saving struct {
	home      *home
	head      func() []byte
	saver     *room.Saver
	pieces    [][]byte
	longest   time.Duration // that the loop was at one piece
	err       error
	done      func()
	abandoned atomic.Bool // nobody waits for it any more
}

// Write implements io.Writer, for the Saver.
func (v *saving) Write(b []byte) (int, error) {
	v.pieces = append(v.pieces, slices.Clone(b))
	return len(b), nil
}

// begin takes the first piece. done is called when all has been taken, and all commands have been applied that have waited for that.
func (v *saving) begin(done func()) {
	if v.done = done; v.abandoned.Load() {
		done()
		return
	}
	if v.home.order.Carries() {
		v.home.site.later(func() { v.begin(done) })
		return
	}
	v.home.order.Hold()
	if v.head != nil {
		v.pieces = append(v.pieces, v.head())
	}
	v.saver = room.NewSaver(v.home.state)
	v.goOn()
}

// goOn takes pieces for as long as one step may take.
func (v *saving) goOn() {
	began, more, whole := v.home.server.clock(), true, false
	defer func() { // also when something has panicked
		v.longest = max(v.longest, v.home.server.clock()-began)
		if !whole {
			v.err = errPanicked
		}
		if more && v.err == nil && !v.abandoned.Load() {
			v.home.site.later(v.goOn)
			return
		}
		v.home.site.later(v.release)
	}()
	for more && v.err == nil && v.home.server.clock()-began < reactor.MaxPiece {
		more, v.err = v.saver.Next(v)
	}
	whole = true
}

// release applies the commands that have waited, as many in a step as it may take.
func (v *saving) release() {
	began, all := v.home.server.clock(), false
	defer func() { // also when one has panicked
		if !all {
			v.home.site.later(v.release)
			return
		}
		v.done()
	}()
	all = v.home.order.Release(func() bool { return v.home.seen-began >= reactor.MaxPiece })
}
