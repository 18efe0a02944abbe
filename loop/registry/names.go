package registry

import (
	"errors"
	"fmt"
	"sync/atomic"
	"unicode/utf8"

	"github.com/tidwall/btree"

	"looproom/loop/secret"
	"looproom/loop/store"
)

// MaxNames is how many names can be registered. Each is a row on the disk, some 800 bytes in memory with what the room has of it, and 5 µs of the start.
const MaxNames = 250_000

var (
	// ErrFull is the error of NamePut when MaxNames are registered.
	ErrFull = fmt.Errorf("%d names are registered, and no more can be", MaxNames)

	errName = errors.New("register a name: its key and the name itself must be there and be UTF-8")
)

// Name is a name that belongs to whoever has its password.
type Name = store.Name

// names are the registered names by their keys. Whoever looks at them sees a tree that is never changed, and so waits for nobody, as event loops need it; a change copies the few nodes of
// it that are on its way, whatever there is beside, which a list in order would copy whole, and which a map would need a lock for.
type names struct {
	tree  btree.Map[string, Name] // of who changes them
	shown atomic.Pointer[btree.Map[string, Name]]
}

func (n *names) hold(all []Name) {
	n.tree = btree.Map[string, Name]{}
	for _, name := range all {
		n.tree.Load(name.Key, name) // they come in order
	}
	n.show()
}

// show has all others see what has changed.
func (n *names) show() { n.shown.Store(n.tree.Copy()) }

// Name returns the registered name with that key. It takes no lock.
func (r *Registry) Name(key string) (Name, bool) { return r.names.shown.Load().Get(key) }

// Names returns all registered names in order of key. The slice is the caller's.
func (r *Registry) Names() []Name { return r.names.shown.Load().Values() }

// CountNames is the number of registered names. It takes no lock.
func (r *Registry) CountNames() int { return r.names.shown.Load().Len() }

// putName registers a name, or replaces what was registered with its key.
func putName(r *Registry, n Name, keep keeping) error {
	if n.Key == "" || n.Shown == "" || !utf8.ValidString(n.Key) || !utf8.ValidString(n.Shown) {
		return errName
	}
	if err := secret.Valid(n.Hash); err != nil {
		return fmt.Errorf("register a name: %w", err)
	}
	if _, found := r.Name(n.Key); !found && r.CountNames() >= MaxNames {
		return ErrFull
	}
	if r.leaving.has(n.Key) {
		return ErrLeaving
	}
	if err := keepMarks(r, n.Key, nil, keep, store.PutName(n)); err != nil {
		return err
	}
	r.names.tree.Set(n.Key, n)
	r.names.show()
	return nil
}

// keepVerifier has an account, as it was when the password was looked at, have a verifier of that, and keeps it in the store's time. Where the account has another password, or a verifier, meanwhile, nothing changes.
func keepVerifier(r *Registry, n Name) error {
	now, found := r.Name(n.Key)
	if !found || now.Hash != n.Hash || now.Verifier != (secret.Verifier{}) {
		return nil
	}
	now.Verifier = n.Verifier
	r.later(store.PutName(now))
	r.names.tree.Set(now.Key, now)
	r.names.show()
	return nil
}

// removeName frees a name.
func removeName(r *Registry, key string, keep keeping) error {
	if _, found := r.Name(key); !found {
		return ErrNoName
	}
	if err := keepMarks(r, key, nil, keep, r.store.EndAccount(key)...); err != nil {
		return err
	}
	dropName(r, key)
	return nil
}

// dropName has nobody have the name, in memory.
func dropName(r *Registry, key string) {
	r.trust.set(key, nil)
	r.certificates.set(key, nil)
	r.names.tree.Delete(key)
	r.names.show()
}
