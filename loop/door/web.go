//go:build linux

package door

import (
	"io"
	stdlog "log"
	"net"
	"net/http"
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
	pages := holding(web.NewHandler(web.Options{Origins: d.origins, Sockets: sockets, Protocols: protocolNames(), PasswordMin: d.doors.cfg.PasswordMin, Nodes: d.doors.cfg.Nodes, Enter: w.enter}))
	w.http = http.Server{
		Handler:           w.guard(w.strict(w.measured(w.knownHosts(d.doors.host.Pages(pages))))),
		ReadHeaderTimeout: requestTimeout, ReadTimeout: requestTimeout, WriteTimeout: replyTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxRequest,
		ConnContext:    withVisit,
		ErrorLog:       stdlog.New(io.Discard, "", 0), // what clients do wrong
	}
	d.web = w
	go func() { _ = w.http.Serve(w) }() // ends by Close
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

// holding has the answer that makes a connection one of WebSocket sent by who enrols it. Any other is written by net/http once it has been given.
func holding(h http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		v, ok := r.Context().Value(visitKey{}).(*visit)
		if !ok || !isSocket(r) {
			h.ServeHTTP(out, r)
			return
		}
		v.holds = true
		h.ServeHTTP(out, r)
		if !v.over { // else it is the loop's by now
			_ = v.release() // net/http finds out by itself that the connection is broken
		}
	})
}

// guard has a panic of the handler logged. It costs that connection only: net/http catches what goes on.
func (w *webDoor) guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				w.door.doors.host.Panicked(p)
				panic(http.ErrAbortHandler)
			}
		}()
		h.ServeHTTP(out, r)
	})
}

// knownHosts answers requests by names that are not this server's.
func (w *webDoor) knownHosts(h http.Handler) http.Handler {
	names := w.door.doors.cfg.Hosts
	if host := w.door.host; host != "" {
		names = names.And(host)
	}
	if !w.door.secure {
		return names.Guard(nil, h)
	}
	return names.Guard(w.door.certifies, h)
}

// strict has browsers use nothing but https for the door's name from now on, where the door says so (RFC 6797).
func (w *webDoor) strict(h http.Handler) http.Handler {
	value := w.door.hsts
	if value == "" {
		return h
	}
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Strict-Transport-Security", value)
		h.ServeHTTP(out, r)
	})
}

// certifies says whether the door's certificate is for that name: then a browser that came by it has seen so.
func (d *Door) certifies(name string) bool {
	return d.keys.Load().Certificates[0].Leaf.VerifyHostname(name) == nil
}

// enter enrols a connection that has become one of WebSocket, in that subprotocol. early is what has come behind its request.
func (w *webDoor) enter(c net.Conn, protocol string, early []byte) {
	v, ok := c.(*visit)
	if !ok || !v.leave() {
		c.Close()
		return
	}
	a := v.Arrival
	a.protocol = protocolOf(protocol)
	a.Early = append(append([]byte(nil), early...), a.Early...)
	if a.TLS != nil {
		a.TLS.Detach()
	}
	a.guarded(a.enrol)
}
