//go:build linux

package loop

import "looproom/loop/room"

// peers are those of a loop, by slot; nil where there is none.
type peers []*peer

// of returns the client's peer, nil if it is not on this loop or no longer.
func (ps peers) of(id room.ClientID) *peer {
	if slot := int(id.Slot()); slot < len(ps) {
		if p := ps[slot]; p != nil && p.id() == id {
			return p
		}
	}
	return nil
}

// put adds one.
func (ps *peers) put(p *peer) {
	slot := int(p.id().Slot())
	for len(*ps) <= slot {
		*ps = append(*ps, nil)
	}
	(*ps)[slot] = p
}
