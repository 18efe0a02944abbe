package room

// roll is who shows in a room, as rows of NamesAre. A large room keeps its last one, for those who come there: hardly anybody of those shows, so each is told of the same rows.
// Rows of a room are at most fewNames, of some 300 bytes, and a room that keeps them has more than Config.AnnounceMax members.
type roll struct {
	rows    []Row
	bytes   int    // see costOfAll
	changes uint32 // roomRights.changes when it was made
}

// roll is that of r, which has at most fewNames rows. Nobody may change it.
func (r *chatRoom) roll() *roll {
	if r.kept != nil && r.kept.changes == r.rights.changed() {
		return r.kept
	}
	all := r.makeRoll()
	if r.kept = nil; r.shown != nil {
		r.kept = all
	}
	return all
}

// makeRoll is roll of any number of rows, which nobody keeps.
func (r *chatRoom) makeRoll() *roll {
	next := r.shows(r.nameRow)
	all := &roll{rows: make([]Row, r.shownCount()), changes: r.rights.changed()}
	for i := range all.rows {
		all.rows[i], _ = next()
	}
	all.bytes = costOfAll(all.rows)
	return all
}

// looksOtherwise is when what others are told of u beside its rights is about to be something else, or has become that.
func looksOtherwise(u *user) {
	for s := range u.seats {
		if !s.hidden {
			s.room.kept = nil
		}
	}
}
