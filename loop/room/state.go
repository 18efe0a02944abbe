package room

import (
	"strconv"
	"time"
)

// Config is what an operator decides of the chat.
type Config struct {
	// AwayAfter is how long a user sends no line before it is away by itself. 0 or less: never.
	AwayAfter time.Duration
	// AnnounceMax is the most members of a room in which coming and going is told one by one.
	AnnounceMax int
	// Recent is how many messages each room keeps for those who come later.
	Recent int
	// RecentBytes is how many bytes these take at most in one room. 0: any number.
	RecentBytes int
	// MaxRooms is how many rooms there may be, the lobby included, and MaxRoomsPerUser how many of them one user may be in. 0: any
	// number. Rooms that are there and users that are in them stay when the limits change.
	MaxRooms        int
	MaxRoomsPerUser int
	// MaxRoomsPerAddress is how many of the rooms that there are may have been opened from one address. 0: any number.
	MaxRoomsPerAddress int
	// Page is about how many bytes of rows an answer has at once; the others are in Event.Rest. 0: all.
	Page int
	// GuestsRead lets guests only read.
	GuestsRead bool
	// NeedPassword has newcomers say PASS before they are in the chat.
	NeedPassword bool
	// Operators are the names of those who may be. Who is one by another name is none any more.
	Operators []string
}

// State is the chat at one moment.
type State struct {
	cfg   Config
	users []*user          // by slot
	names map[string]*user // by key, guests included
	rooms map[string]*chatRoom
	// roomOrder has the same rooms, by key.
	roomOrder ordered[*chatRoom]
	// opened counts the rooms by the group of who has opened them; there is no entry for a group without.
	opened map[uint64]int
	// historyBytes is of all rooms.
	historyBytes int
	idle         idleList

	operators  map[ClientID]string // by what name each is one
	registered map[string]guise    // how each name looks, by key

	looks         guises[*user]     // who is here under a name of one's own
	roomLooks     guises[*chatRoom] // the rooms
	claimed       claims            // registered names
	operatorLooks claims            // names of operators

	bans    sentences           // of names
	shuns   sentences           // of names
	quiet   map[ClientID]int64  // who is shunned because of its address, until when
	keys    map[ClientID]string // the digest of the key with which each has signed in, if it had one
	numbers numbers             // of the lines that users have numbered, by name

	tallied  []*chatRoom   // rooms with a digest to come, in the order in which they were first counted
	digestAt time.Duration // when the last digest was told
	now      time.Duration // the latest time of a command
	lastRoom RoomID
	events   []Event // of the command at hand
}

// New returns the chat with nobody in it.
func New(cfg Config) *State {
	s := &State{
		cfg: cfg, names: map[string]*user{}, rooms: map[string]*chatRoom{}, opened: map[uint64]int{}, digestAt: -digestEvery,
		operators: map[ClientID]string{}, registered: map[string]guise{}, quiet: map[ClientID]int64{},
		looks: guises[*user]{}, roomLooks: guises[*chatRoom]{}, claimed: claims{},
		keys: map[ClientID]string{}, numbers: newNumbers(), bans: newSentences(), shuns: newSentences(),
	}
	s.roomOrder = newOrdered(func(a, b *chatRoom) bool { return a.key < b.key })
	s.claimOperators()
	s.openRoom(Lobby, Lobby, 0)
	return s
}

// Configure changes what the operator decides, from the next command on.
func (s *State) Configure(cfg Config) {
	s.cfg = cfg
	s.dropOperators()
	s.claimOperators()
	s.historyBytes = 0
	for _, r := range s.rooms {
		r.recent.resize(cfg.Recent, cfg.RecentBytes)
		s.historyBytes += r.recent.bytes
	}
}

// Len is the number of users, guests included. Who has not said the server's password is none yet.
func (s *State) Len() int { return len(s.names) }

// handlers has what the users' verbs do.
var handlers = [verbs]func(*State, *user, *Command){
	SignIn: (*State).doSignIn,
	Nick:   (*State).doNick,
	Say:    (*State).doSay,
	Plea:   (*State).doPlea,
	Tell:   (*State).doTell,
	Act:    (*State).doAct,
	List:   (*State).doList,
	Rooms:  (*State).doRooms,
	Who:    (*State).doWho,
	Join:   (*State).doJoin,
	Part:   (*State).doPart,
	Topic:  (*State).doTopic,
	Away:   (*State).doAway,
	Back:   (*State).doBack,
	Recent: (*State).doRecent,
	Send:   (*State).doSend,
	Files:  (*State).doFiles,
	Get:    (*State).doGet,
	Ping:   (*State).doPing,
	Help:   (*State).doHelp,
	End:    (*State).doEnd,

	Confirm: (*State).doConfirm,

	Refuse: (*State).doRefuse,
	Reply:  (*State).doReply,
	Stored: (*State).doStored,

	Pass:       (*State).doPass,
	Register:   (*State).doRegister,
	Login:      (*State).doLogin,
	Unregister: (*State).doUnregister,
	Oper:       (*State).doOper,
	Kick:       (*State).doKick,
	Ban:        (*State).doBan,
	Shun:       (*State).doBan,
	Unban:      (*State).doUnban,
	Bans:       (*State).doOperate,
	Stats:      (*State).doOperate,
	Drain:      (*State).doOperate,

	Admit:      (*State).doAdmit,
	Grant:      (*State).doGrant,
	LogIn:      (*State).doLogIn,
	BanClient:  (*State).doBanClient,
	ShunClient: (*State).doShunClient,
}

// Apply does what cmd says and returns the events that follow, in order. They are valid until the next call. A command of a
// client that never came or has gone gives no event: it may have been on its way.
func (s *State) Apply(cmd *Command) []Event {
	clear(s.events) // lets go of the strings in them
	s.events = s.events[:0]
	s.now = max(s.now, cmd.At)
	switch cmd.Verb {
	case Connect:
		s.connect(cmd)
	case Tick:
		s.sendAway()
		s.digest(cmd.At)
		s.numbers.expire(s.now)
	case Registered:
		s.register(cmd)
	case Unregistered:
		s.unregister(cmd)
	case SetBan:
		s.setBan(cmd)
	case SetShun:
		s.setShun(cmd)
	default:
		if u := s.user(cmd.Client); u != nil {
			s.userDoes(u, cmd)
		}
	}
	return s.events
}

func (s *State) userDoes(u *user, cmd *Command) {
	if cmd.Verb == Disconnect {
		s.disconnect(u)
		return
	}
	if cmd.Verb >= verbs || handlers[cmd.Verb] == nil {
		return
	}
	if u.locked && !worksLocked(cmd.Verb) {
		s.deny(u, cmd, Refusal{Why: PasswordNeeded})
		return
	}
	if cmd.ID != "" {
		s.doNumbered(u, cmd)
		return
	}
	s.does(u, cmd)
}

// does has u do what cmd says.
func (s *State) does(u *user, cmd *Command) {
	if !u.locked && (cmd.Verb >= SignIn || cmd.Verb == Refuse) {
		s.heard(u, cmd)
	}
	handlers[cmd.Verb](s, u, cmd)
}

func (s *State) user(id ClientID) *user {
	if slot := int(id.Slot()); slot < len(s.users) {
		if u := s.users[slot]; u != nil && u.id == id {
			return u
		}
	}
	return nil
}

func (s *State) connect(cmd *Command) {
	slot := int(cmd.Client.Slot())
	for len(s.users) <= slot {
		s.users = append(s.users, nil)
	}
	if s.users[slot] != nil {
		s.disconnect(s.users[slot])
	}
	u := &user{id: cmd.Client, name: cmd.Name, address: cmd.Name, since: cmd.Unix, guest: true}
	if cmd.Text != "" && cmd.Text != cmd.Name {
		u.address = cmd.Text
	}
	s.users[slot] = u
	if s.cfg.NeedPassword {
		s.lock(u)
		return
	}
	s.begin(u, cmd)
}

// begin lets u into the chat, as a guest.
func (s *State) begin(u *user, cmd *Command) {
	u.name = s.guestName(u.name)
	u.key, u.active = u.name, cmd.At
	s.names[u.key] = u
	s.idle.touch(u)
	lobby := s.rooms[Lobby]
	s.answer(u, Event{Kind: Welcomed, RoomName: lobby.name, Count: len(lobby.members) + 1})
	s.remind(u, lobby)
	s.enter(u, lobby)
}

// guestName is the name that a guest comes with, or something like it if another has it: one client address can be connected to two doors.
func (s *State) guestName(wanted string) string {
	name := wanted
	for n := 2; s.names[name] != nil; n++ {
		name = wanted + "/" + strconv.Itoa(n)
	}
	return name
}

func (s *State) disconnect(u *user) {
	s.users[u.id.Slot()] = nil
	s.dropName(u)
	delete(s.keys, u.id)
	s.numbers.leave(u.key, u.address, s.now)
	s.idle.remove(u)
	delete(s.operators, u.id)
	delete(s.quiet, u.id)
	for len(u.seats) > 0 {
		s.leave(u, 0)
	}
	s.emit(Event{Kind: Gone, Scope: ToLoops, Client: u.id})
}

func (s *State) doEnd(u *user, _ *Command) {
	s.answer(u, Event{Kind: Bye})
	s.disconnect(u)
}

func (s *State) doPing(u *user, cmd *Command)  { s.answer(u, Event{Kind: Ponged, Text: cmd.Text}) }
func (s *State) doHelp(u *user, cmd *Command)  { s.answer(u, Event{Kind: Helped, Text: cmd.Text}) }
func (s *State) doFiles(u *user, cmd *Command) { s.answer(u, Event{Kind: FilesAsked, N: cmd.N}) }
func (s *State) doGet(u *user, cmd *Command)   { s.answer(u, Event{Kind: FileAsked, Text: cmd.Name}) }
func (s *State) doReply(u *user, cmd *Command) { s.answer(u, Event{Kind: Replied, Text: cmd.Text}) }

func (s *State) doRefuse(u *user, cmd *Command) {
	if cmd.Why == 0 {
		s.answer(u, Event{Kind: Refused, Code: cmd.Code, Text: cmd.Text})
		return
	}
	s.refuse(u, Refusal{Why: cmd.Why, Who: cmd.Name, Text: cmd.Text, N: cmd.N})
}

func (s *State) doSend(u *user, cmd *Command) {
	if !s.audible(u, cmd) || !s.maySpeak(u, cmd) {
		return
	}
	s.answer(u, Event{Kind: UploadAsked, Who: u.name, Text: cmd.Name, N: cmd.N})
}

func (s *State) doStored(u *user, cmd *Command) {
	s.answer(u, Event{Kind: Kept, Who: cmd.Name, Text: cmd.Text, N: cmd.N})
}

// answer tells u alone.
func (s *State) answer(u *user, e Event) {
	e.Scope, e.Client = ToClient, u.id
	s.emit(e)
}

func (s *State) emit(e Event) { s.events = append(s.events, e) }
