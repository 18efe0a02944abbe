//go:build linux

package loop

import "looproom/loop/room"

// mirror is who is in which room, as far as the loop's own peers go. It is kept by the same ordered events that the peers are
// told of, so the home loop has no work per recipient.
type mirror struct {
	rooms map[room.RoomID]*mirrorRoom
}

type mirrorRoom struct {
	id      room.RoomID
	members []mirrorMember
	forms   []formCount // the wire forms that are read in the room
}

// formCount is how many members read a wire form.
type formCount struct {
	form uint8
	n    int
}

// read notes that one more member reads the form, or with n -1 one less.
func (r *mirrorRoom) read(form uint8, n int) {
	for i := range r.forms {
		if r.forms[i].form == form {
			if r.forms[i].n += n; r.forms[i].n == 0 {
				r.forms = append(r.forms[:i], r.forms[i+1:]...)
			}
			return
		}
	}
	r.forms = append(r.forms, formCount{form, n})
}

// mirrorMember is a peer in a room, with the wire form in which it reads what happens there.
type mirrorMember struct {
	peer *peer
	form uint8
}

// mirrorSeat is a peer's place in a room.
type mirrorSeat struct {
	room  *mirrorRoom
	index int // in room.members
}

func newMirror() mirror { return mirror{rooms: map[room.RoomID]*mirrorRoom{}} }

// members of the room on this loop.
func (m *mirror) members(id room.RoomID) []mirrorMember {
	if r := m.rooms[id]; r != nil {
		return r.members
	}
	return nil
}

// apply changes the mirror as e says.
func (m *mirror) apply(p *peer, e *room.Event) {
	switch e.Kind {
	case room.MemberAdded:
		m.add(p, e.Room)
		m.setCurrent(p, e.Room)
	case room.MemberRemoved:
		m.remove(p, e.Room)
	case room.CurrentIs:
		m.setCurrent(p, e.Room)
	}
}

func (m *mirror) add(p *peer, id room.RoomID) {
	r := m.rooms[id]
	if r == nil {
		r = &mirrorRoom{id: id}
		m.rooms[id] = r
	}
	p.seats = append(p.seats, mirrorSeat{room: r, index: len(r.members)})
	r.members = append(r.members, mirrorMember{peer: p, form: p.door.form(false)})
	r.read(p.door.form(false), 1)
}

func (m *mirror) remove(p *peer, id room.RoomID) {
	for i, seat := range p.seats {
		if seat.room.id == id {
			m.unseat(seat)
			p.seats = append(p.seats[:i], p.seats[i+1:]...)
			return
		}
	}
}

// unseat moves the last member to the empty place.
func (m *mirror) unseat(seat mirrorSeat) {
	r := seat.room
	r.read(r.members[seat.index].form, -1)
	last := len(r.members) - 1
	moved := r.members[last]
	r.members[seat.index] = moved
	r.members[last] = mirrorMember{}
	r.members = r.members[:last]
	if last != seat.index {
		moved.peer.seatIn(r).index = seat.index
	}
	if last == 0 {
		delete(m.rooms, r.id)
	}
}

// removeAll takes a peer out of all its rooms.
func (m *mirror) removeAll(p *peer) {
	for _, seat := range p.seats {
		m.unseat(seat)
	}
	p.seats = nil
}

// setCurrent makes the room the one whose lines the peer reads without prefix.
func (m *mirror) setCurrent(p *peer, id room.RoomID) {
	for _, seat := range p.seats {
		m, form := &seat.room.members[seat.index], p.door.form(seat.room.id == id)
		if m.form != form {
			seat.room.read(m.form, -1)
			seat.room.read(form, 1)
			m.form = form
		}
	}
}

func (p *peer) seatIn(r *mirrorRoom) *mirrorSeat {
	for i := range p.seats {
		if p.seats[i].room == r {
			return &p.seats[i]
		}
	}
	return nil
}
