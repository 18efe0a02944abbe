package room

// idleList holds the users that may go away by themselves, the longest idle in front.
type idleList struct {
	users       *[]*user // by place; whoever stands in the list is there
	front, back *user
}

// link is a user by its place, and 1; 0: none. It is half a pointer, of which each of very many users has two.
type link uint32

func linkTo(u *user) link { return link(u.id.place() + 1) }

// at is the user that the link leads to, nil if there is none.
func (l *idleList) at(to link) *user {
	if to == 0 {
		return nil
	}
	return (*l.users)[to-1]
}

// touch puts u, idle from now on, at the back.
func (l *idleList) touch(u *user) {
	if l.back == u {
		return
	}
	l.remove(u)
	if l.back != nil {
		u.prev, l.back.next = linkTo(l.back), linkTo(u)
	} else {
		l.front = u
	}
	l.back = u
}

// remove takes u out, if it is in.
func (l *idleList) remove(u *user) {
	prev, next := l.at(u.prev), l.at(u.next)
	if l.front == u {
		l.front = next
	}
	if l.back == u {
		l.back = prev
	}
	if prev != nil {
		prev.next = u.next
	}
	if next != nil {
		next.prev = u.prev
	}
	u.prev, u.next = 0, 0
}
