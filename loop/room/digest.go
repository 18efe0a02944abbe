package room

import "time"

// digestEvery is how often a large room is told who came and went.
const digestEvery = time.Second

// digests are the rooms with a digest to come.
type digests struct {
	rooms []*chatRoom   // in the order in which they were first counted
	last  time.Duration // when the last digest was told
}

// count adds to what the next digest of r tells.
func (d *digests) count(r *chatRoom, t Tally) {
	r.tally.Entered += t.Entered
	r.tally.SignedIn += t.SignedIn
	r.tally.Left += t.Left
	r.tally.Away += t.Away
	r.tally.Back += t.Back
	r.tally.Removed += t.Removed
	if !r.tallied {
		r.tallied = true
		d.rooms = append(d.rooms, r)
	}
}

// tell tells the large rooms what was counted, at most once in digestEvery.
func (d *digests) tell(now time.Duration, out *told) {
	if len(d.rooms) == 0 || now-d.last < digestEvery {
		return
	}
	d.last = now
	for i, r := range d.rooms {
		if r.tally != (Tally{}) {
			out.emit(Event{
				Kind: Digest, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: r.name,
				Count: len(r.members), Tally: r.tally,
			})
		}
		r.tally, r.tallied = Tally{}, false
		d.rooms[i] = nil
	}
	d.rooms = d.rooms[:0]
}
