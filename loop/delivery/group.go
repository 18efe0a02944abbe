//go:build linux

package delivery

import (
	"cmp"
	"slices"
)

// Group is receivers that hear the same messages. The zero Group has nobody.
type Group struct {
	// Key is the host's own.
	Key uint64

	// members are in the order of their slots, the low half of their names, which is that in which they were accepted. Where they stand in the memory of
	// the kernel, and of this process, follows that order most of the time: who goes through a thousand of them from one end of the memory to the other
	// waits less for it.
	members []*Receiver
	streams []*stream // one for each form in which some member reads
	shared  int       // how many members are in another group, too

	// The sweep is at cursor. Those who may have something pending are the members from there to limit, then, on the next lap, those from 0 to next.
	cursor, limit, next int
	state               groupState
	pace                pace
}

type groupState uint8

const (
	idle   groupState = iota // nothing is pending
	active                   // in the writer's list of groups to be swept
	paused                   // more messages are waited for before the next lap
)

// Len is the number of members.
func (g *Group) Len() int { return len(g.members) }

func slotOf(r *Receiver) uint32 { return uint32(r.id) }

func (g *Group) find(r *Receiver) (at int, found bool) {
	return slices.BinarySearchFunc(g.members, slotOf(r), func(m *Receiver, slot uint32) int { return cmp.Compare(slotOf(m), slot) })
}

// insert adds r, behind whom nothing is pending.
func (g *Group) insert(r *Receiver) {
	at, _ := g.find(r)
	g.members = slices.Insert(g.members, at, r)
	for _, edge := range []*int{&g.cursor, &g.limit, &g.next} {
		if at < *edge {
			*edge++
		}
	}
}

// remove takes r out.
func (g *Group) remove(r *Receiver) {
	at, found := g.find(r)
	if !found {
		return
	}
	g.members = slices.Delete(g.members, at, at+1)
	if len(g.members)*4 < cap(g.members) && cap(g.members) > 64 {
		g.members = slices.Clip(slices.Clone(g.members)) // a crowd that has left is not kept in memory
	}
	for _, edge := range []*int{&g.cursor, &g.limit, &g.next} {
		if at < *edge {
			*edge--
		}
	}
}

// pend notes that every member has something pending: from the cursor on in this lap, before it in the next. A group in which all was quiet begins at its
// first member.
func (g *Group) pend() {
	if g.state == idle || g.cursor >= len(g.members) {
		g.cursor = 0
	}
	g.limit, g.next = len(g.members), g.cursor
}

// wrap begins the next lap. False: nobody has anything pending.
func (g *Group) wrap(w *Writer) bool {
	for _, s := range g.streams {
		floor := s.wrapEnd
		if g.next == 0 {
			floor = s.end
		}
		s.forget(w, floor)
		s.wrapEnd = s.end
	}
	if g.next == 0 {
		return false
	}
	g.cursor, g.limit, g.next = 0, g.next, 0
	return true
}

// stream is the one of that form, made if need be.
func (g *Group) stream(w *Writer, form uint8) *stream {
	for _, s := range g.streams {
		if s.form == form {
			return s
		}
	}
	s := &stream{group: g, form: form, lead: w.host.Layout(form).lead()}
	g.streams = append(g.streams, s)
	return s
}

// leave is when one reader less reads s.
func (g *Group) leave(w *Writer, s *stream) {
	if s.readers--; s.readers > 0 {
		return
	}
	s.forget(w, s.end)
	g.streams = slices.DeleteFunc(g.streams, func(other *stream) bool { return other == s })
}
