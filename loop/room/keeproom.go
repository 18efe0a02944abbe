package room

import "slices"

// MaxKept is how many rooms are kept of one founder.
const MaxKept = 20

// doKeepRoom is for ROOM KEEP: the server is asked first, as it needs a disk.
func doKeepRoom(t turn) {
	r := roomOf(t)
	if r == nil {
		return
	}
	no := mayRule(t, r, asFounder)
	switch founder := r.rights.rule(RightFounder); {
	case no.Why != 0:
	case founder == nil:
		no = Refusal{Why: RoomOfNobody, Room: r.name}
	case !t.cmd.Off && !r.rights.has(RightKept):
		no = mayKeep(t.State, founder)
	}
	if no.Why != 0 {
		t.deny(no)
		return
	}
	k := recordOf(r)
	if !r.rights.has(RightKept) {
		k.Rights = append(k.Rights, given(t, RightKept, "").Right)
	}
	t.ask(Ask{Name: t.u.name, Kept: k, Off: t.cmd.Off})
}

// mayKeep returns why there may be no further kept room of that founder. Half of the rooms that there may be are left for those that end.
func mayKeep(s *State, founder *held) (why Refusal) {
	own, all := countKept(s, founder.account)
	switch {
	case own >= MaxKept:
		return Refusal{Why: KeepsTooManyRooms, Who: founder.Target, N: int64(own)}
	case s.cfg.MaxRooms > 0 && all >= s.cfg.MaxRooms/2:
		return Refusal{Why: RoomsFull}
	}
	return why
}

// mayHave returns why there may be no further kept room of the founder to whom it is given.
func mayHave(s *State, founder *held) (why Refusal) {
	if own, _ := countKept(s, founder.account); own >= MaxKept {
		return Refusal{Why: KeepsTooManyRooms, Who: founder.Target, N: int64(own)}
	}
	return why
}

// countKept is how many rooms are kept, and how many of them for the founder with that account.
func countKept(s *State, account string) (own, all int) {
	for _, r := range s.hall.rooms { // at most Config.MaxRooms
		if !r.rights.has(RightKept) {
			continue
		}
		all++
		if founder := r.rights.rule(RightFounder); founder != nil && founder.account == account {
			own++
		}
	}
	return own, all
}

// roomKept is when the server has kept a room as it was asked to, or keeps it no longer. What has changed since is kept as well.
func roomKept(s *State, cmd *Command) {
	r := s.hall.at(cmd.Kept.Key, cmd.Kept.Place)
	if no := settleKept(s, r, cmd); no.Why != 0 {
		s.out.refuse(cmd.Client, no)
	} else {
		answerIfThere(s, cmd, Event{Kind: GovernDone, RoomName: cmd.Kept.Name, List: []Row{{Right: RightKept, Off: cmd.Off, Who: cmd.Name}}})
	}
	switch {
	case r == nil:
	case cmd.Off: // it may have been kept once more since, with what has changed in it
		s.changes.room(r)
	default:
		noteKeptAs(s, r, cmd.Kept.Key)
		if !r.durable() || !cmd.Kept.equals(recordOf(r)) {
			s.changes.room(r)
		}
	}
}

// noteKeptAs notes that there is a record of r by that key, which it may have had before it was renamed. Then the record of the room that has it now is lost, if there was one.
func noteKeptAs(s *State, r *chatRoom, key string) {
	r.recorded = true
	if key == r.key {
		return
	}
	if other := s.hall.rooms[key]; other != nil {
		other.recorded = true
		s.changes.room(other)
		return
	}
	r.was = key
}

// settleKept has r, which may be nil, be kept or not, and returns why it can't be.
func settleKept(s *State, r *chatRoom, cmd *Command) (no Refusal) {
	kept := r != nil && r.rights.has(RightKept)
	switch {
	case cmd.Off && kept:
		tellKept(s, r, cmd)
		noLongerKept(s, r)
	case !cmd.Off && r == nil: // all have left meanwhile
		reopen(s, cmd)
	case !cmd.Off && !kept && !isFounders(r, cmd.Kept): // who has asked for it has lost it meanwhile
		return Refusal{Why: RoomOfNobody, Room: r.name}
	case !cmd.Off && !kept:
		startKeeping(s, r, cmd.Kept)
		tellKept(s, r, cmd)
	}
	return no
}

// tellKept tells the members of r, but who has done it, whether it is kept.
func tellKept(s *State, r *chatRoom, cmd *Command) {
	s.out.emit(Event{
		Kind: Governed, Scope: ToRoom, Client: cmd.Client, Room: r.id, RoomName: r.name, Who: cmd.Name, List: []Row{{Right: RightKept, Off: cmd.Off, Who: cmd.Name}},
	})
}

// isFounders says whether r is of the founder that k says.
func isFounders(r *chatRoom, k *KeptRoom) bool {
	founder := r.rights.rule(RightFounder)
	return founder != nil && founder.Target == k.Founder()
}

// startKeeping keeps r as k says.
func startKeeping(s *State, r *chatRoom, k *KeptRoom) {
	i := slices.IndexFunc(k.Rights, func(h Right) bool { return h.Kind == RightKept })
	r.rights.add(held{Right: k.Rights[i], user: NoUser})
	s.hall.uncount(r)
}
