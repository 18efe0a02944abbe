//go:build linux

package main_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// saidText is a text that somebody has said, and what follows from that for who may read it.
type saidText struct {
	word string // which no other text has
	by   string // the account of who has said it, "" without one
	room string // in which it was said; "" for a letter
	life int    // of the room
	// heard has those who were told when it was said.
	heard map[*reader]bool
	// copies has, for a letter, what the other user was called, by the account that has a copy.
	copies map[string]string
	gone   bool // the account of who has said it is forgotten
}

// lookedRoom is what there is to know of a room: its life ends with its last member, or when it is cleared.
type lookedRoom struct {
	life    int
	kept    bool
	founder string // its account, "" for none
}

// reader is a user of the test.
type reader struct {
	*talker
	base    string // the name that it comes by
	called  string // just now
	account string // "" without one
	rooms   map[string]bool
}

// readable is who may read what, by the rule: what was said in this life of a room, who is in it now; a letter, whose account has a copy; and what an account has said itself, that one.
type readable struct {
	readers []*reader
	rooms   map[string]*lookedRoom
	texts   []*saidText
	byWord  map[string]*saidText
}

func newReadable() *readable {
	return &readable{rooms: map[string]*lookedRoom{"#lobby": {kept: true}}, byWord: map[string]*saidText{}}
}

// note has a text be one that was said.
func (m *readable) note(x *saidText) {
	m.texts = append(m.texts, x)
	m.byWord[x.word] = x
}

// isThere says whether a text in a room was said in the life that it has.
func (m *readable) isThere(x *saidText) bool {
	return x.room != "" && !x.gone && m.rooms[x.room] != nil && m.rooms[x.room].life == x.life
}

// mayRead says whether u may read x where it looks in rooms and among its letters.
func (m *readable) mayRead(u *reader, x *saidText) bool {
	if x.room != "" {
		return u.rooms[x.room] && m.isThere(x)
	}
	_, has := x.copies[u.account]
	return has && u.account != ""
}

// hasSaid says whether x is what u's account has said, be the room there or just gone.
func (m *readable) hasSaid(u *reader, x *saidText) bool {
	return u.account != "" && !x.gone && x.by == u.account
}

// inRoom is what u may read of a room, the oldest first.
func (m *readable) inRoom(room string) (words []string) {
	for _, x := range m.texts {
		if x.room == room && m.isThere(x) {
			words = append(words, x.word)
		}
	}
	return words
}

// letters is what u may read of what it has written with the one called so, the oldest first.
func (m *readable) letters(u *reader, with string) (words []string) {
	for _, x := range m.texts {
		if name, has := x.copies[u.account]; has && name == with {
			words = append(words, x.word)
		}
	}
	return words
}

// own is what u may take out as its own, the oldest first.
func (m *readable) own(u *reader) (words []string) {
	for _, x := range m.texts {
		_, has := x.copies[u.account]
		if m.hasSaid(u, x) && (m.isThere(x) || has) {
			words = append(words, x.word)
		}
	}
	return words
}

// partners are those with whom u has written, by the names that they had.
func (m *readable) partners(u *reader) []string {
	names := map[string]bool{}
	for _, x := range m.texts {
		if name, has := x.copies[u.account]; has {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// members are those who are in a room.
func (m *readable) members(room string) (all []*reader) {
	for _, u := range m.readers {
		if u.rooms[room] {
			all = append(all, u)
		}
	}
	return all
}

// comesInto has u be in a room, which may begin by that.
func (m *readable) comesInto(u *reader, room string) {
	if m.rooms[room] == nil {
		m.rooms[room] = &lookedRoom{}
	}
	if r := m.rooms[room]; !r.kept && len(m.members(room)) == 0 {
		*r = lookedRoom{life: r.life, founder: u.account}
	}
	u.rooms[room] = true
}

// isIn has u be in these rooms and no others.
func (m *readable) isIn(u *reader, rooms []string) {
	u.rooms = map[string]bool{}
	for _, room := range rooms {
		u.rooms[room] = true
	}
	m.end()
}

// end ends the rooms that are empty and not kept.
func (m *readable) end() {
	for name, r := range m.rooms {
		if !r.kept && len(m.members(name)) == 0 {
			*r = lookedRoom{life: r.life + 1}
		}
	}
}

// forget has nothing be left of an account.
func (m *readable) forget(u *reader) {
	for _, x := range m.texts {
		if x.by == u.account {
			x.gone, x.copies = true, nil
		}
		delete(x.copies, u.account)
	}
	m.leavesRooms(u)
}

// leavesRooms has u have no account any more, and its rooms no founder.
func (m *readable) leavesRooms(u *reader) {
	for name, r := range m.rooms {
		if r.founder == u.account {
			r.founder, r.kept = "", name == "#lobby"
		}
	}
	u.account = ""
	m.end()
}

// leave has what an account has said in rooms be nobody's, and its letters gone.
func (m *readable) leave(u *reader) {
	for _, x := range m.texts {
		if x.by == u.account {
			x.by = ""
		}
		delete(x.copies, u.account)
	}
	m.leavesRooms(u)
}

// restart is when all connections have ended, and all rooms that are not kept.
func (m *readable) restart() {
	for _, u := range m.readers {
		u.rooms = map[string]bool{}
	}
	m.end()
}

// wordsOf are the words of texts in a line.
func (m *readable) wordsOf(line string) (words []string) {
	for _, word := range strings.Fields(line) {
		if m.byWord[word] != nil {
			words = append(words, word)
		}
	}
	return words
}

// roomsOf are the rooms of u, by name.
func roomsOf(u *reader) []string { return slices.SortedFunc(maps.Keys(u.rooms), cmp.Compare) }
