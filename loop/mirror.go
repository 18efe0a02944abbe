//go:build linux

package loop

import (
	"cmp"
	"slices"

	"looproom/loop/room"
)

// mirror is who is in which room, as far as the loop's own peers go. It is kept by the same ordered events that the peers are
// told of, so the home loop has no work per recipient.
type mirror struct {
	rooms map[room.RoomID]*mirrorRoom
}

type mirrorRoom struct {
	id      room.RoomID
	members []*peer
	mixed   bool        // members have come or gone since they were last put in order
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

// mirrorSeat is a peer's place in a room, and the wire form in which it reads what happens there.
type mirrorSeat struct {
	room  *mirrorRoom // nil: the seat is free
	index int32       // in room.members
	form  uint8
}

func newMirror() mirror { return mirror{rooms: map[room.RoomID]*mirrorRoom{}} }

// members of the room on this loop.
func (m *mirror) members(id room.RoomID) []*peer {
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
	seat := p.freeSeat()
	*seat = mirrorSeat{room: r, index: int32(len(r.members)), form: p.door.form(false)}
	r.members = append(r.members, p)
	r.mixed = true
	r.read(seat.form, 1)
}

func (m *mirror) remove(p *peer, id room.RoomID) {
	for seat := range p.seats {
		if seat.room.id == id {
			m.unseat(seat)
			p.rare.tidySeats()
			return
		}
	}
}

// unseat frees the seat, and moves the last member to the empty place.
func (m *mirror) unseat(seat *mirrorSeat) {
	r := seat.room
	r.read(seat.form, -1)
	last := len(r.members) - 1
	moved := r.members[last]
	r.members[seat.index] = moved
	r.members[last] = nil
	r.members = r.members[:last]
	if last != int(seat.index) {
		moved.seatIn(r).index = seat.index
		r.mixed = true
	}
	if last == 0 {
		delete(m.rooms, r.id)
	}
	*seat = mirrorSeat{}
}

// removeAll takes a peer out of all its rooms.
func (m *mirror) removeAll(p *peer) {
	for seat := range p.seats {
		m.unseat(seat)
	}
	p.rare.tidySeats()
}

// order puts the members in the order of their slots, which is that in which the doors accepted them. Where they stand in the memory of the kernel, and
// of this process, follows that order most of the time, and who goes through a thousand of them from one end of the memory to the other waits less
// for it.
func (r *mirrorRoom) order() {
	if !r.mixed {
		return
	}
	r.mixed = false
	slices.SortFunc(r.members, func(a, b *peer) int { return cmp.Compare(a.id.Slot(), b.id.Slot()) })
	for i, p := range r.members {
		p.seatIn(r).index = int32(i)
	}
}

// setCurrent makes the room the one whose lines the peer reads without prefix.
func (m *mirror) setCurrent(p *peer, id room.RoomID) {
	for seat := range p.seats {
		if form := p.door.form(seat.room.id == id); form != seat.form {
			seat.room.read(seat.form, -1)
			seat.room.read(form, 1)
			seat.form = form
		}
	}
}

// seats yields p's places in rooms. The yield may free the one at hand.
func (p *peer) seats(yield func(*mirrorSeat) bool) {
	if p.seat.room != nil && !yield(&p.seat) || p.rare == nil {
		return
	}
	for i := range p.rare.seats {
		if seat := &p.rare.seats[i]; seat.room != nil && !yield(seat) {
			return
		}
	}
}

func (p *peer) seatIn(r *mirrorRoom) *mirrorSeat {
	for seat := range p.seats {
		if seat.room == r {
			return seat
		}
	}
	return nil
}

// freeSeat is where p can sit in one more room.
func (p *peer) freeSeat() *mirrorSeat {
	if p.seat.room == nil {
		return &p.seat
	}
	r := p.more()
	r.seats = append(r.seats, mirrorSeat{})
	return &r.seats[len(r.seats)-1]
}

// tidySeats forgets those that have become free.
func (r *rare) tidySeats() {
	if r != nil {
		r.seats = slices.DeleteFunc(r.seats, func(s mirrorSeat) bool { return s.room == nil })
	}
}
