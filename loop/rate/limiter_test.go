package rate

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
)

// attemptRates are those of passwords.
var attemptRates = NewRates(0.1, 6)

func TestAttempts(t *testing.T) {
	a := NewLimiter()
	one, other := KeyOf(netip.MustParseAddr("10.0.0.1")), KeyOf(netip.MustParseAddr("10.0.0.2"))
	now := time.Hour
	for n := range 6 {
		if wait := a.Try(one, &attemptRates, now); wait != 0 {
			t.Fatalf("try %d must wait for %v, want no wait", n+1, wait)
		}
	}
	if got, want := a.Try(one, &attemptRates, now), 10*time.Second; got != want {
		t.Errorf("the seventh try must wait for %v, want %v", got, want)
	}
	if wait := a.Try(other, &attemptRates, now); wait != 0 {
		t.Errorf("another address must wait for %v, want no wait", wait)
	}
	a.Forgive(one, &attemptRates)
	if wait := a.Try(one, &attemptRates, now); wait != 0 {
		t.Errorf("after a right one the next must wait for %v, want no wait", wait)
	}
	if wait := a.Try(one, &attemptRates, now+10*time.Second); wait != 0 {
		t.Errorf("ten seconds later the next must wait for %v, want no wait", wait)
	}
}

// TestAttemptsForget: addresses that have long tried nothing are forgotten.
func TestAttemptsForget(t *testing.T) {
	a := NewLimiter()
	for n := range 4 * fewKeys {
		address := netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)})
		a.Try(KeyOf(address), &attemptRates, time.Duration(n)*time.Minute)
	}
	if got := a.Len(); got > fewKeys {
		t.Errorf("%d addresses are known, want at most %d", got, fewKeys)
	}
}

// TestAttemptsOfNetworks: whoever has all /64 of a /48 must not have as many shares.
func TestAttemptsOfNetworks(t *testing.T) {
	tests := []struct {
		name   string
		site   func(n int) byte // the last byte of the n-th /64's /56
		want   int              // tries that the 256 first /64 have together
		others string           // who may try then
	}{
		{"a /56", func(int) byte { return 0 }, 6 * siteShares, "2001:db8:0:100::1"},
		{"a /48", func(n int) byte { return byte(n) }, 6 * largeShares, "2001:db8:1::1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, now, tries := NewLimiter(), time.Hour, 0
			for n := range 256 {
				address := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 0, test.site(n), byte(n), 15: 1})
				if a.Try(KeyOf(address), &attemptRates, now) == 0 {
					tries++
				}
			}
			if tries != test.want {
				t.Errorf("%d tries of 256 are let through, want %d", tries, test.want)
			}
			if wait := a.Try(KeyOf(netip.MustParseAddr(test.others)), &attemptRates, now); wait != 0 {
				t.Errorf("%s must wait for %v, want no wait", test.others, wait)
			}
		})
	}
}

// TestRightPasswordsOfNetworks: a right password is none of the tries of a network.
func TestRightPasswordsOfNetworks(t *testing.T) {
	a, key := NewLimiter(), KeyOf(netip.MustParseAddr("2001:db8::1"))
	for n := range 1000 {
		if wait := a.Try(key, &attemptRates, time.Hour); wait != 0 {
			t.Fatalf("after %d right passwords the next must wait for %v", n, wait)
		}
		a.Forgive(key, &attemptRates)
	}
}

// TestAttemptsOfUsers: a user of this machine has all of 127.0.0.0/8, and no more tries for it than four addresses; others have their own.
func TestAttemptsOfUsers(t *testing.T) {
	a, tries := NewLimiter(), 0
	for n := range 100 {
		if a.Try(KeyOfUser(1000, netip.AddrFrom4([4]byte{127, 0, 0, byte(n)})), &attemptRates, time.Hour) == 0 {
			tries++
		}
	}
	if want := 6 * siteShares; tries != want {
		t.Errorf("%d tries are let through, want %d", tries, want)
	}
	for _, address := range []netip.Addr{{}, netip.IPv6Loopback(), netip.MustParseAddr("127.0.0.1")} {
		if wait := a.Try(KeyOfUser(1000, address), &attemptRates, time.Hour); wait == 0 {
			t.Errorf("at %v the same user need not wait", address)
		}
		if wait := a.Try(KeyOfUser(1001, address), &attemptRates, time.Hour); wait != 0 {
			t.Errorf("at %v another user must wait for %v", address, wait)
		}
	}
}

func TestHold(t *testing.T) {
	rates := NewRates(1, 5)
	ana, bob := KeyOf(netip.MustParseAddr("10.0.0.1")), KeyOf(netip.MustParseAddr("10.0.0.2"))
	steps := []struct {
		name string
		key  Key
		left int           // things released before
		at   time.Duration // when
		want Excess
	}{
		{"first", ana, 0, 0, Excess{}},
		{"second", ana, 0, 0, Excess{}},
		{"third", ana, 0, 0, Excess{}},
		{"too many", ana, 0, 0, Excess{Held: 3}},
		{"another address", bob, 0, 0, Excess{}},
		{"one has left", ana, 1, 0, Excess{}},
		{"still too many", ana, 0, 0, Excess{Held: 3}},
		{"the burst's last", ana, 1, 0, Excess{}},
		{"too fast", ana, 1, 0, Excess{Wait: time.Second}},
		{"a second later", ana, 0, time.Second, Excess{}},
	}
	l := NewLimiter()
	for _, step := range steps {
		for range step.left {
			l.Release(step.key, step.at)
		}
		if got, ok := l.Hold(step.key, 3, &rates, step.at); got != step.want || ok != (step.want == Excess{}) {
			t.Fatalf("%s: Hold = %+v, %v; want %+v", step.name, got, ok, step.want)
		}
	}
}

// TestHoldSaysWhoseItIs: a network that is over its limit is told from an address.
func TestHoldSaysWhoseItIs(t *testing.T) {
	l := NewLimiter()
	for n := range siteShares {
		if _, ok := l.Hold(KeyOf(netip.AddrFrom16([16]byte{0x20, 7: byte(n)})), 1, &Rates{}, 0); !ok {
			t.Fatalf("the /64 number %d is refused", n)
		}
	}
	if got, want := l.one(KeyOf(netip.AddrFrom16([16]byte{0x20, 7: 9}))), (Excess{Held: siteShares, Network: true}); got != want {
		t.Errorf("Hold = %+v, want %+v", got, want)
	}
	if got, want := l.one(KeyOf(netip.AddrFrom16([16]byte{0x20}))), (Excess{Held: 1}); got != want {
		t.Errorf("Hold = %+v, want %+v", got, want)
	}
}

// one is why an address may not hold a second thing.
func (l *Limiter) one(key Key) Excess {
	why, _ := l.Hold(key, 1, &Rates{}, 0)
	return why
}

// TestHoldsOfNetworks: the networks around a /64 of IPv6 have their share, too.
func TestHoldsOfNetworks(t *testing.T) {
	l := NewLimiter()
	count := func(key func(n int) Key) (let int) {
		var keys []Key
		for n := range 200 {
			if _, ok := l.Hold(key(n), 2, &Rates{}, 0); ok {
				keys = append(keys, key(n))
			}
		}
		for _, key := range keys {
			l.Release(key, 0)
		}
		return len(keys)
	}
	address := func(site, net byte) Key {
		return KeyOf(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 0, site, net, 15: 1}))
	}
	for want, key := range map[int]func(n int) Key{
		2: func(int) Key { return address(0, 0) }, 2 * siteShares: func(n int) Key { return address(0, byte(n)) },
		2 * largeShares: func(n int) Key { return address(byte(n), byte(n)) },
	} {
		if got := count(key); got != want {
			t.Errorf("%d connections are let in, want %d", got, want)
		}
	}
	if n := l.Len(); n != 0 {
		t.Errorf("%d addresses are known when all have left, want none", n)
	}
}

// TestLimiterForgets has a million addresses come and go.
func TestLimiterForgets(t *testing.T) {
	limits := []struct {
		name  string
		rates Rates
		most  int
	}{
		{"no limit", Rates{}, 0},
		{"paid soon", NewRates(1000, 10), fewKeys + 1000},
		{"never paid", NewRates(1e-6, 10), 2*maxStrangers + 1},
	}
	for _, row := range limits {
		t.Run(row.name, func(t *testing.T) {
			l := NewLimiter()
			most, now := 0, time.Duration(0)
			for n := range uint32(1_000_000) {
				var four [4]byte
				binary.BigEndian.PutUint32(four[:], n)
				key := KeyOf(netip.AddrFrom4(four))
				now += time.Microsecond * 10
				if why, ok := l.Hold(key, 0, &row.rates, now); !ok {
					t.Fatalf("address %d is refused: %+v", n, why)
				}
				l.Release(key, now)
				most = max(most, l.Len())
			}
			if most > row.most {
				t.Errorf("%d addresses were known at once, want at most %d", most, row.most)
			}
		})
	}
}
