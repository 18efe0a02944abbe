package order

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// MaxNodes is how many nodes there can be at a time, and numbers for them: 0 is that of a server by itself.
const MaxNodes = 255

// goneAfter is how many beats of one other node are accepted behind the last batch of a node that is gone then.
const goneAfter = 5

// member is what the log says of a node.
type member struct {
	name              string
	number            uint8 // that its clients have; it keeps it while the number isn't needed for others
	here              bool
	incarnation, last uint64          // of the batches that have been accepted
	beats             map[uint8]uint8 // by the number of another node: how many of its beats have been accepted behind the last batch
}

// roster is who takes part. It is a part of what all nodes have alike: it is changed by the batches of the log alone, and not by any clock.
type roster struct {
	members []*member // in the order of their numbers
}

func (r *roster) find(name string) *member {
	for _, m := range r.members {
		if m.name == name {
			return m
		}
	}
	return nil
}

// accepts says whether e is a batch that counts: the next of an incarnation, or the first one of a higher one, which hello says. Else it is one that comes twice, or too late.
func (r *roster) accepts(e *Entry, hello bool) bool {
	switch m := r.find(e.Node); {
	case hello:
		return e.Number == 1 && (m == nil || e.Incarnation > m.incarnation)
	case m == nil || !m.here:
		return false
	default:
		return e.Incarnation == m.incarnation && e.Number == m.last+1
	}
}

// heard notes that a batch has been accepted of m, so that it lives.
func (m *member) heard(e *Entry) {
	m.last = e.Number
	clear(m.beats)
}

// enter has the node of e take part, nil if there is no number left for it.
func (r *roster) enter(e *Entry) (m *member) {
	if m = r.find(e.Node); m == nil {
		number, ok := r.free()
		if !ok {
			return nil
		}
		m = &member{name: e.Node, number: number, beats: map[uint8]uint8{}}
		r.members = append(r.members, m)
		slices.SortFunc(r.members, func(a, b *member) int { return cmp.Compare(a.number, b.number) })
	}
	m.here, m.incarnation = true, e.Incarnation
	return m
}

// free is a number that no node has, or that one had which is gone.
func (r *roster) free() (number uint8, ok bool) {
	for n := 1; n <= MaxNodes; n++ {
		if !slices.ContainsFunc(r.members, func(m *member) bool { return int(m.number) == n }) {
			return uint8(n), true
		}
	}
	for i, m := range r.members {
		if !m.here {
			r.members = slices.Delete(r.members, i, i+1)
			return m.number, true
		}
	}
	return 0, false
}

// beat notes a beat of the member by, and returns who is gone by that.
func (r *roster) beat(by *member) (gone []*member) {
	for _, m := range r.members {
		if m == by || !m.here {
			continue
		}
		if m.beats[by.number]++; m.beats[by.number] >= goneAfter {
			m.goes()
			gone = append(gone, m)
		}
	}
	return gone
}

// goes ends m's part.
func (m *member) goes() {
	m.here = false
	clear(m.beats)
}

// here is how many take part.
func (r *roster) here() (n int) {
	for _, m := range r.members {
		if m.here {
			n++
		}
	}
	return n
}

// append appends r as read reads it: the same bytes for two that are equal.
func (r *roster) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(r.members)))
	for _, m := range r.members {
		b = binary.AppendUvarint(b, uint64(len(m.name)))
		b = append(append(b, m.name...), m.number, flag(m.here))
		b = binary.AppendUvarint(binary.AppendUvarint(b, m.incarnation), m.last)
		b = append(b, byte(len(m.beats)))
		for n := range MaxNodes + 1 {
			if beats, is := m.beats[uint8(n)]; is {
				b = append(b, byte(n), beats)
			}
		}
	}
	return b
}

func flag(is bool) byte {
	if is {
		return 1
	}
	return 0
}

// readRoster reads what append has written.
func readRoster(in *reader) (r roster) {
	for range in.uvarint(MaxNodes) {
		m := &member{name: string(in.bytes(int(in.uvarint(maxNodeName)))), number: in.byte(), here: in.byte() == 1, beats: map[uint8]uint8{}}
		m.incarnation, m.last = in.uvarint(0), in.uvarint(0)
		for range in.byte() {
			n := in.byte()
			m.beats[n] = in.byte()
		}
		r.members = append(r.members, m)
	}
	return r
}

// maxNodeName bounds the name of a node, in bytes.
const maxNodeName = 255

// reader reads numbers and bytes. Behind the first that isn't there everything is 0.
type reader struct {
	b   []byte
	bad bool
}

// uvarint reads a number that is at most most; 0: any.
func (r *reader) uvarint(most uint64) uint64 {
	x, n := binary.Uvarint(r.b)
	if n <= 0 || most > 0 && x > most {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return x
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}
