//go:build linux

package loop

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"looproom/loop/room"
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
			got := keyOf(netip.MustParseAddr(test.one)) == keyOf(netip.MustParseAddr(test.other))
			if got != test.same {
				t.Errorf("%s and %s count as one: %v, want %v", test.one, test.other, got, test.same)
			}
		})
	}
}

// TestKeyOfPeer: what is counted as a connection comes is found again by the peer's name when it ends.
func TestKeyOfPeer(t *testing.T) {
	for _, address := range []string{"10.0.0.1:5", "[2001:db8::1]:5", "[::1]:5"} {
		want := keyOf(netip.MustParseAddrPort(address).Addr())
		if got, ok := keyOfPeer(address); !ok || got != want {
			t.Errorf("keyOfPeer(%q) = %v, %v; want %v", address, got, ok, want)
		}
	}
	if _, ok := keyOfPeer("local:7"); ok {
		t.Error(`keyOfPeer("local:7") found an address, want none`)
	}
}

func TestAdmission(t *testing.T) {
	limit := Limits{MaxPerAddress: 3, ConnectRate: 1, ConnectBurst: 5}.withDefaults(100, 0)
	ana, bob := keyOf(netip.MustParseAddr("10.0.0.1")), keyOf(netip.MustParseAddr("10.0.0.2"))
	steps := []struct {
		name string
		key  addressKey
		left int           // connections that end before
		at   time.Duration // when
		want room.Code
	}{
		{"first", ana, 0, 0, ""},
		{"second", ana, 0, 0, ""},
		{"third", ana, 0, 0, ""},
		{"too many", ana, 0, 0, room.TooManyConnections},
		{"another address", bob, 0, 0, ""},
		{"one has left", ana, 1, 0, ""},
		{"still too many", ana, 0, 0, room.TooManyConnections},
		{"the burst's last", ana, 1, 0, ""},
		{"too fast", ana, 1, 0, room.ConnectingTooFast},
		{"a second later", ana, 0, time.Second, ""},
	}
	a := newAdmission()
	for _, step := range steps {
		for range step.left {
			a.leave(step.key, step.at)
		}
		got := room.Code("")
		if why := a.enter(step.key, limit, step.at); why != nil {
			got = why.code
		}
		if got != step.want {
			t.Fatalf("%s: refused with %q, want %q", step.name, got, step.want)
		}
	}
}

// TestAdmissionOfNetworks: the networks around a /64 of IPv6 have their share, too.
func TestAdmissionOfNetworks(t *testing.T) {
	limit := Limits{MaxPerAddress: 2}.withDefaults(100, 0)
	a := newAdmission()
	count := func(key func(n int) addressKey) (let int) {
		var keys []addressKey
		for n := range 200 {
			if a.enter(key(n), limit, 0) == nil {
				keys = append(keys, key(n))
			}
		}
		for _, key := range keys {
			a.leave(key, 0)
		}
		return len(keys)
	}
	address := func(site, net byte) addressKey {
		return keyOf(netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 0, 0, site, net, 15: 1}))
	}
	for want, key := range map[int]func(n int) addressKey{
		2: func(int) addressKey { return address(0, 0) }, 2 * siteShares: func(n int) addressKey { return address(0, byte(n)) },
		2 * largeShares: func(n int) addressKey { return address(byte(n), byte(n)) },
	} {
		if got := count(key); got != want {
			t.Errorf("%d connections are let in, want %d", got, want)
		}
	}
	if n := a.count(); n != 0 {
		t.Errorf("%d addresses are known when all have left, want none", n)
	}
}

// TestAdmissionForgets has a million addresses come and go.
func TestAdmissionForgets(t *testing.T) {
	limits := []struct {
		name  string
		limit Limits
		most  int
	}{
		{"no limit", Limits{}, 0},
		{"paid soon", Limits{ConnectRate: 1000, ConnectBurst: 10}, fewAddresses + 1000},
		{"never paid", Limits{ConnectRate: 1e-6, ConnectBurst: 10}, 2*maxStrangers + 1},
	}
	for _, row := range limits {
		t.Run(row.name, func(t *testing.T) {
			limit, a := row.limit.withDefaults(100, 0), newAdmission()
			most, now := 0, time.Duration(0)
			for n := range uint32(1_000_000) {
				var four [4]byte
				binary.BigEndian.PutUint32(four[:], n)
				key := keyOf(netip.AddrFrom4(four))
				now += time.Microsecond * 10
				if why := a.enter(key, limit, now); why != nil {
					t.Fatalf("address %d is refused: %v", n, why.words)
				}
				a.leave(key, now)
				most = max(most, a.count())
			}
			if most > row.most {
				t.Errorf("%d addresses were known at once, want at most %d", most, row.most)
			}
		})
	}
}
