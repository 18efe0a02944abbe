package dialogue

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// server puts a pure stage behind a listener for each voice, with one goroutine for each client: just enough of a server to try the TCP stage on.
type server struct {
	listeners []net.Listener

	mu    sync.Mutex
	pure  *Pure
	conns map[string]*net.TCPConn // by the client's address, which is also its name on the stage
}

// serve starts a server for the length of a test and returns a stage for it.
func serve(t *testing.T, o Options) *TCP {
	t.Helper()
	s := &server{pure: NewPure(o), conns: map[string]*net.TCPConn{}}
	done := make(chan struct{})
	var running sync.WaitGroup
	stage := NewTCP(s.listen(t, Line, &running)).WithIRC(s.listen(t, IRC, &running))
	running.Go(func() { s.tick(done) })
	t.Cleanup(func() {
		close(done)
		s.closeAll()
		running.Wait()
	})
	return stage
}

// listen takes clients of a voice, and returns where.
func (s *server) listen(t *testing.T, voice Voice, running *sync.WaitGroup) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s.listeners = append(s.listeners, listener)
	running.Go(func() { s.accept(listener, voice, running) })
	return listener.Addr().String()
}

func (s *server) closeAll() {
	for _, listener := range s.listeners {
		listener.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.Close()
	}
}

func (s *server) accept(listener net.Listener, voice Voice, running *sync.WaitGroup) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		running.Go(func() { s.talk(conn.(*net.TCPConn), voice) })
	}
}

func (s *server) tick(done <-chan struct{}) {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			s.do(func() error { s.pure.Pass(100 * time.Millisecond); return nil })
		}
	}
}

// talk serves one client until either side ends it.
func (s *server) talk(conn *net.TCPConn, voice Voice) {
	name := conn.RemoteAddr().String()
	err := s.do(func() error {
		s.conns[name] = conn
		return s.pure.Connect(name, voice, netip.MustParseAddrPort(name))
	})
	buf := make([]byte, 4096)
	for err == nil {
		var n int
		n, err = conn.Read(buf)
		if n > 0 {
			err = errors.Join(err, s.do(func() error { return s.pure.Send(name, string(buf[:n])) }))
		}
	}
	s.do(func() error {
		if errors.Is(err, io.EOF) {
			return s.pure.CloseWrite(name)
		}
		return s.pure.Cut(name)
	})
}

// do changes the stage and writes what follows from it to all clients.
func (s *server) do(change func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := change()
	for name, conn := range s.conns {
		if s.pure.names[name] == nil || s.flush(name, conn) {
			conn.Close()
			delete(s.conns, name)
		}
	}
	return err
}

// flush writes what waits for a client, and says whether nothing more will come.
func (s *server) flush(name string, conn *net.TCPConn) (ended bool) {
	for {
		line, err := s.pure.Next(name, 0)
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		io.WriteString(conn, line+s.pure.names[name].voice.lineEnd())
	}
}
