package web

import (
	"bufio"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gobwas/ws"
)

// upgradeTimeout is how long the response to an upgrade may take to be written.
const upgradeTimeout = 10 * time.Second

// upgrade makes the request's connection one of WebSocket, and hands it on. No extension is agreed on, and the first subprotocol that the client names and there is; if
// there is none of them, usual is what it talks.
func (h *handler) upgrade(w http.ResponseWriter, r *http.Request, usual string) {
	if !h.mayUpgrade(w, r) {
		return
	}
	upgrader := ws.HTTPUpgrader{Timeout: upgradeTimeout, Protocol: func(name string) bool { return slices.Contains(h.options.Protocols, name) }}
	conn, stream, agreed, err := upgrader.Upgrade(r, w)
	if err != nil {
		if conn != nil {
			conn.Close() // the client has been told why
		}
		return
	}
	h.options.Enter(conn, cmp.Or(agreed.Protocol, usual), buffered(stream.Reader))
}

// mayUpgrade answers the request if it can't become one of WebSocket.
func (h *handler) mayUpgrade(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	switch {
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", "GET")
		say(w, http.StatusMethodNotAllowed, "WebSocket begins with a GET")
	case !strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		w.Header().Set("Upgrade", "websocket")
		say(w, http.StatusUpgradeRequired, "this address is for WebSocket; the chat is at /")
	case r.ContentLength != 0:
		say(w, http.StatusBadRequest, "a request for WebSocket has no body")
	case !h.allows(origin, r.Host):
		say(w, http.StatusForbidden, "pages of "+origin+" may not connect; who runs the server can allow it with ?origins="+origin)
	default:
		return true
	}
	return false
}

// allows says whether a page of that origin may connect to host: those of the other nodes of a cluster may. Programs that are no browsers have none.
func (h *handler) allows(origin, host string) bool {
	named := strings.ToLower(origin)
	if origin == "" || slices.Contains(h.options.Origins, "*") || slices.Contains(h.options.Origins, named) || slices.Contains(h.options.Nodes().Origins, named) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}

// buffered returns what has been read ahead.
func buffered(r *bufio.Reader) []byte {
	ahead, _ := r.Peek(r.Buffered()) // no more than there is
	return slices.Clone(ahead)
}
