package registry

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
)

// MaxKeys is how many keys open an account in the place of its password. The one least recently used goes first. Each is some 50 bytes in a file that is written whole.
const MaxKeys = 20

var trustFile = kind{name: "trusted", without: "have everybody log in by password once more"}

// ErrNoName is the error of Trust for a name that is not registered.
var ErrNoName = errors.New("the name is not registered")

// trust is the keys that clients have made at random to log in without a password, each as a mark.
type trust struct {
	mu   sync.Mutex // held for as long as it takes to look at an account's or to copy the map
	of   marks
	late bool // the file may have others, or the same in another order
}

// marks are those of accounts by the keys of their names, at most MaxKeys of each, the one least recently used in front. A list is replaced, and never changed.
type marks map[string][]mark

// mark stands for a client's key and the account that it opens. The account's hash is in it, so that it means nothing any more once the account has another password, or another
// owner, whatever the file still has.
type mark [sha256.Size]byte

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
		t.of[n.Key] = lastUsed(known, want)
		t.late = true
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
// returns an error nothing has changed, but as PutName says. The error is ErrNoName, ErrNoFolder, ErrClosed, or says what is wrong with the disk.
func (r *Registry) Trust(key, digest string) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	n, found := r.Name(key)
	if !found {
		return ErrNoName
	}
	return r.keepMarks(key, lastUsed(r.marksOf(key), markOf(n, digest)))
}

// Distrust forgets the key with that digest, or with "" all of the account's. It is no error that there is none. The errors are those of Trust.
func (r *Registry) Distrust(key, digest string) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	n, found := r.Name(key)
	if !found {
		return ErrNoName
	}
	known, next := r.marksOf(key), []mark(nil)
	if digest != "" {
		next = without(known, markOf(n, digest))
	}
	if len(next) == len(known) {
		return nil
	}
	return r.keepMarks(key, next)
}

func (r *Registry) marksOf(key string) []mark {
	r.trust.mu.Lock()
	defer r.trust.mu.Unlock()
	return r.trust.of[key]
}

// keepMarks writes an account's marks with all others, and then uses them.
func (r *Registry) keepMarks(key string, next []mark) error {
	if err := r.writable(); err != nil {
		return err
	}
	t := &r.trust
	all := t.copy()
	all.set(key, next)
	if replaced, err := r.writeMarks(all); err != nil {
		t.notWritten(replaced)
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of.set(key, next)
	return nil
}

func (m marks) set(key string, to []mark) {
	if len(to) == 0 {
		delete(m, key)
		return
	}
	m[key] = to
}

// copy returns all marks, to be written.
func (t *trust) copy() marks {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late = false
	return maps.Clone(t.of)
}

// notWritten is when the file isn't as it should be.
func (t *trust) notWritten(replaced bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late = t.late || replaced
}

// forgetMarks forgets those of an account that is another's now, or nobody's. Nothing has to be written: in the file they mean nothing any more.
func (r *Registry) forgetMarks(key string) {
	t := &r.trust
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, had := t.of[key]; had {
		delete(t.of, key)
		t.late = true
	}
}

// keepLateMarks writes what the file doesn't have.
func (r *Registry) keepLateMarks() error {
	r.trust.mu.Lock()
	late := r.trust.late
	r.trust.mu.Unlock()
	if !late {
		return nil
	}
	_, err := r.writeMarks(r.trust.copy())
	return err
}

func (r *Registry) writeMarks(all marks) (replaced bool, err error) {
	lines := newLines()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		lines.add(lineOfMarks(key, all[key]))
	}
	return r.write(trustFile, lines)
}

// trustLine is an account with its marks as it stands in the file, the one least recently used in front.
type trustLine struct {
	Name  string   `json:"name"` // as names are compared
	Marks [][]byte `json:"marks"`
}

func lineOfMarks(key string, all []mark) trustLine {
	l := trustLine{Name: key, Marks: make([][]byte, len(all))}
	for i := range all {
		l.Marks[i] = all[i][:]
	}
	return l
}

// account is a line that has been read.
type account struct {
	key   string
	marks []mark
}

// readMarks reads one line; last is the one before it, nil for the first.
func readMarks(line []byte, last *account) (account, error) {
	l, err := decode[trustLine](line)
	if err != nil {
		return account{}, err
	}
	if l.Name == "" || len(l.Marks) == 0 || len(l.Marks) > MaxKeys {
		return account{}, errEntry
	}
	a := account{key: l.Name}
	for _, written := range l.Marks {
		if len(written) != sha256.Size || slices.Contains(a.marks, mark(written)) {
			return account{}, errEntry
		}
		a.marks = append(a.marks, mark(written))
	}
	if last != nil && strings.Compare(last.key, a.key) >= 0 {
		return account{}, errOrder
	}
	return a, nil
}

// trustOf is what the file has for names that are registered; of others a crash has left it.
func trustOf(accounts []account, names []Name) marks {
	all := make(marks, len(accounts))
	for _, a := range accounts {
		if _, registered := find(names, a.key); registered {
			all[a.key] = a.marks
		}
	}
	return all
}
