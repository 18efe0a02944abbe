package room

import "hash/maphash"

// index finds users by a string that each of them has, and keeps neither the string nor a pointer: 8 bytes for a user, and a quarter of that free on average. It
// grows in many small pieces, so that no single user who comes costs much. What it gives doesn't hang on the order of anything in it.
type index struct {
	users *[]*user                        // by slot; whoever stands in the index is there
	has   func(u *user, text string) bool // whether text is a string of u
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
	hash uint32
	user uint32 // its slot, and 1
}

func newIndex(users *[]*user, has func(u *user, text string) bool) *index {
	return &index{users: users, has: has, seed: maphash.MakeSeed()}
}

func (x *index) partOf(text string) (p *indexPart, hash uint32) {
	h := maphash.String(x.seed, text)
	return &x.parts[h>>32%indexParts], uint32(h)
}

// place is where an entry with that hash belongs.
func (p *indexPart) place(hash uint32) int { return int(uint64(hash) * uint64(len(p.entries)) >> 32) }

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
			return (*x.users)[p.entries[at].user-1]
		}
	}
	return nil
}

// at is the place of the entry of that string, -1 if there is none.
func (x *index) at(p *indexPart, hash uint32, text string) int {
	for i := p.place(hash); p.entries[i].user != 0; i = p.behind(i) {
		if e := p.entries[i]; e.hash == hash && x.has((*x.users)[e.user-1], text) {
			return i
		}
	}
	return -1
}

// put notes that u has that string, now and not whoever had it.
func (x *index) put(text string, u *user) {
	p, hash := x.partOf(text)
	e := indexEntry{hash, u.id.Slot() + 1}
	if p.used > 0 {
		if at := x.at(p, hash, text); at >= 0 {
			p.entries[at] = e
			return
		}
	}
	if p.used+1 > len(p.entries)-len(p.entries)/8 { // one entry is free in any case, where looking ends
		p.resize(p.used + p.used/4 + 8)
	}
	p.insert(e)
	p.used++
	x.count++
}

func (p *indexPart) insert(e indexEntry) {
	i := p.place(e.hash)
	for p.entries[i].user != 0 {
		i = p.behind(i)
	}
	p.entries[i] = e
}

func (p *indexPart) resize(n int) {
	before := p.entries
	p.entries = make([]indexEntry, n)
	for _, e := range before {
		if e.user != 0 {
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
	e := indexEntry{hash, u.id.Slot() + 1}
	i := p.place(hash)
	for ; p.entries[i] != e; i = p.behind(i) {
		if p.entries[i].user == 0 {
			return
		}
	}
	p.removeAt(i)
	p.used--
	x.count--
	if len(p.entries) > 16 && p.used < len(p.entries)/3 {
		p.resize(p.used + p.used/4 + 8)
	}
}

// removeAt empties a place, and fills it with what stands behind it because of what stood there.
func (p *indexPart) removeAt(hole int) {
	for i := p.behind(hole); p.entries[i].user != 0; i = p.behind(i) {
		home, n := p.place(p.entries[i].hash), len(p.entries)
		if (i-home+n)%n >= (i-hole+n)%n { // it belongs to the hole or in front of it
			p.entries[hole], hole = p.entries[i], i
		}
	}
	p.entries[hole] = indexEntry{}
}
