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
	cfg     Config
	users   []*user // by slot
	names   directory
	hall    hall
	rights  rights
	idle    idleList
	digests digests
	numbers numbers
	now     time.Duration // the latest time of a command
	out     told
}

// New returns the chat with nobody in it. It equals New of no Config that has applied one Configure with cfg.
func New(cfg Config) *State {
	s := &State{hall: newHall(), rights: newRights(), digests: digests{last: -digestEvery}, numbers: newNumbers()}
	s.names, s.idle.users = newDirectory(&s.users), &s.users
	s.configure(cfg)
	return s
}

func (s *State) configure(cfg Config) {
	s.cfg = cfg
	s.out.page = cfg.Page
	s.rights.configure(cfg.Operators)
	s.names.claimOperators(cfg.Operators)
	s.hall.resize(cfg.Recent, cfg.RecentBytes)
}

// Len is the number of users, guests included. Who has not said the server's password is none yet.
func (s *State) Len() int { return s.names.here.count }

func (s *State) limitHistory(bytes int) {
	s.cfg.RecentBytes = bytes
	s.hall.limit(bytes)
}

// HistoryBytes is how many bytes the messages of all rooms take that are kept for RECENT.
func (s *State) HistoryBytes() int { return s.hall.kept }

// Apply does what cmd says and returns the events that follow, in order. They are valid until the next call. A command of a
// client that never came or has gone gives no event: it may have been on its way.
func (s *State) Apply(cmd *Command) []Event {
	s.out.begin()
	s.now = max(s.now, cmd.At)
	switch cmd.Verb {
	case Connect:
		s.connect(cmd)
	case Tick:
		s.sendAway()
		s.digests.tell(cmd.At, &s.out)
		s.numbers.expire(s.now)
	case Configure:
		s.configure(*cmd.Config)
	case LimitHistory:
		s.limitHistory(int(cmd.N))
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
			turn{s, u, cmd}.take()
		}
	}
	return s.out.events
}

// take carries the command out.
func (t turn) take() {
	v := t.cmd.Verb.row()
	switch {
	case v.do == nil:
	case t.u.locked && !v.has(first):
		t.deny(Refusal{Why: PasswordNeeded})
	case t.cmd.ID != "":
		t.takeNumbered(v)
	default:
		t.does(v)
	}
}

// does is take for a command that nothing is in the way of, but for what its verb needs.
func (t turn) does(v *verb) {
	if v.has(stirs) && !t.u.locked {
		t.heard()
	}
	if t.may(v.needs) {
		v.do(t)
	}
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
	u := &user{id: cmd.Client, name: cmd.Name, address: cmd.Name, since: uint32(cmd.Unix), guest: true}
	if cmd.Text != "" && cmd.Text != cmd.Name {
		u.address = cmd.Text
	}
	s.users[slot] = u
	if s.cfg.NeedPassword {
		u.locked = true
		s.out.refuse(u, Refusal{Why: PasswordNeeded})
		return
	}
	s.begin(u, cmd)
}

// begin lets u into the chat, as a guest.
func (s *State) begin(u *user, cmd *Command) {
	u.name = s.names.guestName(u.name)
	u.key, u.active = u.name, cmd.At
	s.names.put(u)
	s.idle.touch(u)
	lobby := s.hall.rooms[Lobby]
	s.out.answer(u, Event{Kind: Welcomed, RoomName: lobby.name, Count: len(lobby.members) + 1})
	s.remind(u, lobby)
	s.enter(u, lobby)
}

func (s *State) disconnect(u *user) {
	s.users[u.id.Slot()] = nil
	s.names.drop(u)
	delete(s.names.keys, u.id)
	s.numbers.leave(u.key, u.address, s.now)
	s.idle.remove(u)
	s.rights.forget(u.id)
	for u.roomCount() > 0 {
		s.leave(u, 0)
	}
	s.out.emit(Event{Kind: Gone, Scope: ToLoops, Client: u.id})
}
