package room

// KeptRoom is what outlives a restart of a room: all but who is in it and what was said. That is kept of the lobby, of a room that stays as ROOM KEEP has it, and of one in which
// somebody stays as KEEP has it. Whoever has been given one may keep it: nothing in it is changed, and a room that changes makes another. Its strings are valid UTF-8.
type KeptRoom struct {
	// Key is the room's name as names are compared, Name as it is shown; both with the # in front.
	Key, Name string
	// Place is where is said what is said there. 0 in what was kept before there were places: then it gets one.
	Place PlaceID
	// Topic is what it is about, "" for nothing. TopicBy is who set it, by the name as it was shown, and TopicAt when, in milliseconds of wall clock.
	Topic, TopicBy string
	TopicAt        int64
	// Created is when it was opened, in milliseconds of wall clock, 0 if that isn't known.
	Created int64
	// Metadata is what is set of it, in the order of the keys, within the bounds of metadata.
	Metadata []KeyValue
	// Rights are those that hold in it, in the order in which the room wants them back. One says whether it is kept, and has a founder then. They have no one's who
	// has no account: such a right ends when its user leaves.
	Rights []Right
}

// Right is one right that somebody has in a room, or one rule of it. At most MaxHelpers are of operators and voices together, MaxRoomBans bans, MaxExceptions exceptions from
// them and as many from the lock, and MaxInvitations invitations; of each other kind there is one or none.
type Right struct {
	Kind RightKind
	// Target is whose it is: the name as it is shown; of a ban or an exception the name, the address, the network or the mask that it is for, as bans are told. "" for a rule.
	Target string
	// By is who gave it, by the name as it was shown, and At when, in milliseconds of wall clock.
	By string
	At int64
	// Until is when a ban ends, in seconds of wall clock, 0 for never.
	Until int64
	// Text is the words of a ban, the number of a RightLimit, or the digest of those that JOIN needs (RightKey): never these themselves.
	Text string
	// Stays says of a ban that whom it means is not put out: who is in the room stays there, and is quiet.
	Stays bool
}

// The bounds of a room, see Right.
const (
	MaxHelpers     = 100
	MaxRoomBans    = 200
	MaxExceptions  = 60
	MaxInvitations = 100
)

// RightKind says what a Right is about.
type RightKind uint8

// The kinds of rights.
const (
	RightFounder  RightKind = iota + 1 // the room is Target's
	RightOperator                      // Target may do what operators of the room may
	RightVoice                         // Target may speak while it is muted
	RightBan                           // Target may not come in, until Until
	RightInvite                        // Target may come in once although it is locked, or has a key
	RightKept                          // it stays when it is empty
	RightMuted                         // only founder, operators and voices may speak
	RightLocked                        // only who is invited comes in
	RightKey                           // JOIN needs words whose digest is Text
	RightTopic                         // only founder and operators may set the topic
	RightExcept                        // no ban holds against Target
	RightInvex                         // Target comes in although it is locked
	RightLimit                         // nobody comes in while it has so many members, see Text
	RightSecret                        // who isn't in it is not told that it is there
	RightOutside                       // who isn't in it may speak there
	RightNoCTCP                        // what programs ask each other, as IRC's clients do, is not said there
	rightKinds
)

// RightKinds calls yield with each kind, as a range function.
func RightKinds(yield func(RightKind) bool) {
	for k := RightKind(1); k < rightKinds && yield(k); k++ {
	}
}

// Founder is the name of whose room it is, as it is shown; "" if that is nobody's.
func (k *KeptRoom) Founder() string {
	for i := range k.Rights { // at most 530, see Right
		if k.Rights[i].Kind == RightFounder {
			return k.Rights[i].Target
		}
	}
	return ""
}

// InBounds says whether it has no more rights than a room may have, see Right, and no more metadata.
func (k *KeptRoom) InBounds() bool {
	var of [rightKinds]int
	for i := range k.Rights {
		kind := k.Rights[i].Kind
		if kind == 0 || kind >= rightKinds {
			return false
		}
		of[kind]++
	}
	if len(k.Metadata) > MaxMetadata {
		return false
	}
	helpers, bans, invitations, exceptions := of[RightOperator]+of[RightVoice], of[RightBan], of[RightInvite], max(of[RightExcept], of[RightInvex])
	of[RightOperator], of[RightVoice], of[RightBan], of[RightInvite], of[RightExcept], of[RightInvex] = 0, 0, 0, 0, 0, 0
	for _, n := range of {
		if n > 1 {
			return false
		}
	}
	return helpers <= MaxHelpers && bans <= MaxRoomBans && invitations <= MaxInvitations && exceptions <= MaxExceptions
}
