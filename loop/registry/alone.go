package registry

import "looproom/loop/store"

// CarryOut carries out a change for a server that is alone. When it returns nil that is on the disk; when it returns an error nothing has changed. But for changes of bans, which wait for no disk, see KeepBans, and for
// VerifierKept, which the store writes in its time.
//
// The error is one of this package's, as each says, or that of the disk:
//
//   - NamePut: ErrFull, ErrLeaving, or what is wrong with the name
//   - KeyTrusted, KeyUsed, KeyDistrusted: ErrNoName, or that the password has been changed; that there is no such key is none
//   - CertificateAdded: ErrNoName, ErrCertificates, ErrCertificateTaken
//   - CertificateRemoved: ErrNoName, ErrNoCertificate
//   - RoomPut: ErrRoomsFull, ErrFounderFull, or what is wrong with the room
//   - PersonPut: ErrRoomsFull, or what is wrong with the person or a room
//   - NameRemoved, RoomRemoved, BanLifted: ErrNoName, ErrNoRoom, ErrNoBan
//   - all but those of bans: ErrNoFolder
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

// Forget takes out all that is kept of an account, its messages among it, and returns how many these were. It may take long, and others who write don't wait for it; nothing of the account may be kept until it returns.
// The error is ErrNoFolder, or that of the disk, and then nothing has changed, or, when it has begun, that the store is closed.
func (r *Registry) Forget(account string) (messages int64, err error) {
	if err := r.CarryOut(&Change{Kind: AccountForgotten, Key: account}); err != nil {
		return 0, err
	}
	return r.EraseForgotten(account)
}
