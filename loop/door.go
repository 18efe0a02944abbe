//go:build linux

package loop

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"looproom/codec"
	"looproom/loop/delivery"
	"looproom/loop/session"
	"looproom/loop/transport"
	"looproom/loop/unit"
	"looproom/loop/web/forwarded"
)

// framing is how a door's clients cut their stream.
type framing uint8

const (
	lines framing = iota + 1
	blocks
	bursts
	raw
	messages // of WebSocket
)

// framings are the doors there are, by the scheme of their URL.
var framings = map[string]framing{"line": lines, "fixed": blocks, "chunk": bursts, "echo": raw, "http": messages}

// DefaultPause is how long a client of a chunk door must be quiet for its message to be over.
const DefaultPause = 30 * time.Millisecond

// maxBlock is the largest ?size= of a fixed door, in bytes.
const maxBlock = 64 << 10

// DoorURL says what kind of door to open, and where. ParseDoor makes it.
type DoorURL struct {
	framing    framing
	scheme     string // line, fixed, chunk, echo or http
	secure     bool   // behind TLS
	network    string // tcp or unix
	address    string // host:port, or a path
	host       string // as it stands in the URL, which may be a name
	query      string
	size       int           // of blocks
	pause      time.Duration // between bursts
	skip       bool          // slow clients lose messages instead of their connection
	files      certificateFiles
	proxies    proxies    // who may, and must, send a PROXY header; none: nobody
	hsts       string     // Strict-Transport-Security of an http+tls door; "": none
	forwarders forwarders // who says by a header whose request it passes on (http doors); none: nobody
	greets     bool       // newcomers are told of HELP
	origins    []string   // of the pages that may connect besides the door's own; "*": any (http doors)
}

// ParseDoor reads the URL of a door: SCHEME://HOST:PORT, SCHEME+tls://HOST:PORT or SCHEME+unix://PATH, where SCHEME is line, fixed, chunk,
// echo or http; there is no http+unix.
// The error says what is wrong with it and how it should look.
func ParseDoor(s string) (DoorURL, error) {
	d, err := parseDoor(s)
	if err != nil {
		return DoorURL{}, fmt.Errorf("door %q: %w", s, err)
	}
	return d, nil
}

func parseDoor(s string) (DoorURL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return DoorURL{}, errors.New("not a URL; a door looks like line://:7777")
	}
	scheme, secure := strings.CutSuffix(u.Scheme, "+tls")
	scheme, onUnix := strings.CutSuffix(scheme, "+unix")
	if scheme == "unix" {
		scheme, onUnix = "line", true
	}
	_, secureUnix := strings.CutSuffix(scheme, "+tls")
	d := DoorURL{forwarders: forwarders{header: forwarded.XForwardedFor}, framing: framings[scheme], scheme: scheme, secure: secure, query: u.RawQuery, size: codec.BlockSize, pause: DefaultPause}
	switch {
	case onUnix && (secure || secureUnix):
		return d, errors.New("a Unix socket has no TLS; who may use it is said by the rights of its folder")
	case d.scheme == "https":
		return d, errors.New("behind TLS it is http+tls://")
	case d.framing == 0:
		return d, errors.New("there are line://, fixed://, chunk://, echo:// (each with +tls or +unix) and http:// (with +tls)")
	case d.framing == messages && onUnix:
		return d, errors.New("browsers know no Unix sockets")
	case u.User != nil || u.Fragment != "":
		return d, errors.New("a door has no user and no #")
	case onUnix:
		err = d.setPath(u)
	default:
		err = d.setAddress(u)
	}
	if err != nil {
		return d, err
	}
	if err = d.setOptions(u.Query()); err == nil && d.secure {
		err = d.files.complete(u.Query())
	}
	return d, err
}

func (d *DoorURL) setPath(u *url.URL) error {
	if u.Host != "" || u.Path == "" {
		return fmt.Errorf("a Unix socket needs a whole path: %s+unix:///run/looproom.sock", d.scheme)
	}
	d.network, d.address = "unix", u.Path
	return nil
}

func (d *DoorURL) setAddress(u *url.URL) error {
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil || (u.Path != "" && u.Path != "/") {
		return fmt.Errorf("a door needs a port from 0 to 65535: %s://:7777", d.scheme)
	}
	d.host = u.Hostname()
	d.network, d.address = "tcp", net.JoinHostPort(u.Hostname(), strconv.FormatUint(port, 10))
	return nil
}

func (d *DoorURL) setOptions(options url.Values) error {
	for name, values := range options {
		ofTLS, err := d.files.set(name, values[0])
		switch {
		case ofTLS && !d.secure:
			return fmt.Errorf("%s needs TLS: %s+tls://", name, d.scheme)
		case ofTLS:
		case name == "size" && d.framing == blocks:
			d.size, err = parseSize(values[0])
		case name == "pause" && d.framing == bursts:
			d.pause, err = parsePause(values[0])
		case name == "slow" && d.framing != raw:
			d.skip, err = parseSlow(values[0])
		case name == "greeting" && d.framing != raw && d.framing != messages:
			d.greets, err = parseGreeting(values[0])
		case name == "origins" && d.framing == messages:
			d.origins, err = parseOrigins(values)
		case name == "hsts" && d.framing == messages && d.secure:
			d.hsts, err = parseHSTS(values[0])
		case name == "forwarded" && d.framing == messages:
			d.forwarders.networks, err = parseProxies(name, values[0])
		case name == "forwarded-header" && d.framing == messages && options.Has("forwarded"):
			d.forwarders.header, err = parseForwardedHeader(values[0])
		case name == "proxy" && d.network == "tcp":
			d.proxies, err = parseProxies(name, values[0])
		default:
			return fmt.Errorf("a %s door has no option %q", d.scheme, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func parseSize(s string) (int, error) {
	n, err := unit.ParseSize(s)
	if err != nil || n < codec.MinBlockSize || n > maxBlock {
		return 0, fmt.Errorf("size=%s: a block has %d to %d bytes", s, codec.MinBlockSize, maxBlock)
	}
	return int(n), nil
}

// shortestPause is no shorter than alarms are exact.
const shortestPause = 10 * time.Millisecond

func parsePause(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < shortestPause || d > time.Minute {
		return 0, fmt.Errorf("pause=%s: a pause is a time from 10ms to 1m, such as 30ms", s)
	}
	return d, nil
}

func parseGreeting(s string) (greets bool, err error) {
	if s != "yes" && s != "no" {
		return false, fmt.Errorf("greeting=%s: newcomers are told of HELP (yes), or not (no)", s)
	}
	return s == "yes", nil
}

func parseSlow(s string) (skip bool, err error) {
	if s != "drop" && s != "skip" {
		return false, fmt.Errorf("slow=%s: a client that reads too slowly is dropped (drop) or loses messages (skip)", s)
	}
	return s == "skip", nil
}

// String is the door as a URL.
func (d DoorURL) String() string {
	s := d.scheme
	switch {
	case d.network == "unix":
		s += "+unix"
	case d.secure:
		s += "+tls"
	}
	s += "://" + d.address
	if d.query != "" {
		s += "?" + d.query
	}
	return s
}

// Secure says whether clients of the door talk TLS.
func (d DoorURL) Secure() bool { return d.secure }

// shown is the door as it is told to people: without the paths of files, which are long and the same for years.
func (d DoorURL) shown() string {
	if d.secure {
		options, _ := url.ParseQuery(d.query) // it has been parsed before
		for _, name := range []string{"cert", "key", "client-ca", "client-cert"} {
			options.Del(name)
		}
		d.query = options.Encode()
	}
	return d.String()
}

// tip is how a person connects to the door, or in brackets who does where a person can't.
func (d DoorURL) tip() string {
	switch {
	case len(d.proxies) > 0:
		return "(for proxies; people connect to those)"
	case d.framing == blocks:
		return fmt.Sprintf("(for programs that send blocks of %d bytes)", d.size)
	}
	return d.hint()
}

// hint is what a person types who comes to the door, directly or through a proxy in front of it.
func (d DoorURL) hint() string {
	if d.network == "unix" {
		return "nc -U " + d.address
	}
	host, port, err := net.SplitHostPort(d.address)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	switch {
	case d.framing == messages && d.secure:
		return "https://" + net.JoinHostPort(host, port) + "/"
	case d.framing == messages:
		return "http://" + net.JoinHostPort(host, port) + "/"
	case d.secure && d.files.clientCA != "" && !d.files.optional:
		return "ncat --ssl --ssl-cert FILE --ssl-key FILE " + host + " " + port
	case d.secure:
		return "ncat --ssl " + host + " " + port
	}
	return "nc " + host + " " + port
}

// hasPreface says whether a client of the door has to say something before it is let in.
func (d DoorURL) hasPreface() bool { return d.secure || len(d.proxies) > 0 || d.framing == messages }

// takesFiles says whether files can be sent at the door.
func (d DoorURL) takesFiles() bool { return d.framing == lines || d.framing == messages }

func (d DoorURL) echo() bool { return d.framing == raw }

// layouts are how lines are told apart by framing.
var layouts = map[framing]delivery.Framing{lines: delivery.Lines, blocks: delivery.Blocks, bursts: delivery.Bursts, raw: delivery.Lines, messages: delivery.Messages}

// layout says how lines are laid out for the clients of a door. Doors with the same layout share what is encoded.
func (d DoorURL) layout() delivery.Layout {
	y := delivery.Layout{Framing: layouts[d.framing]}
	if d.framing == blocks {
		y.Size = d.size
	}
	return y
}

// appendLine lays line, which has no end, out at the end of dst.
func appendLine(dst, line []byte, y delivery.Layout) []byte {
	return transport.AppendLine(dst, line, y, native.Head)
}

// form is how the streams of its clients are cut, whose lines have at most maxLine bytes.
func (d DoorURL) form(maxLine int) session.Form {
	framing := [...]session.Framing{lines: session.Lines, blocks: session.Blocks, bursts: session.Bursts, raw: session.Raw, messages: session.Messages}[d.framing]
	return session.Form{Framing: framing, MaxLine: maxLine, Size: d.size, Pause: d.pause}
}
