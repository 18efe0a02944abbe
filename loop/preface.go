//go:build linux

package loop

import (
	"sync"

	"looproom/loop/room"
)

// prefaces are the connections from which something has to be heard before they can be enrolled: a proxy's header, a TLS handshake, a
// request of HTTP. Each is a goroutine with a deadline. Safe for any goroutine.
type prefaces struct {
	mu    sync.Mutex
	under map[*arrival]struct{} // way
	most  int
	over  bool // the server ends; nobody new comes in
}

// prefaceShare is which part of the connections that there may be can be in their preface at once: those who hang in it must leave room
// for the others. But where few may come, fewPrefaces can be: they come together more easily than a quarter of many.
const (
	prefaceShare = 4
	fewPrefaces  = 64
)

func newPrefaces() *prefaces {
	return &prefaces{under: map[*arrival]struct{}{}}
}

// setMost changes how many there may be, by how many connections there may be.
func (ps *prefaces) setMost(mostClients int) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.most = max(mostClients/prefaceShare, fewPrefaces)
}

// run hears the preface on a goroutine of its own, and lets the connection in.
func (ps *prefaces) run(a *arrival) {
	if !ps.begin(a) {
		a.refuse(refusal{room.ServerFull, "too many connections are just being made; try again"})
		return
	}
	go a.loop.guardedArrival(a, func() {
		visits := false
		defer func() {
			if !visits {
				ps.end(a)
			}
		}()
		switch {
		case !a.readProxyHeader() || !a.welcome() || !a.handshake():
		case a.door.url.framing == messages:
			visits = a.visit()
		default:
			a.enrol()
		}
	})
}

func (ps *prefaces) begin(a *arrival) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.over || len(ps.under) >= ps.most {
		return false
	}
	ps.under[a] = struct{}{}
	return true
}

func (ps *prefaces) end(a *arrival) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	delete(ps.under, a)
}

// cut closes the connections whose preface is not over: the server ends.
func (ps *prefaces) cut() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.over = true
	for a := range ps.under {
		a.conn.Close()
	}
}

// count is how many are under way.
func (ps *prefaces) count() int {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.under)
}
