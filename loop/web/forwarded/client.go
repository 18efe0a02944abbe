package forwarded

import (
	"net/http"
	"net/netip"
	"strings"
)

// The headers that Client knows. A proxy passes on what its client says in the other one, so only one of them can be believed.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded"
)

// Client returns whose request it is that has come from proxy, which is trusted. Each proxy writes whose the request was that it got at the end of the
// header; so the last address is believed, and the one before it if the last is of a trusted proxy, and so on: the client is the right-most that is not
// trusted. Where the header is missing, or is no address at that place, it is the last one that was believed: the proxy itself at the least.
// name is XForwardedFor or Forwarded.
func Client(header http.Header, name string, proxy netip.Addr, trusted func(netip.Addr) bool) netip.Addr {
	client, rest := proxy, strings.Join(header.Values(name), ",")
	for rest != "" && trusted(client) {
		var last string
		rest, last = cutLast(rest)
		if name == Forwarded {
			last = forOf(last)
		}
		next, ok := parse(last)
		if !ok {
			break
		}
		client = next
	}
	return client
}

// cutLast cuts list before its last element. A comma within quotes is none.
func cutLast(list string) (rest, last string) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i] == '"':
			quoted = !quoted
		case list[i] == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return "", list
}

// forOf is the value of for in an element of Forwarded, without its quotes; "" if there is none. There is no need for escapes in an address.
func forOf(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if ok && strings.EqualFold(key, "for") {
			if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
				value = value[1 : len(value)-1]
			}
			return value
		}
	}
	return ""
}

// parse reads an address with a port or without, with brackets or without.
func parse(word string) (netip.Addr, bool) {
	word = strings.TrimSpace(word)
	if at, err := netip.ParseAddrPort(word); err == nil {
		return clean(at.Addr())
	}
	if strings.HasPrefix(word, "[") && strings.HasSuffix(word, "]") {
		word = word[1 : len(word)-1]
	}
	address, err := netip.ParseAddr(word)
	if err != nil {
		return netip.Addr{}, false
	}
	return clean(address)
}

// clean refuses zones, which nobody beyond a link has.
func clean(a netip.Addr) (netip.Addr, bool) { return a.Unmap(), a.Zone() == "" }
