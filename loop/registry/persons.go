package registry

import (
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

// PutPerson keeps a person as it is, or no longer, see room.KeptPerson, and with it the rooms that are kept because it stays there. When it returns nil that is on the disk; when it returns an error
// nothing has changed. The error is ErrRoomsFull, ErrNoFolder, or says what is wrong with a room or the disk.
func (r *Registry) PutPerson(p *room.KeptPerson, rooms ...*room.KeptRoom) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	changes := []store.Change{store.PutPerson(p)}
	for _, k := range rooms {
		if err := r.mayHold(k); err != nil {
			return err
		}
		changes = append(changes, store.PutRoom(k))
	}
	if err := r.change(changes...); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range rooms {
		r.rooms.put(k)
	}
	return nil
}

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

// Forget takes out all that is kept of an account, its messages among it, and returns how many these were. It may take long, and others who write don't wait for it; nobody may register the name,
// or anything of the account be kept, until it returns. The error is ErrNoFolder, or that of the disk, and then nothing has changed.
func (r *Registry) Forget(account string) (messages int64, err error) {
	if r.store == nil {
		return 0, ErrNoFolder
	}
	if messages, err = r.store.Forget(account); err != nil {
		return messages, err
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	r.names.tree.Delete(account)
	r.names.show()
	r.trust.set(account, nil)
	r.certificates.set(account, nil)
	return messages, nil
}

// RemovePerson is PutPerson of one that stays no longer.
func (r *Registry) RemovePerson(account string) error { return r.change(store.RemovePerson(account)) }

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
