package registry

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"looproom/loop/store"
)

// MaxKeys is how many keys open an account in the place of its password. The one least recently used goes first.
const MaxKeys = 20

var (
	// ErrNoName is the error of a change of a name that is not registered.
	ErrNoName = errors.New("the name is not registered")

	errPassword = errors.New("the account has got another password meanwhile")
)

// trust is the keys that clients have made at random to log in without a password, each as a mark: of accounts by the keys of their names, at most MaxKeys of each, the one least recently used
// in front. A list is replaced, and never changed.
type trust struct {
	mu       sync.Mutex // held for as long as it takes to look at an account's
	of       map[string][]mark
	changing string // the account whose marks are just being replaced, "" for none: what is noted of it meanwhile must not reach the disk behind that
}

// mark stands for a client's key and the account that it opens. The account's hash is in it, so that it means nothing any more once the account has another password, or another
// owner, whatever the store still has.
type mark = [sha256.Size]byte

func markOf(n Name, digest string) (m mark) {
	sum := sha256.New()
	for _, part := range []string{n.Key, n.Hash, digest} {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part)))) // so that no two accounts have parts that read as one
		sum.Write([]byte(part))
	}
	sum.Sum(m[:0])
	return m
}

// Trusts says whether the account is opened by the key with that digest, and notes that it has been used. It takes the same time for all that it doesn't trust, an
// account without keys and a name that isn't registered among them. It waits for no disk: a crash may forget which of the keys were used last.
func (r *Registry) Trusts(n Name, digest string) bool {
	t, want := &r.trust, markOf(n, digest)
	t.mu.Lock()
	defer t.mu.Unlock()
	opens, last := t.find(n, want)
	if opens && !last {
		if t.of[n.Key] = lastUsed(t.of[n.Key], want); t.changing != n.Key {
			r.later(store.PutTrusted(n.Key, t.of[n.Key]))
		}
	}
	return opens
}

// Knows is Trusts without the note: last says that the key is the one that was used last, as a change of the kind KeyUsed would have it.
func (r *Registry) Knows(n Name, digest string) (opens, last bool) {
	t, want := &r.trust, markOf(n, digest)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(n, want)
}

// find says whether the mark is one of the account's, and the one used last. mu must be held.
func (t *trust) find(n Name, want mark) (opens, last bool) {
	known, none, at := t.of[n.Key], mark{}, -1
	for i := range MaxKeys {
		candidate := &none
		if i < len(known) {
			candidate = &known[i]
		}
		if subtle.ConstantTimeCompare(want[:], candidate[:]) == 1 {
			at = i
		}
	}
	return at >= 0 && at < len(known) && n.Hash != "", at+1 == len(known)
}

// lastUsed is the list with m behind all others, and with at most MaxKeys.
func lastUsed(known []mark, m mark) []mark {
	next := without(known, m)
	if over := len(next) + 1 - MaxKeys; over > 0 {
		next = slices.Delete(next, 0, over)
	}
	return append(next, m)
}

// without is a copy of the list, and has room for one more.
func without(known []mark, m mark) []mark {
	return slices.DeleteFunc(append(make([]mark, 0, len(known)+1), known...), func(other mark) bool { return other == m })
}

// KeyChange is the change that has the client's key with that digest trusted, used or, with "" all of them, distrusted (KeyTrusted, KeyUsed, KeyDistrusted) by the account as it is just now.
func KeyChange(kind Kind, n Name, digest string) *Change {
	c := &Change{Kind: kind, Name: Name{Key: n.Key, Hash: n.Hash}}
	if digest != "" {
		c.Mark = markOf(n, digest)
	}
	return c
}

// changeKeys carries out a change of the keys of an account.
func changeKeys(r *Registry, c *Change, keep keeping) error {
	n, found := r.Name(c.Name.Key)
	if !found {
		return ErrNoName
	}
	known := r.trust.marks(n.Key)
	switch {
	case c.Kind == KeyDistrusted && c.Mark == (mark{}):
		if len(known) == 0 {
			return nil
		}
		return keepMarks(r, n.Key, nil, keep)
	case c.Kind == KeyDistrusted:
		next := without(known, c.Mark)
		if len(next) == len(known) {
			return nil
		}
		return keepMarks(r, n.Key, next, keep)
	case n.Hash != c.Name.Hash:
		return errPassword
	case c.Kind == KeyUsed && !slices.Contains(known, c.Mark):
		return nil
	}
	return keepMarks(r, n.Key, lastUsed(known, c.Mark), keep)
}

// keepMarks has it kept that an account has these marks and no others, together with more, and then uses them. changing must be held.
func keepMarks(r *Registry, key string, next []mark, keep keeping, more ...store.Change) error {
	r.trust.hold(key)
	defer r.trust.hold("")
	if err := keep(append(more, store.PutTrusted(key, next))...); err != nil {
		return err
	}
	r.trust.set(key, next)
	return nil
}

// hold says whose marks are being replaced.
func (t *trust) hold(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changing = key
}

func (t *trust) marks(key string) []mark {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[key]
}

// replace replaces those of all accounts.
func (t *trust) replace(all map[string][]mark) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of = all
}

// set replaces an account's marks.
func (t *trust) set(key string, to []mark) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(to) == 0 {
		delete(t.of, key)
		return
	}
	t.of[key] = to
}
