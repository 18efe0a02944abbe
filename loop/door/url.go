//go:build linux

package door

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"looproom/codec"
	"looproom/loop/web/forwarded"
)

// usualPause is how long a client of a chunk door must be quiet for its message to be over.
const usualPause = 30 * time.Millisecond

// maxBlock is the largest ?size= of a fixed door, in bytes.
const maxBlock = 64 << 10

// URL says what kind of door to open, and where. Parse makes it.
type URL struct {
	kind       *kind
	secure     bool   // behind TLS
	network    string // tcp or unix
	address    string // host:port, or a path
	host       string // as it stands in the URL, which may be a name
	query      string
	size       int           // of blocks
	pause      time.Duration // between bursts
	skip       bool          // slow clients lose messages instead of their connection
	files      certificateFiles
	proxies    networks       // who may, and must, send a PROXY header; none: nobody
	hsts       string         // Strict-Transport-Security of an http+tls door; "": none
	sts        *time.Duration // for so long clients of an irc door use TLS alone; nil: it doesn't say so
	forwarders forwarders     // who says by a header whose request it passes on (http doors); none: nobody
	greets     bool           // newcomers are told of HELP
	origins    []string       // of the pages that may connect besides the door's own; "*": any (http doors)
}

// Parse reads the URL of a door: SCHEME://HOST:PORT, SCHEME+tls://HOST:PORT or SCHEME+unix://PATH, where SCHEME is line, fixed, chunk,
// echo, irc or http; there is no http+unix. The port of a door for IRC may be left out. The error says what is wrong with it and how it should look.
func Parse(s string) (URL, error) {
	u, err := parse(s)
	if err != nil {
		return URL{}, fmt.Errorf("door %q: %w", s, err)
	}
	return u, nil
}

func parse(s string) (u URL, err error) {
	parsed, err := url.Parse(s)
	if err != nil {
		return u, errors.New("not a URL; a door looks like line://:7777")
	}
	scheme, secure := strings.CutSuffix(parsed.Scheme, "+tls")
	scheme, onUnix := strings.CutSuffix(scheme, "+unix")
	if scheme == "unix" {
		scheme, onUnix = "line", true
	}
	_, secureUnix := strings.CutSuffix(scheme, "+tls")
	u = URL{forwarders: forwarders{header: forwarded.XForwardedFor}, kind: kindOf(scheme), secure: secure, query: parsed.RawQuery, size: codec.BlockSize, pause: usualPause}
	switch {
	case onUnix && (secure || secureUnix):
		return u, errors.New("a Unix socket has no TLS; who may use it is said by the rights of its folder")
	case scheme == "ircs":
		return u, errors.New("behind TLS it is irc+tls://")
	case scheme == "https":
		return u, errors.New("behind TLS it is http+tls://")
	case u.kind == nil:
		return u, errors.New("there are line://, fixed://, chunk://, echo://, irc:// (each with +tls or +unix) and http:// (with +tls)")
	case onUnix && !u.kind.onUnix:
		return u, errors.New("browsers know no Unix sockets")
	case parsed.User != nil || parsed.Fragment != "":
		return u, errors.New("a door has no user and no #")
	case onUnix:
		err = u.setPath(parsed)
	default:
		err = u.setAddress(parsed)
	}
	if err != nil {
		return u, err
	}
	if err = u.setOptions(parsed.Query()); err == nil && u.secure {
		err = u.files.complete(parsed.Query(), u.kind.dialect)
	}
	return u, err
}

func (u *URL) setPath(parsed *url.URL) error {
	if parsed.Host != "" || parsed.Path == "" {
		return fmt.Errorf("a Unix socket needs a whole path: %s+unix:///run/looproom.sock", u.kind.scheme)
	}
	u.network, u.address = "unix", parsed.Path
	return nil
}

func (u *URL) setAddress(parsed *url.URL) error {
	port, err := u.portOf(parsed)
	if err != nil || (parsed.Path != "" && parsed.Path != "/") {
		return fmt.Errorf("a door needs a port from 0 to 65535: %s://:%d", u.kind.scheme, cmp.Or(u.kind.ports[0], 7777))
	}
	u.host = parsed.Hostname()
	u.network, u.address = "tcp", net.JoinHostPort(parsed.Hostname(), strconv.FormatUint(port, 10))
	return nil
}

// portOf is the one that the URL names, or the usual one of its kind.
func (u *URL) portOf(parsed *url.URL) (uint64, error) {
	usual := u.kind.ports[0]
	if u.secure {
		usual = u.kind.ports[1]
	}
	if usual > 0 && parsed.Port() == "" {
		return uint64(usual), nil
	}
	return strconv.ParseUint(parsed.Port(), 10, 16)
}

// String is the door as a URL.
func (u URL) String() string {
	s := u.kind.scheme
	switch {
	case u.network == "unix":
		s += "+unix"
	case u.secure:
		s += "+tls"
	}
	s += "://" + u.address
	if u.query != "" {
		s += "?" + u.query
	}
	return s
}

// Secure says whether clients of the door talk TLS.
func (u *URL) Secure() bool { return u.secure }

// BlockSize is how many bytes a block of the door has, if it has blocks.
func (u *URL) BlockSize() int { return u.size }

// Skips says whether slow clients of the door lose messages instead of their connection.
func (u *URL) Skips() bool { return u.skip }

// Greets says whether newcomers are told of HELP.
func (u *URL) Greets() bool { return u.greets }

// Shown is the door as it is told to people: without the paths of files, which are long and the same for years.
func (u URL) Shown() string {
	if u.secure {
		options, _ := url.ParseQuery(u.query) // it has been parsed before
		for _, name := range []string{"cert", "key", "client-ca", "client-cert"} {
			options.Del(name)
		}
		u.query = options.Encode()
	}
	return u.String()
}
