package registry

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"looproom/loop/store"
)

// hashWithSalt is one that Valid allows, which differs by salt as those of two passwords do.
func hashWithSalt(n int) string {
	return strings.Replace(hash, "c2FsdHNhbHRzYWx0", fmt.Sprintf("%016d", n), 1)
}

func mustTrust(t testing.TB, r *Registry, key, digest string) {
	t.Helper()
	if err := r.Trust(key, digest); err != nil {
		t.Fatalf("Trust(%s, %s) = %v", key, digest, err)
	}
}

// trusts says whether the name with that key is opened by the digest, as it is registered now.
func trusts(r *Registry, key, digest string) bool {
	n, _ := r.Name(key)
	return r.Trusts(n, digest)
}

// TestWhomTheRegistryTrusts: what opens ana's account, after something has been done to it.
func TestWhomTheRegistryTrusts(t *testing.T) {
	ana := Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(1), Since: noon}
	ok := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := []struct {
		name string
		do   func(t *testing.T, r *Registry)
		want string // of one, two and three, those that open it
	}{
		{"as they were given", func(*testing.T, *Registry) {}, "one two"},
		{"one more", func(t *testing.T, r *Registry) { mustTrust(t, r, "ana", "three") }, "one two three"},
		{"one of them again", func(t *testing.T, r *Registry) { mustTrust(t, r, "ana", "one") }, "one two"},
		{"one forgotten", func(t *testing.T, r *Registry) { ok(t, r.Distrust("ana", "one")) }, "two"},
		{"one forgotten that there isn't", func(t *testing.T, r *Registry) { ok(t, r.Distrust("ana", "three")) }, "one two"},
		{"all forgotten", func(t *testing.T, r *Registry) { ok(t, r.Distrust("ana", "")) }, ""},
		{"all forgotten of another", func(t *testing.T, r *Registry) { ok(t, r.Distrust("ñandú", "")) }, "one two"},
		{"another password", func(t *testing.T, r *Registry) {
			mustPutName(t, r, Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)})
		}, ""},
		{"given up", func(t *testing.T, r *Registry) { _, err := r.RemoveName("ana"); ok(t, err) }, ""},
		{"given up, and another's", func(t *testing.T, r *Registry) {
			_, err := r.RemoveName("ana")
			ok(t, err)
			mustPutName(t, r, Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)})
		}, ""},
		{"another password, and a new key", func(t *testing.T, r *Registry) {
			mustPutName(t, r, Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)})
			mustTrust(t, r, "ana", "three")
		}, "three"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			r := mustOpen(t, dir)
			mustPutName(t, r, ana)
			mustPutName(t, r, someNames()[2])
			mustTrust(t, r, "ana", "one")
			mustTrust(t, r, "ana", "two")
			row.do(t, r)
			check := func(when string) {
				t.Helper()
				var got []string
				for _, digest := range []string{"one", "two", "three"} {
					if trusts(r, "ana", digest) {
						got = append(got, digest)
					}
				}
				if have := strings.Join(got, " "); have != row.want {
					t.Errorf("%s the account is opened by %q, want %q", when, have, row.want)
				}
				if trusts(r, "ñandú", "one") || trusts(r, "nobody", "one") || trusts(r, "ana", "") {
					t.Errorf("%s ana's key opens another account, or none hers", when)
				}
			}
			check("at once")
			mustClose(t, r)
			r = mustOpen(t, dir)
			check("after a restart")
		})
	}
}

// TestLeastRecentlyUsedKeyGoes: an account has at most MaxKeys, and what is used stays.
func TestLeastRecentlyUsedKeyGoes(t *testing.T) {
	dir := filled(t)
	r := mustOpen(t, dir)
	for i := range MaxKeys {
		mustTrust(t, r, "ana", fmt.Sprint("key", i))
	}
	if !trusts(r, "ana", "key0") {
		t.Fatal("the first of the keys isn't known any more")
	}
	mustClose(t, r) // the order of their use is kept
	r = mustOpen(t, dir)
	mustTrust(t, r, "ana", "one more")
	for digest, want := range map[string]bool{"key0": true, "key1": false, "key2": true, fmt.Sprint("key", MaxKeys-1): true, "one more": true} {
		if got := trusts(r, "ana", digest); got != want {
			t.Errorf("trusts %s: %v, want %v", digest, got, want)
		}
	}
	if got := len(r.trust.marks("ana")); got != MaxKeys {
		t.Errorf("%d keys of one account, want %d", got, MaxKeys)
	}
}

func TestTrustIsRefused(t *testing.T) {
	r := mustOpen(t, filled(t))
	if err := r.Trust("nobody", "one"); !errors.Is(err, ErrNoName) {
		t.Errorf("Trust of nobody = %v, want %v", err, ErrNoName)
	}
	if err := r.Distrust("nobody", ""); !errors.Is(err, ErrNoName) {
		t.Errorf("Distrust of nobody = %v, want %v", err, ErrNoName)
	}
	mustTrust(t, r, "ana", "one")
	mustClose(t, r)
	if err := r.Trust("ana", "two"); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Trust after Close = %v, want %v", err, store.ErrClosed)
	}
	if err := r.Distrust("ana", ""); !errors.Is(err, store.ErrClosed) {
		t.Errorf("Distrust after Close = %v, want %v", err, store.ErrClosed)
	}
}
