//go:build linux

package loop

import (
	"net/netip"
	"testing"

	"looproom/loop/rate"
)

// TestKeyOfPeer: what is counted as a connection comes is found again by the peer's name when it ends.
func TestKeyOfPeer(t *testing.T) {
	for _, address := range []string{"10.0.0.1:5", "[2001:db8::1]:5", "[::1]:5"} {
		want := rate.KeyOf(netip.MustParseAddrPort(address).Addr())
		if got, ok := keyOfPeer(address); !ok || got != want {
			t.Errorf("keyOfPeer(%q) = %v, %v; want %v", address, got, ok, want)
		}
	}
	if _, ok := keyOfPeer("local:7"); ok {
		t.Error(`keyOfPeer("local:7") found an address, want none`)
	}
}
