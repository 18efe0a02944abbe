package room

import (
	"net/netip"
	"strings"
)

// target is whom a ban means: a name, guests, an address, who looks like a mask, or an account. One of its fields is set, and mutes may be.
type target struct {
	name  string       // its key; the account's as well
	guest string       // what guests are shown as, up to the number behind it; or all of what one is shown as
	net   netip.Prefix // of addresses
	user  string       // of the server's machine, as unix:1000

	mask    mask
	account string // a pattern of keys, as of a mask
	mutes   bool   // it is only not to speak
}

// userIn begins the address of who comes by a Unix socket, and a target that is a user of the server's machine.
const userIn = "unix:"

// anyNumber stands behind what guests are shown as, in the place of a number.
const anyNumber = ":*"

// parseTarget reads whom a ban is for, and returns the form in which that is told; false: it can't be anybody. An address or a network is written as package ban has it.
func parseTarget(written string) (t target, told string, ok bool) {
	if net, is := parseNet(written); is {
		return target{net: net}, written, true
	}
	if strings.HasPrefix(written, userIn) {
		return target{user: written}, written, true
	}
	if t, told, is, ok := parsePattern(written); is {
		return t, told, ok
	}
	if host, number, is := cutLast(written, ':'); is && (number == "*" || onlyOf(number, "0123456789")) {
		if number == "*" || strings.ContainsAny(host, ".[") { // an address or a cloak: the same guest comes back by another number
			return target{guest: host + ":"}, host + anyNumber, host != ""
		}
		return target{guest: written}, written, host != ""
	}
	shown, key, why := checkName(written)
	return target{name: key}, shown, why == 0
}

// parsePattern reads a target that is a mask or an account, or says that it is none.
func parsePattern(written string) (t target, told string, is, ok bool) {
	bare, mutes := strings.CutPrefix(written, muteMark)
	told, t.mutes = muteMark[:len(written)-len(bare)], mutes
	if account, is := strings.CutPrefix(bare, accountMark); is {
		t.account = foldPattern(account)
		return t, told + accountMark + account, true, account != "" && len(account) <= MaxMask
	}
	if !mutes && !isMask(bare) {
		return t, "", false, false
	}
	m, rest, ok := parseMask(bare)
	t.mask = m
	return t, told + rest, true, ok && bare != ""
}

func parseNet(written string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(written); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), true
	}
	p, err := netip.ParsePrefix(written)
	return p.Masked(), err == nil
}

// byAddress says whether it means addresses, which only operators of the server may know of.
func (t *target) byAddress() bool { return t.net.IsValid() || t.user != "" }

// means says whether it is for who looks so.
func (t *target) means(as *look) bool {
	u, account := as.u, as.account
	switch {
	case t.name != "":
		return t.name == u.key || t.name == account
	case t.guest != "":
		return u.guest() && (u.name == t.guest || strings.HasSuffix(t.guest, ":") && strings.HasPrefix(u.name, t.guest))
	case t.account != "":
		return account != "" && glob(t.account, account)
	case t.mask != mask{}:
		return t.mask.means(as)
	}
	for of := range u.sessions { // at most as many as one may have
		if t.comesFrom(of.address()) {
			return true
		}
	}
	return false
}

// comesFrom says whether it means an address, as operators are told of it.
func (t *target) comesFrom(address string) bool {
	if t.user != "" {
		return t.user == address
	}
	at, err := netip.ParseAddrPort(address)
	return err == nil && t.net.Contains(at.Addr().Unmap().WithZone(""))
}
