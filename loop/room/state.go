package room

import "time"

// Config is what an operator decides of the chat. It becomes so by Configure.
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
	// Sessions is how many sessions a person may have, at most MaxSessions. With 0 or 1 who logs in ends the connection that did so before.
	Sessions int
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

// State is the chat at one moment: its parts, and what follows from a command in several of them.
type State struct {
	cfg      Config
	people   people
	persons  persons
	names    directory
	rights   rights
	idle     idleList
	swept    []*chatRoom // whose members bans have still to be compared with, each once
	numbers  numbers
	census   census
	messages messageIDs
	watch    monitors
	past     past
	now      time.Duration // the latest time of a command
	applied  uint64        // commands; see Saver
	out      told
	changes  changes
	hash     runningHash
	membership
}

// New returns the chat with nobody in it. It equals New of no Config that has applied one Configure with cfg.
func New(cfg Config) *State {
	s := &State{rights: newRights(), numbers: newNumbers(), watch: newMonitors(), past: newPast()}
	s.persons = newPersons(&s.changes)
	s.membership = membership{hall: newHall(&s.changes), digests: digests{last: -digestEvery}, out: &s.out, subscribed: subscriptions{}}
	s.names, s.idle.users = newDirectory(&s.people.at), &s.people.at
	s.configure(cfg)
	return s
}

func (s *State) configure(cfg Config) {
	s.cfg = cfg
	s.out.page = cfg.Page
	resizeLarge(&s.membership, cfg.AnnounceMax)
	s.rights.configure(cfg.Operators)
	s.names.claimOperators(cfg.Operators)
	s.hall.resize(cfg.Recent, cfg.RecentBytes)
}

// Rules are what the operator has decided last. Their slices are the state's.
func Rules(s *State) Config { return s.cfg }

// Len is the number of users, guests included. Who has not said the server's password is none yet.
func (s *State) Len() int { return s.names.here.count }

func (s *State) limitHistory(bytes int) {
	s.cfg.RecentBytes = bytes
	s.hall.limit(bytes)
	s.persons.limit(bytes)
}

// HistoryBytes is how many bytes the messages take that are kept: of rooms, for RECENT, and those to persons who may have no session.
func (s *State) HistoryBytes() int { return s.hall.kept + s.persons.mailed }

// Apply does what cmd says and returns the events that follow, in order. They are valid until the next call. A command of a
// client that never came or has gone gives no event: it may have been on its way.
func (s *State) Apply(cmd *Command) []Event {
	s.out.begin(cmd)
	s.applied++
	s.now = max(s.now, cmd.At)
	switch cmd.Verb {
	case Connect:
		s.connect(cmd)
	case Tick:
		if !endGone(s) {
			sendAway(s)
			sweep(s, cmd.second())
		}
		s.digests.tell(cmd.At, &s.out)
		s.numbers.expire(s.now)
	case Configure:
		s.configure(*cmd.Config)
	case LimitHistory:
		s.limitHistory(int(cmd.N))
	case Start:
		s.messages.begin(cmd.N)
		begun(&s.hall, cmd.Wall)
	case Registered:
		s.register(cmd)
	case Unregistered:
		s.unregister(cmd)
	case RoomKept:
		roomKept(s, cmd)
	case PersonKept:
		personKept(s, cmd)
	case RestoreRoom:
		restoreRoom(s, cmd)
	case Forgotten:
		forgotten(s, cmd)
	case RoomCleared:
		roomCleared(s, cmd)
	case MessageErased:
		messageErased(s, cmd)
	case Remember:
		remember(s, cmd)
	case RestorePerson:
		restorePerson(s, cmd)
	case Restored:
		allRestored(s)
	case SetBan:
		s.setBan(cmd)
	case SetShun:
		s.setShun(cmd)
	case NodeGone:
		nodeGone(s, cmd)
	default:
		if u := s.people.of(cmd.Client); u != nil {
			turn{s, u, cmd, nil}.take()
		}
	}
	if cmd.Last {
		answerIfThere(s, cmd, Event{Kind: Answered, At: cmd.Wall})
	}
	tellAccounts(s)
	tellChanges(s)
	if s.hash.kept {
		s.hash.fold(cmd, s.out.events)
	}
	return s.out.events
}

// take carries the command out.
func (t turn) take() {
	v := t.cmd.Verb.row()
	switch {
	case v.do == nil:
	case t.u.locked() && !v.has(first) && !(v.has(early) && t.u.first.is(newcomer)):
		t.deny(Refusal{Why: notYet(t.u)})
	case t.cmd.ID != "":
		t.takeNumbered(v)
	default:
		t.does(v)
	}
}

// does is take for a command that nothing is in the way of, but for what its verb needs.
func (t turn) does(v *verb) {
	if v.has(stirs) && !t.u.locked() {
		t.heard()
	}
	if t.may(v.needs) {
		v.do(t)
	}
}

func (s *State) connect(cmd *Command) {
	endSlot(s, cmd.Client)
	u := &user{name: cmd.Name}
	came := session{client: cmd.Client, from: cmd.Name, since: uint32(cmd.second()), flags: guest}
	if cmd.Text != "" && cmd.Text != cmd.Name {
		came.from = cmd.Text
	}
	came.from = fromOf(came.from, cmd.Host)
	if cmd.Secure {
		came.set(sealed)
	}
	u.addSession(came)
	s.people.add(u)
	s.people.slots.put(cmd.Client, u)
	if cmd.Off {
		comes(s, u)
		return
	}
	if s.cfg.NeedPassword {
		u.first.set(locked)
		s.out.refuse(cmd.Client, Refusal{Why: PasswordNeeded})
		return
	}
	s.begin(u, cmd)
}

// begin lets u into the chat, as a guest.
func (s *State) begin(u *user, cmd *Command) {
	u.name = s.names.guestName(u.name)
	u.key, u.active = u.name, cmd.At
	u.first.stir(cmd.At)
	s.names.put(u)
	tellOnline(s, u)
	s.idle.touch(u)
	lobby := s.hall.rooms[Lobby]
	noteTold(s, u, lobby)
	s.out.answer(cmd.Client, Event{Kind: Welcomed, RoomName: lobby.name, Count: len(lobby.members) + 1})
	s.out.remind(cmd.Client, lobby)
	s.enter(u, cmd.Client, lobby)
}
