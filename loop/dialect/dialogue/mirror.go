package dialogue

import (
	"slices"

	"looproom/loop/room"
)

// mirror knows which client is in which room, and nothing else of the state: what each event loop of a server keeps to find the
// audience of an event. Only events change it.
type mirror struct {
	members []*member // by slot; nil for who has gone
}

// seats is where a client is.
type seats struct {
	id      room.ClientID
	rooms   []room.RoomID
	current room.RoomID // 0 for none
}

// add takes in a new client, and says what the state is to call it.
func (r *mirror) add(m *member) room.ClientID {
	r.members = append(r.members, m)
	slot := uint32(len(r.members) - 1)
	return room.NewClientID(slot, slot+1)
}

// follow does what an event to the loops says.
func (r *mirror) follow(e *room.Event) {
	if e.Scope != room.ToLoops {
		return
	}
	m := r.members[e.Client.Slot()]
	switch e.Kind {
	case room.MemberAdded:
		m.rooms = append(m.rooms, e.Room)
		if e.Current {
			m.current = e.Room
		}
	case room.MemberRemoved:
		m.rooms = slices.DeleteFunc(m.rooms, func(id room.RoomID) bool { return id == e.Room })
		if m.current == e.Room {
			m.current = 0
		}
	case room.CurrentIs:
		m.current = e.Room
	case room.Gone:
		m.gone = true
		r.members[e.Client.Slot()] = nil
	}
}

// audience calls hear for each client that e is for. here says whether the event is about the client's current room.
func (r *mirror) audience(e *room.Event, hear func(m *member, here bool)) {
	for _, m := range r.members {
		if m != nil && m.isFor(e) {
			hear(m, m.current == e.Room)
		}
	}
}

// isFor says whether m belongs to the audience of e.
func (m *member) isFor(e *room.Event) bool {
	switch e.Scope {
	case room.ToClient:
		return m.id == e.Client
	case room.ToRoom:
		return m.id != e.Client && slices.Contains(m.rooms, e.Room)
	case room.ToRooms:
		return m.id != e.Client && slices.ContainsFunc(m.rooms, func(id room.RoomID) bool { return slices.Contains(e.Rooms, id) })
	}
	return false
}
