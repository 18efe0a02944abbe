//go:build linux

package door

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"looproom/codec"
	"looproom/loop/session"
	"looproom/loop/unit"
)

// option is one that the URL of a door may have behind its ?.
type option struct {
	fits func(*URL) bool // whether the door has it
	set  func(u *URL, values []string) error
}

// options has all by name, but those of certificates.
var options = map[string]option{
	"size":     {func(u *URL) bool { return u.kind.framing == session.Blocks }, func(u *URL, v []string) (err error) { u.size, err = parseSize(v[0]); return err }},
	"pause":    {func(u *URL) bool { return u.kind.framing == session.Bursts }, func(u *URL, v []string) (err error) { u.pause, err = parsePause(v[0]); return err }},
	"slow":     {func(u *URL) bool { return u.kind.chats }, func(u *URL, v []string) (err error) { u.skip, err = parseSlow(v[0]); return err }},
	"greeting": {func(u *URL) bool { return u.kind.people }, func(u *URL, v []string) (err error) { u.greets, err = parseGreeting(v[0]); return err }},
	"origins":  {func(u *URL) bool { return u.kind.pages }, func(u *URL, v []string) (err error) { u.origins, err = parseOrigins(v); return err }},
	"hsts":     {func(u *URL) bool { return u.kind.pages && u.secure }, func(u *URL, v []string) (err error) { u.hsts, err = parseHSTS(v[0]); return err }},
	"sts": {func(u *URL) bool { return u.kind.dialect == IRCDialect && !u.secure && u.network == "tcp" },
		func(u *URL, v []string) (err error) { u.sts, err = parseSTS(v[0]); return err }},
	"proxy": {func(u *URL) bool { return u.network == "tcp" }, func(u *URL, v []string) (err error) { u.proxies, err = parseNetworks("proxy", v[0]); return err }},
	"forwarded": {func(u *URL) bool { return u.kind.pages },
		func(u *URL, v []string) (err error) {
			u.forwarders.networks, err = parseNetworks("forwarded", v[0])
			return err
		}},
	"forwarded-header": {func(u *URL) bool { return u.kind.pages },
		func(u *URL, v []string) (err error) {
			u.forwarders.header, err = parseForwardedHeader(v[0])
			return err
		}},
}

func (u *URL) setOptions(given url.Values) error {
	for name, values := range given {
		ofTLS, err := u.files.set(name, values[0])
		switch o, known := options[name]; {
		case ofTLS && !u.secure:
			return fmt.Errorf("%s needs TLS: %s+tls://", name, u.kind.scheme)
		case ofTLS:
		case !known, !o.fits(u), name == "forwarded-header" && !given.Has("forwarded"):
			return fmt.Errorf("a %s door has no option %q", u.kind.scheme, name)
		default:
			err = o.set(u, values)
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

// leastPause is as fine as event loops tell the time of an alarm.
const leastPause = 10 * time.Millisecond

func parsePause(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < leastPause || d > time.Minute {
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

// parseHSTS reads for how long, and whether for all names below, and returns it as the header has it.
func parseHSTS(s string) (string, error) {
	word, below := strings.CutSuffix(s, ",subdomains")
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 || d%time.Second != 0 {
		return "", fmt.Errorf("hsts=%s: it is a time such as 8760h, 0s to take it back, and perhaps ,subdomains behind it", s)
	}
	value := "max-age=" + strconv.FormatInt(int64(d/time.Second), 10)
	if below {
		value += "; includeSubDomains"
	}
	return value, nil
}
