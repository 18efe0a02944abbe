package room

// Lobby is the room where everyone begins. It never ends.
const Lobby = "#lobby"

// hall is the rooms that there are.
type hall struct {
	rooms map[string]*chatRoom // by key
	order ordered[*chatRoom]   // the same
	looks guises[*chatRoom]
	// opened counts the rooms by the group of who has opened them; there is no entry for a group without.
	opened map[uint64]int
	last   RoomID
	// occupied is how many of them have members.
	occupied int
	// kept is how many bytes the messages of all rooms take.
	kept    int
	changes *changes
}

func newHall(c *changes) hall {
	h := emptyHall(c)
	h.open(Lobby, Lobby, 0, LobbyPlace).recorded = true
	return h
}

// begun notes when the lobby was opened, which is when a server first began.
func begun(h *hall, wall int64) {
	if lobby := h.rooms[Lobby]; lobby.created == 0 {
		lobby.created = wall
	}
}

// emptyHall has not even the lobby.
func emptyHall(c *changes) hall {
	h := hall{rooms: map[string]*chatRoom{}, looks: guises[*chatRoom]{}, opened: map[uint64]int{}, changes: c}
	h.order = newOrdered(func(a, b *chatRoom) bool { return a.key < b.key })
	return h
}

// byName finds a room by a name as a client writes it.
func (h *hall) byName(name string) *chatRoom {
	key, ok := foldName(name)
	if !ok {
		return nil
	}
	return h.rooms[key]
}

// open makes the room with that key, which there isn't, for someone of the group.
func (h *hall) open(shown, key string, group uint64, place PlaceID) *chatRoom {
	h.last++
	r := &chatRoom{id: h.last, name: shown, key: key, opener: group, place: place}
	h.add(r)
	h.looks.add(guiseOf(shown, key), r)
	h.count(r)
	return r
}

// add notes that r is there, which counts for nobody yet and is found by its key alone.
func (h *hall) add(r *chatRoom) {
	h.rooms[r.key] = r
	h.order.add(r)
}

// rename has r found by another name, which no other room has.
func (h *hall) rename(r *chatRoom, shown, key string) {
	h.looks.remove(guiseOf(r.name, r.key), r)
	delete(h.rooms, r.key)
	h.order.remove(r)
	r.name, r.key = shown, key
	h.add(r)
	h.looks.add(guiseOf(shown, key), r)
}

// at finds the room in which that place is, which had the key once and may have another one by now; else the one that has the key. It may look through all rooms, of which there are at most
// Config.MaxRooms.
func (h *hall) at(key string, place PlaceID) *chatRoom {
	r := h.rooms[key]
	if place == 0 || r != nil && r.place == place {
		return r
	}
	for _, other := range h.rooms {
		if other.place == place {
			return other
		}
	}
	return r
}

// close forgets an empty room; of one that outlives its members only what nobody is there to be told of.
func (h *hall) close(r *chatRoom) {
	if r.tally = (Tally{}); r.durable() {
		return
	}
	h.changes.room(r)
	delete(h.rooms, r.key)
	h.order.remove(r)
	h.looks.remove(guiseOf(r.name, r.key), r)
	h.kept -= r.recent.bytes
	h.uncount(r)
}

// count has r count for the group of who has opened it.
func (h *hall) count(r *chatRoom) {
	if r.opener != 0 {
		h.opened[r.opener]++
	}
}

// uncount is when it does no longer: it has ended, or is kept for its founder.
func (h *hall) uncount(r *chatRoom) {
	if r.opener == 0 {
		return
	}
	if h.opened[r.opener]--; h.opened[r.opener] == 0 {
		delete(h.opened, r.opener)
	}
}

// mayJoin returns why the limits don't let u into one more room.
func (h *hall) mayJoin(u *user, shown, key string, group uint64, cfg *Config) (why Refusal) {
	if other, found := h.looks.find(guiseOf(shown, key)); found && other.key != key {
		return Refusal{Why: RoomLooksLike, Who: shown, Text: other.name}
	}
	switch opens := h.rooms[key] == nil; {
	case cfg.inTooMany(u):
		return Refusal{Why: InTooManyRooms, Who: shown, N: int64(u.roomCount())}
	case opens && cfg.MaxRooms > 0 && len(h.rooms) >= cfg.MaxRooms:
		return Refusal{Why: NoMoreRooms, Who: shown}
	case opens && group != 0 && cfg.MaxRoomsPerAddress > 0 && h.opened[group] >= cfg.MaxRoomsPerAddress:
		return Refusal{Why: OpenedTooManyRooms, Who: shown, N: int64(h.opened[group])}
	}
	return why
}

// inTooMany says whether u is in as many rooms as it may be.
func (cfg *Config) inTooMany(u *user) bool {
	return cfg.MaxRoomsPerUser > 0 && u.roomCount() >= cfg.MaxRoomsPerUser
}

// keep adds a message to those that are kept of r.
func (h *hall) keep(r *chatRoom, row Row, cfg *Config) {
	before := r.recent.bytes
	r.recent.add(row, cfg.Recent, cfg.RecentBytes)
	h.kept += r.recent.bytes - before
}

// resize keeps the last messages of each room, so many of so many bytes.
func (h *hall) resize(limit, most int) {
	h.kept = 0
	for _, r := range h.rooms {
		r.recent.resize(limit, most)
		h.kept += r.recent.bytes
	}
}

// limit has rooms that keep more bytes than that forget their oldest messages; 0: none.
func (h *hall) limit(bytes int) {
	for _, r := range h.rooms {
		before := r.recent.bytes
		r.recent.limit(bytes)
		h.kept += r.recent.bytes - before
	}
}
