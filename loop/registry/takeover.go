package registry

import (
	"looproom/loop/registry/textfiles"
	"looproom/loop/store"
)

// takeOver has a store that is new keep what the text files in its folder have, and a key of the cloaks, and returns what it has then. All is there at once: until then the store has no such
// key, by which one that is not new is known.
func takeOver(s *store.Store) (store.Contents, error) {
	found, err := textfiles.Read(s.Dir())
	if err != nil {
		return found, err
	}
	if found.CloakKey == nil {
		found.CloakKey = newCloakKey()
	}
	if err := s.Change(changesOf(&found)...); err != nil {
		return found, err
	}
	return s.Contents()
}

// changesOf makes an empty store have what is kept.
func changesOf(kept *store.Contents) []store.Change {
	changes := []store.Change{store.PutCloakKey(kept.CloakKey)}
	if kept.Start > 0 {
		changes = append(changes, store.PutStart(kept.Start))
	}
	for _, n := range kept.Names {
		changes = append(changes, store.PutName(n))
	}
	for key, marks := range kept.Trusted {
		changes = append(changes, store.PutTrusted(key, marks))
	}
	for _, e := range kept.Bans {
		changes = append(changes, store.PutBan(e))
	}
	for _, k := range kept.Rooms {
		changes = append(changes, store.PutRoom(k))
	}
	return changes
}
