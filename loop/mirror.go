//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/door"
	"looproom/loop/room"
)

// mirror is who is in which room, as far as the loop's own peers go. It is kept by the same ordered events that the peers are
// told of, so the home loop has no work per recipient.
type mirror struct {
	writer *delivery.Writer
	rooms  map[room.RoomID]*delivery.Group
}

func newMirror(w *delivery.Writer) mirror {
	return mirror{writer: w, rooms: map[room.RoomID]*delivery.Group{}}
}

// apply changes the mirror as e says.
func (m *mirror) apply(p *peer, e *room.Event) {
	switch e.Kind {
	case room.MemberAdded:
		m.add(p, e.Room, p.form(e.Current))
		if e.Current {
			m.setCurrent(p, e.Room) // of the others
		}
	case room.MemberRemoved:
		if g := m.rooms[e.Room]; g != nil {
			m.remove(p, g)
		}
	case room.CurrentIs:
		m.setCurrent(p, e.Room)
	}
}

// add makes p a member of the room, which it reads in the form.
func (m *mirror) add(p *peer, id room.RoomID, form uint8) {
	g := m.rooms[id]
	if g == nil {
		g = &delivery.Group{Key: uint64(id)}
		m.rooms[id] = g
	}
	m.writer.Join(&p.out, g, form)
}

func (m *mirror) remove(p *peer, g *delivery.Group) {
	m.writer.Leave(&p.out, g)
	if g.Len() == 0 {
		delete(m.rooms, room.RoomID(g.Key))
	}
}

// removeAll takes a peer out of all its rooms.
func (m *mirror) removeAll(p *peer) {
	for g := p.out.AnyGroup(); g != nil; g = p.out.AnyGroup() {
		m.remove(p, g)
	}
}

// reform has p, whose forms are other ones now, read its rooms in them.
func (m *mirror) reform(p *peer) {
	for g := range p.out.Groups {
		if form, is := m.writer.FormIn(&p.out, g); is {
			here, _ := door.Reads(form)
			m.writer.Switch(&p.out, g, p.form(here))
		}
	}
}

// setCurrent makes the room the one whose lines the peer reads without prefix.
func (m *mirror) setCurrent(p *peer, id room.RoomID) {
	for g := range p.out.Groups {
		m.writer.Switch(&p.out, g, p.form(room.RoomID(g.Key) == id))
	}
}
