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
	had, was, ended := r.recorded, r.was, s.hall.rooms[r.key] != r
	r.recorded, r.was = !ended && r.durable(), ""
	switch {
	case r.recorded && had:
		s.out.record(Record{Room: recordOf(r), Was: was})
	case r.recorded:
		s.out.record(Record{Room: recordOf(r)})
	case had && was != "":
		s.out.record(Record{NoRoom: was})
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
