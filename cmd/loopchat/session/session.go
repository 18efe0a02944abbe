package session

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Session is a client that comes back: it holds one Link after another, to the same server or, where there are several, to the next one. Its methods may be called from any goroutine.
type Session struct {
	servers *servers
	events  chan Event
	outbox  *outbox
	visits  int // connections so far; Run's own

	mu      sync.Mutex
	link    *Link // nil while there is none
	leaving bool
	paused  bool          // don't connect before Again
	again   chan struct{} // connect now
}

// New makes a session with the first of these servers that can be had, which are at least one, all of them parts of one chat. Run makes it work.
func New(addresses ...Address) *Session {
	return &Session{servers: newServers(addresses), events: make(chan Event, 256), outbox: newOutbox(), again: make(chan struct{}, 1)}
}

// Target is where the server is that is talked to, or will be: HOST:PORT, or a path.
func (s *Session) Target() string { return s.servers.now().Target }

// Servers is how many servers there are to choose from.
func (s *Session) Servers() int { return s.servers.count() }

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
		s.servers.next()
		if !s.wait(ctx, failures, err) {
			return
		}
	}
}

// wait lets the time between two attempts pass. It returns false if there is to be no other.
func (s *Session) wait(ctx context.Context, failures int, err error) bool {
	timer := time.NewTimer(s.servers.wait(failures, err))
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
	conn, err := s.servers.now().Dial(ctx)
	if err != nil {
		e := Event{Kind: Lost, Text: err.Error()}
		if Wrong(err) && s.servers.count() == 1 {
			e.N = 1
		}
		s.tell(ctx, e)
		return false, err
	}
	began := time.Now()
	link := NewLink(conn, func(e Event) { s.tell(ctx, e) })
	s.visits++
	link.use(s.outbox, s.visits)
	stop := context.AfterFunc(ctx, link.Close)
	defer stop()
	s.hold(link)
	s.tell(ctx, Event{Kind: Connected})
	err = link.Run()
	s.hold(nil)
	lines, _ := link.Left()
	s.tell(ctx, Event{Kind: Lost, Text: reason(err), Lines: lines})
	if doubted := s.outbox.lost(s.visits); len(doubted) > 0 {
		s.tell(ctx, Event{Kind: Doubted, Numbers: doubted})
	}
	return time.Since(began) > maxWait/2, nil
}

func reason(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the server has closed the connection"
	}
	if errors.Is(err, net.ErrClosed) {
		return "loopchat has closed the connection"
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

// Leave says END where there is a connection, before all that waits to be sent; Run returns when the server has answered it by closing. It
// returns false where there is none.
func (s *Session) Leave() bool {
	s.mu.Lock()
	s.leaving = true
	link := s.link
	s.mu.Unlock()
	s.Again()
	if link == nil {
		return false
	}
	link.leave()
	return true
}

// Say says words at once or as soon as a connection is open, once at most. verb is TEXT, with the target in front of the words, or ME. room is the
// one that must be the server's current one for it, "" for any. The number comes back with Delivered or Doubted. ok is false where too much
// waits already.
func (s *Session) Say(verb, words, room string) (number int64, ok bool) {
	p := s.outbox.add(verb, words, room)
	if p == nil {
		return 0, false
	}
	if link := s.Link(); link != nil {
		link.flush()
	}
	return p.number, true
}

// SayAgain says what is doubtful once more. It returns the new number of each.
func (s *Session) SayAgain() map[int64]int64 {
	numbers := s.outbox.again()
	if link := s.Link(); link != nil {
		link.flush()
	}
	return numbers
}

// Undelivered returns how many things that were said are still to arrive, and of how many nobody knows whether they have.
func (s *Session) Undelivered() (waiting, doubtful int) { return s.outbox.left() }

// Fate is Undelivered at the end of the program: how many things will not arrive, and of how many nobody will know.
func (s *Session) Fate() (missing, unknown int) { return s.outbox.fate() }
