package registry

import (
	"looproom/loop/room"
	"looproom/loop/store"
)

// Record keeps what has changed, in the store's time; a letter, which is a message, is not the registry's affair (see store.Say). It waits for no disk. The error says what is wrong with a room:
// then what was kept of it before stays.
func (r *Registry) Record(c *room.Record) error {
	switch {
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

// PutPerson keeps a person as it is, or no longer, see room.KeptPerson. When it returns nil that is on the disk; when it returns an error nothing has changed. The error is ErrNoFolder, or says
// what is wrong with the disk.
func (r *Registry) PutPerson(p *room.KeptPerson) error { return r.change(store.PutPerson(p)) }

// RemovePerson is PutPerson of one that stays no longer.
func (r *Registry) RemovePerson(account string) error { return r.change(store.RemovePerson(account)) }

// Marks returns how far the account has read, in order of key. It waits for the disk: not for an event loop.
func (r *Registry) Marks(account string) ([]room.KeptMark, error) {
	if r.store == nil {
		return nil, nil
	}
	return r.store.Marks(account)
}
