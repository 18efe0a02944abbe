package room

import (
	"hash/maphash"
	"slices"
)

// index finds users by a string that each of them has, or by several, and keeps neither the strings nor a pointer: 6 bytes for a string, and a quarter of that free on average.
// It grows in many small pieces, so that no single user who comes costs much. What it gives doesn't hang on the order of anything in it.
type index struct {
	users *[]*user                        // by place; whoever stands in the index is there
	has   func(u *user, text string) bool // whether text is a string of u
	folds bool                            // strings of a user that differ in the case of ASCII letters alone take one entry together
	seed  maphash.Seed
	parts [indexParts]indexPart
	count int
}

const indexParts = 64

// indexPart is a hash table with linear probing. An entry stands at its place or behind it, with no empty one in between.
type indexPart struct {
	entries []indexEntry
	used    int
}

// indexEntry is a user by one of its strings; the zero value is none.
type indexEntry struct {
	hash      uint16
	high, low uint16 // the two halves of its place, and 1: together they would take two bytes more, for alignment
}

func entryOf(u *user, hash uint16) indexEntry {
	at := u.id.place() + 1
	return indexEntry{hash, uint16(at >> 16), uint16(at)}
}

// at is the place of the entry's user, and 1; 0: there is none.
func (e indexEntry) at() uint32 { return uint32(e.high)<<16 | uint32(e.low) }

func newIndex(users *[]*user, has func(u *user, text string) bool) *index {
	return &index{users: users, has: has, seed: maphash.MakeSeed()}
}

func (x *index) partOf(text string) (p *indexPart, hash uint16) {
	h := x.hash(text)
	return &x.parts[h>>32%indexParts], uint16(h)
}

func (x *index) hash(text string) uint64 {
	if !x.folds {
		return maphash.String(x.seed, text)
	}
	var space [64]byte
	folded := append(space[:0], text...)
	for i, b := range folded {
		if 'A' <= b && b <= 'Z' {
			folded[i] = b | 0x20
		}
	}
	return maphash.Bytes(x.seed, folded)
}

// together says whether two strings of a user take one entry.
func (x *index) together(one, other string) bool { return one == other || x.hash(one) == x.hash(other) }

// place is where an entry with that hash belongs.
func (p *indexPart) place(hash uint16) int { return int(uint64(hash) * uint64(len(p.entries)) >> 16) }

// behind is the place behind i.
func (p *indexPart) behind(i int) int {
	if i++; i == len(p.entries) {
		return 0
	}
	return i
}

// find returns who has that string, nil if nobody has.
func (x *index) find(text string) *user {
	if p, hash := x.partOf(text); p.used > 0 {
		if at := x.at(p, hash, text); at >= 0 {
			return (*x.users)[p.entries[at].at()-1]
		}
	}
	return nil
}

// at is the place of the entry of that string, -1 if there is none.
func (x *index) at(p *indexPart, hash uint16, text string) int {
	for i := p.place(hash); p.entries[i].at() != 0; i = p.behind(i) {
		if e := p.entries[i]; e.hash == hash && x.has((*x.users)[e.at()-1], text) {
			return i
		}
	}
	return -1
}

// put notes that u has that string, now and not whoever had it.
func (x *index) put(text string, u *user) {
	p, hash := x.partOf(text)
	e := entryOf(u, hash)
	if p.used > 0 {
		if at := x.at(p, hash, text); at >= 0 {
			p.entries[at] = e
			return
		}
	}
	x.add(p, e)
}

// stands says whether there is an entry for u by that string.
func (x *index) stands(text string, u *user) bool {
	p, hash := x.partOf(text)
	return p.used > 0 && p.find(entryOf(u, hash)) >= 0
}

// stand makes that entry, whoever else has the string.
func (x *index) stand(text string, u *user) {
	p, hash := x.partOf(text)
	x.add(p, entryOf(u, hash))
}

func (x *index) add(p *indexPart, e indexEntry) {
	if p.used+1 > len(p.entries)-len(p.entries)/8 { // one entry is free in any case, where looking ends
		p.resize(p.used + p.used/4 + 8)
	}
	p.insert(e)
	p.used++
	x.count++
}

func (p *indexPart) insert(e indexEntry) {
	i := p.place(e.hash)
	for p.entries[i].at() != 0 {
		i = p.behind(i)
	}
	p.entries[i] = e
}

func (p *indexPart) resize(n int) {
	before := p.entries
	p.entries = slices.Grow([]indexEntry(nil), n)
	p.entries = p.entries[:cap(p.entries)] // all that memory comes in
	for _, e := range before {
		if e.at() != 0 {
			p.insert(e)
		}
	}
}

// drop forgets that u has that string, if it stands for u.
func (x *index) drop(text string, u *user) {
	p, hash := x.partOf(text)
	if p.used == 0 {
		return
	}
	i := p.find(entryOf(u, hash))
	if i < 0 {
		return
	}
	p.removeAt(i)
	p.used--
	x.count--
	if len(p.entries) > 16 && p.used < len(p.entries)/3 {
		p.resize(p.used + p.used/4 + 8)
	}
}

// find is where that entry is, -1 if it isn't there.
func (p *indexPart) find(e indexEntry) int {
	for i := p.place(e.hash); p.entries[i].at() != 0; i = p.behind(i) {
		if p.entries[i] == e {
			return i
		}
	}
	return -1
}

// removeAt empties a place, and fills it with what stands behind it because of what stood there.
func (p *indexPart) removeAt(hole int) {
	for i := p.behind(hole); p.entries[i].at() != 0; i = p.behind(i) {
		home, n := p.place(p.entries[i].hash), len(p.entries)
		if (i-home+n)%n >= (i-hole+n)%n { // it belongs to the hole or in front of it
			p.entries[hole], hole = p.entries[i], i
		}
	}
	p.entries[hole] = indexEntry{}
}
