package room

func doSignIn(t turn) {
	if !t.u.guest() {
		t.refuse(Refusal{Why: AlreadyCalled, Who: t.u.name})
		return
	}
	if t.audible() {
		t.takeName(SignedIn)
	}
	if !t.u.guest() && t.cmd.Text != "" {
		t.names.keys[t.cmd.Client] = t.cmd.Text
	}
}

func doNick(t turn) { t.takeName(Nicked) }

// takeName gives u a name that is free, and answers with an event of the kind.
func (t turn) takeName(kind Kind) {
	shown, key, why := checkNewUser(t.cmd.Name)
	if why != 0 {
		t.refuse(Refusal{Why: why})
		return
	}
	holder := t.names.here.find(key)
	if holder != nil && (holder == t.u || t.cmd.Verb != SignIn || !t.names.hasKey(holder, t.cmd.Text)) {
		holder = nil // it doesn't lose the name to u
	}
	if no := t.mayTake(holder, shown, key); no.Why != 0 {
		t.refuse(no)
		return
	}
	if holder != nil {
		t.replace(holder)
	}
	t.rename(t.u, t.cmd.Client, shown, key, Event{Kind: kind, Text: shown})
	leaveBarred(t.State, t.u, t.cmd.second())
}

// mayTake returns why the name isn't free for u. Who signs in with the key of who has the name, holder, is the same client, and gets it: its earlier
// connection is disconnected.
func (t turn) mayTake(holder *user, shown, key string) Refusal {
	ban, banned := t.rights.bans.find(key, t.cmd.second())
	switch other := t.names.here.find(key); {
	case banned:
		return ban.of(shown)
	case other != t.u && t.names.isRegistered(key) && accountOf(t.u) != key:
		return Refusal{Why: NameOwned, Who: shown}
	case other != t.u && other != holder:
		return Refusal{Why: NameInUse, Who: shown}
	}
	operator, _ := foldName(t.rights.operators[t.cmd.Client])
	return t.names.mayLook(t.u, holder, shown, key, operator)
}

// rename gives u the name, which is nobody else's, and answers its session by so. A guest signs in by it.
func (s *State) rename(u *user, by ClientID, shown, key string, answer Event) {
	old, oldKey, wasGuest := u.name, u.key, u.guest()
	if old != shown {
		notePast(s, u)
	}
	s.names.drop(u)
	u.name = shown
	u.first.unset(guest)
	forgetTold(u)
	u.rekey(key)
	s.names.put(u)
	s.numbers.move(oldKey, key)
	s.changes.person(u)
	s.out.answer(by, answer)
	if old == shown {
		return
	}
	e := about(u, Event{Kind: Renamed, Text: shown})
	e.Who = old
	tellRenamed(&s.membership, u, by, e, wasGuest)
	if key != oldKey {
		tellOffline(s, old, oldKey)
		tellOnline(s, u)
	}
}
