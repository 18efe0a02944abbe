package registry

import (
	"encoding/hex"
	"errors"
	"slices"
	"sync"

	"looproom/loop/store"
)

// MaxCertificates is how many certificates open an account. One more must take the place of another.
const MaxCertificates = 8

var (
	// ErrCertificates is the error of CertificateAdded for an account that has MaxCertificates.
	ErrCertificates = errors.New("as many certificates open the account as may")
	// ErrCertificateTaken is its error for a certificate that opens another account.
	ErrCertificateTaken = errors.New("the certificate opens another account")
	// ErrNoCertificate is the error of CertificateRemoved for one that does not open the account.
	ErrNoCertificate = errors.New("the certificate does not open the account")
	// ErrFingerprint is the error of what isn't a fingerprint.
	ErrFingerprint = errors.New("a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits")
)

// Fingerprint is the SHA-256 sum of a certificate.
type Fingerprint [32]byte

// ParseFingerprint reads a fingerprint in hexadecimal digits, of either case, which may have colons between them as programs write them.
func ParseFingerprint(s string) (f Fingerprint, err error) {
	const digits, whole = 2 * len(f), 3*len(f) - 1
	if len(s) == whole {
		bare := make([]byte, 0, digits)
		for i := range len(s) {
			switch {
			case i%3 != 2:
				bare = append(bare, s[i])
			case s[i] != ':':
				return f, ErrFingerprint
			}
		}
		s = string(bare)
	}
	if len(s) != digits {
		return f, ErrFingerprint
	}
	if _, err := hex.Decode(f[:], []byte(s)); err != nil {
		return Fingerprint{}, ErrFingerprint
	}
	return f, nil
}

// String is the fingerprint in hexadecimal digits.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// certificates are those that open accounts, at most MaxCertificates of each, in the order in which they were added. None opens two. A list is replaced, and never changed.
type certificates struct {
	mu    sync.Mutex // held for as long as it takes to look one up
	of    map[string][][32]byte
	owner map[Fingerprint]string // the key of the account that it opens
}

func (c *certificates) hold(kept map[string][][32]byte) {
	c.mu.Lock()
	c.of, c.owner = map[string][][32]byte{}, map[Fingerprint]string{}
	c.mu.Unlock()
	for account, all := range kept {
		c.set(account, all)
	}
}

func (c *certificates) list(account string) [][32]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.of[account]
}

// set replaces those of an account.
func (c *certificates) set(account string, to [][32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.of[account] {
		delete(c.owner, f)
	}
	for _, f := range to {
		c.owner[f] = account
	}
	if c.of[account] = to; len(to) == 0 {
		delete(c.of, account)
	}
}

// OpenedBy returns the name that a certificate opens, false if it opens none. It waits for no disk.
func (r *Registry) OpenedBy(f Fingerprint) (Name, bool) {
	r.certificates.mu.Lock()
	account, found := r.certificates.owner[f]
	r.certificates.mu.Unlock()
	if !found {
		return Name{}, false
	}
	return r.Name(account)
}

// Certificates returns the certificates that open the account of the name with that key, in the order in which they were added. The slice is the caller's. It waits for no disk.
func (r *Registry) Certificates(key string) []Fingerprint {
	kept := r.certificates.list(key)
	all := make([]Fingerprint, len(kept))
	for i, f := range kept {
		all[i] = f
	}
	return all
}

// addCertificate has a certificate open an account.
func addCertificate(r *Registry, key string, f Fingerprint, keep keeping) error {
	if _, found := r.Name(key); !found {
		return ErrNoName
	}
	known := r.certificates.list(key)
	if owner, found := r.OpenedBy(f); found {
		if owner.Key == key {
			return nil
		}
		return ErrCertificateTaken
	}
	if len(known) >= MaxCertificates {
		return ErrCertificates
	}
	return keepCertificates(r, key, append(slices.Clone(known), f), keep)
}

// removeCertificate has a certificate open an account no longer.
func removeCertificate(r *Registry, key string, f Fingerprint, keep keeping) error {
	if _, found := r.Name(key); !found {
		return ErrNoName
	}
	known := r.certificates.list(key)
	at := slices.Index(known, [32]byte(f))
	if at < 0 {
		return ErrNoCertificate
	}
	return keepCertificates(r, key, slices.Delete(slices.Clone(known), at, at+1), keep)
}

// keepCertificates has it kept that these open an account and no others, and then uses them. changing must be held.
func keepCertificates(r *Registry, key string, next [][32]byte, keep keeping) error {
	if err := keep(store.PutCertificates(key, next)); err != nil {
		return err
	}
	r.certificates.set(key, next)
	return nil
}
