//go:build linux

package bystander

import (
	"bufio"
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"looproom/bench"
)

// words is a dialect of lines: "hello" is answered by "welcome", and "well?" by "well!".
type words struct{}

func (words) Name() string { return "words" }
func (words) Hello(int, int) []bench.HelloStep {
	return []bench.HelloStep{{Send: []byte("hello\n"), Await: []byte("welcome\n"), Refused: []byte("go away")}}
}
func (words) Say(dst []byte, _, _ int, words []byte) []byte {
	return append(append(dst, words...), '\n')
}
func (words) Control(dst, _ []byte) []byte     { return dst }
func (words) Goodbye(dst []byte, _ int) []byte { return dst }
func (words) Ask(dst []byte) []byte            { return append(dst, "well?\n"...) }
func (words) Answer() []byte                   { return []byte("well!") }

// server answers; before each answer it does what a test says, with the number of the question.
type server struct {
	net.Listener
	before func(c net.Conn, question int64) (answers bool)
	asked  atomic.Int64
	came   sync.Map // the clients' addresses
}

func serve(t *testing.T, before func(net.Conn, int64) bool) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &server{Listener: l, before: before}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.came.Store(c.RemoteAddr().String(), true)
			go s.answer(c)
		}
	}()
	return s
}

// answer reads on while an answer waits.
func (s *server) answer(c net.Conn) {
	defer c.Close()
	questions := make(chan int64, 1<<16)
	defer close(questions)
	go func() {
		for question := range questions {
			if s.before(c, question) {
				_, _ = c.Write([]byte("well!\n")) // who is gone gets nothing
			}
		}
	}()
	for lines := bufio.NewScanner(c); lines.Scan(); {
		if lines.Text() == "hello" {
			_, _ = c.Write([]byte("welcome\n"))
			continue
		}
		questions <- s.asked.Add(1)
	}
}

func enterAll(t *testing.T, s *server, o Options) *Group {
	t.Helper()
	o.Address, o.Dialect = s.Addr().String(), words{}
	g, err := Enter(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

// until waits for a number of questions.
func (s *server) until(t *testing.T, n int64) {
	t.Helper()
	atLeast(t, &s.asked, n)
}

// atLeast waits until so many questions are counted.
func atLeast(t *testing.T, questions *atomic.Int64, n int64) {
	t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(time.Minute); questions.Load() < n; <-again.C {
		if time.Now().After(deadline) {
			t.Errorf("%d questions came, want %d", questions.Load(), n)
			return
		}
	}
}

func answered(net.Conn, int64) bool { return true }

func TestAllIsAnswered(t *testing.T) {
	s := serve(t, answered)
	g := enterAll(t, s, Options{Clients: 3, Rate: 1000, From: "127.0.0.9"})
	for range 2 {
		s.asked.Store(0)
		g.Begin()
		s.until(t, 50)
		r := g.End(t.Context())
		if r.Asked < 50 || r.Answered != r.Asked || r.RoundTrip.Count() != r.Asked || len(r.Lost) > 0 || r.Asked != s.asked.Load() {
			t.Errorf("asked %d, answered %d, %d round trips, lost %q; the server was asked %d times", r.Asked, r.Answered, r.RoundTrip.Count(), r.Lost, s.asked.Load())
		}
	}
	clients := 0
	s.came.Range(func(address, _ any) bool {
		clients++
		if !strings.HasPrefix(address.(string), "127.0.0.9:") {
			t.Errorf("a bystander came from %s, want 127.0.0.9", address)
		}
		return true
	})
	if clients != 3 {
		t.Errorf("%d clients came, want 3", clients)
	}
}

// TestAStallIsSeen by all that is asked while it lasts: the questions don't wait for each other.
func TestAStallIsSeen(t *testing.T) {
	const held = 100
	var s *server
	var stall atomic.Int64 // a time.Duration, to be read once all is answered
	s = serve(t, func(_ net.Conn, question int64) bool {
		if question == 10 {
			began := time.Now()
			s.until(t, 10+held)
			stall.Store(int64(time.Since(began)))
		}
		return true
	})
	g := enterAll(t, s, Options{Rate: 1000})
	g.Begin()
	s.until(t, 10+held+5)
	r := g.End(t.Context())
	if stall := time.Duration(stall.Load()); r.Answered != r.Asked || r.RoundTrip.Max() < stall*99/100 {
		t.Errorf("answered %d of %d, the longest round trip took %v; want all, and the stall of %v at least", r.Answered, r.Asked, r.RoundTrip.Max(), stall)
	}
}

// TestWhatIsNotAnswered counts with the time that it was waited for.
func TestWhatIsNotAnswered(t *testing.T) {
	var behind atomic.Int64 // those that were answered
	s := serve(t, func(_ net.Conn, question int64) bool {
		if question >= 5 {
			behind.Add(1)
		}
		return question < 5
	})
	const patience = 50 * time.Millisecond
	g := enterAll(t, s, Options{Rate: 1000, Patience: patience})
	g.Begin()
	atLeast(t, &behind, 16)
	r := g.End(t.Context())
	if r.Answered != 4 || r.RoundTrip.Count() != r.Asked || r.RoundTrip.Percentile(50) < patience {
		t.Errorf("answered %d, %d round trips of %d, the median %v; want 4, all, and %v at least", r.Answered, r.RoundTrip.Count(), r.Asked, r.RoundTrip.Percentile(50), patience)
	}
}

func TestAClosedConnectionIsTold(t *testing.T) {
	var closed net.Conn
	var mu sync.Mutex
	var others atomic.Int64 // questions
	s := serve(t, func(c net.Conn, question int64) bool {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case question == 5:
			closed = c
			c.Close()
		case closed != nil && c != closed:
			others.Add(1)
		}
		return true
	})
	g := enterAll(t, s, Options{Clients: 2, Rate: 1000})
	g.Begin()
	atLeast(t, &others, 30)
	r := g.End(t.Context())
	if len(r.Lost) != 1 || !slices.ContainsFunc(r.Lost, func(why string) bool {
		return strings.Contains(why, "closed") || strings.Contains(why, "reset") || strings.Contains(why, "broken pipe")
	}) {
		t.Errorf("lost %q, want one that was closed", r.Lost)
	}
	if r.Answered < 30 {
		t.Errorf("answered %d, want the other one's too", r.Answered)
	}
}

func TestEnterFails(t *testing.T) {
	s := serve(t, answered)
	if _, err := Enter(t.Context(), Options{Address: s.Addr().String(), Dialect: words{}}); err == nil || !strings.Contains(err.Error(), "rate") {
		t.Errorf("Enter without a rate: %v, want an error about it", err)
	}
	s.Close()
	if _, err := Enter(t.Context(), Options{Address: s.Addr().String(), Dialect: words{}, Rate: 1}); err == nil {
		t.Error("Enter without a server: nil, want an error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Enter(ctx, Options{Address: s.Addr().String(), Dialect: words{}, Rate: 1}); err == nil {
		t.Error("Enter with a context that is done: nil, want an error")
	}
}
