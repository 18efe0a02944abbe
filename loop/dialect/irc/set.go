package irc

// Set is which tags a client reads on what is said in rooms. All who read the same set are told the same bytes.
type Set uint8

const (
	NoTags      Set = iota
	Time            // time alone
	Account         // account alone
	TimeAccount     // both
	AllTags         // every tag there is: who has message-tags may be sent any
	// AllMultiline is AllTags with what has several lines as one batch (draft/multiline).
	AllMultiline
	// AllExtended and AllMultilineExtended are the same with who comes told by its account and its real name as well (extended-join).
	AllExtended
	AllMultilineExtended
	// Sets is how many there are.
	Sets = iota
)
