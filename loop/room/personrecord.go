package room

// recordOfPerson is what outlives a restart of u, who stays.
func recordOfPerson(u *user) *KeptPerson {
	a := u.account()
	k := &KeptPerson{Account: a.key, Name: u.name, Keeps: true, Took: a.took, Since: u.since(), Rooms: make([]string, 0, u.roomCount())}
	for seat := range u.seats {
		k.Rooms = append(k.Rooms, seat.room.key)
	}
	if k.IsAway = u.away.byWords(); k.IsAway {
		k.Away = u.away.words
	}
	return k
}

// person is account of u, if it stays.
func (c *changes) person(u *user) {
	if u.stays() {
		c.account(u.account())
	}
}
