package room

// PlaceID names a place where something is said: one life of a room. A room that is cleared, or ends and is made again, is another place, so that nobody reads what was said in the
// one before.
type PlaceID uint64

// LobbyPlace is the lobby until it is cleared. Every other place has the number of a message that there never was, so that it never comes twice.
const LobbyPlace PlaceID = 1

// Record is what has changed of what outlives a restart. Exactly one of its fields is set, Was aside. Nothing in it is changed afterwards.
type Record struct {
	Room   *KeptRoom   // it is kept so now
	Was    string      // with Room: what was kept by that key was this room, and is no longer
	NoRoom string      // the room with that key is kept no longer
	Ended  PlaceID     // nobody can read any more what was said there: it is to be erased
	Person *KeptPerson // it is so now
	Mark   *KeptMark   // it has moved
	Key    *KeptKey    // it is so now
	Letter *Letter     // it has been said
}

// KeptPerson is what outlives a restart of a person who stays in its rooms without a session, as KEEP has it.
type KeptPerson struct {
	// Account is the key of its registered name, Name what it is called just now.
	Account, Name string
	// Keeps is false of one who stays no longer: nothing else is set then but Account.
	Keeps bool
	// Rooms are the keys of its rooms, in the order of joining.
	Rooms []string
	// Took is the last message that one of its sessions has taken, of those that have ended.
	Took MsgID
	// Since is when it came, in seconds of wall clock.
	Since int64
	// IsAway says that it is away by AWAY, with the words Away.
	IsAway bool
	Away   string
}

// KeptMark says how far an account has read a room, or what another user has said to it.
type KeptMark struct {
	Account    string // its key
	Key, Shown string // of the room, with the # in front, or the user
	Read       MsgID  // 0: there is none any more
}

// Past is what has been kept of a person, or of a room.
type Past struct {
	// Marks are the person's read marks, the one set last behind.
	Marks []KeptMark
	// Metadata is the account's.
	Metadata []KeyValue
	// Rows are what was said to the person alone, or in the room: the last messages, the oldest first.
	Rows []Row
}

// Letter is a private message. It is kept for each side that has an account, and at least one has.
type Letter struct {
	ID   MsgID
	At   int64 // milliseconds of wall clock
	Text string
	// Action and Notice say how it was said.
	Action, Notice bool
	// From and To are who said it to whom as they were called then, FromKey and ToKey the same as names are compared.
	From, FromKey, To, ToKey string
	// FromAccount and ToAccount are the keys of their accounts, "" without.
	FromAccount, ToAccount string
}
