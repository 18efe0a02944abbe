package textfiles

import (
	"looproom/loop/secret"
	"looproom/loop/store"
)

// nameLine is a name as it stands in the file.
type nameLine struct {
	Name  string `json:"name"`
	Key   string `json:"key"`
	Since string `json:"since"`
	Hash  string `json:"hash"`
}

func lineOfName(n store.Name) nameLine {
	return nameLine{Name: n.Shown, Key: n.Key, Since: timeOf(n.Since), Hash: n.Hash}
}

// readName reads one line; last is the one before it, nil for the first.
func readName(line []byte, last *store.Name) (store.Name, error) {
	l, err := decode[nameLine](line)
	if err != nil {
		return store.Name{}, err
	}
	since, err := secondOf(l.Since)
	n := store.Name{Key: l.Key, Shown: l.Name, Hash: l.Hash, Since: since}
	if err != nil || n.Key == "" || n.Shown == "" || lineOfName(n) != l {
		return store.Name{}, errEntry
	}
	if err := secret.Valid(n.Hash); err != nil {
		return store.Name{}, err
	}
	if last != nil && last.Key >= n.Key {
		return store.Name{}, errOrder
	}
	return n, nil
}
