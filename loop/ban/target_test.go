package ban

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	rows := []struct {
		name, written, key string
		want               string // String of the target
		err                string // a part of the error
	}{
		{name: "IPv4", written: "10.0.0.1", want: "10.0.0.1"},
		{name: "IPv6", written: "2001:DB8:0::1", want: "2001:db8::/64"},
		{name: "IPv4 in IPv6", written: "::ffff:10.0.0.1", want: "10.0.0.1"},
		{name: "network", written: "10.0.0.0/8", want: "10.0.0.0/8"},
		{name: "bits behind the length", written: "10.1.2.3/8", want: "10.0.0.0/8"},
		{name: "network of one", written: "10.1.2.3/32", want: "10.1.2.3"},
		{name: "IPv6 network", written: "2001:db8::1/32", want: "2001:db8::/32"},
		{name: "IPv6 network of one", written: "2001:db8::1/128", want: "2001:db8::1/128"},
		{name: "this machine by IPv6", written: "::1", want: "::1"},
		{name: "this machine by IPv6 as a network", written: "::1/128", want: "::1"},
		{name: "a user of this machine", written: "unix:1000", want: "unix:1000"},
		{name: "a user, whatever the name", written: "unix:0", key: "unix:0", want: "unix:0"},
		{name: "a user by name", written: "unix:ana", key: "unix:ana", err: "behind unix:"},
		{name: "no such user", written: "unix:4294967296", err: "behind unix:"},
		{name: "network of IPv4 in IPv6", written: "::ffff:10.1.2.3/104", want: "10.0.0.0/8"},
		{name: "beyond IPv4 in IPv6", written: "::ffff:10.1.2.3/90", want: "::ffc0:0:0/90"},
		{name: "an address before a name", written: "10.0.0.1", key: "10.0.0.1", want: "10.0.0.1"},
		{name: "name", written: "Ana", key: "ana", want: "ana"},
		{name: "name with a slash", written: "a/b", key: "a/b", want: "a/b"},
		{name: "everyone", written: "0.0.0.0/0", err: "that is everyone"},
		{name: "everyone by IPv6", written: "::/0", err: "that is everyone"},
		{name: "all of IPv4 in IPv6", written: "::ffff:0.0.0.0/96", err: "that is everyone"},
		{name: "everyone, whatever the name", written: "10.0.0.1/0", key: "x", err: "that is everyone"},
		{name: "zone", written: "fe80::1%eth0", err: "with a zone"},
		{name: "network with a zone", written: "fe80::%eth0/10", err: "with a zone"},
		{name: "too long", written: "10.0.0.0/33", err: "a target is"},
		{name: "leading zero", written: "10.0.0.01", err: "a target is"},
		{name: "port", written: "10.0.0.1:51234", err: "write 10.0.0.1"},
		{name: "IPv6 and port", written: "[::1]:51234", err: "write ::1"},
		{name: "cloak", written: "k3x9q2.m4t7wz:17", err: "a target is"},
		{name: "nothing", written: "", err: "a target is"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseTarget(row.written, row.key)
			if row.err != "" {
				if err == nil || !strings.Contains(err.Error(), row.err) {
					t.Errorf("ParseTarget(%q, %q) = %q, %v, want an error with %q", row.written, row.key, got, err, row.err)
				}
				return
			}
			if err != nil || got.String() != row.want || !got.Valid() {
				t.Errorf("ParseTarget(%q, %q) = %q, %v, want %q and valid", row.written, row.key, got, err, row.want)
			}
		})
	}
}

func TestTargetsThatAreNotValid(t *testing.T) {
	rows := []struct {
		name   string
		target Target
	}{
		{"nothing", Target{}},
		{"a name and a user", Target{Name: "ana", Unix: true}},
		{"a network and a user", Target{Net: netip.MustParsePrefix("10.0.0.0/8"), Unix: true, UID: 1}},
		{"a user, and not", Target{Net: netip.MustParsePrefix("10.0.0.0/8"), UID: 1}},
		{"both", Target{Net: netip.MustParsePrefix("10.0.0.0/8"), Name: "ana"}},
		{"bits behind the length", Target{Net: netip.MustParsePrefix("10.0.0.1/8")}},
		{"IPv4 in IPv6", Target{Net: netip.MustParsePrefix("::ffff:10.0.0.1/128")}},
		{"everyone", Target{Net: netip.MustParsePrefix("0.0.0.0/0")}},
	}
	for _, row := range rows {
		if row.target.Valid() {
			t.Errorf("%s: Valid of %q = true, want false", row.name, row.target)
		}
	}
}

func TestOrderOfTargets(t *testing.T) {
	want := []string{"10.0.0.0/8", "10.0.0.0/24", "10.0.0.0", "10.0.0.1", "192.168.0.0/16", "::1", "2001:db8::/32", "unix:0", "unix:1000", "ana", "bob"}
	var targets []Target
	for _, written := range want {
		targets = append(targets, target(t, written))
	}
	slices.Reverse(targets)
	slices.SortFunc(targets, Target.Compare)
	var got []string
	for _, sorted := range targets {
		got = append(got, sorted.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("sorted targets = %q, want %q", got, want)
	}
}

// target is what the operator wrote, whose names are their own keys.
func target(t testing.TB, written string) Target {
	t.Helper()
	made, err := ParseTarget(written, written)
	if err != nil {
		t.Fatalf("ParseTarget(%q) = %v", written, err)
	}
	return made
}

// FuzzParseTarget: what is told of a target is read back as the same, and it has the address that was written.
func FuzzParseTarget(f *testing.F) {
	for _, written := range []string{"10.0.0.1", "10.1.2.3/8", "::1", "::ffff:10.0.0.1/97", "fe80::1%eth0", "1.2.3.4:5", "ana", "0.0.0.0/0", "", "2001:db8::1", "2001:db8::1/128", "unix:1000"} {
		f.Add(written, "")
		f.Add(written, "key")
	}
	f.Fuzz(func(t *testing.T, written, key string) {
		got, err := ParseTarget(written, key)
		if err != nil {
			if got != (Target{}) {
				t.Fatalf("ParseTarget(%q, %q) = %q and the error %v", written, key, got, err)
			}
			return
		}
		if !got.Valid() {
			t.Fatalf("ParseTarget(%q, %q) = %#v, which isn't valid", written, key, got)
		}
		if got.Name != "" {
			if got.Name != key {
				t.Fatalf("ParseTarget(%q, %q) = the name %q", written, key, got.Name)
			}
			return
		}
		again, err := ParseTarget(got.String(), "")
		if err != nil || again != got {
			t.Fatalf("ParseTarget(%q) = %q, %v, want %q again", got.String(), again, err, got)
		}
		address, _, _ := strings.Cut(written, "/")
		if a, err := netip.ParseAddr(address); err == nil && !a.Unmap().Is4() && !got.Net.Contains(a) || a.Unmap().Is4() && got.Net.Addr().Is4() && !got.Net.Contains(a.Unmap()) {
			t.Fatalf("ParseTarget(%q) = %q, which doesn't have %s", written, got, a)
		}
	})
}

// TestKeptTargets: what an earlier version has kept of one address of IPv6 still means that address alone.
func TestKeptTargets(t *testing.T) {
	for kept, want := range map[string]string{"2001:db8::1": "2001:db8::1/128", "2001:db8::1/128": "2001:db8::1/128", "10.0.0.1": "10.0.0.1", "unix:7": "unix:7"} {
		if got, err := ParseKept(kept); err != nil || got.String() != want {
			t.Errorf("ParseKept(%q) = %q, %v, want %q", kept, got, err, want)
		}
	}
}
