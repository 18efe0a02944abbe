package room

// restoreRoom makes a room of what has been kept of it. Rights of who has no registered name any more are gone, and without a founder it isn't kept by ROOM KEEP. Whether it stays will
// be known behind Restored.
func restoreRoom(s *State, cmd *Command) {
	k := cmd.Kept
	r := s.hall.rooms[k.Key]
	switch {
	case r == nil:
		r = s.hall.open(k.Name, k.Key, 0, k.Place)
	case r.key != Lobby: // it is there already
		return
	}
	if r.place = k.Place; r.place == 0 {
		r.place = firstPlace(s, k.Key)
	}
	r.recorded, r.restored = true, true
	furnish(s, r, cmd)
}

// firstPlace is that of a room that was kept before there were any.
func firstPlace(s *State, key string) PlaceID {
	if key == Lobby {
		return LobbyPlace
	}
	return s.messages.place()
}

// reopen makes a room anew that has ended while it was being kept. What was said there before is nobody's any more.
func reopen(s *State, cmd *Command) {
	r := s.hall.open(cmd.Kept.Name, cmd.Kept.Key, 0, s.messages.place())
	r.recorded = true
	if furnish(s, r, cmd); !r.durable() {
		s.hall.close(r)
	}
}

// furnish gives r the topic, the metadata and the rights that were kept.
func furnish(s *State, r *chatRoom, cmd *Command) {
	k := cmd.Kept
	r.topic, r.topicBy, r.topicAt, r.created = k.Topic, k.TopicBy, k.TopicAt, k.Created
	r.metadata = metadataFrom(k.Metadata)
	l := rightsIn(r)
	l.drop(func(h *held) bool { return h.user == NoUser })
	for _, kept := range k.Rights { // within the bounds of Right
		if h, ok := heldOf(s, kept); ok && !h.over(cmd.second()) {
			l.add(h)
		}
	}
	if !l.has(RightFounder) {
		l.drop(func(h *held) bool { return h.Kind == RightKept })
	}
	if !k.equals(recordOf(r)) {
		s.changes.room(r)
	}
}

// heldOf is a right that was kept as it holds now, false if it holds no more.
func heldOf(s *State, kept Right) (h held, ok bool) {
	h, ok = held{Right: kept, user: NoUser}, true
	switch kept.Kind.row().of {
	case ofPerson, ofUser:
		h.account, ok = foldName(kept.Target)
		ok = ok && s.names.isRegistered(h.account)
	case ofTarget:
		h.target, _, ok = parseTarget(kept.Target)
	}
	return h, ok
}

// allRestored is when all is known that was kept. Rooms end that nothing keeps; and the lobby gets a record where it has none, so that the next start knows its place.
func allRestored(s *State) {
	if lobby := s.hall.rooms[Lobby]; !lobby.restored {
		s.changes.room(lobby)
	}
	var all []*chatRoom
	for rooms := s.hall.order.items(); ; {
		r, is := rooms()
		if !is {
			break
		}
		all = append(all, r)
	}
	for _, r := range all { // at most Config.MaxRooms
		if !r.restored {
			continue
		}
		r.restored = false
		if s.changes.durability(r); len(r.members) == 0 {
			s.hall.close(r)
		}
	}
}
