//go:build linux

package remote

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/rate"
)

func TestOfPeer(t *testing.T) {
	tests := []struct {
		name, want string
	}{
		{"10.0.0.1:5", "10.0.0.1"},
		{"[::ffff:10.0.0.1]:5", "10.0.0.1"},
		{"[2001:db8::1]:5", "2001:db8::1"},
	}
	for _, test := range tests {
		r, ok := OfPeer(test.name, -1)
		if !ok || r.String() != test.want {
			t.Errorf("OfPeer(%q) = %v, %v; want %s", test.name, r, ok, test.want)
		}
		if want := rate.KeyOf(netip.MustParseAddr(test.want)); r.Key() != want {
			t.Errorf("the key of %q is %v, want %v", test.name, r.Key(), want)
		}
	}
	if r, ok := OfPeer("local:7", -1); ok {
		t.Errorf("OfPeer of a closed socket = %v, want none", r)
	}
}

// TestKeyOf: what is counted as a connection comes is found again by the peer's name when it ends.
func TestKeyOf(t *testing.T) {
	for _, address := range []string{"10.0.0.1:5", "[2001:db8::1]:5", "[::1]:5"} {
		want := rate.KeyOf(netip.MustParseAddrPort(address).Addr())
		if got, ok := KeyOf(address); !ok || got != want {
			t.Errorf("KeyOf(%q) = %v, %v; want %v", address, got, ok, want)
		}
	}
	if _, ok := KeyOf("local:7"); ok {
		t.Error(`KeyOf("local:7") found an address, want none`)
	}
}

// TestOfConn: the kernel tells which user has the other end of a Unix socket.
func TestOfConn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	r, ok := OfConn(far.(*net.UnixConn))
	if want := "unix:" + strconv.Itoa(os.Getuid()); !ok || r.String() != want {
		t.Errorf("OfConn = %v, %v; want %s", r, ok, want)
	}
	if _, has := r.Address(); has {
		t.Error("a user has an address, want none")
	}
	far.Close()
	if r, ok := OfConn(far.(*net.UnixConn)); ok {
		t.Errorf("OfConn of a closed socket = %v, want none", r)
	}
}

// TestLocalUser: who connects within this machine is known by user.
func TestLocalUser(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	file, err := far.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	uid, err := LocalUser(far.RemoteAddr().String(), int(file.Fd()))
	if err != nil || int(uid) != os.Getuid() {
		t.Errorf("LocalUser = %d, %v; want %d", uid, err, os.Getuid())
	}
	if _, err := LocalUser("local:7", int(file.Fd())); err == nil {
		t.Error("LocalUser of who has no address gave no error")
	}
}

func TestBansMean(t *testing.T) {
	tests := []struct {
		target string
		who    Remote
		want   bool
	}{
		{"10.0.0.0/8", Of(netip.MustParseAddr("10.1.2.3")), true},
		{"10.0.0.0/8", Of(netip.MustParseAddr("::ffff:10.1.2.3")), true},
		{"10.0.0.0/8", Of(netip.MustParseAddr("11.1.2.3")), false},
		{"10.0.0.0/8", Remote{uid: 10}, false},
		{"unix:10", Remote{uid: 10}, true},
		{"unix:10", Remote{uid: 11}, false},
		{"unix:0", Of(netip.MustParseAddr("10.1.2.3")), false},
	}
	for _, test := range tests {
		t.Run(test.target+" "+test.who.String(), func(t *testing.T) {
			target, err := ban.ParseTarget(test.target, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := test.who.MeantBy(target); got != test.want {
				t.Errorf("MeantBy = %v, want %v", got, test.want)
			}
			bans := ban.ListOf([]ban.Entry{{Target: target}})
			if _, got := test.who.Ban(bans, false, 1); got != test.want {
				t.Errorf("Ban = %v, want %v", got, test.want)
			}
			if _, got := test.who.Ban(bans, true, 1); got {
				t.Error("a ban is a shun")
			}
		})
	}
}
