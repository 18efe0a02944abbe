package ban

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

func TestAddress(t *testing.T) {
	const now = 1000
	entry := func(written string, shun bool, until int64) Entry {
		return Entry{Target: target(t, written), Shun: shun, Until: until}
	}
	rows := []struct {
		name    string
		entries []Entry
		address string
		want    string // the target, "" for none
	}{
		{"nothing", nil, "10.0.0.1", ""},
		{"the address", []Entry{entry("10.0.0.1", false, 0)}, "10.0.0.1", "10.0.0.1"},
		{"another one", []Entry{entry("10.0.0.1", false, 0)}, "10.0.0.2", ""},
		{"its network", []Entry{entry("10.0.0.0/8", false, 0)}, "10.9.8.7", "10.0.0.0/8"},
		{"IPv4 in IPv6", []Entry{entry("10.0.0.0/8", false, 0)}, "::ffff:10.9.8.7", "10.0.0.0/8"},
		{"IPv6", []Entry{entry("2001:db8::/32", false, 0)}, "2001:db8:1::1", "2001:db8::/32"},
		{"a zone doesn't count", []Entry{entry("fe80::/10", false, 0)}, "fe80::1%eth0", "fe80::/10"},
		{"IPv6 of the same bits", []Entry{entry("a00::/8", false, 0)}, "10.0.0.1", ""},
		{"a shun is no ban", []Entry{entry("10.0.0.1", true, 0)}, "10.0.0.1", ""},
		{"a name is no address", []Entry{entry("ana", false, 0)}, "10.0.0.1", ""},
		{"its last second", []Entry{entry("10.0.0.1", false, now+1)}, "10.0.0.1", "10.0.0.1"},
		{"over", []Entry{entry("10.0.0.1", false, now)}, "10.0.0.1", ""},
		{"over, and one that isn't", []Entry{entry("10.0.0.1", false, now), entry("10.0.0.0/8", false, 0)}, "10.0.0.1", "10.0.0.0/8"},
		{"the longest", []Entry{entry("10.0.0.0/8", false, now+1), entry("10.0.0.0/16", false, now+3), entry("10.0.0.1", false, now+2)}, "10.0.0.1", "10.0.0.0/16"},
		{"for ever is longer", []Entry{entry("10.0.0.0/8", false, now+1), entry("10.0.0.1", false, 0)}, "10.0.0.1", "10.0.0.1"},
		{"equally long", []Entry{entry("10.0.0.1", false, 0), entry("10.0.0.0/8", false, 0)}, "10.0.0.1", "10.0.0.0/8"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, found := ListOf(row.entries).Address(netip.MustParseAddr(row.address), false, now)
			if got.Target.String() != row.want || found != (row.want != "") {
				t.Errorf("Address(%s) = %q, %v, want %q", row.address, got.Target, found, row.want)
			}
		})
	}
}

func TestAddressOfNobody(t *testing.T) {
	if e, found := ListOf([]Entry{{Target: target(t, "::/1")}}).Address(netip.Addr{}, false, 0); found {
		t.Errorf("Address of the zero address = %v, want none", e)
	}
	if e, found := new(List).Address(netip.MustParseAddr("::1"), true, 0); found {
		t.Errorf("Address in the zero list = %v, want none", e)
	}
}

func TestListOfTheSameTwice(t *testing.T) {
	of := target(t, "10.0.0.1")
	l := ListOf([]Entry{{Target: of, By: "ann"}, {Target: of, Shun: true, By: "eve"}, {Target: of, By: "bob"}})
	want := []Entry{{Target: of, By: "bob"}, {Target: of, Shun: true, By: "eve"}}
	if got := l.Entries(0); !slices.Equal(got, want) {
		t.Errorf("Entries = %v, want %v", got, want)
	}
}

func TestUser(t *testing.T) {
	list := ListOf([]Entry{{Target: target(t, "unix:7"), Until: 10}, {Target: target(t, "unix:8"), Shun: true}, {Target: target(t, "10.0.0.7")}})
	rows := []struct {
		uid  uint32
		shun bool
		now  int64
		want bool
	}{{7, false, 0, true}, {7, true, 0, false}, {7, false, 10, false}, {8, true, 0, true}, {9, false, 0, false}}
	for _, row := range rows {
		if e, found := list.User(row.uid, row.shun, row.now); found != row.want || found && e.Target.UID != row.uid {
			t.Errorf("User(%d, shun %v, at %d) = %v, %v, want %v", row.uid, row.shun, row.now, e, found, row.want)
		}
	}
	if list, had := list.Without(target(t, "unix:7"), 0); !had || list.Len() != 2 {
		t.Errorf("Without(unix:7) had = %v and leaves %d, want true and 2", had, list.Len())
	}
}

// A list that is handed out is the same for ever, whatever is made of it.
func TestListsDontChange(t *testing.T) {
	first := new(List).With(Entry{Target: target(t, "10.0.0.1")}, 0).With(Entry{Target: target(t, "ana")}, 0)
	before := first.Entries(0)
	first.With(Entry{Target: target(t, "10.0.0.0")}, 0)
	first.With(Entry{Target: target(t, "10.0.0.1"), Until: 5}, 0)
	first.Without(target(t, "10.0.0.1"), 0)
	if after := first.Entries(0); !slices.Equal(after, before) {
		t.Errorf("Entries after other lists were made of it = %v, want %v", after, before)
	}
}

// naive is the list as one would write it without a thought for speed.
type naive []Entry

func (n naive) without(now int64, drop func(Entry) bool) (kept naive, dropped bool) {
	for _, e := range n {
		switch {
		case e.Until != 0 && e.Until <= now:
		case drop(e):
			dropped = true
		default:
			kept = append(kept, e)
		}
	}
	return kept, dropped
}

func (n naive) with(e Entry, now int64) naive {
	kept, _ := n.without(now, func(old Entry) bool { return old.Target == e.Target && old.Shun == e.Shun })
	if e.Until != 0 && e.Until <= now {
		return kept
	}
	kept = append(kept, e)
	slices.SortFunc(kept, Entry.Compare)
	return kept
}

// address returns how long the address is banned, or shunned.
func (n naive) address(a netip.Addr, shun bool, now int64) (until int64, found bool) {
	for _, e := range n {
		if e.Shun != shun || !e.Target.Net.Contains(a) || e.Until != 0 && e.Until <= now {
			continue
		}
		if !found || until != 0 && (e.Until == 0 || e.Until > until) {
			until, found = e.Until, true
		}
	}
	return until, found
}

func TestListIsLikeANaiveOne(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		list, want := new(List), naive(nil)
		for now := range int64(200) {
			if r.IntN(4) == 0 {
				of, had, wantHad := randomTarget(r), false, false
				list, had = list.Without(of, now)
				want, wantHad = want.without(now, func(e Entry) bool { return e.Target == of })
				if had != wantHad {
					t.Fatalf("seed %d at %d: Without(%s) had = %v, want %v", seed, now, of, had, wantHad)
				}
			} else {
				e := randomEntry(r, now)
				list, want = list.With(e, now), want.with(e, now)
			}
			if got := list.Entries(now); !slices.Equal(got, want) || list.Len() != len(want) {
				t.Fatalf("seed %d at %d: Entries = %v, Len = %d, want %v", seed, now, got, list.Len(), want)
			}
			compareAddresses(t, r, list, want, now+int64(r.IntN(30)))
			compareAddresses(t, r, ListOf(want), want, now)
		}
	}
}

func compareAddresses(t *testing.T, r *rand.Rand, list *List, want naive, now int64) {
	t.Helper()
	for range 20 {
		a, shun := randomAddress(r), r.IntN(2) == 0
		got, found := list.Address(a, shun, now)
		until, wantFound := want.address(a, shun, now)
		if found != wantFound || got.Until != until || found && !got.Target.Net.Contains(a) {
			t.Fatalf("Address(%s, shun %v, at %d) = %v, %v, want until %d, %v in %v", a, shun, now, got, found, until, wantFound, want)
		}
	}
}

// randomAddress is one of few, so that they meet.
func randomAddress(r *rand.Rand) netip.Addr {
	last := byte(r.IntN(8))
	if r.IntN(2) == 0 {
		return netip.AddrFrom4([4]byte{10, last & 1, 0, last})
	}
	return netip.AddrFrom16([16]byte{0x20, 0x01, 14: last & 1, 15: last})
}

func randomTarget(r *rand.Rand) Target {
	if r.IntN(4) == 0 {
		return Target{Name: string(rune('a' + r.IntN(4)))}
	}
	a := randomAddress(r)
	bits := a.BitLen() - r.IntN(a.BitLen())
	return Target{Net: netip.PrefixFrom(a, bits).Masked()}
}

func randomEntry(r *rand.Rand, now int64) Entry {
	e := Entry{Target: randomTarget(r), Shun: r.IntN(2) == 0, Since: now}
	if r.IntN(3) > 0 {
		e.Until = max(1, now+int64(r.IntN(40))-2)
	}
	return e
}

func TestAddressDoesNotAllocate(t *testing.T) {
	list, a := thousands(10_000), netip.MustParseAddr("10.0.39.15")
	if _, found := list.Address(a, false, 0); !found {
		t.Fatalf("Address(%s) found nothing", a)
	}
	if got := testing.AllocsPerRun(100, func() { list.Address(a, false, 0) }); got != 0 {
		t.Errorf("Address allocates %v times, want 0", got)
	}
}

// thousands is a list of n entries, networks of five lengths among them.
func thousands(n int) *List {
	entries := make([]Entry, n)
	for i := range entries {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		bits := 32
		if i%100 == 0 {
			bits = 24 - i/100%5
		}
		entries[i] = Entry{Target: Target{Net: netip.PrefixFrom(a, bits).Masked()}, By: "ann", Words: "spam"}
	}
	return ListOf(entries)
}

func BenchmarkAddress(b *testing.B) {
	for _, n := range []int{0, 10, 10_000, 100_000} {
		list, a := thousands(n), netip.MustParseAddr("192.168.1.1")
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				list.Address(a, false, 0)
			}
		})
	}
	// The most lengths that there can be.
	list := new(List)
	for bits := 1; bits <= 128; bits++ {
		list = list.With(Entry{Target: Target{Net: netip.PrefixFrom(netip.MustParseAddr("2001:db8::"), bits).Masked()}}, 0)
	}
	b.Run("128 lengths", func(b *testing.B) {
		for a := netip.MustParseAddr("::1"); b.Loop(); {
			list.Address(a, false, 0)
		}
	})
}

func BenchmarkWith(b *testing.B) {
	list, e := thousands(10_000), Entry{Target: Target{Name: "ana"}}
	for b.Loop() {
		list.With(e, 0)
	}
}

func BenchmarkWithout(b *testing.B) {
	list, of := thousands(10_000), Target{Name: "ana"}
	for b.Loop() {
		list.Without(of, 0)
	}
}
