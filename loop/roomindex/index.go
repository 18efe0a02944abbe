// Package roomindex is who is in which room, as the events of a room.State tell it: what everyone keeps who delivers them, to find their audience.
//
// It knows nothing of what a client is: M is what its user has for one. It changes by events alone, and an Index belongs to one goroutine at a time.
package roomindex

import "looproom/loop/room"

// Index is the clients and their places. The zero value has none.
type Index[M any] struct {
	clients []*client[M] // by slot
	rooms   map[room.RoomID]*hall[M]
	told    uint64 // counts the audiences
}

// client is one of them.
type client[M any] struct {
	id    room.ClientID
	of    M
	seats []seat[M]
	told  uint64 // the last audience of several rooms that it was in
}

// seat is a client's side of a place.
type seat[M any] struct {
	hall  *hall[M]
	index int // in hall.places
}

// hall is the members of a room, in no order.
type hall[M any] struct {
	id     room.RoomID
	places []place[M]
}

type place[M any] struct {
	*client[M]
	here bool // the room is its current one
}

// Add takes in a client that is in no room yet. Its slot must be free.
func (x *Index[M]) Add(id room.ClientID, of M) {
	for int(id.Slot()) >= len(x.clients) {
		x.clients = append(x.clients, nil)
	}
	x.clients[id.Slot()] = &client[M]{id: id, of: of}
}

// Find returns what Add was given, false for a client that has gone or never came.
func (x *Index[M]) Find(id room.ClientID) (of M, ok bool) {
	if c := x.client(id); c != nil {
		return c.of, true
	}
	return of, false
}

func (x *Index[M]) client(id room.ClientID) *client[M] {
	if slot := int(id.Slot()); slot < len(x.clients) {
		if c := x.clients[slot]; c != nil && c.id == id {
			return c
		}
	}
	return nil
}

// All yields all clients, by slot.
func (x *Index[M]) All(yield func(of M) bool) {
	for _, c := range x.clients {
		if c != nil && !yield(c.of) {
			return
		}
	}
}

// Follow does what an event to the loops says. A room.Gone ends its client.
func (x *Index[M]) Follow(e *room.Event) {
	c := x.client(e.Client)
	if e.Scope != room.ToLoops || c == nil {
		return
	}
	switch e.Kind {
	case room.MemberAdded:
		x.seat(c, e.Room)
		if e.Current {
			c.setCurrent(e.Room)
		}
	case room.MemberRemoved:
		x.unseat(c, e.Room)
	case room.CurrentIs:
		c.setCurrent(e.Room)
	case room.Gone:
		for len(c.seats) > 0 {
			x.unseat(c, c.seats[0].hall.id)
		}
		x.clients[c.id.Slot()] = nil
	}
}

// Audience calls hear once for each client that e is for. here says whether it reads e as about its current room, as an event does that is about none.
// Nobody may come, move or go meanwhile.
func (x *Index[M]) Audience(e *room.Event, hear func(of M, here bool)) {
	switch e.Scope {
	case room.ToClient:
		if c := x.client(e.Client); c != nil {
			hear(c.of, true)
		}
	case room.ToRoom:
		if h := x.rooms[e.Room]; h != nil {
			for i := range h.places {
				if p := &h.places[i]; p.id != e.Client {
					hear(p.of, p.here)
				}
			}
		}
	case room.ToRooms:
		x.audienceOfRooms(e, hear)
	}
}

func (x *Index[M]) audienceOfRooms(e *room.Event, hear func(of M, here bool)) {
	x.told++
	for _, id := range e.Rooms {
		h := x.rooms[id]
		if h == nil {
			continue
		}
		for i := range h.places {
			if c := h.places[i].client; c.id != e.Client && c.told != x.told {
				c.told = x.told
				hear(c.of, true)
			}
		}
	}
}

func (x *Index[M]) seat(c *client[M], id room.RoomID) {
	h := x.rooms[id]
	if h == nil {
		if x.rooms == nil {
			x.rooms = map[room.RoomID]*hall[M]{}
		}
		h = &hall[M]{id: id}
		x.rooms[id] = h
	}
	c.seats = append(c.seats, seat[M]{hall: h, index: len(h.places)})
	h.places = append(h.places, place[M]{client: c})
}

func (x *Index[M]) unseat(c *client[M], id room.RoomID) {
	for i, s := range c.seats {
		if s.hall.id == id {
			c.seats = append(c.seats[:i], c.seats[i+1:]...)
			s.hall.remove(s.index)
			if len(s.hall.places) == 0 {
				delete(x.rooms, id)
			}
			return
		}
	}
}

// remove fills the empty place with the last one.
func (h *hall[M]) remove(index int) {
	last := len(h.places) - 1
	moved := h.places[last]
	h.places[index], h.places[last] = moved, place[M]{}
	h.places = h.places[:last]
	if index == last {
		return
	}
	for i := range moved.seats {
		if moved.seats[i].hall == h {
			moved.seats[i].index = index
		}
	}
}

// setCurrent makes id the room whose lines c reads without the room's name.
func (c *client[M]) setCurrent(id room.RoomID) {
	for _, s := range c.seats {
		s.hall.places[s.index].here = s.hall.id == id
	}
}
