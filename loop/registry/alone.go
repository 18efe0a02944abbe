package registry

import (
	"errors"

	"looproom/loop/room"
	"looproom/loop/store"
)

// CarryOut carries out a change for a server that is alone. Where it has to be on the disk it is when nil is returned, and with an error nothing has changed, see PutName and so on; changes of bans wait for no disk, see KeepBans.
func (r *Registry) CarryOut(c *Change) error {
	switch c.Kind {
	case BanSet, BanLifted, AccountGone:
		return carryOut(r, c, 0, r.change)
	case MessageErased:
		if r.store == nil {
			return ErrNoFolder
		}
		return r.store.EraseMessage(c.Place, c.Message)
	case PlaceErased:
		return r.change(store.ErasePlace(c.Place))
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	return carryOut(r, c, 0, r.change)
}

// PutName registers a name, or replaces what was registered with its key; no key of a client that Trust was told opens it any more, but its certificates do. When it returns nil the name is on the disk; when it returns an
// error nothing has changed. The error is ErrFull, ErrLeaving, ErrNoFolder, or says what is wrong with n or the disk.
func (r *Registry) PutName(n Name) error { return r.CarryOut(&Change{Kind: NamePut, Name: n}) }

// RemoveName frees a name, which no client's key or certificate opens any more, and whose next owner has nothing of what was kept of this one, and says whether it was registered. When it returns an error nothing has changed.
func (r *Registry) RemoveName(key string) (had bool, err error) {
	err = r.CarryOut(&Change{Kind: NameRemoved, Key: key})
	if errors.Is(err, ErrNoName) {
		return false, nil
	}
	return true, err
}

// Trust has the key with that digest open the account of the name with that key, until its password is changed or it is given up. When it returns nil that is on the disk; when it
// returns an error nothing has changed. The error is ErrNoName, ErrNoFolder, or says what is wrong with the disk.
func (r *Registry) Trust(key, digest string) error {
	n, _ := r.Name(key)
	n.Key = key
	return r.CarryOut(KeyChange(KeyTrusted, n, digest))
}

// Distrust forgets the key with that digest, or with "" all of the account's. It is no error that there is none. The errors are those of Trust.
func (r *Registry) Distrust(key, digest string) error {
	n, _ := r.Name(key)
	n.Key = key
	return r.CarryOut(KeyChange(KeyDistrusted, n, digest))
}

// AddCertificate has a certificate open the account of the name with that key, until it is removed or the name is given up. When it returns nil that is on the disk; when it returns an error nothing has
// changed. The error is ErrNoName, ErrCertificates, ErrCertificateTaken, ErrNoFolder, or says what is wrong with the disk.
func (r *Registry) AddCertificate(key string, f Fingerprint) error {
	return r.CarryOut(&Change{Kind: CertificateAdded, Key: key, Certificate: f})
}

// RemoveCertificate has a certificate open the account no longer. The errors are those of AddCertificate, and ErrNoCertificate.
func (r *Registry) RemoveCertificate(key string, f Fingerprint) error {
	return r.CarryOut(&Change{Kind: CertificateRemoved, Key: key, Certificate: f})
}

// PutRoom keeps a room for good, or replaces what was kept by its key. When it returns nil the room is on the disk; when it returns an error nothing has changed. The
// error is ErrRoomsFull, ErrFounderFull, ErrNoFolder, or says what is wrong with k or the disk.
func (r *Registry) PutRoom(k *room.KeptRoom) error {
	return r.CarryOut(&Change{Kind: RoomPut, Room: k})
}

// RemoveRoom keeps a room no longer, and says whether it was kept. When it returns an error nothing has changed.
func (r *Registry) RemoveRoom(key string) (had bool, err error) {
	err = r.CarryOut(&Change{Kind: RoomRemoved, Key: key})
	if errors.Is(err, ErrNoRoom) {
		return false, nil
	}
	return true, err
}

// PutPerson keeps a person as it is, or no longer, see room.KeptPerson, and with it the rooms that are kept because it stays there. When it returns nil that is on the disk; when it returns an error
// nothing has changed. The error is ErrRoomsFull, ErrNoFolder, or says what is wrong with a room or the disk.
func (r *Registry) PutPerson(p *room.KeptPerson, rooms ...*room.KeptRoom) error {
	return r.CarryOut(&Change{Kind: PersonPut, Person: p, Rooms: rooms})
}

// Forget takes out all that is kept of an account, its messages among it, and returns how many these were. It may take long, and others who write don't wait for it; nothing of the account may be kept until it returns.
// The error is ErrNoFolder, or that of the disk, and then nothing has changed, or, when it has begun, that the store is closed.
func (r *Registry) Forget(account string) (messages int64, err error) {
	if err := r.CarryOut(&Change{Kind: AccountForgotten, Key: account}); err != nil {
		return 0, err
	}
	return r.EraseForgotten(account)
}
