package accounts

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"
)

var testCloakKey = []byte(strings.Repeat("k", CloakKeySize))

// parts returns the two parts of the address's cloak.
func parts(t *testing.T, key []byte, address string) (network, host string) {
	t.Helper()
	cloak := NewGuestNames(CloakAddresses, key).cloak(netip.MustParseAddr(address))
	if !regexp.MustCompile(`^[0-9a-z]{6}\.[0-9a-z]{6}$`).MatchString(cloak) {
		t.Fatalf("cloak of %s = %q, want six characters, a dot and six more", address, cloak)
	}
	network, host, _ = strings.Cut(cloak, ".")
	return network, host
}

// TestCloakTellsNetworks: which parts the cloaks of two addresses share.
func TestCloakTellsNetworks(t *testing.T) {
	rows := []struct {
		name, one, other string
		network, host    bool // the same
	}{
		{"one IPv4 address", "10.1.2.3", "10.1.2.3", true, true},
		{"one /24", "10.1.2.3", "10.1.2.4", true, false},
		{"two /24", "10.1.2.3", "10.1.3.3", false, false},
		{"one /64", "2001:db8:1:2::3", "2001:db8:1:2:ffff::4", true, true},
		{"one /48", "2001:db8:1:2::3", "2001:db8:1:3::3", true, false},
		{"two /48", "2001:db8:1:2::3", "2001:db8:2:2::3", false, false},
		{"the same bits in IPv4 and IPv6", "32.1.13.184", "2001:db8::", false, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			network, host := parts(t, testCloakKey, row.one)
			otherNetwork, otherHost := parts(t, testCloakKey, row.other)
			if (network == otherNetwork) != row.network || (host == otherHost) != row.host {
				t.Errorf("cloaks of %s and %s = %s.%s and %s.%s, want the same network: %v, the same host: %v",
					row.one, row.other, network, host, otherNetwork, otherHost, row.network, row.host)
			}
		})
	}
}

// TestCloakNeedsTheKey: with another key all is different, and without one, too.
func TestCloakNeedsTheKey(t *testing.T) {
	network, host := parts(t, testCloakKey, "10.1.2.3")
	if again, _ := parts(t, []byte(string(testCloakKey)), "10.1.2.3"); again != network {
		t.Errorf("cloak with the same key = %s, want %s", again, network)
	}
	for name, key := range map[string][]byte{"another key": []byte(strings.Repeat("x", CloakKeySize)), "a random key": nil} {
		otherNetwork, otherHost := parts(t, key, "10.1.2.3")
		if otherNetwork == network || otherHost == host {
			t.Errorf("cloak with %s = %s.%s, want nothing of %s.%s", name, otherNetwork, otherHost, network, host)
		}
	}
}

// TestRandomKeysDiffer: without a key each server has one of its own, which nobody can know.
func TestRandomKeysDiffer(t *testing.T) {
	one, _ := parts(t, nil, "10.1.2.3")
	if other, _ := parts(t, nil, "10.1.2.3"); other == one {
		t.Errorf("two servers without a key have the cloak %s, want two", one)
	}
}

// TestCloakOfOneKeyStays: cloaks are written down and compared, so another version must not have others.
func TestCloakOfOneKeyStays(t *testing.T) {
	for address, want := range map[string]string{"10.1.2.3": "zk7nft.d0t0xf", "2001:db8:1:2::3": "3wkn06.4gh90c"} {
		if got := NewGuestNames(CloakAddresses, testCloakKey).cloak(netip.MustParseAddr(address)); got != want {
			t.Errorf("cloak of %s = %s, want %s", address, got, want)
		}
	}
}

func TestGuestNames(t *testing.T) {
	rows := []struct {
		name    string
		show    Addresses
		address string
		want    string // a pattern
	}{
		{"shown", ShowAddresses, "10.1.2.3:5", `^10\.1\.2\.3:5$`},
		{"cloaked", CloakAddresses, "10.1.2.3:5", `^\w{6}\.\w{6}:1$`},
		{"hidden", HideAddresses, "10.1.2.3:5", `^guest:1$`},
		{"hidden IPv6", HideAddresses, "[2001:db8::1]:5", `^guest:1$`},
		{"shown Unix socket", ShowAddresses, "local:7", `^local:7$`},
		{"cloaked Unix socket", CloakAddresses, "local:7", `^local:7$`},
		{"hidden Unix socket", HideAddresses, "local:7", `^local:7$`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := NewGuestNames(row.show, testCloakKey).Of(row.address); !regexp.MustCompile(row.want).MatchString(got) {
				t.Errorf("name of %s = %q, want %s", row.address, got, row.want)
			}
		})
	}
}

func TestAddressesAreRead(t *testing.T) {
	for _, word := range addressWords {
		var a Addresses
		if err := a.UnmarshalText([]byte(word)); err != nil || a.String() != word {
			t.Errorf("%q is read as %v, %v; want the same", word, a, err)
		}
	}
	var a Addresses
	if err := a.UnmarshalText([]byte("maybe")); err == nil || err.Error() != `"maybe" is not yes, cloak or no` {
		t.Errorf(`"maybe" is read with the error %v, want one that says what there is`, err)
	}
}
