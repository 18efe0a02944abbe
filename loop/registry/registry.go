package registry

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"looproom/loop/ban"
	"looproom/loop/folder"
)

// ErrClosed is the error of changes that come too late for a closed registry.
var ErrClosed = errors.New("the registry is closed")

// Registry is an open folder of state, or what there is instead of one. Open makes one, Close ends it.
type Registry struct {
	cloakKey []byte
	bans     atomic.Pointer[ban.List]  // never nil
	names    atomic.Pointer[[]Name]    // in order of key; never nil, and what it points to never changes
	rooms    atomic.Pointer[keptRooms] // never nil
	trust    trust                     // its marks are changed while writing is held, but for their order

	mu     sync.Mutex // held while bans or rooms change, never for long, and for closed
	closed bool       // nothing changes any more

	writing   sync.Mutex // held by who writes, which may take as long as a disk does, and for all below
	dir       string
	folder    *os.File   // held open for its lock, nil without a folder
	bansKept  *ban.List  // what the file has; nil: that isn't known
	start     int64      // the number of the last start, 0: there was none
	roomsKept *keptRooms // what the file has; nil: that isn't known
	namesLate bool       // the file may have other names than those that count
	given     bool       // the folder is given up
}

// Open opens or makes the folder dir and reads what is in it. With "" everything is kept in memory, until Close, and names can't be registered.
//
// It fails with folder.ErrInUse if another server has the folder, and if a file can't be read, or isn't as it was written. Then it changes
// nothing, and the error, one line, names the file and says what to do.
func Open(dir string) (*Registry, error) {
	r := &Registry{dir: dir, trust: trust{of: marks{}}}
	r.bans.Store(new(ban.List))
	r.names.Store(new([]Name))
	r.rooms.Store(new(keptRooms))
	if dir == "" {
		r.cloakKey = newCloakKey()
		return r, nil
	}
	var err error
	if r.folder, err = folder.Lock(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the state folder %s: %w", dir, err)
	}
	if err := r.read(); err != nil {
		r.folder.Close()
		return nil, fmt.Errorf("open the state folder %s: %w", dir, err)
	}
	return r, nil
}

// read reads all files. Only once they are found to be good it writes: it removes what a crash left, and makes the key of the cloaks.
func (r *Registry) read() error {
	entries, err := readFile(r.path(bansFile), readBan)
	if err != nil {
		return err
	}
	names, err := readFile(r.path(namesFile), readName)
	if err != nil {
		return err
	}
	trusted, err := readFile(r.path(trustFile), readMarks)
	if err != nil {
		return err
	}
	rooms, err := readFile(r.path(roomsFile), readRoom)
	if err != nil {
		return err
	}
	if err := r.readCloakKey(); err != nil {
		return err
	}
	if err := r.readStart(); err != nil {
		return err
	}
	r.trust.of = trustOf(trusted, names)
	r.roomsKept = roomsOf(rooms)
	r.rooms.Store(r.roomsKept)
	r.bansKept = ban.ListOf(entries)
	r.bans.Store(r.bansKept)
	r.names.Store(&names)
	if err := r.removeLeftovers(); err != nil {
		return err
	}
	if r.cloakKey == nil {
		return r.makeCloakKey()
	}
	return nil
}

// Keeps says whether there is a folder, so that changes outlive the server.
func (r *Registry) Keeps() bool {
	return r.dir != ""
}

// Close gives the folder up. What could not be written before, or not be known to be on the disk, it tries to write once more. It waits for whoever
// writes. Later calls do nothing.
func (r *Registry) Close() error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.given {
		return nil
	}
	r.given = true
	if r.folder == nil {
		return nil
	}
	errs := []error{r.keepBans(), r.keepRooms(), r.keepLateMarks()}
	if r.namesLate {
		_, err := r.writeNames(*r.names.Load())
		errs = append(errs, err)
	}
	if err := errors.Join(append(errs, r.folder.Close())...); err != nil {
		return fmt.Errorf("close the state folder %s: %w", r.dir, err)
	}
	return nil
}

// writable returns why nothing can be written, nil if it can. writing must be held.
func (r *Registry) writable() error {
	switch {
	case r.given:
		return ErrClosed
	case r.folder == nil:
		return ErrNoFolder
	}
	return nil
}
