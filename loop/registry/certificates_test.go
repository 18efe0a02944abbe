package registry

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"looproom/loop/secret"
	"looproom/loop/store"
)

// The fingerprints of tests.
var one, two = Fingerprint{1}, Fingerprint{2, 0, 255}

// TestWhatCertificatesOpen: what opens whose account, after something has been done, at once and after a restart.
func TestWhatCertificatesOpen(t *testing.T) {
	const other = "ñandú"
	rows := []struct {
		name  string
		do    func(r *Registry) error
		err   error
		opens map[Fingerprint]string
	}{
		{"as they were added", func(*Registry) error { return nil }, nil, map[Fingerprint]string{one: "ana"}},
		{"again", func(r *Registry) error { return r.AddCertificate("ana", one) }, nil, map[Fingerprint]string{one: "ana"}},
		{"one more", func(r *Registry) error { return r.AddCertificate("ana", two) }, nil, map[Fingerprint]string{one: "ana", two: "ana"}},
		{"of another account", func(r *Registry) error { return r.AddCertificate(other, one) }, ErrCertificateTaken, map[Fingerprint]string{one: "ana"}},
		{"to another account", func(r *Registry) error { return r.AddCertificate(other, two) }, nil, map[Fingerprint]string{one: "ana", two: other}},
		{"to nobody's", func(r *Registry) error { return r.AddCertificate("nobody", two) }, ErrNoName, map[Fingerprint]string{one: "ana"}},
		{"removed", func(r *Registry) error { return r.RemoveCertificate("ana", one) }, nil, nil},
		{"removed by another", func(r *Registry) error { return r.RemoveCertificate(other, one) }, ErrNoCertificate, map[Fingerprint]string{one: "ana"}},
		{"removed from nobody's", func(r *Registry) error { return r.RemoveCertificate("nobody", one) }, ErrNoName, map[Fingerprint]string{one: "ana"}},
		{"removed, and another's", func(r *Registry) error {
			return errors.Join(r.RemoveCertificate("ana", one), r.AddCertificate(other, one))
		}, nil, map[Fingerprint]string{one: other}},
		{"another password", func(r *Registry) error {
			return r.PutName(Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)})
		}, nil, map[Fingerprint]string{one: "ana"}},
		{"given up", func(r *Registry) error { _, err := r.RemoveName("ana"); return err }, nil, nil},
		{"given up, and another's", func(r *Registry) error {
			_, err := r.RemoveName("ana")
			return errors.Join(err, r.PutName(Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)}))
		}, nil, nil},
		{"forgotten", func(r *Registry) error { _, err := r.Forget("ana"); return err }, nil, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			r := mustOpen(t, dir)
			mustPutName(t, r, Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(1), Since: noon})
			mustPutName(t, r, someNames()[2])
			if err := r.AddCertificate("ana", one); err != nil {
				t.Fatal(err)
			}
			if err := row.do(r); !errors.Is(err, row.err) {
				t.Errorf("it is answered by %v, want %v", err, row.err)
			}
			check := func(when string) {
				t.Helper()
				for _, f := range []Fingerprint{one, two} {
					n, found := r.OpenedBy(f)
					if n.Key != row.opens[f] || found != (n.Key != "") {
						t.Errorf("%s %v opens %q, want %q", when, f, n.Key, row.opens[f])
					}
					if key := row.opens[f]; key != "" && !slices.Contains(r.Certificates(key), f) {
						t.Errorf("%s %v is not among those of %s", when, f, key)
					}
				}
				if n := len(r.Certificates("ana")) + len(r.Certificates(other)); n != len(row.opens) {
					t.Errorf("%s %d certificates are listed, want %d", when, n, len(row.opens))
				}
			}
			check("at once")
			mustClose(t, r)
			r = mustOpen(t, dir)
			check("after a restart")
		})
	}
}

// TestAccountHasSoManyCertificates: a certificate more than may be is refused, and none goes for it.
func TestAccountHasSoManyCertificates(t *testing.T) {
	r := mustOpen(t, filled(t))
	for i := range MaxCertificates {
		if err := r.AddCertificate("ana", Fingerprint{byte(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.AddCertificate("ana", Fingerprint{100}); !errors.Is(err, ErrCertificates) {
		t.Errorf("one more: %v, want %v", err, ErrCertificates)
	}
	if err := r.RemoveCertificate("ana", Fingerprint{3}); err != nil {
		t.Fatal(err)
	}
	if err := r.AddCertificate("ana", Fingerprint{100}); err != nil {
		t.Errorf("one more in the place of another: %v", err)
	}
	mustClose(t, r)
	if err := r.RemoveCertificate("ana", Fingerprint{100}); !errors.Is(err, store.ErrClosed) {
		t.Errorf("RemoveCertificate after Close = %v, want %v", err, store.ErrClosed)
	}
	if n := len(r.Certificates("ana")); n != MaxCertificates {
		t.Errorf("%d certificates, want %d", n, MaxCertificates)
	}
}

// TestParseFingerprint: what people and programs write.
func TestParseFingerprint(t *testing.T) {
	bare := strings.Repeat("0aBc", 16)
	pairs := make([]string, 32)
	for i := range pairs {
		pairs[i] = bare[2*i : 2*i+2]
	}
	for _, s := range []string{bare, strings.ToLower(bare), strings.Join(pairs, ":")} {
		if f, err := ParseFingerprint(s); err != nil || f.String() != strings.ToLower(bare) {
			t.Errorf("ParseFingerprint(%q) = %v, %v", s, f, err)
		}
	}
	for _, s := range []string{"", bare[1:], bare + "0", strings.Join(pairs, "-"), strings.Join(pairs, ":") + ":", strings.Replace(bare, "a", "g", 1), strings.Repeat(":", 95)} {
		if f, err := ParseFingerprint(s); !errors.Is(err, ErrFingerprint) || f != (Fingerprint{}) {
			t.Errorf("ParseFingerprint(%q) = %v, %v; want %v", s, f, err, ErrFingerprint)
		}
	}
}

// TestKeepVerifier: a verifier is kept for the password that it is of, and for no other.
func TestKeepVerifier(t *testing.T) {
	ana := Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(1), Since: noon}
	v, later := secret.Verifier{Iterations: 4096, Stored: [32]byte{1}}, secret.Verifier{Iterations: 4096, Stored: [32]byte{2}}
	rows := []struct {
		name string
		do   func(r *Registry) error
		want secret.Verifier
	}{
		{"as it was", func(*Registry) error { return nil }, v},
		{"another password", func(r *Registry) error { return r.PutName(Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)}) }, secret.Verifier{}},
		{"another password with one", func(r *Registry) error {
			return r.PutName(Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2), Verifier: later})
		}, later},
		{"given up", func(r *Registry) error { _, err := r.RemoveName("ana"); return err }, secret.Verifier{}},
		{"one that came first", func(r *Registry) error { r.KeepVerifier(ana, later); return nil }, later},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			r := mustOpen(t, dir)
			mustPutName(t, r, ana)
			if err := row.do(r); err != nil {
				t.Fatal(err)
			}
			r.KeepVerifier(ana, v)
			if n, _ := r.Name("ana"); n.Verifier != row.want {
				t.Errorf("at once the verifier is %v, want %v", n.Verifier, row.want)
			}
			mustClose(t, r)
			r = mustOpen(t, dir)
			if n, _ := r.Name("ana"); n.Verifier != row.want {
				t.Errorf("after a restart the verifier is %v, want %v", n.Verifier, row.want)
			}
		})
	}
	t.Run("another password behind it", func(t *testing.T) {
		dir := t.TempDir()
		r := mustOpen(t, dir)
		mustPutName(t, r, ana)
		r.KeepVerifier(ana, v)
		mustPutName(t, r, Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(2)})
		mustClose(t, r)
		if n, _ := mustOpen(t, dir).Name("ana"); n.Verifier != (secret.Verifier{}) {
			t.Errorf("the verifier is %v, want none", n.Verifier)
		}
	})
}
