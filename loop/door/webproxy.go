//go:build linux

package door

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/web/forwarded"
)

// forwarders are the networks of HTTP that an http door believes whose requests they pass on.
type forwarders struct {
	networks networks
	header   string // in which they say so
}

// parseForwardedHeader reads the name of a header.
func parseForwardedHeader(s string) (string, error) {
	for _, name := range []string{forwarded.XForwardedFor, forwarded.Forwarded} {
		if strings.EqualFold(s, name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("forwarded-header=%s: it is %s or %s", s, forwarded.XForwardedFor, forwarded.Forwarded)
}

// forwards says whether the connection is that of a proxy of HTTP, on which the requests of many come.
func (a *Arrival) forwards() bool { return a.door.forwarders.networks.have(a.address.Addr()) }

// visitKey marks the visit in the context of its requests.
type visitKey struct{}

func withVisit(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, visitKey{}, c)
}

// measured has requests counted by whose they are, and knows whose they are behind a proxy.
func (w *webDoor) measured(h http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		v, ok := r.Context().Value(visitKey{}).(*visit)
		if !ok {
			h.ServeHTTP(out, r) // a test's own
			return
		}
		client := v.address.Addr()
		if v.forwards() {
			f := &w.door.forwarders
			client = forwarded.Client(r.Header, f.header, client, f.networks.have)
		}
		if why, may := v.mayAsk(client); !may {
			w.refuseRequest(out, why)
			return
		}
		if isSocket(r) && v.forwards() {
			w.comeForwarded(v, client, out, r, h)
			return
		}
		h.ServeHTTP(out, r)
	})
}

// mayAsk returns why a request is not answered. The first one of a connection is paid for with the connection, but for a proxy's, which are not
// counted.
func (v *visit) mayAsk(client netip.Addr) (why room.Refusal, may bool) {
	ds, first := v.door.doors, !v.asked
	v.asked = true
	if v.forwards() {
		if why, banned := ds.host.Banned(remote.Of(client)); banned {
			return why, false
		}
	} else if first {
		return why, true
	}
	if wait := ds.requests.Try(rate.KeyOf(client), &ds.limits.Load().Requests, ds.host.Now()); wait > 0 {
		return because(room.AsksTooOften), false
	}
	return why, true
}

// refuseRequest answers a request, and closes the connection: who goes on has to connect again, which is counted.
func (w *webDoor) refuseRequest(out http.ResponseWriter, why room.Refusal) {
	cfg, status := &w.door.doors.cfg, refusalStatus(why.Why.Code())
	cfg.Refused.Add(string(why.Why.Code()))
	header := out.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Connection", "close")
	if status == http.StatusTooManyRequests {
		header.Set("Retry-After", strconv.Itoa(int(retryAfter/time.Second)))
	}
	out.WriteHeader(status)
	_, _ = out.Write(append(cfg.Say([]byte("! "), &why), '\n')) // it is refused all the same
}

// retryAfter is when a client is told to ask again.
const retryAfter = 10 * time.Second

// comeForwarded lets a client in that comes through a proxy, as one of its own address. The port is the proxy's, so that several clients of one address
// are told apart.
func (w *webDoor) comeForwarded(v *visit, client netip.Addr, out http.ResponseWriter, r *http.Request, h http.Handler) {
	proxy := v.address
	if why, ok := w.door.doors.count(client); !ok {
		w.refuseRequest(out, why)
		return
	}
	v.address, v.proxy, v.counted = netip.AddrPortFrom(client.Unmap(), proxy.Port()), proxy, true
	h.ServeHTTP(out, r)
	if !v.over { // it has not become a connection of WebSocket
		w.door.doors.uncount(client)
		v.address, v.proxy, v.counted = proxy, netip.AddrPort{}, false
	}
}
