package registry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"looproom/loop/room"
)

// MaxRooms is how many rooms can be kept, MaxRoomsPerFounder how many of one founder, and MaxRoomBytes how much all of them may have in words and rights, as it is counted
// here: the file is written whole, and all of it is in memory.
const (
	MaxRooms           = 10_000
	MaxRoomsPerFounder = 20
	MaxRoomBytes       = 16 << 20
)

var (
	// ErrRoomsFull is the error of PutRoom and SetRoom when MaxRooms are kept, or MaxRoomBytes.
	ErrRoomsFull = fmt.Errorf("%d rooms of %d MiB in all can be kept, and no more", MaxRooms, MaxRoomBytes>>20)
	// ErrFounderFull is the error of PutRoom when MaxRoomsPerFounder of the room's founder are kept.
	ErrFounderFull = fmt.Errorf("%d rooms of one founder can be kept, and no more", MaxRoomsPerFounder)

	errRoom = errors.New("keep a room: its key, its name and its founder must be there, all words must be UTF-8, and its rights must be in bounds")
)

// keptRooms are the rooms that are kept. One that has been made is never changed.
type keptRooms struct {
	all   []*room.KeptRoom // in order of key
	bytes int              // of all of them, see costOf
}

func (l *keptRooms) find(key string) (at int, found bool) {
	return slices.BinarySearchFunc(l.all, key, func(k *room.KeptRoom, key string) int { return strings.Compare(k.Key, key) })
}

// with is the list with k, and without what was kept by its key.
func (l *keptRooms) with(k *room.KeptRoom) *keptRooms {
	at, found := l.find(k.Key)
	next := &keptRooms{make([]*room.KeptRoom, 0, len(l.all)+1), l.bytes + costOf(k)}
	next.all = append(append(next.all, l.all[:at]...), k)
	if found {
		next.bytes -= costOf(l.all[at])
		at++
	}
	next.all = append(next.all, l.all[at:]...)
	return next
}

func (l *keptRooms) without(key string) *keptRooms {
	at, found := l.find(key)
	if !found {
		return l
	}
	return &keptRooms{slices.Delete(slices.Clone(l.all), at, at+1), l.bytes - costOf(l.all[at])}
}

// allows says whether there may be next in the place of l. What is too much already may become less.
func (l *keptRooms) allows(next *keptRooms) bool {
	return len(next.all) <= max(MaxRooms, len(l.all)) && next.bytes <= max(MaxRoomBytes, l.bytes)
}

// ofFounder is how many rooms but the one with that key are of the founder with that name.
func (l *keptRooms) ofFounder(name, but string) (n int) {
	of := room.NameKey(name)
	for _, k := range l.all { // at most MaxRooms
		if k.Key != but && room.NameKey(k.Founder()) == of {
			n++
		}
	}
	return n
}

// costOf is about how many bytes a room takes in the file.
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
	return k.InBounds() && k.Founder() != "" && len(k.Key) > 1 && len(k.Name) > 1 && !slices.ContainsFunc(words, func(word string) bool { return !utf8.ValidString(word) })
}

// Rooms returns the rooms that are kept, in order of key. The slice is the caller's; what it points to is never changed. It takes no lock.
func (r *Registry) Rooms() []*room.KeptRoom { return slices.Clone(r.rooms.Load().all) }

// PutRoom keeps a room, or replaces what was kept by its key. When it returns nil the room is on the disk; when it returns an error nothing has changed, but as PutName says. The
// error is ErrRoomsFull, ErrFounderFull, ErrNoFolder, ErrClosed, or says what is wrong with k or the disk.
func (r *Registry) PutRoom(k *room.KeptRoom) error {
	if !isRoom(k) {
		return errRoom
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	rooms := r.rooms.Load()
	switch {
	case !rooms.allows(rooms.with(k)):
		return ErrRoomsFull
	case rooms.ofFounder(k.Founder(), k.Key) >= MaxRoomsPerFounder:
		return ErrFounderFull
	}
	return r.changeRooms(func(rooms *keptRooms) *keptRooms { return rooms.with(k) })
}

// RemoveRoom keeps a room no longer, and says whether it was kept. When it returns an error nothing has changed.
func (r *Registry) RemoveRoom(key string) (had bool, err error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	if _, had = r.rooms.Load().find(key); !had {
		return false, nil
	}
	return true, r.changeRooms(func(rooms *keptRooms) *keptRooms { return rooms.without(key) })
}

// changeRooms writes the rooms as they are after a change, and then uses them: those that SetRoom has changed meanwhile as well, which are written with KeepRooms.
func (r *Registry) changeRooms(change func(*keptRooms) *keptRooms) error {
	if err := r.writable(); err != nil {
		return err
	}
	before := r.rooms.Load()
	next := change(before)
	if err := r.writeRooms(next); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.rooms.Load(); now != before {
		next = change(now)
	}
	r.rooms.Store(next)
	return nil
}

// SetRoom has what is kept of a room replaced; KeepRooms has that outlive the server. It waits for no disk, and does nothing to a room that isn't kept, or no longer. The error
// is ErrRoomsFull, ErrClosed, or says what is wrong with k: then what was kept before stays.
func (r *Registry) SetRoom(k *room.KeptRoom) error {
	if !isRoom(k) {
		return errRoom
	}
	return r.setRooms(k.Key, func(rooms *keptRooms) *keptRooms { return rooms.with(k) })
}

// UnsetRoom keeps a room no longer; KeepRooms has that outlive the server. It waits for no disk. The error is ErrClosed.
func (r *Registry) UnsetRoom(key string) error {
	return r.setRooms(key, func(rooms *keptRooms) *keptRooms { return rooms.without(key) })
}

func (r *Registry) setRooms(key string, change func(*keptRooms) *keptRooms) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return ErrClosed
	}
	rooms := r.rooms.Load()
	if _, kept := rooms.find(key); !kept {
		return nil
	}
	next := change(rooms)
	if !rooms.allows(next) {
		return ErrRoomsFull
	}
	r.rooms.Store(next)
	return nil
}

// KeepRooms writes the rooms, if the file doesn't have them as they are, and returns when they are on the disk. The error says why the last changes would be lost by a restart;
// the next call tries again.
func (r *Registry) KeepRooms() error {
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.given {
		return ErrClosed
	}
	return r.keepRooms()
}

func (r *Registry) keepRooms() error {
	if next := r.rooms.Load(); r.folder != nil && next != r.roomsKept {
		return r.writeRooms(next)
	}
	return nil
}

func (r *Registry) writeRooms(next *keptRooms) error {
	lines := newLines()
	lines.content.Grow(next.bytes)
	for _, k := range next.all {
		lines.add(lineOfRoom(k))
	}
	replaced, err := r.write(roomsFile, lines)
	switch {
	case err == nil:
		r.roomsKept = next
	case replaced:
		r.roomsKept = nil // the file may have either
	}
	return err
}
