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
	NameSeparates          // it has a character that stands between names elsewhere
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
	EndedByAnother         // session of the same user
	NoSessionOfThat        // number N
	AlreadyCalled          // the user is in the chat as Who

	// Of who may do what.
	PasswordNeeded
	NoPasswordNeeded
	EnterFirst    // who hasn't said who it is
	NameFirst     // a guest can't do that
	LogInFirst    // nor that
	AccountFirst  // who has no registered name can't do that
	GuestsRead    // and nothing else
	ReadOnly      // it is shunned
	AddressBanned // until N, with Text, as NameBanned
	KickedOut     // by the operator Who, with the words Text
	OperatorsOnly
	NoOperators
	WrongSecret // a name or its password

	// Of rooms, users and words.
	NoRoomNow
	NotInRoom          // Who
	NotHere            // Who; in Room, if it has one
	KnownOnly          // may write to Who: registered names
	InTooManyRooms     // N of them, so that it is not let into the room Who
	NoMoreRooms        // than there are: Who is not opened
	OpenedTooManyRooms // N of them, so that Who is not opened
	WordsTooLong

	// Of who may do what in the room Room.
	FoundersOnly
	RoomOperatorsOnly
	FounderStays // until Room is given to another
	MayAsMuch    // Who, as who wants to put it out
	PutOutOfRoom // by Who, with the words Text
	RoomIsBarred // to who is banned there, until N, with Text, as NameBanned
	RoomIsLocked
	RoomHasKey
	RoomIsMuted
	RoomIsFull      // of N members
	RoomHasNoCTCP   // to be said
	MutedInRoom     // who is banned there, or muted alone
	RoomRightsFull  // it has as many of the kind Text as it may
	RoomBanNotThere // of the target Text
	NotATargetThere // Who, for a right of the kind Text
	AddressesHidden // Who, for a right of the kind Text, from who is no operator of the server
	LobbyStaysOpen  // for a right of the kind Text
	LobbyKeepsName
	RoomNameInUse // Who
	RoomTooLarge  // of more than N members, to be renamed by others than operators of the server
	RoomJustNamed // otherwise than before
	RoomOfNobody  // it has no founder, and can't be kept
	RoomsFull
	RoomsNotKept      // by this server
	RoomNotWritten    // by the disk
	RoomNotErased     // by the disk
	KeepsTooManyRooms // Who, N of them

	// Of what can't be a command.
	Misused // Text is what the dialect says of it
	NoSuchCommand
	GivesAway     // it would have given a password away that belongs behind the verb Text
	LineOverLimit // which is N bytes

	// Of who comes, before it is in.
	FromAZone        // of a link-local address
	NoSlotLeft       // the server is full
	TooManyArriving  // in all
	TooManyOfAddress // who are arriving or idle
	AddressFull      // it has N connections
	NetworkFull      // it has N connections
	AddressTooFast   // connecting
	NetworkTooFast   // connecting
	AsksTooOften     // by HTTP
	NoProxyHere      // it comes from no proxy of the door
	NoProxyHeader
	SpeaksClear // on a door with TLS; Text is how one comes to it
	NoHandshake
	SpeaksHTTP // on a door for lines
	SpeaksSSH
	SpeaksBinary
	NoNameInTime // within the duration N
	NoPasswordInTime

	// Of what a client makes the server do or keep.
	SendsTooFast    // than Text
	TooMuchWaits    // of its input
	EmptyRecords    // of TLS
	ShortOfMemory   // the server
	HoldsTooMuch    // while the server is short of memory
	DeskBusy        // the server's
	DiskBusy        // the server's
	TriesTooOften   // a password; the duration N to wait
	MessagesSkipped // N of them

	// Of files.
	NoFiles
	FilesNeedLines    // a door for lines
	FileOverLimit     // which is N bytes
	FileNotThere      // Who
	FileAway          // Who; Text is the node that has it
	FilesNotLookedFor // Text says why
	FileNotKept       // Text says why
	FileOverDisk      // Text says why
	FileTooMany       // Text says why
	AddressOverDay    // which is N bytes
	NameOverDay       // Who, which is N bytes
	AddressSentAll    // the duration N to wait
	NameSentAll       // Who; the duration N to wait

	// Of names that are kept.
	NamesNotKept // by this server
	NamesFull
	PasswordUnfit  // Text says why
	NameNotWritten // by the disk
	NameNotErased  // by the disk
	KeyNotWritten  // by the disk
	KeyNotErased   // by the disk
	NotAFingerprint
	CertNotShown   // by the connection: none, or another than asked for
	CertNotThere   // of the account: Text
	CertTaken      // by another account
	CertsFull      // N of them
	CertNotWritten // by the disk
	CertNotErased  // by the disk

	// Of what has been said.
	HistoryOff      // by this server
	LettersUnkept   // of who has no account
	NothingToFind   // no word
	LookFailed      // at the disk
	TooManyLooks    // wait
	RoomNotCleared  // by the disk
	NotForgotten    // by the disk
	MessageNotThere // any more
	MessageNotTaken // by the disk
	// Of a person who is to stay, or no longer.
	PersonNotWritten // by the disk
	PersonNotErased  // by the disk

	// Of metadata.
	NotAKey           // Who
	ValueTooLong      // of the key Who, at most N bytes
	KeyNotSet         // Who
	KeysFull          // for the key Who, N of them
	KeysOfAnother     // Who
	SubscriptionsFull // for the key Who, N of them

	// Of bans.
	NotATarget    // Text says why
	OwnAddress    // the target Text
	NothingToLift // for the target Text
	BanNotSet     // by the disk
	BanNotKept    // by the disk, but it holds
	BanNotErased  // by the disk, but it is lifted

	// Of the server.
	ShuttingDown
	NodeWasGone
	LogWaits
	LogGoesOn
	LogIsAway

	reasons
)

// codes has the code of each reason.
var codes = [reasons]Code{
	NameLength: BadName, NameBegins: BadName, NameLikeAddress: BadName, NameLikeAway: BadName, NameLetters: BadName, NameSeparates: BadName, NameMarks: BadName,
	NameScripts: BadName, NameWithoutHash: BadName, RoomLooksLike: BadName,
	NameInUse: NameTaken, NameLooksLike: NameTaken, NameLooksOwned: NameTaken,
	NameOwned: NameRegistered, NameOfNobody: NotRegistered, NameOfNobodyYet: NotRegistered, NameOfNobodyNow: NotRegistered,
	NameBanned: Banned, NameLost: LoggedInElsewhere, EndedByAnother: LoggedOut, NoSessionOfThat: NoSuchSession, AlreadyCalled: AlreadyIn,

	EnterFirst: NeedName, PasswordNeeded: NeedPassword, NoPasswordNeeded: AlreadyIn, NameFirst: NeedName, LogInFirst: NeedName, AccountFirst: NotRegistered, GuestsRead: NeedName,
	ReadOnly: Shunned, AddressBanned: Banned, KickedOut: Kicked, OperatorsOnly: NotOperator, NoOperators: NotOperator, WrongSecret: WrongPassword,

	NoRoomNow: NoRoom, NotInRoom: NoSuchRoom, NotHere: NoSuchUser, KnownOnly: NotRegistered,
	InTooManyRooms: TooManyRooms, NoMoreRooms: TooManyRooms, OpenedTooManyRooms: TooManyRooms, WordsTooLong: TooLong,

	FoundersOnly: NotRoomOperator, RoomOperatorsOnly: NotRoomOperator, FounderStays: BadArgument, MayAsMuch: NotRoomOperator, PutOutOfRoom: PutOut,
	RoomIsBarred: RoomBanned, RoomIsLocked: RoomLocked, RoomHasKey: RoomKey, RoomIsMuted: RoomMuted, MutedInRoom: RoomMuted, RoomHasNoCTCP: RoomMuted, RoomIsFull: RoomFull, RoomRightsFull: TooManyRights,
	RoomBanNotThere: NoSuchBan, NotATargetThere: BadArgument, AddressesHidden: NotOperator, LobbyStaysOpen: BadArgument,
	LobbyKeepsName: BadArgument, RoomNameInUse: NameTaken, RoomTooLarge: NotOperator, RoomJustNamed: Busy,
	RoomOfNobody: NotRegistered, RoomsFull: TooManyRooms, RoomsNotKept: NotKept, RoomNotWritten: NotKept, RoomNotErased: NotKept, KeepsTooManyRooms: TooManyRooms,

	Misused: BadArgument, NoSuchCommand: UnknownCommand, GivesAway: LooksLikeAPassword, LineOverLimit: LineTooLong,

	FromAZone: ServerFull, NoSlotLeft: ServerFull, TooManyArriving: ServerFull,
	TooManyOfAddress: TooManyConnections, AddressFull: TooManyConnections, NetworkFull: TooManyConnections,
	AddressTooFast: ConnectingTooFast, NetworkTooFast: ConnectingTooFast, AsksTooOften: TooManyRequests,
	NoProxyHere: NotAProxy, NoProxyHeader: NotAProxy, SpeaksClear: NeedTLS, NoHandshake: HandshakeFailed,
	SpeaksHTTP: WrongProtocol, SpeaksSSH: WrongProtocol, SpeaksBinary: WrongProtocol, NoNameInTime: SignInTimeout, NoPasswordInTime: SignInTimeout,

	SendsTooFast: Flood, TooMuchWaits: Flood, EmptyRecords: Flood, ShortOfMemory: Busy, HoldsTooMuch: Busy, DeskBusy: Busy, DiskBusy: Busy,
	TriesTooOften: TooManyAttempts, MessagesSkipped: Skipped,

	NoFiles: FilesOff, FilesNeedLines: NeedLineDoor, FileOverLimit: FileTooLarge, FileNotThere: NoSuchFile, FileAway: FileElsewhere,
	FilesNotLookedFor: FileFailed, FileNotKept: FileFailed, FileOverDisk: DiskFull, FileTooMany: Quota,
	AddressOverDay: Quota, NameOverDay: Quota, AddressSentAll: Quota, NameSentAll: Quota,

	NamesNotKept: NamesOff, NamesFull: NamesOff, PasswordUnfit: BadPassword, NameNotWritten: NotKept, NameNotErased: NotKept, KeyNotWritten: NotKept, KeyNotErased: NotKept,
	NotAFingerprint: BadArgument, CertNotShown: NoCertificate, CertNotThere: NoCertificate, CertTaken: CertificateTaken, CertsFull: TooManyCertificates, CertNotWritten: NotKept, CertNotErased: NotKept,
	BanNotSet: NotKept, BanNotKept: NotKept, BanNotErased: NotKept,
	HistoryOff: NoHistory, LettersUnkept: NotRegistered, NothingToFind: BadArgument, LookFailed: HistoryFailed, TooManyLooks: Busy, RoomNotCleared: NotKept, NotForgotten: NotKept, MessageNotThere: BadArgument, MessageNotTaken: NotKept, PersonNotWritten: NotKept, PersonNotErased: NotKept,
	NotAKey: BadArgument, ValueTooLong: TooLong, KeyNotSet: BadArgument, KeysFull: BadArgument, KeysOfAnother: BadArgument, SubscriptionsFull: BadArgument,
	NotATarget: BadArgument, OwnAddress: BadArgument, NothingToLift: NoSuchBan, ShuttingDown: Closing, NodeWasGone: Closing, LogWaits: Waiting, LogGoesOn: GoesOn, LogIsAway: ClusterAway,
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
	// Room is the name of the room that it is about, for the reasons that have one.
	Room string
	// Text is words of an operator, as they were said (see Command), another name, or what was asked for that is no name.
	Text string
	// N is a number, a size in bytes, a time of wall clock in seconds, or a time.Duration.
	N int64
}

// Event is what a client is told of it.
func (r Refusal) Event() Event {
	return Event{Kind: Refused, Why: r.Why, Who: r.Who, RoomName: r.Room, Text: r.Text, N: r.N}
}

// Refusal is that of a Refuse.
func (c *Command) Refusal() Refusal {
	return Refusal{Why: c.Why, Who: c.Name, Room: c.Room, Text: c.Text, N: c.N}
}

// Because is the Refuse of a client's line, or a refusal of one by who serves the client: it is told in its place in the order of what the client is told.
func (c *Command) Because(r Refusal) {
	c.Verb, c.Why, c.Name, c.Room, c.Text, c.N, c.Right, c.Off, c.Look = Refuse, r.Why, r.Who, r.Room, r.Text, r.N, 0, false, nil
}
