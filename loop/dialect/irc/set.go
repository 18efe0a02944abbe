package irc

// Set is which tags a client reads on what is said in rooms. All who read the same set are told the same bytes.
type Set uint8

const (
	NoTags      Set = iota
	Time            // time alone
	Account         // account alone
	TimeAccount     // both
	AllTags         // every tag there is: who has message-tags may be sent any
	// AllRedaction is AllTags with what is taken back (draft/message-redaction).
	AllRedaction
	// AllExtended and AllRedactionExtended are the same with who comes told by its account and its real name as well (extended-join).
	AllExtended
	AllRedactionExtended
	// Sets is how many there are.
	Sets = iota
)
