package registry

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"looproom/loop/room"
	"looproom/loop/store"
)

// MaxRooms is how many rooms can be kept, MaxRoomsPerFounder how many of one founder, and MaxRoomBytes how much all of them may have in words and rights, as it is counted
// here: all of it is in memory.
const (
	MaxRooms           = 10_000
	MaxRoomsPerFounder = 20
	MaxRoomBytes       = 16 << 20
)

var (
	// ErrRoomsFull is the error of RoomPut, PersonPut and SetRoom when MaxRooms are kept, or MaxRoomBytes.
	ErrRoomsFull = fmt.Errorf("%d rooms of %d MiB in all can be kept, and no more", MaxRooms, MaxRoomBytes>>20)
	// ErrFounderFull is the error of RoomPut when MaxRoomsPerFounder of the room's founder are kept.
	ErrFounderFull = fmt.Errorf("%d rooms of one founder can be kept, and no more", MaxRoomsPerFounder)

	// ErrNoRoom is the error of a change that removes a room which isn't kept.
	ErrNoRoom = errors.New("no such room is kept")

	errRoom = errors.New("keep a room: its key and its name must be there, and where it is kept for good its founder, all words must be UTF-8, and its rights must be in bounds")
)

// keptRooms are the rooms that are kept, in memory.
type keptRooms struct {
	byKey    map[string]*room.KeptRoom
	founders map[string]int // how many of each, by the key of the name
	bytes    int            // of all of them, see costOf
}

func (l *keptRooms) hold(all []*room.KeptRoom) {
	*l = keptRooms{byKey: make(map[string]*room.KeptRoom, len(all)), founders: map[string]int{}}
	for _, k := range all {
		l.put(k)
	}
}

// put has k in the place of what was kept by its key.
func (l *keptRooms) put(k *room.KeptRoom) {
	l.remove(k.Key)
	l.byKey[k.Key] = k
	l.founders[founderOf(k)]++
	l.bytes += costOf(k)
}

func (l *keptRooms) remove(key string) {
	k, found := l.byKey[key]
	if !found {
		return
	}
	delete(l.byKey, key)
	l.bytes -= costOf(k)
	if of := founderOf(k); l.founders[of] > 1 {
		l.founders[of]--
	} else {
		delete(l.founders, of)
	}
}

// founderOf is the key of the name of whose room it is.
func founderOf(k *room.KeptRoom) string { return room.NameKey(k.Founder()) }

// allow says whether there may be k in the place of what is kept by its key. What is too much already may become less.
func (l *keptRooms) allow(k *room.KeptRoom) bool {
	count, bytes := len(l.byKey)+1, l.bytes+costOf(k)
	if old, found := l.byKey[k.Key]; found {
		count, bytes = count-1, bytes-costOf(old)
	}
	return count <= max(MaxRooms, len(l.byKey)) && bytes <= max(MaxRoomBytes, l.bytes)
}

// allowFounder says whether k's founder may keep it beside all others.
func (l *keptRooms) allowFounder(k *room.KeptRoom) bool {
	of, others := founderOf(k), 0
	if others = l.founders[of]; l.byKey[k.Key] != nil && founderOf(l.byKey[k.Key]) == of {
		others--
	}
	return others < MaxRoomsPerFounder
}

// costOf is about how many bytes a room takes in memory, and not much less on the disk.
func costOf(k *room.KeptRoom) int {
	const ofRoom, ofRight = 128, 80
	cost := ofRoom + len(k.Key) + len(k.Name) + len(k.Topic) + len(k.TopicBy)
	for i := range k.Rights {
		h := &k.Rights[i]
		cost += ofRight + len(h.Target) + len(h.By) + len(h.Text)
	}
	return cost
}

// isRoom says whether k can be kept, so that it is read back as it is.
func isRoom(k *room.KeptRoom) bool {
	words := []string{k.Key, k.Name, k.Topic, k.TopicBy}
	for i := range k.Rights {
		words = append(words, k.Rights[i].Target, k.Rights[i].By, k.Rights[i].Text)
	}
	for _, one := range k.Metadata {
		words = append(words, one.Key, one.Value)
	}
	return k.InBounds() && len(k.Key) > 1 && len(k.Name) > 1 && !slices.ContainsFunc(words, func(word string) bool { return !utf8.ValidString(word) })
}

// Rooms returns the rooms that are kept, in order of key. The slice is the caller's; what it points to is never changed.
func (r *Registry) Rooms() []*room.KeptRoom {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Values(r.rooms.byKey), func(a, b *room.KeptRoom) int { return cmp.Compare(a.Key, b.Key) })
}

// putRoom keeps a room for good.
func putRoom(r *Registry, k *room.KeptRoom, keep keeping) error {
	if k == nil || !isRoom(k) || k.Founder() == "" {
		return errRoom
	}
	if err := r.mayPut(k); err != nil {
		return err
	}
	if err := keep(store.PutRoom(k)); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rooms.put(k)
	return nil
}

func (r *Registry) mayPut(k *room.KeptRoom) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.rooms.allow(k):
		return ErrRoomsFull
	case !r.rooms.allowFounder(k):
		return ErrFounderFull
	}
	return nil
}

// removeRoom keeps a room no longer.
func removeRoom(r *Registry, key string, keep keeping) error {
	if !r.keepsRoom(key) {
		return ErrNoRoom
	}
	if err := keep(store.RemoveRoom(key)); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rooms.remove(key)
	return nil
}

func (r *Registry) keepsRoom(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rooms.byKey[key] != nil
}

// SetRoom keeps a room as it is now, whether it was kept before or not, in the store's time. It waits for no disk. The error is ErrRoomsFull, or says what is wrong with k: then what was kept
// before stays.
func (r *Registry) SetRoom(k *room.KeptRoom) error {
	if !isRoom(k) {
		return errRoom
	}
	if r.store == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.rooms.allow(k) {
		return ErrRoomsFull
	}
	r.rooms.put(k)
	r.store.Later(store.PutRoom(k))
	return nil
}

// renameRoom is SetRoom of a room that was kept by the key was so far. It is no further room: that it has a longer name is within no bound.
func (r *Registry) renameRoom(k *room.KeptRoom, was string) error {
	if !isRoom(k) {
		return errRoom
	}
	if r.store == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms.byKey[was] == nil && !r.rooms.allow(k) {
		return ErrRoomsFull
	}
	r.rooms.remove(was)
	r.rooms.put(k)
	r.store.Later(store.RenameRoom(k, was))
	return nil
}

// UnsetRoom keeps a room no longer, in the store's time. It waits for no disk.
func (r *Registry) UnsetRoom(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms.byKey[key] != nil {
		r.rooms.remove(key)
		r.store.Later(store.RemoveRoom(key))
	}
}
