package room

// Event is one thing that someone is to be told, or that whoever delivers events must know. Which of the fields below the
// audience are set depends on the kind. Nothing in an event is changed after Apply has returned it, so that it may be copied to
// other goroutines; the strings and lists in it live on. Rest alone belongs to the State's goroutine.
type Event struct {
	Kind Kind
	// Verb is what Done answers; ClearRoom marks a Governed and a GovernDone of that, which have no right, and RenameRoom a GovernDone of that, and a NamesAre that follows RoomRenamed.
	Verb Verb
	// Scope, Client, Room and Rooms say whom it is for.
	Scope Scope
	// Why is the reason of Refused.
	Why Reason
	// Notice says, for Said, Acted and Whispered, that it was said AsNotice.
	Notice bool
	// Programs says, for Said, Whispered and ToldToo, that it is what programs say to each other, and no person is to read it.
	Programs bool
	// Off says, for Renamed, that Called tells of it as well; for NamesAre, that there is no such room; for HistoryList, that it is what stands behind a message, and not in front of one; for Left, that Who has been put out, which Governed has told.
	Off bool
	// On says, for GovernDone of somebody who has been put out, that the client is told of it as the others are; for Joined, that it was in there before; for Whispered, that it is an action; for IDsAre, that they are told; for Left, that Who has gone altogether, which Quit has told; for HistoryList and ExportList, that nothing stands in front of its rows, or behind them where Off says so;
	// for SearchList, that there may be more.
	On bool
	// Current says, for GovernDone and TopicIs, that it was so before, and nothing has changed: who is invited is in the room already; for MemberAdded, that the room is the client's current one; for NamesAre, that it is secret.
	Current bool
	// Continued marks an event that has further rows of one that has been told, see List.
	Continued bool
	// Tag is that of the command that it answers, 0 for none.
	Tag    uint32
	Client ClientID
	Room   RoomID
	Rooms  []RoomID

	// RoomName is the name of the room that the event is about.
	RoomName string
	// Who is the user that the event is about, by name; or the name that is refused.
	Who string
	// User and Host are what stands beside Who where a dialect has that: what it calls itself, "" for a client that has no such thing, and where it comes from.
	User, Host string
	// Bot says that Who is a program.
	Bot bool
	// Tags are what goes along with a message for programs.
	Tags string
	// Text is words: a message, a topic, a new name, a token. Where it is what somebody has said, it isn't fit to be shown: see Command.
	Text string
	// ID is that of a message, or that by which a RoomEvent is kept, and At when it was said, or what is told of others happened, in milliseconds of wall clock.
	ID MsgID
	At int64
	// Place is where Said or Acted was, or where a RoomEvent is kept, and Account the key of the account of Who, "" without one.
	Place   PlaceID
	Account string
	// Count is a number of users, or of all that a list has a part of.
	Count int
	// Lines, for lists of messages, is how many lines all of them have besides the first of each, see plain.Lines.
	Lines int
	// N is a size in bytes, the number of a line, how many files are wanted (None: as many as usual), or that of a Refusal.
	N int64
	// List is the rows of an answer, or the first of Count. Rest has those behind them, nil if there are none: of a piece, too, it is nil if that is the last.
	List []Row
	Rest *Rest
	// Tally is what a digest tells.
	Tally Tally
	// Census is how many there are, for Welcomed to who has said Enter, and for Counted.
	Census *Census
	// Record is what has changed, for RecordChanged.
	Record *Record
	// Ask is what the server is asked to do, for Asked; whose Look is to be had, for LookAsked; or why an upload is refused, for UploadAsked.
	Ask *Ask
}

// Ask is something that a client wants and that no State can do: it needs a secret, a clock of its own, or a disk. Exactly one Asked
// follows each command with one of its verbs, but for those with a Look; until it is answered the client's further input waits.
type Ask struct {
	// Verb is the command's: Pass, Register, Login, LoginBy, Scram, Keep, Unregister, Forget, Trust, Distrust, TrustCert, DistrustCert, Certs, Oper, KeepRoom, ClearRoom, Redact, Ban, Shun, Unban, Bans, Stats or Drain.
	Verb Verb
	// Refusal, if it has a reason, is why it is not to be done. The client is to be told.
	Refusal Refusal
	// Name is the user or the operator that the client wants to be, the name that it registers or gives up, or whom a ban is for, as
	// written; Key is the same as names are compared, "" where it can't be the name of a user.
	Name, Key string
	// Password is what it says, for Trust and Distrust the KeyDigest of its key, for TrustCert and DistrustCert a fingerprint, and for Scram a message. It must never be logged, or told to anyone.
	Password string
	// Text is the words of a ban, Seconds how long it lasts, 0 for ever.
	Text    string
	Seconds int64
	// Kept is the room that is to be kept, for KeepRoom, or with Off no longer.
	Kept *KeptRoom
	// Person is who is to be kept in its rooms, for Keep, and Rooms are those of them that are not kept yet; or with Off it is to be kept no longer. nil: nothing changes, and Off
	// only says how it is.
	Person *KeptPerson
	Rooms  []*KeptRoom
	Off    bool
	// Place is where that was said which is to be erased, for ClearRoom and Redact; Key is that of the room, and Msg, for Redact, the message.
	Place PlaceID
	Msg   MsgID
	// Look is what is to be shown of what has been said, for History, Search, Export and Targets.
	Look *Look
	// Operator is the client as an operator, "" if it is none.
	Operator string
}

// Row is one row of an answer: a user, a room, a message or a file.
type Row struct {
	Name string
	// Account is the key of the account of who said a message, "" without one.
	Account string
	// Who sent the file or set the ban; the room in which a message was said, or the other user of its conversation; or the address of a session, or of a user, for operators.
	Who string
	// Text is a topic, a message, the words of who is away or of a ban, which are as they were said (see Command); a number; or a file's SHA-256 in hexadecimal.
	Text string
	// ID is that of a message.
	ID MsgID
	// At is when, in milliseconds of wall clock; of a ban, until when, 0 for ever.
	At int64
	// Count is the members of a room, the seconds that a user has been idle, the bytes of a file; of a right, the second of wall clock in which it ends, 0 for never.
	Count int
	// Away marks a user that is away.
	Away bool
	// Action marks a message that is an action, and Notice one that was said AsNotice. Event marks what is none, but a RoomEvent, of which Text is the String.
	Action, Notice, Event bool
	// Own marks the session that asks; among messages, one of a conversation.
	Own bool
	// Shun marks a shun among bans.
	Shun bool
	// Right is the kind of a right; 0: the user Name has been put out of a room. Who has given it, and Text is the words of a ban. Name is "" of a rule of the room, and of a ban
	// for an address where that is not told.
	Right RightKind
	// Off says of a right that it is taken.
	Off bool
	// Of is the user that it is about, where more of it is told than that; of a right that is given or taken, or of who is put out, no more than its Name, User, Host, Account, and whether it is Away, and nil if it isn't here.
	Of *Portrait
}

// Portrait is what one user is told of another, where more is told than a name.
type Portrait struct {
	// Name, User and Host are as an Event has them, Real is the real name, Account that of the account as it was registered, "" without one.
	Name, User, Host, Real, Account string
	// Words are those of who is Away.
	Words string
	Away  bool
	// Operator says that it is one of the server's, Hidden that strangers are not to find it, Bot that it is a program, Sealed that nobody on its way can read along.
	Operator, Hidden, Bot, Sealed bool
	// Own says that it is the user who asks.
	Own bool
	// Founds, Operates and Speaks are its rights in the room at hand: it may have several.
	Founds, Operates, Speaks bool
	// Idle is since when it has said nothing, in seconds, and Since when it came, in seconds of wall clock. Of a room, Since is when that was opened.
	Idle  int
	Since int64
	// Modes are what it wants to be known as, as IRC has them, for itself and operators; else "".
	Modes string
	// Address is where it really comes from, for itself and operators; else "".
	Address string
	// Keys are those of its metadata that are told: of what stands for a room, they are the room's.
	Keys []KeyValue
}

// bytes is about how many bytes it takes to tell p, which may be nil.
func (p *Portrait) bytes() int {
	if p == nil {
		return 0
	}
	n := len(p.Name) + len(p.User) + len(p.Host) + len(p.Real) + len(p.Account) + len(p.Words)
	for _, k := range p.Keys { // at most MaxMetadata
		n += minRow + len(k.Key) + len(k.Value)
	}
	return n
}

// Scope says how an event names its audience.
type Scope uint8

// The scopes. Nobody is ever told twice of one event.
const (
	// ToClient: Client alone.
	ToClient Scope = iota + 1
	// ToRoom: the members of Room but Client, which may be NoClient.
	ToRoom
	// ToRooms: the members of any of Rooms but Client.
	ToRooms
	// ToLoops: no client; it changes who is in which room, or what happens to Client.
	ToLoops
)

// NoClient is nobody: an event to a room that leaves no one out.
const NoClient = ^ClientID(0)

// Kind says what an Event tells.
type Kind uint8

// The kinds of events.
const (
	// Of a user, to others.
	Entered       Kind = iota + 1 // Who entered Room, which has Count members now; Text is its real name, and List, if there is one, says how it is away
	Left                          // Who left Room, which has Count members now, with the words Text
	Renamed                       // Who is now called Text; Off says that those who are told who shows in a room hear of it by Called
	WentAway                      // Who is away, with the words Text
	CameBack                      // Who is back
	TopicSet                      // Who set the topic of Room to Text
	Digest                        // Tally is what happened in Room, which has Count members now
	Said                          // Who said Text in Room
	Acted                         // Who did Text in Room
	Whispered                     // Who said Text to Client alone
	Removed                       // Who was disconnected by an operator, with the words Text
	Governed                      // List has the rights in Room that Who has given, or taken: a new founder behind the one before
	Invited                       // Who invites Client to the room RoomName
	Tagged                        // Who sends Tags alone, to Room or to Client
	Quit                          // Who has gone altogether, with the words Text, by the verb Verb; for Kick, RoomName is the operator. Left, with On, follows in each of its rooms
	Appeared                      // Who is in Room, which was not told when it came, as Room is large. It is the first of what Room is told of it
	Expelled                      // Who has put List[0] out of Room, which is large and could see it. A digest counts that
	Vanished                      // Who, who has Appeared in Room or came when that was small, has left it. A digest counts that
	Redacted                      // Who has taken the message ID out of Room, with the words Text
	Called                        // Who is now called Text: told where it shows, in the place of a Renamed with Off
	AccountIs                     // Who has the account Text from now on, "" for none
	RealIs                        // Who has the real name Text from now on
	HostIs                        // Who comes from the host Text from now on, and no longer from Host
	InvitedBy                     // Who invites the user Text to the room RoomName, to which Client might have as well
	Walloped                      // Who, an operator, says Text to all who want to hear that
	MetadataIs                    // Who has set the metadata of List[0].Name, which is itself or a room, to List[0].Of.Keys; or comes into Room with it. Also to who monitors it
	MetadataLater                 // what is set of who is in the room RoomName is told when Client asks for it, in N seconds or later
	RoomRenamed                   // Who has renamed Room, which was called RoomName and has Count members, with the words Text; List[0] has its Name now and its topic, as Text, with who set it At

	// Of what a user does by one session, to its others.
	JoinedToo // it is in the room RoomName
	LeftToo   // it is in the room RoomName no more
	ToldToo   // it has said Text to Who alone

	// Of those that Client monitors. To who wants to be told more of them, WentAway, CameBack, AccountIs, RealIs and HostIs also come with Continued, where no room has told it of them.
	Online  // List has users who are there
	Offline // List has names of nobody who is there

	// Answers to Client.
	Answered       // nothing more follows from what it has given the number Tag
	Done           // what it said by Verb: RoomName is the room that it has left, Who the operator that it is, or the name that it has registered or given up
	Welcomed       // it is in; Room has Count members
	SignedIn       // its name is Text
	Nicked         // its name is Text
	Listed         // List has the members of Room
	RoomList       // List has the rooms, each with when its topic was set; to who has come as a newcomer At is now, and Of says since when there is the room
	NamesAre       // List has who shows in the room RoomName, Count rows in all; who is in there and doesn't show is besides Who itself, with its User and Host; Off says that there is no such room for it. It follows each Joined and JoinedToo to who has come as a newcomer, but those with On; and RoomRenamed, with what the room was called before as Text
	WhoList        // List has users in the room RoomName, or who match the pattern RoomName, each with a room in Who where it may be met, or *; how many is not known before
	Was            // List has who has been called Who, the last in front
	Monitored      // List has the names that it monitors
	MonitorFull    // it monitors N names, and the names Text aren't among them
	Found          // List has those of the users asked for who are there
	Counted        // Census is how many there are
	Portrayed      // List[0] has the user Who, and behind it are its rooms, with its rights there
	Described      // Who is the user, RoomName its rooms, List[0] the rest, N how many sessions it has: 1 also where that is not to be told
	SessionList    // List has its sessions
	Keeping        // On says whether it stays when its last session ends
	Missed         // List has the messages that it has missed in the room RoomName, "" for those that were said to it alone
	ReadUpTo       // it has read what was said in the room, or by the user, Text up to the message ID, 0 for none, and the time At; the server has Count behind that
	Joined         // it is in Room, which has Count members; On says that it has been before, and is to talk there
	TopicIs        // the topic of Room is Text, which Who has set at At
	Recalled       // List has the last messages of Room
	Ponged         // Text is the token
	Hinted         // it may have meant the verb Text
	Replied        // Text is bytes for it, as they are
	Confirmed      // all lines that it has numbered under the ID Text, up to number N, are done; None: the ID was not known. ID is that of the last one, if it was said just now
	IDsAre         // the ids of messages are told to it from now on, or no more: On says which
	Helped         // Text is the page of help that it wants, MORE or nothing
	GovernDone     // List[0] is the right that it has given in the room RoomName, or taken; or has the Name that it has given the room
	RightList      // List has the rights of the room RoomName
	ModesAre       // List has the rules of the room RoomName, which was opened At (0: that isn't known), or its rights of the kind N, if that isn't 0
	InvitedTo      // List has the rooms to which it is invited
	MarkedAs       // Text is all modes that it has now, as +iw, and List[0].Name those that it was given, or with Off that were taken; no row: none
	MetadataAre    // List[0].Of.Keys are the keys of the room or user RoomName that it has asked for, or set
	MetadataSynced // List has the room RoomName and users there, or the user RoomName, with what is set of the keys that it subscribes to
	MetadataSubbed // List has the keys that it subscribes to, or by the verb MetadataSub those that it has asked for, and by MetadataUnsub those that it subscribes to no longer: with words that are no keys
	Kept           // the file Who of N bytes is kept, its SHA-256 is Text
	Refused        // Why says why; Who, Text and N are those of a Refusal
	Bye            // it has left; Gone follows
	Sent           // what it has said, Text, has been told in the room RoomName or to the user Who, with the ID; On says that it was an action. Only to who numbers what it asks for

	Admitted   // it has said the server's password; Welcomed follows
	LoggedIn   // it is logged in to the account Who, and its user is called Text, "" for one that is none yet; with a Host it is a session of somebody who is shown as User and Host
	KickedUser // it has disconnected Who

	// Answers that no State gives, but the server in the place of FilesAsked, FileAsked, LookAsked and Asked.
	FileList    // List has the newest files of Count in all
	HistoryList // List has Count messages of the room or of the conversation with the user RoomName, the oldest first; see On and Off
	SearchList  // List has Count messages that have been found, the newest first; see On
	ExportList  // List has Count of its own messages, the oldest first; see On
	TargetList  // List has Count rooms and users, as Who, each with when the last message of it was said
	FileFollows // N bytes follow, the file Text
	BanList     // List has all bans and shuns
	BanSet      // List[0] is the ban or shun that it has set
	BanLifted   // what was set for Who is lifted
	StatList    // List has numbers by name
	Draining    // the server ends
	Challenged  // Text is what it has to answer to log in, by Scram
	CertList    // List has the fingerprints, as Text, of the certificates that open its account; Own marks the one that it has shown

	// For whoever delivers the events. FilesAsked, FileAsked, UploadAsked, LookAsked and Asked have their place in the order of what Client is told.
	FilesAsked    // Client is to be told of the newest N files
	FileAsked     // Client is to get the file Text
	UploadAsked   // N bytes that Client, called Who, sends now are the file Text; with an Ask they are to be dropped, and its Refusal told
	LookAsked     // Client is to be told what Ask.Look finds
	Asked         // Ask is what Client wants
	MemberAdded   // Client is in Room; Current says whether that is its current one
	MemberRemoved // Client is no longer in Room
	CurrentIs     // Room, that Client is in, is its current one now
	RecordChanged // Record is what has changed of what outlives a restart
	Gone          // nothing follows for Client: its connection can be closed when it has got all. On says that its node was gone, see NodeGone: a node that is there nevertheless may let it come again by a Connect
)

// Tally is what happened in a large room since its last digest.
type Tally struct {
	// Removed is how many of those who left were disconnected by operators.
	Entered, SignedIn, Left, Away, Back, Removed int
}
