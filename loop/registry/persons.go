package registry

import (
	"errors"

	"looproom/loop/room"
	"looproom/loop/store"
)

// Record keeps what has changed, in the store's time; a letter, which is a message, is not the registry's affair (see store.Say). It waits for no disk. The error says what is wrong with a room:
// then what was kept of it before stays.
func (r *Registry) Record(c *room.Record) error {
	switch {
	case c.Room != nil && c.Was != "":
		return r.renameRoom(c.Room, c.Was)
	case c.Room != nil:
		return r.SetRoom(c.Room)
	case c.NoRoom != "":
		r.UnsetRoom(c.NoRoom)
	case c.Ended != 0:
		r.later(store.ErasePlace(c.Ended))
	case c.Person != nil:
		r.later(store.PutPerson(c.Person))
	case c.Mark != nil:
		r.later(store.PutMark(*c.Mark))
	case c.Key != nil:
		r.later(store.PutKey(*c.Key))
	}
	return nil
}

// TakePersons returns who stays in its rooms without a session, in order of account, as it was when the registry was opened. It does so once: nothing of it is needed afterwards.
func (r *Registry) TakePersons() []*room.KeptPerson {
	r.changing.Lock()
	defer r.changing.Unlock()
	persons := r.persons
	r.persons = nil
	return persons
}

// putPerson keeps a person, or no longer, and rooms because of it.
func putPerson(r *Registry, p *room.KeptPerson, rooms []*room.KeptRoom, keep keeping) error {
	if p == nil {
		return errPerson
	}
	changes := []store.Change{store.PutPerson(p)}
	for _, k := range rooms {
		if err := r.mayHold(k); err != nil {
			return err
		}
		changes = append(changes, store.PutRoom(k))
	}
	if err := keep(changes...); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range rooms {
		r.rooms.put(k)
	}
	return nil
}

var errPerson = errors.New("keep a person: there is none")

// mayHold says why a room can't be kept, beside those that are.
func (r *Registry) mayHold(k *room.KeptRoom) error {
	if !isRoom(k) {
		return errRoom
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.rooms.allow(k) {
		return ErrRoomsFull
	}
	return nil
}

// forget takes out what there is of an account but for its messages, which EraseForgotten does.
func forget(r *Registry, account string, keep keeping) error {
	if r.store == nil {
		return ErrNoFolder
	}
	if err := keep(r.store.Forgetting(account)...); err != nil {
		return err
	}
	dropName(r, account)
	return nil
}

// EraseForgotten erases the messages of an account that a change of the kind AccountForgotten was about, and returns how many these were. It may take long. The error is that the store is closed: the rest is erased after
// the next start.
func (r *Registry) EraseForgotten(account string) (messages int64, err error) {
	if r.store == nil {
		return 0, ErrNoFolder
	}
	return r.store.EraseForgotten(account)
}

// Past returns how far the account has read, and what is set of it, in order of key. It waits for the disk: not for an event loop. What has been read before an error is in it.
func (r *Registry) Past(account string) (past room.Past, err error) {
	if r.store == nil {
		return past, nil
	}
	if past.Marks, err = r.store.Marks(account); err == nil {
		past.Metadata, err = r.store.Metadata(account)
	}
	return past, err
}
