package room

// told is the events of the command at hand.
type told struct {
	events []Event
	page   int // about how many bytes of rows an answer has at once; 0: all
	asker  ClientID
	tag    uint32 // of what asker has asked for, 0: none
	// parting is why somebody goes altogether by the command at hand, for Quit.
	parting string
	verb    Verb   // of the command at hand
	by      string // the operator by whom somebody is removed
	wall    int64  // when it was said, in milliseconds of wall clock
}

// begin forgets the events of the last command. Those that follow from cmd, and are for who has sent it, get its number.
func (o *told) begin(cmd *Command) {
	o.asker, o.tag, o.verb, o.parting, o.by, o.wall = cmd.Client, cmd.Tag, cmd.Verb, "", "", cmd.Wall
	clear(o.events) // lets go of the strings in them
	o.events = o.events[:0]
}

func (o *told) emit(e Event) {
	if e.At == 0 && (e.Kind < Answered || happens(e.Kind)) { // what happens, happens now
		e.At = o.wall
	}
	o.events = append(o.events, e)
}

// happens says whether an answer of the kind tells what its client has done itself.
func happens(k Kind) bool {
	switch k {
	case Done, Nicked, Joined, LoggedIn, GovernDone, MarkedAs:
		return true
	}
	return false
}

// answer tells a client alone.
func (o *told) answer(to ClientID, e Event) {
	if e.Scope, e.Client = ToClient, to; to == o.asker {
		e.Tag = o.tag
	}
	o.emit(e)
}

// refuse tells a client that what it asked for is not done.
func (o *told) refuse(to ClientID, why Refusal) { o.answer(to, why.Event()) }

// tell tells all sessions of u.
func (o *told) tell(u *user, e Event) { o.tellOthers(u, NoClient, e) }

// tellOthers tells all sessions of u but one.
func (o *told) tellOthers(u *user, but ClientID, e Event) {
	for s := range u.sessions {
		if s.client != but {
			o.answer(s.client, e)
		}
	}
}

// tellCurrent tells clients of u's who have lost their current room which one that is now, as JOIN does; nothing if there is none.
func (o *told) tellCurrent(u *user, clients []ClientID) {
	r := u.last()
	if r == nil {
		return
	}
	for _, to := range clients {
		o.answerJoin(to, r, true)
	}
}

// answerJoin tells a client that it is in r, where it may have been before.
func (o *told) answerJoin(to ClientID, r *chatRoom, before bool) {
	o.answer(to, Event{Kind: Joined, RoomName: r.name, Count: len(r.members), On: before})
	if r.topic != "" {
		o.answer(to, Event{Kind: TopicIs, RoomName: r.name, Text: r.topic, Who: r.topicBy, At: r.topicAt})
	}
}

// toRooms tells the members of any of the rooms but one client, nobody twice.
func (o *told) toRooms(but ClientID, e Event, rooms []RoomID) {
	if len(rooms) == 0 {
		return
	}
	e.Scope, e.Client, e.Rooms = ToRooms, but, rooms
	o.emit(e)
}

// answerRows answers a client with n rows, which next gives one after the other. Where they are more than a page, Event.Rest has what is behind the first; it keeps
// so many bytes for each row.
func (o *told) answerRows(to ClientID, e Event, n, held int, next func() (Row, bool)) {
	e.Count = n
	o.answerFound(to, e, &Rest{next: next, left: n, most: n, held: n * held})
}

// answerFound is answerRows with as many rows as all gives, of which the first piece may have none.
func (o *told) answerFound(to ClientID, e Event, all *Rest) {
	all.page = o.page
	rows, more := all.Next()
	if e.List = rows; more {
		e.Rest = all
	}
	o.answer(to, e)
}

// answerList is answerRows with rows that are there already: messages and rights, of which there are at most as many as are kept.
func (o *told) answerList(to ClientID, e Event, rows []Row) {
	o.answerKept(to, e, rows, costOfAll(rows))
}

// answerKept is answerList with rows that keep so many bytes. Nobody may change them any more.
func (o *told) answerKept(to ClientID, e Event, rows []Row, held int) {
	e.Count = len(rows)
	o.answerFound(to, e, &Rest{rows: rows, held: held})
}

// answerIfThere answers what a client has asked for, if it is still there: it may have gone while the server was asked.
func answerIfThere(s *State, cmd *Command, e Event) {
	if s.people.of(cmd.Client) != nil {
		s.out.answer(cmd.Client, e)
	}
}
