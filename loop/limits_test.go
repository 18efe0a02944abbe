//go:build linux

package loop

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"
)

func TestLimitsSayWhatCannotBe(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Limits)
		want   string // "" if it can be
	}{
		{"defaults", func(*Limits) {}, ""},
		{"none", func(l *Limits) { *l = Limits{} }, ""},
		{"max-clients", func(l *Limits) { l.MaxClients = -1 }, "max-clients: -1 is less than 0"},
		{"max-per-address", func(l *Limits) { l.MaxPerAddress = -2 }, "max-per-address: -2 is less than 0"},
		{"connect-rate", func(l *Limits) { l.ConnectRate = -0.5 }, "connect-rate: -0.5 is not between"},
		{"connect-rate NaN", func(l *Limits) { l.ConnectRate = math.NaN() }, "connect-rate: NaN is not between"},
		{"connect-burst", func(l *Limits) { l.ConnectBurst = -1 }, "connect-burst: -1 is less than 0"},
		{"pending-per-address", func(l *Limits) { l.PendingPerAddress = -1 }, "pending-per-address: -1 is less than 0"},
		{"requests-per-second", func(l *Limits) { l.RequestsPerSecond = -1 }, "requests-per-second: -1 is not between"},
		{"requests-burst", func(l *Limits) { l.RequestsBurst = -1 }, "requests-burst: -1 is less than 0"},
		{"recvq", func(l *Limits) { l.RecvQ = -1 }, "recvq: -1 is not between 1KiB and 64MiB"},
		{"lines-per-second", func(l *Limits) { l.LinesPerSecond = -1 }, "lines-per-second: -1 is not between"},
		{"lines-burst", func(l *Limits) { l.LinesBurst = -1 }, "lines-burst: -1 is less than 0"},
		{"sendq", func(l *Limits) { l.SendQ = -1 }, "sendq: -1 is not between 1KiB and 64MiB"},
		{"sendq too large", func(l *Limits) { l.SendQ = math.MaxInt32 }, "sendq: 2147483647 is not between"},
		{"sendq-grace", func(l *Limits) { l.SendQGrace = -time.Second }, "sendq-grace: -1s is less than 0s"},
		{"sign-in-timeout", func(l *Limits) { l.SignInTimeout = -time.Second }, "sign-in-timeout: -1s is less than 0s"},
		{"ping-every", func(l *Limits) { l.PingEvery = -time.Second }, "ping-every: -1s is not"},
		{"ping-every in part", func(l *Limits) { l.PingEvery = 1500 * time.Millisecond }, "ping-every: 1.5s is not a whole number of seconds"},
		{"ping-every too long", func(l *Limits) { l.PingEvery = 24 * time.Hour }, "ping-every: 24h0m0s is not"},
		{"ping-timeout", func(l *Limits) { l.PingTimeout = 0 }, "ping-timeout: 0s is not"},
		{"no pings", func(l *Limits) { l.PingEvery, l.PingTimeout = 0, 0 }, ""},
	}
	s, _ := start(t, testConfig(1))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := DefaultLimits()
			test.change(&l)
			err := s.SetLimits(l)
			if test.want == "" && err != nil {
				t.Errorf("SetLimits = %v, want no error", err)
			}
			if test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
				t.Errorf("SetLimits = %v, want %q", err, test.want)
			}
		})
	}
}

// TestLimitBounds: each limit has a bound of its own.
func TestLimitBounds(t *testing.T) {
	seen := map[any]string{}
	var l Limits
	for _, row := range limitBounds {
		if other, twice := seen[row.field(&l)]; twice {
			t.Errorf("%s and %s are one field", row.Name, other)
		}
		seen[row.field(&l)] = row.Name
	}
	if got, want := len(seen), reflect.TypeFor[Limits]().NumField(); got != want {
		t.Errorf("%d limits have bounds, want all %d", got, want)
	}
}

// TestPeerSize: there are very many peers, and Go gives memory in sizes of which 128 bytes is one.
func TestPeerSize(t *testing.T) {
	if size := unsafe.Sizeof(peer{}); size > 128 {
		t.Errorf("a peer has %d bytes, want at most 128", size)
	}
}
