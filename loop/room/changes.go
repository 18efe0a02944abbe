package room

// changes is what the command at hand has changed of what outlives a restart: the rooms and the accounts of which a record follows, behind all that the command has others told.
type changes struct {
	rooms    []*chatRoom     // those that are touched, each once
	accounts []*account      // the same
	users    []accountChange // whose accounts are other ones, perhaps, in the order in which that was so
}

// room notes that r may be another one than its record says, or that it has ended.
func (c *changes) room(r *chatRoom) {
	if !r.touched {
		r.touched = true
		c.rooms = append(c.rooms, r)
	}
}

// durability is room, if r outlives a restart and has not done so, or the other way round.
func (c *changes) durability(r *chatRoom) {
	if r.durable() != r.recorded {
		c.room(r)
	}
}

// account notes that the person of a may be another one than its record says.
func (c *changes) account(a *account) {
	if !a.touched {
		a.touched = true
		c.accounts = append(c.accounts, a)
	}
}

// accountChange is a user with the key of the account that it had before it was another's, and the metadata.
type accountChange struct {
	u        *user
	before   string
	metadata metadata
}
