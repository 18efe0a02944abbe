package room

// tellChanges gives the records of what has changed.
func tellChanges(s *State) {
	for _, r := range s.changes.rooms {
		r.touched = false
		tellRoomChange(s, r)
	}
	for _, a := range s.changes.accounts {
		a.touched = false
		k := &KeptPerson{Account: a.key}
		if u := s.persons.find(a.key); u != nil && u.stays() {
			k = recordOfPerson(u)
		}
		s.out.record(Record{Person: k})
	}
	clear(s.changes.rooms)
	clear(s.changes.accounts)
	s.changes.rooms, s.changes.accounts = s.changes.rooms[:0], s.changes.accounts[:0]
}

func tellRoomChange(s *State, r *chatRoom) {
	had, ended := r.recorded, s.hall.rooms[r.key] != r
	r.recorded = !ended && r.durable()
	switch {
	case r.recorded:
		s.out.record(Record{Room: recordOf(r)})
	case had:
		s.out.record(Record{NoRoom: r.key})
	}
	if ended {
		s.out.record(Record{Ended: r.place})
	}
}

// record tells whoever keeps records of one.
func (o *told) record(r Record) {
	o.emit(Event{Kind: RecordChanged, Scope: ToLoops, Client: NoClient, Record: &r})
}
