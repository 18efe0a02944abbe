package textfiles

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"looproom/loop/store"
)

// maxKeys is how many keys open an account.
const maxKeys = 20

// trustLine is an account with the marks of its clients' keys as it stands in the file, the one least recently used in front.
type trustLine struct {
	Name  string   `json:"name"` // as names are compared
	Marks [][]byte `json:"marks"`
}

// keys are a line that has been read.
type keys struct {
	of    string
	marks [][sha256.Size]byte
}

// readKeys reads one line; last is the one before it, nil for the first.
func readKeys(line []byte, last *keys) (keys, error) {
	l, err := decode[trustLine](line)
	if err != nil {
		return keys{}, err
	}
	if l.Name == "" || len(l.Marks) == 0 || len(l.Marks) > maxKeys {
		return keys{}, errEntry
	}
	k := keys{of: l.Name}
	for _, written := range l.Marks {
		if len(written) != sha256.Size || slices.Contains(k.marks, [sha256.Size]byte(written)) {
			return keys{}, errEntry
		}
		k.marks = append(k.marks, [sha256.Size]byte(written))
	}
	if last != nil && last.of >= k.of {
		return keys{}, errOrder
	}
	return k, nil
}

// keysByName is what the file has for names that are registered; of others a crash has left it.
func keysByName(all []keys, names []store.Name) map[string][][sha256.Size]byte {
	found := make(map[string][][sha256.Size]byte, len(all))
	for _, k := range all {
		byKey := func(n store.Name, key string) int { return cmp.Compare(n.Key, key) }
		if _, registered := slices.BinarySearchFunc(names, k.of, byKey); registered {
			found[k.of] = k.marks
		}
	}
	return found
}
