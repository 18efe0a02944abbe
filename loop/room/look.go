package room

// Look is what somebody wants to see of what has been said, and may: the State has looked at that when the question came. Nothing in it is changed afterwards.
type Look struct {
	// Verb says what is asked for: the last messages, a search, or one's own.
	Verb Verb
	// Account is the key of the account of who asks, "" without.
	Account string
	// Places are the rooms in which it may look: that one of a History, all that it is in, or the one named, of a Search.
	Places []Seen
	// With is the key of the user with whom the account has written, where that conversation is meant; Shown is the room or user that was named, as shown.
	With, Shown string
	// Letters says that the account's private messages are meant as well.
	Letters bool
	// By is the key of the name of who has said it, "" for anyone; Words is what is looked for.
	By, Words string
	// Before and After are messages, 0 for none; BeforeAt and AfterAt times, in milliseconds of wall clock, 0 for none.
	Before, After     MsgID
	BeforeAt, AfterAt int64
	// N is how many messages are wanted at most.
	N int
}

// Seen is a room in which somebody may look.
type Seen struct {
	Place PlaceID
	Room  string // its name, as shown
}
