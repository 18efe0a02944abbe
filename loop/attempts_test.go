//go:build linux

package loop

import (
	"net/netip"
	"testing"
	"time"
)

func TestAttempts(t *testing.T) {
	a := newAttempts()
	one, other := keyOf(netip.MustParseAddr("10.0.0.1")), keyOf(netip.MustParseAddr("10.0.0.2"))
	now := time.Hour
	for n := range 6 {
		if wait := a.try(one, &attemptRates, now); wait != 0 {
			t.Fatalf("try %d must wait for %v, want no wait", n+1, wait)
		}
	}
	if got, want := a.try(one, &attemptRates, now), 10*time.Second; got != want {
		t.Errorf("the seventh try must wait for %v, want %v", got, want)
	}
	if wait := a.try(other, &attemptRates, now); wait != 0 {
		t.Errorf("another address must wait for %v, want no wait", wait)
	}
	a.forgive(one)
	if wait := a.try(one, &attemptRates, now); wait != 0 {
		t.Errorf("after a right one the next must wait for %v, want no wait", wait)
	}
	if wait := a.try(one, &attemptRates, now+10*time.Second); wait != 0 {
		t.Errorf("ten seconds later the next must wait for %v, want no wait", wait)
	}
}

// TestAttemptsForget: addresses that have long tried nothing are forgotten.
func TestAttemptsForget(t *testing.T) {
	a := newAttempts()
	for n := range 4 * fewAddresses {
		address := netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)})
		a.try(keyOf(address), &attemptRates, time.Duration(n)*time.Minute)
	}
	if got := len(a.paid); got > fewAddresses {
		t.Errorf("%d addresses are known, want at most %d", got, fewAddresses)
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
			a, now, tries := newAttempts(), time.Hour, 0
			for n := range 256 {
				address := netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 0, test.site(n), byte(n), 15: 1})
				if a.try(keyOf(address), &attemptRates, now) == 0 {
					tries++
				}
			}
			if tries != test.want {
				t.Errorf("%d tries of 256 are let through, want %d", tries, test.want)
			}
			if wait := a.try(keyOf(netip.MustParseAddr(test.others)), &attemptRates, now); wait != 0 {
				t.Errorf("%s must wait for %v, want no wait", test.others, wait)
			}
		})
	}
}

// TestRightPasswordsOfNetworks: a right password is none of the tries of a network.
func TestRightPasswordsOfNetworks(t *testing.T) {
	a, key := newAttempts(), keyOf(netip.MustParseAddr("2001:db8::1"))
	for n := range 1000 {
		if wait := a.try(key, &attemptRates, time.Hour); wait != 0 {
			t.Fatalf("after %d right passwords the next must wait for %v", n, wait)
		}
		a.forgive(key)
	}
}

// TestAttemptsOfUsers: a user of this machine has all of 127.0.0.0/8, and no more tries for it than four addresses; others have their own.
func TestAttemptsOfUsers(t *testing.T) {
	a, tries := newAttempts(), 0
	for n := range 100 {
		if a.try(keyOfUser(1000, netip.AddrFrom4([4]byte{127, 0, 0, byte(n)})), &attemptRates, time.Hour) == 0 {
			tries++
		}
	}
	if want := 6 * siteShares; tries != want {
		t.Errorf("%d tries are let through, want %d", tries, want)
	}
	for _, address := range []netip.Addr{{}, netip.IPv6Loopback(), netip.MustParseAddr("127.0.0.1")} {
		if wait := a.try(keyOfUser(1000, address), &attemptRates, time.Hour); wait == 0 {
			t.Errorf("at %v the same user need not wait", address)
		}
		if wait := a.try(keyOfUser(1001, address), &attemptRates, time.Hour); wait != 0 {
			t.Errorf("at %v another user must wait for %v", address, wait)
		}
	}
}
