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

// STS is for how long clients are told to use nothing but TLS; false: the door doesn't say so.
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

// STS is what the doors have to tell by IRCv3's Strict Transport Security: the port of the first irc+tls door, to which who comes in clear is sent, and for how long who has come there comes by
// TLS alone, as the first door says that has ?sts=. port is 0 if none has. Safe for any goroutine.
func (ds *Doors) STS() (port int, lasts time.Duration) {
	says := false
	for _, d := range ds.All() {
		own, has := d.URL.STS()
		if has && !says {
			lasts, says = own, true
		}
		if port == 0 && d.takesSTS() {
			port = d.port()
		}
	}
	if !says {
		return 0, 0
	}
	return port, lasts
}

// TellsSTS says whether clients of the door are told of that. A door in clear that takes the policy back sends nobody away.
func (d *Door) TellsSTS() bool {
	lasts, _ := d.URL.STS()
	return lasts > 0 || d.kind.dialect == IRCDialect && d.secure
}

// port is that of a door of TCP.
func (d *Door) port() int {
	_, port, _ := net.SplitHostPort(d.address) // it has been listened at
	n, _ := strconv.Atoi(port)
	return n
}
