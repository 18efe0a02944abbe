package room

import "time"

// Command is one thing that a client does, or that happens to it. Strings hold text that is fit to be shown, as plain.Clean gives it: valid UTF-8 without
// control characters. But the words that others are told (Text of a message, a topic, for being away, of an operator) are what was said: valid UTF-8 without NUL, CR
// and LF, else as it came (plain.Text); but an LF parts the lines of a message that has several (plain.Lines). What shows of them, and goes out, is decided by the dialect of who reads them. How long they are in memory is bounded by who
// reads the client's lines; a State counts what plain.Clean leaves of them. The words of a message show something: it is none else.
type Command struct {
	Verb Verb
	// Why is the reason of Refuse. Its Name, Room, Text and N are those of the Refusal.
	Why Reason
	// Right, for Tell, is what those of the room Name have at least whom alone it is told: RightVoice or RightOperator; 0: that is all. It is what a Govern is about, 0 for all that holds in the room, and Off that it holds no longer. IDs has an Off as well, and Topic one that takes the topic away.
	Right  RightKind
	Off    bool
	Client ClientID
	// Msg is a message, for Read, Redact and MessageErased. 0: none is named.
	Msg MsgID
	// At is the time since the server began, on a clock that never goes back.
	At time.Duration
	// Wall is the wall clock's time, for people: milliseconds since 1970, in UTC.
	Wall int64
	// Name is the first argument: the name of a user, a room or a file, or whom a ban is for. For Connect it is the guest's name.
	Name string
	// Text is the words: of a message, a topic, for being away, of an operator, an error; or what is looked for, or a password; for SignIn, Trust and Distrust the KeyDigest of the
	// client's key, "" if it has none; for Join and Govern that of the words of a room's key. For Connect it is the client's address, "" if that is its Name.
	Text string
	// N is a number: the time up to which one has read, for Read, if it is over 0, in milliseconds of wall clock; of messages, files or bytes (of what each room keeps, for LimitHistory; of those on their way, for Disconnect), the seconds that a Ban, or one from a room, lasts, 0 for ever, or the members that a RightLimit lets in. None is -1.
	N int64
	// Group, for Join, tells who share the quota of rooms: those of one address. 0: the client has none.
	Group uint64
	// Room is the room that a Govern, PutOutOf, KeepRoom, ClearRoom, RenameRoom, Topic, Say or Act is about, "" for the current one.
	Room string
	// Place, for RoomCleared and MessageErased, is where it was said: by it the room is found that has another name by now. 0: it isn't known.
	Place PlaceID
	// ID and Seq number a line, for Say, Tell, Act and Confirm, and for a Refuse of such a line: Seq is its number, counted by the client
	// under an ID of its own. ID is "" for a line without a number.
	ID  string
	Seq int64
	// Kept, for RoomKept and RestoreRoom, is the room. Nobody changes it afterwards.
	Kept *KeptRoom
	// Look, for History, Search, Export and Targets, is within what one looks: its By, as it was written, and its bounds. nil: anywhere.
	Look *Look
	// Person, for RestorePerson, is who was kept, for PersonKept who has been, as the Ask had it. Nobody changes it afterwards.
	Person *KeptPerson
	// Past, for LogIn, Remember and RestorePerson, is what was kept besides, nil for nothing. Nobody changes it afterwards.
	Past *Past
	// Config, for Configure, is the settings. Nobody changes it afterwards.
	Config *Config
	// Tag is a number that the client's dialect gives what it asks for, 0 for none: the events that answer it have the same. Last says that nothing more comes of that number: Answered
	// follows.
	Tag  uint32
	Last bool
	// User and Host, for Connect, are what stands beside the client's name where a dialect has that: User is that of its program, "" for none, and Host what is shown of where it comes from.
	// User, for Enter, is what it says itself, and Real its real name; so for SetReal.
	User, Host, Real string
	// Secure, for Connect, says that nobody on the way can read along.
	Secure bool
	// Stays, for a Govern that bans, says that whom it means is not put out of the room.
	Stays bool
	// Changes, for a Govern, is what it is about instead, which is told at once. Nobody changes it afterwards. nil: it is about one right.
	Changes *[]Change
	// Manner is how a message is said, for Say and Tell.
	Manner Manner
	// Programs says that a message is what programs say to each other: people are not shown it, and it is not kept.
	Programs bool
	// Tags are what goes along with a message for programs, as dialects that have them write it; "" for nothing.
	Tags string
}

// Change is what one of several Governs would be about: its fields are those of a Command. Nothing in it is that of an invitation, or of a room that is kept.
type Change struct {
	Right      RightKind
	Off, Stays bool
	Name, Text string
	N          int64
}

// Manner is how a message is said.
type Manner uint8

// The manners.
const (
	Plainly     Manner = iota // as words are
	AsNotice                  // so that no program answers
	AsAction                  // what one does
	AsTagsAlone               // there are only Tags, and no words
)

// second is the second of wall clock, as bans have it.
func (c *Command) second() int64 { return c.Wall / 1000 }

// Numbers says whether the client numbers its lines, or is about to: it has signed in with a key, as those do.
func (c *Command) Numbers() bool { return c.ID != "" || c.Verb == SignIn && c.Text != "" }

// None in Command.N says that no number was given.
const None = -1

// Verb says what a Command does.
type Verb uint8

// The verbs. The first group is what happens to a client, the others are what it says; PROTOCOL.md has their rules.
const (
	// Connect: a client has come, as a guest by the name Name. The first command of each client. With Off it is a newcomer: no user, and in no room, before it says Enter.
	Connect Verb = iota + 1
	// Disconnect: the client's connection has ended, or its sending side has. The last command of each client; the event Gone
	// follows when all that it is still owed has been emitted. N is how many bytes of what the client was told were on their way to it then: at least as many as it surely has
	// not got, counted as they go over its connection, with the ends of lines and whatever WebSocket and TLS add. 0 (or None, from who can't tell) where it has all. A client that
	// only closed its sending side may take them yet; of one that closed a Unix socket the kernel no longer tells what it had not read.
	Disconnect
	// Tick: time has passed. It wants to come about once a second, and belongs to no client.
	Tick
	// Configure: what the operator decides is Config from now on. It belongs to no client.
	Configure
	// LimitHistory: Config.RecentBytes is N from now on, until the next Configure. Rooms that keep more forget their oldest messages. It belongs to no client.
	LimitHistory
	// Start: a server has begun whose start number is N, see StartAt. It belongs to no client, and is the first command of a server.
	Start
	// Refuse: the client sent something that can't be a command, or can't be had; Why says what.
	Refuse
	// Stored: the client's upload of N bytes is safe under Name, with the SHA-256 sum in Text. Of several servers Host is the one that has it, User who has sent it, and Seq when, in nanoseconds since 1970: those are for the servers,
	// and without a client (NoClient) it is for them alone.
	Stored

	// Reply: Text, bytes that its door has for it, is told to Client in its place in the order of what it is told.
	Reply

	// The next ones answer what the server was Asked: that a password was right, or that something is kept.

	// Admit: Client has said the server's password.
	Admit
	// Grant: Client is the operator Name.
	Grant
	// LogIn: Client has said the password of the registered name Name. Who has the name is disconnected. Past has the read marks that are kept of
	// the account: they count if nobody is here by it.
	LogIn
	// Registered: the name Name belongs to whoever has its password. Without a client (NoClient) it did so before the server began;
	// with one, that client is answered if it still has the name.
	Registered
	// Unregistered: the name Name belongs to nobody. Client, an operator or the owner, is answered.
	Unregistered
	// RoomKept: the room Kept is kept so, or with Off no longer, as Name has asked for. Client is answered.
	RoomKept
	// PersonKept: the person of the account with the key Name, Person, stays in its rooms without a session, or with Off no longer, as Client has asked for, which is answered.
	PersonKept
	// RestoreRoom: the room Kept was kept before the server began. It belongs to no client, and comes behind all names that are Registered.
	RestoreRoom
	// Forgotten: all that the account with the key Name has said and been told is erased, N messages, and its name belongs to nobody. Client is answered.
	Forgotten
	// RoomCleared: what was said so far in the room with the key Room is erased, as Name has asked for. Client is answered.
	RoomCleared
	// MessageErased: the message Msg, said in the room with the key Room, is erased, as Name has asked for with the words Text. Client is answered.
	MessageErased
	// Remember: Past has the last messages that were said in the room with the key Name. It belongs to no client, and comes behind the room's RestoreRoom.
	Remember
	// RestorePerson: Person stays in rooms since before the server began. Name is that of its account, as it was registered and is shown; Past has its read marks, and what was said to it
	// alone. It belongs to no client, and comes behind its rooms and their messages.
	RestorePerson
	// Restored: all that was kept has been told. It belongs to no client. Rooms that nothing keeps any more end.
	Restored
	// SetBan and SetShun: the name Name is banned or shunned until the second N of wall clock, 0 for ever, or no longer (None). They
	// belong to no client. Text is words for whom it hits.
	SetBan
	SetShun
	// BanClient and ShunClient: Client is banned or shunned until N as in SetBan, because of its address.
	BanClient
	ShunClient

	SignIn
	Nick
	Say
	// Plea is a word that sounds like the verb Name, which it isn't: Text is said, but by who has never spoken.
	Plea
	Tell
	Act
	List
	Rooms
	Who
	Join
	Part
	Topic
	// Govern tells what rights there are in a room, gives one or takes one.
	Govern
	// PutOutOf puts the user Name out of a room.
	PutOutOf
	// KeepRoom has a room outlive its last member, and the server; with Off no longer.
	KeepRoom
	// ClearRoom has all forgotten that was said in a room.
	ClearRoom
	Away
	Back
	Recent
	// History, Search and Export show what has been said: Name is a room, or a user with whom one has written; Text is what Search looks for.
	History
	Search
	Export
	Send
	Files
	Get
	Pass
	Register
	Login
	Sessions
	Logout
	Keep
	Read
	Unregister
	// Forget takes out one's messages and one's account.
	Forget
	// Trust and Distrust: the client's key opens its account, or no longer; without a key none does.
	Trust
	Distrust
	// LoginBy is Login by the certificate that the client has shown: as Name, or with "" as whom it opens. Scram is Login by SCRAM-SHA-256, of which Text is a message.
	LoginBy
	Scram
	// TrustCert and DistrustCert: the certificate that the client has shown, or that with the fingerprint Text, opens its account, or no longer. Certs tells which do.
	TrustCert
	DistrustCert
	Certs
	Oper
	Kick
	Ban
	Shun
	Unban
	Bans
	Stats
	Drain
	Ping
	// IDs: the client wants the ids of messages from now on, or no more: Off says which.
	IDs
	// Confirm asks how far the lines numbered under ID have come.
	Confirm
	Help
	End

	// The next ones are of dialects that have more words than the line protocol.

	// Enter makes a newcomer, who has come by a Connect with Off, a user with the name Name, in no room.
	Enter
	// Whois is Who with more of the user.
	Whois
	// Names tells who shows in the room Name, for anybody who may know of it.
	Names
	// WhoAre tells of the users who show in the room Name, or who match the pattern Name; with Off of operators alone.
	WhoAre
	// TopicOf tells the topic of the room Name, for anybody who may know of it.
	TopicOf
	// Whowas tells who has been called Name, the last N, or all that are remembered.
	Whowas
	// MonitorAdd has the client be told when users with the names in Text, with commas between, come and go; MonitorDrop no longer, MonitorClear of nobody any more. MonitorList tells
	// which names these are, MonitorStatus which of them are there, and MonitorMore has the client be told what else changes of them, or with Off no longer.
	MonitorAdd
	MonitorDrop
	MonitorClear
	MonitorList
	MonitorStatus
	MonitorMore
	// SetReal gives the client's user the real name Real.
	SetReal
	// Lookup tells which users there are of those with the names in Text, at most MaxLookup, with spaces between.
	Lookup
	// Modes tells the rules of the room Room, or its rights of the kind Right, to anybody who may know that it is there.
	Modes
	// Mark gives its user the modes Name, or takes them with Off: B, R, i, w, and o to be taken, as IRC has them. Without a Name it tells which it has.
	Mark
	// Invitations tells to which rooms its user is invited.
	Invitations
	// Count tells how many there are of everything.
	Count
	// Targets tells in which places something was said last between two times, as Look has them: rooms that it is in, and users with whom it has written.
	Targets
	// Redact has the message Msg, which was said in the room Name, erased, with the words Text: by the account that has said it, or by an operator of the room.
	Redact
	// Wallops tells Text to all who want to hear what operators say.
	Wallops
	// MetadataGet tells the metadata of the room or user Name, "" for its own user: the keys in Text, with spaces between, or all that are set. MetadataSet sets one: Text is its key and, behind a space,
	// its value; without one it is set no longer. MetadataClear takes all away. MetadataSync tells what is set of the keys that the session subscribes to; of a room, with those of who shows there.
	MetadataGet
	MetadataSet
	MetadataClear
	MetadataSync
	// MetadataSub subscribes the session to the keys in Text, with spaces between, and MetadataUnsub no longer; MetadataSubs tells which they are.
	MetadataSub
	MetadataUnsub
	MetadataSubs

	// NodeGone: the node N is gone, and all of its clients with it: their users leave with the words Text, as by Disconnect. It belongs to no client. There may be very many of them: they
	// are ended by the Ticks that come next, while Behind says so. None of them sends anything any more, and a client that comes by a Connect from then on is another one, also in the
	// same slot and with the same ClientID.
	NodeGone
	// RenameRoom gives the room Room, "" for the current one, the name Name, with the words Text.
	RenameRoom

	verbs
)
