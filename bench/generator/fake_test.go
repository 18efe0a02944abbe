//go:build linux

package generator

import (
	"bufio"
	"bytes"
	"net"
	"sync"
	"testing"
	"time"

	"looproom/bench"
)

// fake is a chat server of the plainest kind: each line goes to all others. What a test wants to be wrong is done by mangle.
type fake struct {
	listener net.Listener

	mu      sync.Mutex
	mangle  mangle
	clients map[net.Conn]int // in the order of coming
	came    int
	asked   int
	silent  bool // nothing is answered
}

// mangle returns the lines that a receiver gets in the place of line, and how much later.
type mangle func(receiver int, sender uint32, seq uint64, line []byte) (lines [][]byte, later time.Duration)

func (s *fake) setMangle(m mangle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mangle = m
}

func (s *fake) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

func startFake(t *testing.T, echo bool) *fake {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fake{listener: l, clients: map[net.Conn]int{}}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.clients[c] = s.came
			s.came++
			s.mu.Unlock()
			go s.serve(c, echo)
		}
	}()
	return s
}

func (s *fake) serve(c net.Conn, echo bool) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		if bytes.Equal(line, []byte("hello\n")) {
			_, _ = c.Write([]byte("welcome\n"))
			continue
		}
		if bytes.Equal(line, []byte("well?\n")) {
			s.answer(c)
			continue
		}
		s.relay(c, line, echo)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.clients, c)
}

// answer answers a question, unless the test has said otherwise. It waits for what is being relayed.
func (s *fake) answer(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked++; !s.silent {
		_, _ = c.Write([]byte("well!\n"))
	}
}

func (s *fake) relay(from net.Conn, line []byte, echo bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	records := reader{buf: line}
	sender, seq, _ := records.next()
	for to, index := range s.clients {
		if (to == from) != echo {
			continue
		}
		lines, later := [][]byte{line}, time.Duration(0)
		if s.mangle != nil {
			lines, later = s.mangle(index, sender, seq, line)
		}
		write := func() {
			for _, l := range lines {
				_, _ = to.Write(l) // a receiver that is gone gets nothing
			}
		}
		if later > 0 {
			time.AfterFunc(later, write)
		} else {
			write()
		}
	}
}

// plain is the fake's dialect.
type plain struct{}

func (plain) Name() string { return "plain" }
func (plain) Hello(int, int) []bench.HelloStep {
	return []bench.HelloStep{{Send: []byte("hello\n"), Await: []byte("welcome\n")}}
}
func (plain) Say(dst []byte, _, _ int, words []byte) []byte {
	return append(append(dst, words...), '\n')
}
func (plain) Control(dst, _ []byte) []byte     { return dst }
func (plain) Goodbye(dst []byte, _ int) []byte { return dst }
func (plain) Ask(dst []byte) []byte            { return append(dst, "well?\n"...) }
func (plain) Answer() []byte                   { return []byte("well!") }
func (d plain) Tour(int, int) []bench.HelloStep {
	return d.Hello(0, 0)
}
func (d plain) SayIn(dst []byte, _, _ int, words []byte) []byte { return d.Say(dst, 0, 0, words) }

// mute is plain without anything that a dialect need not have.
type mute struct{ bench.Dialect }

func (s *fake) options(workers int) Options {
	return Options{Address: s.listener.Addr().String(), Dialect: plain{}, Workers: workers, Patience: 3 * time.Second}
}
