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
		if wait := a.try(one, now); wait != 0 {
			t.Fatalf("try %d must wait for %v, want no wait", n+1, wait)
		}
	}
	if got, want := a.try(one, now), 10*time.Second; got != want {
		t.Errorf("the seventh try must wait for %v, want %v", got, want)
	}
	if wait := a.try(other, now); wait != 0 {
		t.Errorf("another address must wait for %v, want no wait", wait)
	}
	a.forgive(one)
	if wait := a.try(one, now); wait != 0 {
		t.Errorf("after a right one the next must wait for %v, want no wait", wait)
	}
	if wait := a.try(one, now+10*time.Second); wait != 0 {
		t.Errorf("ten seconds later the next must wait for %v, want no wait", wait)
	}
}

// TestAttemptsForget: addresses that have long tried nothing are forgotten.
func TestAttemptsForget(t *testing.T) {
	a := newAttempts()
	for n := range 4 * fewAddresses {
		address := netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)})
		a.try(keyOf(address), time.Duration(n)*time.Minute)
	}
	if got := len(a.paid); got > fewAddresses {
		t.Errorf("%d addresses are known, want at most %d", got, fewAddresses)
	}
}
