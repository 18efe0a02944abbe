package room

// Reason says why something is not done, exactly enough that a dialect has words for it. Programs go by its Code, which several share.
type Reason uint8

// The reasons, and what a Refusal has for each of them: Who, Text and N, where it says so.
const (
	// Of names.
	NameLength      Reason = iota + 1
	NameBegins             // with a character that begins another kind of line
	NameLikeAddress        //
	NameLikeAway           // it ends in AwayMark
	NameLetters            // it has characters that no name has
	NameMarks              // too many marks on a letter
	NameScripts            // letters of scripts that nobody writes together
	NameWithoutHash        // of a room
	RoomLooksLike          // Who, like the room Text that is there
	NameInUse              // Who
	NameLooksLike          // Who, like the user Text who is here
	NameLooksOwned         // Who, like a name that belongs to someone
	NameOwned              // Who
	NameOfNobody           // Who
	NameOfNobodyYet        // Who, which one could take
	NameOfNobodyNow        // Who: it was given up meanwhile
	NameBanned             // Who, until N (seconds of wall clock, 0 for ever), with the operator's words Text
	NameLost               // Who, to another connection
	AlreadyCalled          // the user is in the chat as Who

	// Of who may do what.
	PasswordNeeded
	NoPasswordNeeded
	NameFirst     // a guest can't do that
	LogInFirst    // nor that
	GuestsRead    // and nothing else
	ReadOnly      // it is shunned
	AddressBanned // until N, with Text, as NameBanned
	KickedOut     // with the operator's words Text
	OperatorsOnly
	NoOperators
	WrongSecret // a name or its password

	// Of rooms, users and words.
	NoRoomNow
	NotInRoom      // Who
	NotHere        // Who
	InTooManyRooms // N of them
	NoMoreRooms
	OpenedTooManyRooms // N of them
	WordsTooLong

	// Of what can't be a command.
	Misused // Text is what the dialect says of it
	NoSuchCommand
	GivesAway     // it would have given a password away that belongs behind the verb Text
	LineOverLimit // which is N bytes

	// Of files.
	NoFiles

	// Of names that are kept.
	NamesNotKept  // by this server
	PasswordUnfit // Text says why

	// Of bans.
	NotATarget    // Text says why
	OwnAddress    // the target Text
	NothingToLift // for the target Text

	// Of the server.
	ShuttingDown

	reasons
)

// codes has the code of each reason.
var codes = [reasons]Code{
	NameLength: BadName, NameBegins: BadName, NameLikeAddress: BadName, NameLikeAway: BadName, NameLetters: BadName, NameMarks: BadName,
	NameScripts: BadName, NameWithoutHash: BadName, RoomLooksLike: BadName,
	NameInUse: NameTaken, NameLooksLike: NameTaken, NameLooksOwned: NameTaken,
	NameOwned: NameRegistered, NameOfNobody: NotRegistered, NameOfNobodyYet: NotRegistered, NameOfNobodyNow: NotRegistered,
	NameBanned: Banned, NameLost: LoggedInElsewhere, AlreadyCalled: AlreadyIn,

	PasswordNeeded: NeedPassword, NoPasswordNeeded: AlreadyIn, NameFirst: NeedName, LogInFirst: NeedName, GuestsRead: NeedName,
	ReadOnly: Shunned, AddressBanned: Banned, KickedOut: Kicked, OperatorsOnly: NotOperator, NoOperators: NotOperator, WrongSecret: WrongPassword,

	NoRoomNow: NoRoom, NotInRoom: NoSuchRoom, NotHere: NoSuchUser,
	InTooManyRooms: TooManyRooms, NoMoreRooms: TooManyRooms, OpenedTooManyRooms: TooManyRooms, WordsTooLong: TooLong,

	Misused: BadArgument, NoSuchCommand: UnknownCommand, GivesAway: LooksLikeAPassword, LineOverLimit: LineTooLong,

	NoFiles: FilesOff, NamesNotKept: NamesOff, PasswordUnfit: BadPassword,
	NotATarget: BadArgument, OwnAddress: BadArgument, NothingToLift: NoSuchBan, ShuttingDown: Closing,
}

// Code is what programs go by; "" if r is none.
func (r Reason) Code() Code {
	if r >= reasons {
		return ""
	}
	return codes[r]
}

// Reasons calls yield with each reason, as a range function.
func Reasons(yield func(Reason) bool) {
	for r := Reason(1); r < reasons && yield(r); r++ {
	}
}

// Refusal is why something is not done: the reason, and what it takes to say it. The zero value is none.
type Refusal struct {
	Why Reason
	// Who is the name that was asked for, as written.
	Who string
	// Text is words of an operator, another name, or what was asked for that is no name.
	Text string
	// N is a number, a size in bytes, or a time.
	N int64
}

// Event is what a client is told of it.
func (r Refusal) Event() Event {
	return Event{Kind: Refused, Why: r.Why, Code: r.Why.Code(), Who: r.Who, Text: r.Text, N: r.N}
}

// Because is the Refuse of a client's line, or a refusal of one by who serves the client: it is told in its place in the order of what the client is told.
func (c *Command) Because(r Refusal) {
	c.Verb, c.Why, c.Name, c.Text, c.N = Refuse, r.Why, r.Who, r.Text, r.N
}

// refuse tells u that what it asked for is not done.
func (s *State) refuse(u *user, why Refusal) { s.answer(u, why.Event()) }
