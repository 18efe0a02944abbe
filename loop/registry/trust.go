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

// ErrNoName is the error of Trust for a name that is not registered.
var ErrNoName = errors.New("the name is not registered")

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
	want, at := markOf(n, digest), -1
	t := &r.trust
	t.mu.Lock()
	defer t.mu.Unlock()
	known, none := t.of[n.Key], mark{}
	for i := range MaxKeys {
		candidate := &none
		if i < len(known) {
			candidate = &known[i]
		}
		if subtle.ConstantTimeCompare(want[:], candidate[:]) == 1 {
			at = i
		}
	}
	if at < 0 || at >= len(known) || n.Hash == "" {
		return false
	}
	if at+1 < len(known) {
		if t.of[n.Key] = lastUsed(known, want); t.changing != n.Key {
			r.later(store.PutTrusted(n.Key, t.of[n.Key]))
		}
	}
	return true
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

// Trust has the key with that digest open the account of the name with that key, until its password is changed or it is given up. When it returns nil that is on the disk; when it
// returns an error nothing has changed. The error is ErrNoName, ErrNoFolder, or says what is wrong with the disk.
func (r *Registry) Trust(key, digest string) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	n, found := r.Name(key)
	if !found {
		return ErrNoName
	}
	return r.keepMarks(key, lastUsed(r.trust.marks(key), markOf(n, digest)))
}

// Distrust forgets the key with that digest, or with "" all of the account's. It is no error that there is none. The errors are those of Trust.
func (r *Registry) Distrust(key, digest string) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	n, found := r.Name(key)
	if !found {
		return ErrNoName
	}
	known, next := r.trust.marks(key), []mark(nil)
	if digest != "" {
		next = without(known, markOf(n, digest))
	}
	if len(next) == len(known) {
		return nil
	}
	return r.keepMarks(key, next)
}

// keepMarks has it kept that an account has these marks and no others, together with more, and then uses them. changing must be held.
func (r *Registry) keepMarks(key string, next []mark, more ...store.Change) error {
	r.trust.hold(key)
	defer r.trust.hold("")
	if err := r.change(append(more, store.PutTrusted(key, next))...); err != nil {
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
