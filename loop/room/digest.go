package room

import "time"

// digestEvery is how often a large room is told who came and went.
const digestEvery = time.Second

// large says whether the coming and going in r is told by digest: told one by one, n users who enter would cost n*n lines.
func (s *State) large(r *chatRoom) bool {
	return len(r.members) > s.cfg.AnnounceMax
}

// count adds to what the next digest of r tells.
func (s *State) count(r *chatRoom, t Tally) {
	r.tally.Entered += t.Entered
	r.tally.SignedIn += t.SignedIn
	r.tally.Left += t.Left
	r.tally.Away += t.Away
	r.tally.Back += t.Back
	r.tally.Removed += t.Removed
	if !r.tallied {
		r.tallied = true
		s.tallied = append(s.tallied, r)
	}
}

// digest tells the large rooms what was counted, at most once in digestEvery.
func (s *State) digest(now time.Duration) {
	if len(s.tallied) == 0 || now-s.digestAt < digestEvery {
		return
	}
	s.digestAt = now
	for i, r := range s.tallied {
		if r.tally != (Tally{}) {
			s.emit(Event{
				Kind: Digest, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: r.name,
				Count: len(r.members), Tally: r.tally,
			})
		}
		r.tally, r.tallied = Tally{}, false
		s.tallied[i] = nil
	}
	s.tallied = s.tallied[:0]
}

// tellNeighbours tells all who share a room with u of e, once each; large rooms count t instead.
func (s *State) tellNeighbours(u *user, e Event, t Tally) {
	var small []RoomID
	for _, seat := range u.seats {
		if s.large(seat.room) {
			s.count(seat.room, t)
		} else {
			small = append(small, seat.room.id)
		}
	}
	s.emitToRooms(u, e, small)
}

// tellAllNeighbours tells all who share a room with u of e, once each, in rooms of every size.
func (s *State) tellAllNeighbours(u *user, e Event) {
	rooms := make([]RoomID, 0, len(u.seats))
	for _, seat := range u.seats {
		rooms = append(rooms, seat.room.id)
	}
	s.emitToRooms(u, e, rooms)
}

func (s *State) emitToRooms(u *user, e Event, rooms []RoomID) {
	if len(rooms) == 0 {
		return
	}
	e.Scope, e.Client, e.Rooms = ToRooms, u.id, rooms
	s.emit(e)
}
