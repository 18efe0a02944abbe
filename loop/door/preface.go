//go:build linux

package door

import (
	"sync"

	"looproom/loop/budget"
	"looproom/loop/rate"
	"looproom/loop/room"
)

// prefaces are the connections from which something has to be heard before they can be enrolled: a proxy's header, a TLS handshake, a
// request of HTTP. Each is a goroutine with a deadline. Safe for any goroutine.
type prefaces struct {
	mu     sync.Mutex
	budget *budget.Budget
	under  map[*Arrival]struct{} // way
	most   int
	of     *rate.Limiter // by address
	share  int           // how many an address may have; 0: any number
	over   bool          // the server ends; nobody new comes in
}

// Whatever one address may have, it is no more than a part of all that there may be, so that some few can't keep all others out; but it is fewShare
// where there are few.
const (
	addressShare = 16
	fewShare     = 32
)

// prefaceShare is which part of the connections that there may be can be in their preface at once: those who hang in it must leave room
// for the others. But where few may come, fewPrefaces can be: they come together more easily than a quarter of many.
const (
	prefaceShare = 4
	fewPrefaces  = 64
)

func newPrefaces(b *budget.Budget) *prefaces {
	return &prefaces{budget: b, under: map[*Arrival]struct{}{}, of: rate.NewLimiter()}
}

// setMost changes how many there may be, by how many connections there may be, and how many of one address (0: any number).
func (ps *prefaces) setMost(mostClients, ofOne int) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.most = max(mostClients/prefaceShare, fewPrefaces)
	ps.share = min(ofOne, max(ps.most/addressShare, fewShare))
}

// begin hears the preface on a goroutine of its own, and lets the connection in.
func (a *Arrival) begin() {
	ps, proxied := a.door.doors.prefaces, len(a.door.proxies) > 0 // whose it is will be told
	if !proxied && !a.claimShare() {
		return
	}
	if !ps.budget.Take(budget.Prefaces, prefaceMemory) {
		ps.end(a)
		a.refuse(because(room.ShortOfMemory))
		return
	}
	if !ps.begin(a) {
		ps.budget.Add(budget.Prefaces, -prefaceMemory)
		ps.end(a)
		a.refuse(because(room.TooManyArriving))
		return
	}
	hear := func() {
		visits := false
		defer func() {
			if !visits {
				ps.end(a)
			}
		}()
		switch {
		case !a.readProxyHeader() || proxied && !a.claimShare() || !a.welcome() || !a.handshake():
		case a.door.kind.pages:
			visits = a.visit()
		default:
			a.enrol()
		}
	}
	if a.door.kind.pages && !proxied && !a.door.secure { // net/http hears it, on a goroutine of its own
		a.guarded(hear)
		return
	}
	go a.guarded(hear)
}

func (ps *prefaces) begin(a *Arrival) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.over || len(ps.under) >= ps.most {
		return false
	}
	ps.under[a] = struct{}{}
	return true
}

func (ps *prefaces) end(a *Arrival) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if _, is := ps.under[a]; is {
		delete(ps.under, a)
		ps.budget.Add(budget.Prefaces, -prefaceMemory)
	}
	if a.claims != (rate.Key{}) {
		ps.of.Release(a.claims, 0)
		a.claims = rate.Key{}
	}
}

// claimShare says whether the client's address may have one more connection on its way, and refuses it if not. A proxy of HTTP speaks for many, and
// has no share.
func (a *Arrival) claimShare() bool {
	if a.forwards() || a.door.doors.prefaces.claim(a, rate.KeyOf(a.address.Addr())) {
		return true
	}
	a.refuse(because(room.TooManyOfAddress))
	return false
}

// claim counts a towards the shares of key, if they have room.
func (ps *prefaces) claim(a *Arrival, key rate.Key) bool {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	_, ok := ps.of.Hold(key, ps.share, &rate.Rates{}, 0)
	if ok {
		a.claims = key
	}
	return ok
}

// cut closes the connections whose preface is not over: the server ends.
func (ps *prefaces) cut() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.over = true
	for a := range ps.under {
		a.Conn.Close()
	}
}

// count is how many are under way.
func (ps *prefaces) count() int {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return len(ps.under)
}
