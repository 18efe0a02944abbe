package web

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"looproom/loop/web/asset"
	"looproom/loop/web/nodes"
)

// Options are what a Handler is made from.
type Options struct {
	// Origins are those of the pages that may connect besides the ones that come from this server, in lower case, such as
	// https://chat.example; "*" is any.
	Origins []string
	// Sockets are the paths of WebSocket, each with the subprotocol that is talked there by who names none that there is; it may be "".
	Sockets map[string]string
	// Protocols are the subprotocols that there are.
	Protocols []string
	// PasswordMin is how many characters a new password has at least just now. Safe for any goroutine.
	PasswordMin func() int
	// Nodes is what is known of the nodes of a cluster just now. nil: the server is alone. Safe for any goroutine.
	Nodes func() *nodes.View
	// Enter takes a connection over whose client talks WebSocket from now on, in that subprotocol, and what it has sent already. conn is what net/http's
	// listener has accepted; early is Enter's.
	Enter func(conn net.Conn, protocol string, early []byte)
}

// handler answers the requests of a door.
type handler struct {
	options Options
	assets  map[string]*asset.Asset // by path
	limits  atomic.Pointer[limits]
}

// NewHandler returns what answers the requests of a door. It is safe for any goroutine.
func NewHandler(o Options) http.Handler {
	if o.Nodes == nil {
		o.Nodes = (*nodes.List)(nil).View
	}
	return &handler{options: o, assets: pageAssets()}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setSafety(w.Header(), h.options.Nodes().Sources)
	file := h.file(r.URL.Path)
	usual, isSocket := h.options.Sockets[r.URL.Path]
	switch {
	case isSocket:
		h.upgrade(w, r, usual)
	case file == nil && r.URL.Path != "/nodes":
		say(w, http.StatusNotFound, "there is no "+r.URL.Path+" here; the chat is at /")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		say(w, http.StatusMethodNotAllowed, "this can only be read")
	case file == nil:
		h.listNodes(w, r)
	default:
		file.Serve(w, r)
	}
}

// policy is what the page may do: nothing that doesn't come from here, and no script or style within the HTML. Only what it connects to may be other nodes, which stand behind it.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "manifest-src 'self'",
	"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
	"connect-src 'self'",
}, "; ")

// setSafety sets the headers of every response that say what a browser must not do with it. sources is where it may connect besides.
func setSafety(h http.Header, sources string) {
	h.Set("Content-Security-Policy", policy+sources)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
}

// say answers with a line for people.
func say(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(words + "\n")) // the client is gone if it fails
}
