package registry

import "looproom/loop/store"

// Carry carries out a change that a log has brought to all nodes, unless that has been done: then it does nothing. What it does, the error too, is decided by what is kept and the change alone, and not by the disk: this waits for
// none, and the store writes it in its time, see Flush. Carried out in the same order on registries that are equal it gives registries that are equal. Changes come one after the other.
func (r *Registry) Carry(id ChangeID, c *Change) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if !r.carried.take(id) {
		return nil
	}
	err := carryOut(r, c, id.Proposer, func(changes ...store.Change) error { return putLater(r, changes) })
	if c.Kind == BanSet || c.Kind == BanLifted { // for which Flush waits, and nobody calls KeepBans
		r.takeLate()
	}
	return err
}

// putLater has the store make changes when it can.
func putLater(r *Registry, changes []store.Change) error {
	if r.store == nil {
		return ErrNoFolder
	}
	r.store.Later(changes...)
	return nil
}

// Flush returns when all that Carry and Record have changed is on the disk. The error says why it isn't yet; the store tries again by itself.
func (r *Registry) Flush() error {
	if r.store == nil {
		return nil
	}
	return r.store.Flush()
}

// carryOut carries out a change of a proposer, or of a server that is alone.
func carryOut(r *Registry, c *Change, proposer uint64, keep keeping) error {
	switch c.Kind {
	case NamePut:
		return putName(r, c.Name, keep)
	case VerifierKept:
		return keepVerifier(r, c.Name)
	case NameRemoved:
		return removeName(r, c.Key, keep)
	case KeyTrusted, KeyUsed, KeyDistrusted:
		return changeKeys(r, c, keep)
	case CertificateAdded:
		return addCertificate(r, c.Key, c.Certificate, keep)
	case CertificateRemoved:
		return removeCertificate(r, c.Key, c.Certificate, keep)
	case BanSet:
		return r.SetBan(c.Ban, c.Now)
	case BanLifted:
		if !r.UnsetBan(c.Ban.Target, c.Now) {
			return ErrNoBan
		}
		return nil
	case RoomPut:
		return putRoom(r, c.Room, keep)
	case RoomRemoved:
		return removeRoom(r, c.Key, keep)
	case PersonPut:
		return putPerson(r, c.Person, c.Rooms, keep)
	}
	return erase(r, c, proposer, keep)
}

// erase carries out a change that takes out what was said.
func erase(r *Registry, c *Change, proposer uint64, keep keeping) error {
	switch c.Kind {
	case AccountForgotten:
		if proposer != 0 && !r.leaving.add(c.Key, proposer) {
			return ErrLeaving
		}
		return forget(r, c.Key, keep)
	case AccountGone:
		r.leaving.remove(c.Key, proposer)
		return nil
	case PlaceErased:
		return keep(store.ErasePlace(c.Place))
	case MessageErased:
		if r.store == nil {
			return ErrNoFolder
		}
		return keep(r.store.ErasingMessage(c.Place, c.Message))
	}
	return errKind
}
