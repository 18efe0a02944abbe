package registry

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"looproom/loop/ban"
	"looproom/loop/registry/textfiles"
	"looproom/loop/room"
	"looproom/loop/store"
)

// ErrNoFolder is the error of what has to outlive the server where nothing does.
var ErrNoFolder = errors.New("without a folder for the state (see --state) nothing can be kept")

// Registry is what is known of accounts, bans and rooms, in memory, and kept by a store if there is one. Open makes one.
type Registry struct {
	store        *store.Store             // nil: nothing outlives the server
	cloakKey     atomic.Pointer[[]byte]   // what it points to is never changed
	bans         atomic.Pointer[ban.List] // never nil
	names        names
	trust        trust
	certificates certificates
	start        int64              // the number of the last start, 0: there was none. changing must be held
	persons      []*room.KeptPerson // of the start, until somebody has taken them
	leaving      leaving
	carried      carried // changing must be held

	changing sync.Mutex // held by who waits for the disk with a change of names, keys, certificates, rooms or the start: each finds what the one before has left

	mu    sync.Mutex            // never held for long, and never while the disk is waited for
	late  map[banKey]*ban.Entry // what of the bans the disk may not have; nil: that there is none
	rooms keptRooms
}

// Open makes the registry of what s has kept. Where s is new it takes over what an earlier looproom has kept in text files in the same folder, see textfiles. s stays the caller's, who closes it when
// nothing is asked of the registry any more. With nil everything is kept in memory, and names can't be registered.
//
// The error, one line, names the file that can't be used and says what to do.
func Open(s *store.Store) (*Registry, error) {
	r := &Registry{store: s, late: map[banKey]*ban.Entry{}}
	if s == nil {
		r.hold(&store.Contents{CloakKey: newCloakKey()})
		return r, nil
	}
	kept, err := s.Contents()
	if err == nil && kept.CloakKey == nil {
		kept, err = takeOver(s)
	}
	if err == nil {
		err = textfiles.Retire(s.Dir())
	}
	if err != nil {
		return nil, fmt.Errorf("open the state folder %s: %w", s.Dir(), err)
	}
	r.hold(&kept)
	return r, nil
}

// hold has in memory what was kept.
func (r *Registry) hold(kept *store.Contents) {
	r.cloakKey.Store(&kept.CloakKey)
	r.start, r.persons = kept.Start, kept.Persons
	r.bans.Store(ban.ListOf(kept.Bans))
	r.names.hold(kept.Names)
	r.trust.replace(kept.Trusted)
	r.certificates.hold(kept.Certificates)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rooms.hold(kept.Rooms)
}

// Keeps says whether there is a store, so that changes outlive the server.
func (r *Registry) Keeps() bool { return r.store != nil }

// change has the store make changes, all or none, and returns when they are on the disk.
func (r *Registry) change(changes ...store.Change) error {
	if r.store == nil {
		return ErrNoFolder
	}
	return r.store.Change(changes...)
}

// later has the store make changes when it can, if there is one. It waits for nothing.
func (r *Registry) later(changes ...store.Change) {
	if r.store != nil {
		r.store.Later(changes...)
	}
}

// cloakBytes is the length of the key of the cloaks, that of an HMAC-SHA256.
const cloakBytes = 32

// CloakKey returns the 32 random bytes that cloaks are made with. They are made when the store is, and stay the same but for Take. The slice is the caller's.
func (r *Registry) CloakKey() []byte { return slices.Clone(*r.cloakKey.Load()) }

func newCloakKey() []byte {
	key := make([]byte, cloakBytes)
	rand.Read(key) // it returns no error: without randomness it ends the program
	return key
}

// NextStart returns the number of a start of the server: clock, or one more than that of the last start if clock isn't greater. It is kept before it is returned. With an error
// it is the number all the same, but the next start of a server may get it again.
func (r *Registry) NextStart(clock int64) (n int64, err error) {
	r.changing.Lock()
	defer r.changing.Unlock()
	r.start = max(clock, r.start+1)
	if r.store == nil {
		return r.start, nil
	}
	if err := r.store.Change(store.PutStart(r.start)); err != nil {
		return r.start, fmt.Errorf("number the start: %w", err)
	}
	return r.start, nil
}
