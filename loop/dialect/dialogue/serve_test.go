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

// server puts a pure stage behind a listener, with one goroutine for each client: just enough of a server to try the TCP stage on.
type server struct {
	mu    sync.Mutex
	pure  *Pure
	conns map[string]*net.TCPConn // by the client's address, which is also its name on the stage
}

// serve starts a server for the length of a test and returns its address.
func serve(t *testing.T, o Options) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	s := &server{pure: NewPure(o), conns: map[string]*net.TCPConn{}}
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { s.accept(listener, &running) })
	running.Go(func() { s.tick(done) })
	t.Cleanup(func() {
		close(done)
		listener.Close()
		s.closeAll()
		running.Wait()
	})
	return listener.Addr().String()
}

func (s *server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.Close()
	}
}

func (s *server) accept(listener net.Listener, running *sync.WaitGroup) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		running.Go(func() { s.talk(conn.(*net.TCPConn)) })
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
func (s *server) talk(conn *net.TCPConn) {
	name := conn.RemoteAddr().String()
	err := s.do(func() error {
		s.conns[name] = conn
		return s.pure.Connect(name, Line, netip.MustParseAddrPort(name))
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
		io.WriteString(conn, line+"\n")
	}
}
