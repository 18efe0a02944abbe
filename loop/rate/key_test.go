package rate

import (
	"net/netip"
	"testing"
)

func TestAddressesCountAs(t *testing.T) {
	tests := []struct {
		name, one, other string
		same             bool
	}{
		{"two IPv4 addresses", "10.0.0.1", "10.0.0.2", false},
		{"IPv4 within IPv6", "10.0.0.1", "::ffff:10.0.0.1", true},
		{"one /64", "2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff", true},
		{"two /64", "2001:db8::1", "2001:db8:0:1::1", false},
		{"an IPv4 address and a /64 of the same bits", "0.0.0.0", "::1", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := KeyOf(netip.MustParseAddr(test.one)) == KeyOf(netip.MustParseAddr(test.other))
			if got != test.same {
				t.Errorf("%s and %s count as one: %v, want %v", test.one, test.other, got, test.same)
			}
		})
	}
}

func TestNumber(t *testing.T) {
	seen := map[uint64]string{}
	for _, address := range []string{"0.0.0.0", "10.0.0.1", "255.255.255.255", "::1", "2001:db8::1", "2001:db8:0:1::1"} {
		n := KeyOf(netip.MustParseAddr(address)).Number()
		if other, taken := seen[n]; taken || n == 0 {
			t.Errorf("Number of %s = %d, which is 0 or that of %s", address, n, other)
		}
		seen[n] = address
	}
}
