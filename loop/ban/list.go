package ban

import (
	"net/netip"
	"slices"
)

// List is a set of bans and shuns. It never changes once it is made. The zero value is empty.
type List struct {
	entries []Entry             // in order of Compare
	nets    [2]nets             // of the bans and of the shuns
	users   [2]map[uint32]int32 // the same by the users of this machine: the place in entries
}

// nets finds the entries of one kind by address.
type nets struct {
	at                 map[netip.Prefix]int32 // the place in entries
	lengths4, lengths6 []int                  // the lengths of the networks in at, of IPv4 and of IPv6
}

// ListOf returns a list of the entries, which it copies. Where several are equal in Entry.Compare, the last one counts.
func ListOf(entries []Entry) *List {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, Entry.Compare)
	slices.Reverse(sorted)
	sorted = slices.CompactFunc(sorted, func(a, b Entry) bool { return a.Compare(b) == 0 })
	slices.Reverse(sorted)
	return listOfSorted(sorted)
}

// listOfSorted keeps entries, which are in order and each there once.
func listOfSorted(entries []Entry) *List {
	l := &List{entries: entries}
	for i, e := range entries {
		switch at := kind(e.Shun); {
		case e.Target.Name != "":
		case e.Target.Unix && l.users[at] == nil:
			l.users[at] = map[uint32]int32{e.Target.UID: int32(i)}
		case e.Target.Unix:
			l.users[at][e.Target.UID] = int32(i)
		default:
			l.nets[at].add(e.Target.Net, int32(i))
		}
	}
	return l
}

func kind(shun bool) int {
	if shun {
		return 1
	}
	return 0
}

func (n *nets) add(p netip.Prefix, at int32) {
	if n.at == nil {
		n.at = make(map[netip.Prefix]int32)
	}
	n.at[p] = at
	lengths := n.lengthsFor(p.Addr())
	if !slices.Contains(*lengths, p.Bits()) {
		*lengths = append(*lengths, p.Bits())
	}
}

func (n *nets) lengthsFor(a netip.Addr) *[]int {
	if a.Is4() {
		return &n.lengths4
	}
	return &n.lengths6
}

// With returns a list that has e, instead of what it had for the same target and kind, and nothing that is over at now. It copies the
// list.
func (l *List) With(e Entry, now int64) *List {
	kept := make([]Entry, 0, len(l.entries)+1)
	for _, old := range l.entries {
		if !old.over(now) && old.Compare(e) != 0 {
			kept = append(kept, old)
		}
	}
	if !e.over(now) {
		at, _ := slices.BinarySearchFunc(kept, e, Entry.Compare)
		kept = slices.Insert(kept, at, e)
	}
	return listOfSorted(kept)
}

// Without returns a list without the ban and the shun of exactly this target, and without what is over at now. had says whether there
// was one that was not over. It copies the list.
func (l *List) Without(t Target, now int64) (next *List, had bool) {
	kept := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		switch {
		case e.over(now):
		case e.Target == t:
			had = true
		default:
			kept = append(kept, e)
		}
	}
	return listOfSorted(kept), had
}

// Entries returns those that hold at now, in order of Entry.Compare. The slice is the caller's.
func (l *List) Entries(now int64) []Entry {
	held := make([]Entry, 0, len(l.entries))
	for _, e := range l.entries {
		if !e.over(now) {
			held = append(held, e)
		}
	}
	return held
}

// Address returns the ban, or the shun, that the address falls under at now: of several the one that lasts longest, and of those the one
// for the largest network. A zone doesn't count, and IPv4 within IPv6 is IPv4. It never allocates.
func (l *List) Address(a netip.Addr, shun bool, now int64) (longest Entry, found bool) {
	of := &l.nets[kind(shun)]
	a = a.Unmap().WithZone("")
	for _, bits := range *of.lengthsFor(a) {
		p, _ := a.Prefix(bits) // the lengths are those of a's own kind, so there is no error
		at, ok := of.at[p]
		if !ok || l.entries[at].over(now) {
			continue
		}
		if e := l.entries[at]; !found || e.lastsLonger(longest) || e.Until == longest.Until && bits < longest.Target.Net.Bits() {
			longest, found = e, true
		}
	}
	return longest, found
}

// User is Address for a user of this machine who comes by a Unix socket.
func (l *List) User(uid uint32, shun bool, now int64) (e Entry, found bool) {
	at, ok := l.users[kind(shun)][uid]
	if !ok || l.entries[at].over(now) {
		return e, false
	}
	return l.entries[at], true
}

// Len returns how many entries there are, those included that are over and have not been dropped yet.
func (l *List) Len() int {
	return len(l.entries)
}
