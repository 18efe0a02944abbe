//go:build linux

package loop

import (
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"looproom/loop/web"
)

// Bounds of what net/http lets a connection do before it is one of WebSocket.
const (
	requestTimeout = 10 * time.Second // for a request
	replyTimeout   = time.Minute      // for a reply, from the end of its request's header
	idleTimeout    = 20 * time.Second // between two requests
	// maxRequest is the longest header of a request, in bytes; net/http itself adds 4 KiB to it.
	maxRequest = 4 << 10
)

// webDoor is net/http behind a door: it answers requests, and hands connections on that become ones of WebSocket. It is the listener that
// net/http accepts from.
type webDoor struct {
	door    *Door
	http    http.Server
	arrived chan *visit
	closed  chan struct{}
	once    sync.Once
}

// serveWeb starts net/http for the door.
func (d *Door) serveWeb() {
	w := &webDoor{door: d, arrived: make(chan *visit), closed: make(chan struct{})}
	w.http = http.Server{
		Handler:           w.guard(w.strict(w.measured(w.knownHosts(d.server.withStatus(web.NewHandler(web.Options{Origins: d.url.origins, Enter: w.enter})))))),
		ReadHeaderTimeout: requestTimeout, ReadTimeout: requestTimeout, WriteTimeout: replyTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxRequest,
		ConnContext:    withVisit,
		ErrorLog:       stdlog.New(io.Discard, "", 0), // what clients do wrong
	}
	d.web = w
	go func() { _ = w.http.Serve(w) }() // ends by Close
}

// endWeb has net/http accept nobody any more.
func (ds *doors) endWeb() {
	for _, d := range ds.all() {
		if d.web != nil {
			_ = d.web.Close() // never fails
		}
	}
}

// Accept implements net.Listener.
func (w *webDoor) Accept() (net.Conn, error) {
	select {
	case v := <-w.arrived:
		return v, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (w *webDoor) Addr() net.Addr { return w.door.listener.Addr() }

// Close implements net.Listener. The door's own listener is closed elsewhere.
func (w *webDoor) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

// guard has a panic of the handler logged. It costs that connection only: net/http catches what goes on.
func (w *webDoor) guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				w.door.server.home().logPanic(p)
				panic(http.ErrAbortHandler)
			}
		}()
		h.ServeHTTP(out, r)
	})
}

// knownHosts answers requests by names that are not this server's.
func (w *webDoor) knownHosts(h http.Handler) http.Handler {
	names := w.door.server.hosts
	if host := w.door.url.host; host != "" {
		names = names.And(host)
	}
	if !w.door.url.secure {
		return names.Guard(nil, h)
	}
	return names.Guard(w.door.certifies, h)
}

// strict has browsers use nothing but https for the door's name from now on, where the door says so (RFC 6797).
func (w *webDoor) strict(h http.Handler) http.Handler {
	value := w.door.url.hsts
	if value == "" {
		return h
	}
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Strict-Transport-Security", value)
		h.ServeHTTP(out, r)
	})
}

// parseHSTS reads for how long, and whether for all names below, and returns it as the header has it.
func parseHSTS(s string) (string, error) {
	word, below := strings.CutSuffix(s, ",subdomains")
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 || d%time.Second != 0 {
		return "", fmt.Errorf("hsts=%s: it is a time such as 8760h, 0s to take it back, and perhaps ,subdomains behind it", s)
	}
	value := "max-age=" + strconv.FormatInt(int64(d/time.Second), 10)
	if below {
		value += "; includeSubDomains"
	}
	return value, nil
}

// certifies says whether the door's certificate is for that name: then a browser that came by it has seen so.
func (d *Door) certifies(name string) bool {
	return d.keys.Load().Certificates[0].Leaf.VerifyHostname(name) == nil
}

// enter enrols a connection that has become one of WebSocket. early is what has come behind its request.
func (w *webDoor) enter(c net.Conn, early []byte) {
	v, ok := c.(*visit)
	if !ok || !v.leave() {
		c.Close()
		return
	}
	a := v.arrival
	a.prefix = append(append([]byte(nil), early...), a.prefix...)
	if a.secure != nil {
		a.secure.Detach()
	}
	a.loop.guardedArrival(a, a.enrol)
}

// visit is an arrival as net/http has it.
type visit struct {
	*arrival
	once  sync.Once
	asked bool // it has asked for something; its handlers run one after the other
	over  bool // net/http no longer has it
}

// visit gives the connection to net/http, and says whether it has done so.
func (a *arrival) visit() bool {
	v := &visit{arrival: a}
	if a.secure != nil {
		a.secure.Attach(&handshakeConn{Conn: a.conn, heard: true})
	}
	err := a.conn.SetDeadline(time.Time{})
	if err == nil {
		select {
		case a.door.web.arrived <- v:
			return true
		case <-a.door.web.closed:
		}
	}
	a.conn.Close()
	a.giveUp()
	return false
}

// leave says, once, that net/http no longer has the connection.
func (v *visit) leave() (first bool) {
	v.once.Do(func() {
		first, v.over = true, true
		v.door.server.prefaces.end(v.arrival)
	})
	return first
}

// Read implements net.Conn.
func (v *visit) Read(b []byte) (int, error) {
	if v.secure != nil {
		return v.secure.Read(b)
	}
	if len(v.prefix) > 0 {
		n := copy(b, v.prefix)
		v.prefix = v.prefix[n:]
		return n, nil
	}
	return v.conn.Read(b)
}

// Write implements net.Conn.
func (v *visit) Write(b []byte) (int, error) {
	if v.secure != nil {
		return v.secure.Write(b)
	}
	return v.conn.Write(b)
}

// Close implements net.Conn. It gives the connection's slot back.
func (v *visit) Close() error {
	if !v.leave() {
		return net.ErrClosed
	}
	err := v.CloseWrite()
	v.giveUp()
	return errors.Join(err, v.conn.Close())
}

// CloseWrite says that nothing more comes. net/http does so before it closes a connection that may still have input.
func (v *visit) CloseWrite() error {
	if v.secure != nil {
		_ = v.conn.SetWriteDeadline(time.Now().Add(refusePatience))
		v.secure.CloseWrite() // TCP says it, too
	}
	half, ok := v.conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	return half.CloseWrite()
}

// LocalAddr implements net.Conn.
func (v *visit) LocalAddr() net.Addr { return v.conn.LocalAddr() }

// RemoteAddr implements net.Conn: the client's own.
func (v *visit) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(v.address) }

// SetDeadline implements net.Conn.
func (v *visit) SetDeadline(t time.Time) error { return v.conn.SetDeadline(t) }

// SetReadDeadline implements net.Conn.
func (v *visit) SetReadDeadline(t time.Time) error { return v.conn.SetReadDeadline(t) }

// SetWriteDeadline implements net.Conn.
func (v *visit) SetWriteDeadline(t time.Time) error { return v.conn.SetWriteDeadline(t) }
