package room

// Look is what somebody wants to see of what has been said, and may: the State has looked at that when the question came. Nothing in it is changed afterwards.
type Look struct {
	// Verb says what is asked for: messages of one place, a search, one's own, or in which places something was said.
	Verb Verb
	// Account is the key of the account of who asks, "" without.
	Account string
	// Places are the rooms in which it may look: that one of a History, all that it is in of a Targets, and of a Search these or the one named.
	Places []Seen
	// With is the key of the user with whom the account has written, where that conversation is meant; Shown is the room or user that was named, as shown.
	With, Shown string
	// Letters says that the account's private messages are meant as well, or alone where With says whose.
	Letters bool
	// By is the key of the name of who has said it, "" for anyone; Words is what is looked for. It has a letter or a digit.
	By, Words string
	// Before and After are messages, 0 for none; BeforeAt and AfterAt times, in milliseconds of wall clock, 0 for none. What is wanted stands in front of the one and behind the other,
	// but a message of the time AfterAt is among it. Of each pair at most one is set.
	Before, After     MsgID
	BeforeAt, AfterAt int64
	// Latest says that those next to the end of that are wanted, where it has both ends or only a beginning.
	Latest bool
	// Around is a message, and AroundAt a time, that those stand around which are wanted, as many in front as behind, 0 for none. At most one of them is set, and no other bound.
	Around   MsgID
	AroundAt int64
	// Events says that what was done to the room is wanted among the messages, and counts as they do.
	Events bool
	// N is how many messages are wanted at most, at least one.
	N int
}

// Seen is a room in which somebody may look.
type Seen struct {
	Place PlaceID
	Room  string // its name, as shown
}

// GoesOn says whether the messages behind one are wanted, and not those in front of one.
func (l *Look) GoesOn() bool { return (l.After != 0 || l.AfterAt != 0) && !l.Latest }

// Answer is what a client is told of a Look: the rows that were found, in the order of their kind (see HistoryList). end says, of a History, that nothing stands in front of them, or
// behind them where that was asked for; of an Export, that this is all; of a Search, that it has looked at all there is. The event keeps the rows.
func (l *Look) Answer(rows []Row, end bool) Event {
	e := Event{Kind: HistoryList, Scope: ToClient, RoomName: l.Shown, Off: l.GoesOn(), On: end, Count: len(rows), Lines: moreLines(rows), List: rows}
	switch l.Verb {
	case Search:
		e.Kind, e.Off, e.On = SearchList, false, !end
	case Export:
		e.Kind, e.Off = ExportList, false
	case Targets:
		e.Kind, e.Off, e.On = TargetList, false, false
	}
	return e
}
