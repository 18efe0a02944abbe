package session

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Session is a client that comes back: it holds one Link after another to the same server. Its methods may be called from any goroutine.
type Session struct {
	address Address
	events  chan Event

	mu      sync.Mutex
	link    *Link // nil while there is none
	leaving bool
	paused  bool          // don't connect before Again
	again   chan struct{} // connect now
}

// New makes a session. Run makes it work.
func New(address Address) *Session {
	return &Session{address: address, events: make(chan Event, 256), again: make(chan struct{}, 1)}
}

// Events returns what happens, in order. The channel is closed when the session has ended. It must be read all the time.
func (s *Session) Events() <-chan Event { return s.events }

// Run connects, and connects again whenever the connection is lost, until ctx is done or the client has left. It is called once.
func (s *Session) Run(ctx context.Context) {
	defer close(s.events)
	for failures := 0; ; {
		stood, err := s.visit(ctx)
		if stood {
			failures = 0
		}
		if ctx.Err() != nil || s.isLeaving() {
			return
		}
		failures++
		if !s.wait(ctx, failures, err) {
			return
		}
	}
}

// wait lets the time between two attempts pass. It returns false if there is to be no other.
func (s *Session) wait(ctx context.Context, failures int, err error) bool {
	wait := backoff(failures)
	if Wrong(err) {
		wait = maxWait
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-s.again:
			return !s.isLeaving()
		case <-timer.C:
			if !s.isPaused() {
				return true
			}
		}
	}
}

// visit is one connection from its beginning to its end. It says whether the connection stood for a while.
func (s *Session) visit(ctx context.Context) (stood bool, err error) {
	conn, err := s.address.Dial(ctx)
	if err != nil {
		e := Event{Kind: Lost, Text: err.Error()}
		if Wrong(err) {
			e.N = 1
		}
		s.tell(ctx, e)
		return false, err
	}
	began := time.Now()
	link := NewLink(conn, func(e Event) { s.tell(ctx, e) })
	stop := context.AfterFunc(ctx, link.Close)
	defer stop()
	s.hold(link)
	s.tell(ctx, Event{Kind: Connected})
	err = link.Run()
	s.hold(nil)
	lines, unsure := link.Left()
	s.tell(ctx, Event{Kind: Lost, Text: reason(err), Lines: lines, Unsure: unsure})
	return time.Since(began) > maxWait/2, nil
}

func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the server has closed the connection"
	}
	return bare(err).Error()
}

func (s *Session) tell(ctx context.Context, e Event) {
	select {
	case s.events <- e:
	case <-ctx.Done():
	}
}

func (s *Session) hold(link *Link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link = link
}

func (s *Session) isLeaving() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.leaving
}

// Link returns the connection that stands, nil for none.
func (s *Session) Link() *Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link
}

// Pause keeps the session from connecting by itself when the connection is lost, until Again.
func (s *Session) Pause() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = true
}

func (s *Session) isPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused
}

// Again makes a session that waits connect at once.
func (s *Session) Again() {
	s.mu.Lock()
	s.paused = false
	s.mu.Unlock()
	select {
	case s.again <- struct{}{}:
	default:
	}
}

// Leave says END where there is a connection; Run returns when the server has answered it by closing. It returns false where there is
// none.
func (s *Session) Leave() bool {
	s.mu.Lock()
	s.leaving = true
	link := s.link
	s.mu.Unlock()
	s.Again()
	if link == nil {
		return false
	}
	link.Say("END")
	return true
}
