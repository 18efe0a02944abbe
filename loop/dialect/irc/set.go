package irc

// Set is which tags a client reads on what is said in rooms, and what else it is told of it. All who read the same set are told the same bytes.
type Set uint8

const (
	NoTags      Set = iota
	Time            // time alone
	Account         // account alone
	TimeAccount     // both
	// AllTags is every tag there is: who has message-tags may be sent any. It may have the next ones besides, each a bit.
	AllTags
	// Redaction: what is taken back (draft/message-redaction).
	Redaction Set = 1
	// Extended: who comes, by its account and its real name as well (extended-join).
	Extended Set = 2
	// Multiline: messages of several lines as what they are (draft/multiline).
	Multiline Set = 8
	// Sets is more than any of them.
	Sets = 16
)

// all says whether it is AllTags.
func (s Set) all() bool { return s&AllTags != 0 }

// has says whether it is AllTags with that besides.
func (s Set) has(besides Set) bool { return s.all() && s&besides != 0 }
