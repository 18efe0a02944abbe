//go:build linux

package rival

import "looproom/loop/room"

// hall is a room as the hub sees it: the places of its members, in no order. The hub's lock guards it.
type hall struct {
	id     room.RoomID
	places []place
}

// place is a member in a hall.
type place struct {
	member *member
	here   bool // the room is the member's current one
}

// seat is a member's side of a place.
type seat struct {
	hall  *hall
	index int // in hall.places
}

// hall returns who is in a room.
func (h *hub) hall(id room.RoomID) []place {
	if at := h.rooms[id]; at != nil {
		return at.places
	}
	return nil
}

func (h *hub) seat(m *member, id room.RoomID) {
	at := h.rooms[id]
	if at == nil {
		at = &hall{id: id}
		h.rooms[id] = at
	}
	m.seats = append(m.seats, seat{hall: at, index: len(at.places)})
	at.places = append(at.places, place{member: m})
}

func (h *hub) unseat(m *member, id room.RoomID) {
	for i, s := range m.seats {
		if s.hall.id == id {
			m.seats = append(m.seats[:i], m.seats[i+1:]...)
			s.hall.remove(s.index)
			if len(s.hall.places) == 0 {
				delete(h.rooms, id)
			}
			return
		}
	}
}

// remove fills the empty place with the last one.
func (at *hall) remove(index int) {
	last := len(at.places) - 1
	moved := at.places[last]
	at.places[index] = moved
	at.places[last] = place{}
	at.places = at.places[:last]
	if index == last {
		return
	}
	for i := range moved.member.seats {
		if moved.member.seats[i].hall == at {
			moved.member.seats[i].index = index
		}
	}
}

// setCurrent makes id the room whose lines m gets without the room's name.
func (m *member) setCurrent(id room.RoomID) {
	for _, s := range m.seats {
		s.hall.places[s.index].here = s.hall.id == id
	}
}
