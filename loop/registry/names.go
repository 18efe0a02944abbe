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
	// ErrFull is the error of PutName when MaxNames are registered.
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

// PutName registers a name, or replaces what was registered with its key; no key of a client that Trust was told opens it any more, but its certificates do. When it returns nil the name is on the disk; when it returns an
// error nothing has changed. The error is ErrFull, ErrNoFolder, or says what is wrong with n or the disk.
func (r *Registry) PutName(n Name) error {
	if n.Key == "" || n.Shown == "" || !utf8.ValidString(n.Key) || !utf8.ValidString(n.Shown) {
		return errName
	}
	if err := secret.Valid(n.Hash); err != nil {
		return fmt.Errorf("register a name: %w", err)
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	if _, found := r.Name(n.Key); !found && r.CountNames() >= MaxNames {
		return ErrFull
	}
	if err := r.keepMarks(n.Key, nil, store.PutName(n)); err != nil {
		return err
	}
	r.names.tree.Set(n.Key, n)
	r.names.show()
	return nil
}

// KeepVerifier has an account, as it was when the password was looked at, have a verifier of that, and keeps it in the store's time. It waits for others who change names. Where the account has another password, or a
// verifier, meanwhile, nothing changes.
func (r *Registry) KeepVerifier(n Name, v secret.Verifier) {
	r.changing.Lock()
	defer r.changing.Unlock()
	now, found := r.Name(n.Key)
	if !found || now.Hash != n.Hash || now.Verifier != (secret.Verifier{}) {
		return
	}
	now.Verifier = v
	r.later(store.PutName(now))
	r.names.tree.Set(now.Key, now)
	r.names.show()
}

// RemoveName frees a name, which no client's key or certificate opens any more, and whose next owner has nothing of what was kept of this one, and says whether it was registered. When it returns an error nothing has changed.
func (r *Registry) RemoveName(key string) (had bool, err error) {
	r.changing.Lock()
	defer r.changing.Unlock()
	if _, found := r.Name(key); !found {
		return false, nil
	}
	if err := r.keepMarks(key, nil, r.store.EndAccount(key)...); err != nil {
		return true, err
	}
	r.certificates.set(key, nil)
	r.names.tree.Delete(key)
	r.names.show()
	return true, nil
}
