//go:build linux

package door

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// longestSTS is the longest ?sts=: what clients remember for longer, nobody remembers having said.
const longestSTS = 10 * 365 * 24 * time.Hour

// errSTSAlone says what a door with ?sts= needs.
var errSTSAlone = errors.New("sts needs an irc+tls door beside it, to which clients are sent")

func parseSTS(s string) (*time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > longestSTS || d%time.Second != 0 {
		return nil, fmt.Errorf("sts=%s: it is for how long clients use nothing but TLS, a time such as 720h; 0s takes it back", s)
	}
	return &d, nil
}

// STS is for how long clients of the door are told to use nothing but TLS, by IRCv3's Strict Transport Security; false: they are told nothing.
func (u *URL) STS() (time.Duration, bool) {
	if u.sts == nil {
		return 0, false
	}
	return *u.sts, true
}

// takesSTS says whether clients are sent to the door by others.
func (u *URL) takesSTS() bool { return u.kind.dialect == IRCDialect && u.secure && len(u.proxies) == 0 }

// CheckTogether says whether doors of these URLs make sense beside each other.
func CheckTogether(urls []URL) error {
	takes := false
	for i := range urls {
		takes = takes || urls[i].takesSTS()
	}
	for i := range urls {
		if _, says := urls[i].STS(); says && !takes {
			return fmt.Errorf("door %q: %w", urls[i], errSTSAlone)
		}
	}
	return nil
}

// STS is what clients of the door are told of it by IRCv3's Strict Transport Security: at one in clear the port of the first door with TLS; at one with TLS for how long the policy holds, as the
// first door in clear says. False: nothing, also of a door that is not one of IRC. Safe for any goroutine.
func (ds *Doors) STS(d *Door) (port int, lasts time.Duration, ok bool) {
	if d.kind.dialect != IRCDialect {
		return 0, 0, false
	}
	if lasts, _ := d.URL.STS(); lasts == 0 && !d.secure {
		return 0, 0, false // it takes the policy back: who comes in clear may stay
	}
	for _, other := range ds.All() {
		if lasts, says := other.URL.STS(); d.secure && says {
			return 0, lasts, true
		}
		if !d.secure && other.takesSTS() {
			return other.port(), 0, true
		}
	}
	return 0, 0, false
}

// port is that of a door of TCP.
func (d *Door) port() int {
	_, port, _ := net.SplitHostPort(d.address) // it has been listened at
	n, _ := strconv.Atoi(port)
	return n
}
