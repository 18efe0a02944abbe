package registry

import (
	"errors"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/store"
)

// Kind says what a Change does.
type Kind uint8

// The kinds of changes, with the fields that they have. Their numbers stand in what AppendChange writes: new ones come behind.
const (
	NamePut            Kind = iota + 1 // Name is registered, or replaces what was by its key
	VerifierKept                       // the account Name.Key, whose hash is Name.Hash still, has the verifier Name.Verifier
	NameRemoved                        // the name Key is nobody's
	KeyTrusted                         // Mark opens the account Name.Key, whose hash is Name.Hash still
	KeyUsed                            // Mark is the one of the account's that was used last
	KeyDistrusted                      // Mark, or all with none, opens the account Name.Key no longer
	CertificateAdded                   // Certificate opens the account Key
	CertificateRemoved                 // and no longer
	BanSet                             // Ban is in force; Now is the second in which it was set
	BanLifted                          // the ban and the shun of Ban.Target are in force no longer
	RoomPut                            // Room is kept for good
	RoomRemoved                        // the room Key is kept no longer
	PersonPut                          // Person is kept as it is, or no longer, and Rooms are because of it
	AccountForgotten                   // all but the messages of the account Key is gone, and these have to go
	AccountGone                        // the room knows that: something may be kept of that name again
	PlaceErased                        // nobody finds what was said in Place
	MessageErased                      // nor the message Message of Place
	kinds
)

// Change is one change of what is kept that the room doesn't know of by itself: as data, so that it can be carried out on several nodes. It has no password in it, but what is kept of one.
type Change struct {
	Kind        Kind
	Key         string
	Name        Name
	Mark        [32]byte
	Certificate Fingerprint
	Ban         ban.Entry
	Now         int64 // seconds of wall clock
	Room        *room.KeptRoom
	Person      *room.KeptPerson
	Rooms       []*room.KeptRoom
	Place       room.PlaceID
	Message     room.MsgID
}

// errKind is a mistake of the caller.
var errKind = errors.New("nobody knows a change of that kind")

// keeping has the store make changes, all or none.
type keeping func(changes ...store.Change) error
