package registry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"looproom/loop/secret"
)

// MaxNames is how many names can be registered. Each is a line of some 200 bytes in a file that is written whole, and as much in memory.
const MaxNames = 100_000

// bytesOfName is how long most lines are, or a little more.
const bytesOfName = 224

var namesFile = kind{name: "names", without: "start without registered names"}

var (
	// ErrFull is the error of PutName when MaxNames are registered.
	ErrFull = fmt.Errorf("%d names are registered, and no more can be", MaxNames)
	// ErrNoFolder is the error of PutName when there is no folder that would keep the name.
	ErrNoFolder = errors.New("names can't be registered without a folder for the state (see --state)")

	errName = errors.New("register a name: its key and the name itself must be there and be UTF-8")
)

// Name is a name that belongs to whoever has its password.
type Name struct {
	Key   string // the form in which names are compared
	Shown string // as its owner writes it
	Hash  string // one that secret.Valid allows
	Since int64  // the second of wall clock in which it was registered
}

// Name returns the registered name with that key. It takes no lock.
func (r *Registry) Name(key string) (Name, bool) {
	names := *r.names.Load()
	at, found := find(names, key)
	if !found {
		return Name{}, false
	}
	return names[at], true
}

// Names returns all registered names in order of key. The slice is the caller's.
func (r *Registry) Names() []Name {
	return slices.Clone(*r.names.Load())
}

// CountNames is the number of registered names. It takes no lock.
func (r *Registry) CountNames() int { return len(*r.names.Load()) }

func find(names []Name, key string) (at int, found bool) {
	return slices.BinarySearchFunc(names, key, func(n Name, key string) int { return strings.Compare(n.Key, key) })
}

// PutName registers a name, or replaces what was registered with its key; no key of a client that Trust was told opens it any more. When it returns nil the name is on the disk; when it returns an
// error nothing has changed. Where the disk fails after the file was written, the file may have the name all the same: the next change puts that right, or
// Close; only a server that crashes before finds it there. The error is ErrFull, ErrNoFolder, ErrClosed, or says what is wrong with n or the disk.
func (r *Registry) PutName(n Name) error {
	if n.Key == "" || n.Shown == "" || !utf8.ValidString(n.Key) || !utf8.ValidString(n.Shown) {
		return errName
	}
	if err := secret.Valid(n.Hash); err != nil {
		return fmt.Errorf("register a name: %w", err)
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	names := *r.names.Load()
	at, found := find(names, n.Key)
	if !found && len(names) >= MaxNames {
		return ErrFull
	}
	next := make([]Name, 0, len(names)+1)
	next = append(append(next, names[:at]...), n)
	if found {
		at++
	}
	if err := r.keepNames(append(next, names[at:]...)); err != nil {
		return err
	}
	r.forgetMarks(n.Key)
	return nil
}

// RemoveName frees a name, which no client's key opens any more, and says whether it was registered. When it returns an error nothing has changed.
func (r *Registry) RemoveName(key string) (had bool, err error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	names := *r.names.Load()
	at, found := find(names, key)
	if !found {
		return false, nil
	}
	if err := r.keepNames(slices.Delete(slices.Clone(names), at, at+1)); err != nil {
		return true, err
	}
	r.forgetMarks(key)
	return true, nil
}

// keepNames writes the names, and then uses them.
func (r *Registry) keepNames(next []Name) error {
	if err := r.writable(); err != nil {
		return err
	}
	replaced, err := r.writeNames(next)
	if err != nil {
		r.namesLate = r.namesLate || replaced
		return err
	}
	r.namesLate = false
	r.names.Store(&next)
	return nil
}

func (r *Registry) writeNames(names []Name) (replaced bool, err error) {
	lines := newLines()
	lines.content.Grow(len(names) * bytesOfName)
	for _, n := range names {
		lines.add(lineOfName(n))
	}
	return r.write(namesFile, lines)
}

// nameLine is a name as it stands in the file.
type nameLine struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	Since string `json:"since"`
	Hash  string `json:"hash"`
}

func lineOfName(n Name) nameLine {
	return nameLine{Name: n.Shown, Key: n.Key, Since: timeOf(n.Since), Hash: n.Hash}
}

// readName reads one line; last is the one before it, nil for the first.
func readName(line []byte, last *Name) (Name, error) {
	l, err := decode[nameLine](line)
	if err != nil {
		return Name{}, err
	}
	since, err := secondOf(l.Since)
	n := Name{Key: l.Key, Shown: l.Name, Hash: l.Hash, Since: since}
	if err != nil || n.Key == "" || n.Shown == "" || lineOfName(n) != l {
		return Name{}, errEntry
	}
	if err := secret.Valid(n.Hash); err != nil {
		return Name{}, err
	}
	if last != nil && last.Key >= n.Key {
		return Name{}, errOrder
	}
	return n, nil
}
