package session

import (
	"slices"
	"strings"
)

// awayMark stands behind the names in a list of those who are away.
const awayMark = "(away)"

// Lobby is where everyone begins.
const Lobby = "#lobby"

// Chat is what a client knows of the chat: its own name, its rooms and who is in them. It is pure, and belongs to one goroutine.
type Chat struct {
	Name    string // one's own, "" for a guest
	Away    bool
	Guarded bool    // the server wants its password
	Person  bool    // who may have other connections: the client has logged in, or registered its name
	IDs     bool    // messages have ids
	rooms   []*Room // in the order of entering
	current *Room   // where the server takes what is said without a room
	before  []*Room // the other rooms, the one that was current last at the end

	recent     string // the room of the recent messages that are being told
	recentLeft int64

	placed bool // the server has begun to tell in which rooms the person is that has logged in
}

// Room is one room that the client is in.
type Room struct {
	Name, Topic string
	Count       int64 // members
	Known       bool  // Users has all of them
	users       map[string]bool
	listing     map[string]bool // those of a list that comes in several lines
}

// Rooms returns the rooms in the order of entering. The slice is the chat's own.
func (c *Chat) Rooms() []*Room { return c.rooms }

// Current returns the room that a line without a room is said to, nil for none.
func (c *Chat) Current() *Room { return c.current }

// Room returns the room of that name, nil if the client isn't in it.
func (c *Chat) Room(name string) *Room {
	for _, r := range c.rooms {
		if strings.EqualFold(r.Name, name) {
			return r
		}
	}
	return nil
}

// Users returns the names of those who are known to be in the room, sorted without regard to case.
func (r *Room) Users() []string {
	names := make([]string, 0, len(r.users))
	for name := range r.users {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(strings.ToLower(a)+a, strings.ToLower(b)+b)
	})
	return names
}

// Away says whether that user of the room is away.
func (r *Room) Away(name string) bool { return r.users[name] }

// Has says whether a user of that name is known to be in the room.
func (r *Room) Has(name string) bool {
	_, ok := r.users[name]
	return ok
}

// changes has what each kind of event changes. at is the room that the event belongs to, which may be nil.
var changes = [...]func(c *Chat, at *Room, e *Event){
	Welcomed: func(c *Chat, _ *Room, e *Event) { c.Guarded = false; c.enter(Lobby, e.Count) },
	Entered:  func(_ *Chat, at *Room, e *Event) { at.add(e.Who, e.Count) },
	Left:     func(_ *Chat, at *Room, e *Event) { at.remove(e.Who, e.Count) },
	Renamed:  func(c *Chat, _ *Room, e *Event) { c.rename(e.Who, e.Text) },
	WentAway: func(c *Chat, _ *Room, e *Event) { c.mark(e.Who, true) },
	CameBack: func(c *Chat, _ *Room, e *Event) { c.mark(e.Who, false) },
	TopicSet: func(_ *Chat, at *Room, e *Event) { at.setTopic(e.Text) },
	Digest:   func(_ *Chat, at *Room, e *Event) { at.forget(e.Count) },
	Named:    func(c *Chat, _ *Room, e *Event) { c.named(e.Who); c.Person, c.placed = c.Person || e.Person, false },
	Listed:   func(_ *Chat, at *Room, e *Event) { at.list(e) },
	Joined:   func(c *Chat, _ *Room, e *Event) { c.place(e); c.enter(e.Who, e.Count) },
	Parted:   func(c *Chat, _ *Room, e *Event) { c.leave(e.Who) },
	TopicIs:  func(c *Chat, _ *Room, e *Event) { c.topicIs(e) },
	IsAway:   func(c *Chat, _ *Room, _ *Event) { c.setAway(true) },
	IsBack:   func(c *Chat, _ *Room, _ *Event) { c.setAway(false) },

	RecentFollows:  func(c *Chat, _ *Room, e *Event) { c.recent, c.recentLeft = e.Who, e.Count },
	Recalled:       func(c *Chat, _ *Room, _ *Event) { c.recentLeft-- },
	MissedFollows:  func(c *Chat, _ *Room, e *Event) { c.recent, c.recentLeft = e.Who, e.Count },
	HistoryFollows: func(c *Chat, _ *Room, e *Event) { c.recent, c.recentLeft = e.Who, e.Count },
	Entering:       func(c *Chat, _ *Room, e *Event) { c.open(e.Who) },
	Leaving:        func(c *Chat, _ *Room, e *Event) { c.leave(e.Who) },
	Registered:     func(c *Chat, _ *Room, _ *Event) { c.Person = true },
	IDsAre:         func(c *Chat, _ *Room, e *Event) { c.IDs = e.Count == 1 },
	Refused:        func(c *Chat, _ *Room, e *Event) { c.refused(e) },
	Connected:      func(c *Chat, _ *Room, _ *Event) { c.Forget() },
}

// Apply takes an event in, and returns the room that it is about, nil for one about no room or about all.
func (c *Chat) Apply(e *Event) *Room {
	at := c.about(e)
	if int(e.Kind) < len(changes) && changes[e.Kind] != nil {
		changes[e.Kind](c, at, e)
	}
	switch e.Kind {
	case Welcomed:
		return c.Room(Lobby)
	case Joined, Entering:
		return c.Room(e.Who)
	}
	return at
}

// about finds the room that e is about.
func (c *Chat) about(e *Event) *Room {
	switch e.Kind {
	case Recalled:
		return c.Room(c.recent)
	case Joined, Parted, TopicIs, RecentFollows, MissedFollows, HistoryFollows, Entering, Leaving, ReadIs, RightsFollow, RightTold, RoomSet:
		return c.Room(e.Who)
	case Renamed, WentAway, CameBack, Found, Answered:
		return nil
	}
	if e.Room != "" {
		return c.Room(e.Room)
	}
	return c.current
}

// Forget begins anew, as a new connection does: as a guest in no room. The client's own account of its name and rooms is taken by
// Restore before.
func (c *Chat) Forget() {
	*c = Chat{}
}

// open returns the room, which the client is in from now on if it has not been. It stays behind those that have been current.
func (c *Chat) open(name string) *Room {
	r := c.Room(name)
	if r == nil {
		r = &Room{Name: name, users: map[string]bool{}}
		c.rooms = append(c.rooms, r)
		c.before = append([]*Room{r}, c.before...)
	}
	return r
}

// place forgets the rooms from before, when the first of those is told that a person who has logged in is in: there are no others.
func (c *Chat) place(e *Event) {
	if e.Tag == LoggingIn && !c.placed {
		c.placed, c.rooms, c.before, c.current = true, nil, nil, nil
	}
}

// enter makes the room current, and opens it if the client has not been in it.
func (c *Chat) enter(name string, count int64) {
	r := c.open(name)
	r.Count = count
	c.before = slices.DeleteFunc(c.before, func(b *Room) bool { return b == r })
	if c.current != nil && c.current != r {
		c.before = append(c.before, c.current)
	}
	c.current = r
}

func (c *Chat) leave(name string) {
	gone := c.Room(name)
	if gone == nil {
		return
	}
	is := func(r *Room) bool { return r == gone }
	c.rooms = slices.DeleteFunc(c.rooms, is)
	c.before = slices.DeleteFunc(c.before, is)
	if c.current != gone {
		return
	}
	c.current = nil
	if last := len(c.before) - 1; last >= 0 {
		c.current, c.before = c.before[last], c.before[:last]
	}
}

// named takes one's new name. The name from before may be unknown, a guest's, so that the lists must be asked for again.
func (c *Chat) named(name string) {
	if c.Name != "" {
		c.rename(c.Name, name)
	} else {
		for _, r := range c.rooms {
			r.Known = false
		}
	}
	c.Name = name
}

// refused takes an error that tells how the client stands.
func (c *Chat) refused(e *Event) {
	switch e.Who {
	case "need-password":
		c.Guarded = true
	case "put-out":
		c.leave(PutOut(e))
	}
}

// PutOut returns the room that the client has been put out of, where e tells that, "" where it does not.
func PutOut(e *Event) string {
	if rest, ok := strings.CutPrefix(e.Text, "of #"); ok && e.Kind == Refused && e.Who == "put-out" {
		room, _, _ := strings.Cut(rest, " ")
		return "#" + room
	}
	return ""
}

func (c *Chat) setAway(away bool) {
	c.mark(c.Name, away)
	c.Away = away
}

func (c *Chat) rename(from, to string) {
	if from == c.Name && c.Name != "" {
		c.Name = to
	}
	for _, r := range c.rooms {
		if away, ok := r.users[from]; ok {
			delete(r.users, from)
			r.users[to] = away
		}
	}
}

func (c *Chat) mark(name string, away bool) {
	if name == c.Name && c.Name != "" {
		c.Away = away
	}
	for _, r := range c.rooms {
		if r.Has(name) {
			r.users[name] = away
		}
	}
}

func (c *Chat) topicIs(e *Event) {
	if r := c.Room(e.Who); r != nil && e.N == 1 {
		r.Topic = e.Text
	}
}

func (r *Room) add(name string, count int64) {
	if r != nil {
		r.users[name], r.Count = false, count
	}
}

func (r *Room) remove(name string, count int64) {
	if r != nil {
		delete(r.users, name)
		r.Count = count
	}
}

func (r *Room) setTopic(words string) {
	if r != nil {
		r.Topic = words
	}
}

// forget says that the names aren't right any more, only their number.
func (r *Room) forget(count int64) {
	if r != nil {
		r.Known, r.Count = false, count
	}
}

// list takes one line of a list, which may come in several.
func (r *Room) list(e *Event) {
	if r == nil {
		return
	}
	if r.listing == nil {
		r.listing = map[string]bool{}
	}
	for _, name := range e.Names {
		name, away := strings.CutSuffix(name, awayMark)
		r.listing[name] = away
	}
	if int64(len(r.listing)) >= e.Count || len(e.Names) == 0 {
		r.users, r.listing = r.listing, nil
		r.Count, r.Known = e.Count, true
	}
}

// Whole says whether the Listed that was applied last was the last line of its list.
func (r *Room) Whole() bool { return r != nil && r.listing == nil }
