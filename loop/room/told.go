package room

// told is the events of the command at hand.
type told struct {
	events []Event
	page   int // about how many bytes of rows an answer has at once; 0: all
}

// begin forgets the events of the last command.
func (o *told) begin() {
	clear(o.events) // lets go of the strings in them
	o.events = o.events[:0]
}

func (o *told) emit(e Event) { o.events = append(o.events, e) }

// answer tells u alone.
func (o *told) answer(u *user, e Event) {
	e.Scope, e.Client = ToClient, u.id
	o.emit(e)
}

// refuse tells u that what it asked for is not done.
func (o *told) refuse(u *user, why Refusal) { o.answer(u, why.Event()) }

// toRooms tells the members of any of the rooms but u, nobody twice.
func (o *told) toRooms(u *user, e Event, rooms []RoomID) {
	if len(rooms) == 0 {
		return
	}
	e.Scope, e.Client, e.Rooms = ToRooms, u.id, rooms
	o.emit(e)
}

// answerRows answers u with n rows, which next gives one after the other. Where they are more than a page, Event.Rest has what is behind the first; it keeps
// so many bytes for each row.
func (o *told) answerRows(u *user, e Event, n, held int, next func() Row) {
	rest := &Rest{next: next, left: n, page: o.page, held: n * held}
	rows, more := rest.Next()
	if e.Count, e.List = n, rows; more {
		e.Rest = rest
	}
	o.answer(u, e)
}
