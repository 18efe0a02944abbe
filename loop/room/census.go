package room

// Census is how many there are of everything.
type Census struct {
	// Users are who is in the chat, Visible those of them who don't want to be hidden from strangers, Newcomers who has still to say who it is.
	Users, Visible, Newcomers int
	// Operators are clients.
	Operators int
	// Rooms are those that have members.
	Rooms int
	// Most is how many users there have been at most at a time.
	Most int
}

// census is what is counted as it happens.
type census struct {
	newcomers int
	visible   int
	most      int
}

// note notes that there are so many users.
func (c *census) note(users int) { c.most = max(c.most, users) }

// counted is how many there are of everything now.
func counted(t turn) *Census {
	c := &t.census
	c.note(t.names.here.count)
	return &Census{
		Users: t.names.here.count, Visible: c.visible, Newcomers: c.newcomers, Operators: len(t.rights.operators), Rooms: t.hall.occupied, Most: c.most,
	}
}

func doCount(t turn) { t.answer(Event{Kind: Counted, Census: counted(t)}) }
