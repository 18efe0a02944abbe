package hosts

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// Any is the name that stands for all of them.
const Any = "*"

// Names are the names by which a server may be asked for. The zero value has none but those that everyone has.
type Names struct {
	any   bool
	names map[string]bool // in lower case, without a dot at the end
}

// New returns these names and those of this machine. The error says which one can't be a name.
func New(names ...string) (*Names, error) {
	n := &Names{names: map[string]bool{}}
	for _, name := range names {
		if err := Check(name); err != nil {
			return nil, err
		}
		n.any = n.any || name == Any
		n.names[fold(name)] = true
	}
	n.addMachine(os.Hostname())
	return n, nil
}

// addMachine adds the names of this machine: its own, the first word of it, and that in the domain of mDNS.
func (n *Names) addMachine(hostname string, err error) {
	if err != nil || hostname == "" {
		return // it has none
	}
	first, _, _ := strings.Cut(fold(hostname), ".")
	for _, name := range []string{fold(hostname), first, first + ".local"} {
		n.names[name] = true
	}
}

var errName = errors.New("a host is a name without scheme and port, such as chat.example, or * for any")

// Check says whether name can be given to New. The error is for people.
func Check(name string) error {
	if name == "" || name != Any && strings.ContainsAny(name, "/:*@, ?#[]") {
		return fmt.Errorf("%q: %w", name, errName)
	}
	return nil
}

// And returns these names and one more.
func (n *Names) And(name string) *Names {
	more := &Names{any: n.any, names: map[string]bool{fold(name): true}}
	for own := range n.names {
		more.names[own] = true
	}
	return more
}

// Allow says whether a request may have this Host, with a port or without. Every IP address may be asked for, because no name leads there,
// and localhost; none at all, as in HTTP/1.0, is no browser's.
func (n *Names) Allow(host string) bool {
	if n.any || host == "" {
		return true
	}
	name := fold(without(host))
	return n.names[name] || name == "localhost" || strings.HasSuffix(name, ".localhost") || isAddress(name)
}

// without is host without its port and without the brackets of an address.
func without(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

func fold(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

// Guard answers requests for other names, for which besides none is known by which they may come (nil: none), and hands on all others.
func (n *Names) Guard(besides func(name string) bool, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n.Allow(r.Host) || besides != nil && besides(without(r.Host)) {
			pages.ServeHTTP(w, r)
			return
		}
		refuse(w, r)
	})
}

// refuse says what to set. The name that was asked for is shown only if it can be one.
func refuse(w http.ResponseWriter, r *http.Request) {
	words := "this server is not known by the name that was asked for"
	if name := without(r.Host); Check(name) == nil {
		words += "; who runs it can allow it with --host " + name
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Connection", "close")
	w.WriteHeader(http.StatusMisdirectedRequest)
	_, _ = w.Write([]byte(words + "\n")) // the client is gone if it fails
}
