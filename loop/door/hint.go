//go:build linux

package door

import (
	"fmt"
	"net"

	"looproom/loop/session"
)

// Tip is how a person connects to the door, such as `nc localhost 7777`, or in brackets who does where a person can't.
func (u URL) Tip() string {
	switch {
	case len(u.proxies) > 0:
		return "(for proxies; people connect to those)"
	case u.kind.framing == session.Blocks:
		return fmt.Sprintf("(for programs that send blocks of %d bytes)", u.size)
	}
	return u.hint()
}

// hint is what a person types who comes to the door, directly or through a proxy in front of it.
func (u URL) hint() string {
	if u.network == "unix" {
		return "nc -U " + u.address
	}
	host, port, err := net.SplitHostPort(u.address)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	switch {
	case u.kind.pages && u.secure:
		return "https://" + net.JoinHostPort(host, port) + "/"
	case u.kind.pages:
		return "http://" + net.JoinHostPort(host, port) + "/"
	case u.kind.dialect == IRCDialect && u.secure:
		return "ircs://" + net.JoinHostPort(host, port)
	case u.kind.dialect == IRCDialect:
		return "irc://" + net.JoinHostPort(host, port)
	case u.secure && u.files.clients == certRequired:
		return "ncat --ssl --ssl-cert FILE --ssl-key FILE " + host + " " + port
	case u.secure:
		return "ncat --ssl " + host + " " + port
	}
	return "nc " + host + " " + port
}
