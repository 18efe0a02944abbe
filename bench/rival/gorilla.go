//go:build linux

package rival

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/gorilla/websocket"
)

// gorilla is the chat for browsers as most who write it in Go do: gorilla/websocket behind net/http, and for each client a reading and a
// writing goroutine with a channel between. It is goroutines with another wire, and as good as the library allows: what goes to many is
// framed once (PreparedMessage), what has come to wait is merged into one message, a line each, as the library's own chat example does, and
// the buffers for writing are pooled.
type gorilla struct {
	hub      *hub
	o        Options
	upgrader websocket.Upgrader
	running  sync.WaitGroup
	came     atomic.Int64 // clients
	last     *letter      // the one that was made last; guarded by the hub's lock

	mu    sync.Mutex
	ended bool
	conns map[*websocket.Conn]struct{}
}

// webBuffer is what a client has to be read into, in bytes: the size that net/http reads with, too.
const webBuffer = 4 << 10

func serveGorilla(ctx context.Context, o Options) error {
	if o.Echo {
		return errors.New("gorilla: has no echo, only the chat")
	}
	l, err := net.Listen(o.Network, o.Address)
	if err != nil {
		return err
	}
	s := &gorilla{
		hub: newHub(o), o: o, conns: map[*websocket.Conn]struct{}{},
		upgrader: websocket.Upgrader{ReadBufferSize: webBuffer, WriteBufferSize: webBuffer, WriteBufferPool: &sync.Pool{}},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws", s.add)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: sendPatience}
	o.ready(l.Addr())
	context.AfterFunc(ctx, s.hub.close)
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	s.running.Go(func() { tickUntil(ctx.Done(), s.hub.tick) })
	err = server.Serve(l)
	s.end()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// add begins to serve a client. What net/http keeps for a request ends with it.
func (s *gorilla) add(w http.ResponseWriter, r *http.Request) {
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the client has been told
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		conn.Close()
		return
	}
	s.conns[conn] = struct{}{}
	name := conn.RemoteAddr().String()
	if n := s.came.Add(1); s.o.Network == "unix" {
		name = "local:" + strconv.FormatInt(n, 10)
	}
	s.running.Go(func() {
		defer s.remove(conn)
		s.talk(conn, name)
	})
}

func (s *gorilla) remove(conn *websocket.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
	conn.Close()
}

// end closes all connections and waits for their goroutines.
func (s *gorilla) end() {
	s.mu.Lock()
	s.ended = true
	for conn := range s.conns {
		conn.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// talk serves a client in its reading goroutine.
func (s *gorilla) talk(conn *websocket.Conn, name string) {
	c := &letterbox{server: s, conn: conn, letters: make(chan *letter, mailboxSize)}
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.writeAll()
	}()
	s.hub.mu.Lock()
	m := s.hub.admit(c)
	s.hub.mu.Unlock()
	talk := newSession(m, s.hub.do, s.o.maxLine())
	talk.connect(name)
	left := readMessages(conn, talk)
	if !talk.over() {
		c.finish() // the hub has been closed, and will not say it
	}
	<-written
	if left {
		linger(conn.NetConn())
	}
}

// readMessages does what the client says until it leaves (true) or its stream ends.
func readMessages(conn *websocket.Conn, talk *session) (left bool) {
	buf := make([]byte, minRead)
	for !talk.over() {
		kind, message, err := conn.NextReader()
		if err == nil {
			buf, err = readMessage(message, buf, kind == websocket.TextMessage, talk)
		}
		switch {
		case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived):
			talk.end()
			return false
		case err != nil:
			talk.drop()
			return false
		}
	}
	return true
}

// readMessage hands a message to talk, a text with a line end behind it, in one piece if it isn't longer than maxRead. It returns buf, or a
// larger one in its place.
func readMessage(message io.Reader, buf []byte, text bool, talk *session) ([]byte, error) {
	filled := 0
	for {
		n, err := message.Read(buf[filled : len(buf)-1])
		filled += n
		switch {
		case errors.Is(err, io.EOF):
			if text {
				buf[filled] = '\n'
				filled++
			}
			talk.read(buf[:filled])
			return buf, nil
		case err != nil:
			return buf, fmt.Errorf("read a message: %w", err)
		case filled < len(buf)-1:
		case len(buf) < maxRead:
			buf = append(buf, make([]byte, len(buf))...)
		default:
			talk.read(buf[:filled])
			filled = 0
		}
	}
}
