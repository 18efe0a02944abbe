package room

import "slices"

// Who subscribes to keys of metadata is told what they are of those with whom it shares rooms, and of the rooms, as soon as it does so, and whenever that changes. In a large room it is told of the
// room's own alone, and asks for those of its members when it wants to: one line of one client would else be as many writes as there are members.

// syncAfter is how long who comes into a large room is asked to wait before it asks, in seconds.
const syncAfter = 10

// tellKeysOfNewcomer tells the members of r, which isn't large, but one session what is set of u, who comes.
func tellKeysOfNewcomer(o *told, u *user, but ClientID, r *chatRoom) {
	if keys := metadataOf(u); len(keys) > 0 {
		o.emit(about(u, Event{Kind: MetadataIs, Scope: ToRoom, Client: but, Room: r.id, RoomName: r.name, List: []Row{keysOf(u.name, keys)}}))
	}
}

// tellShrunk has the members of r, which is large no longer, ask what is set of each other: what has been meanwhile, or is no longer, they haven't been told.
func tellShrunk(o *told, r *chatRoom, subscribed subscriptions) {
	if len(subscribed) == 0 {
		return
	}
	o.emit(Event{Kind: MetadataLater, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: r.name})
}

// answerKeysIn tells a session of u, which hears r from now on, what is set there of the keys that it subscribes to; large is whether r is that.
func answerKeysIn(o *told, to ClientID, u *user, r *chatRoom, large bool, keys []string) {
	switch {
	case len(keys) == 0:
	case large:
		answerLater(o, to, r, keys)
	default:
		answerAllKeysIn(o, to, u, r, keys)
	}
}

// answerFreshKeysIn is answerKeysIn for who is in r already, and subscribes to more keys: that nothing is set is not told.
func answerFreshKeysIn(o *told, to ClientID, u *user, r *chatRoom, large bool, keys []string) {
	switch {
	case large:
		answerLater(o, to, r, keys)
	case len(r.metadata.within(keys)) > 0 || slices.ContainsFunc(r.members, func(of *user) bool { return len(metadataOf(of).within(keys)) > 0 }): // at most announceMax
		answerAllKeysIn(o, to, u, r, keys)
	}
}

// answerLater tells what is set of r, which is large, and that the rest is for who asks.
func answerLater(o *told, to ClientID, r *chatRoom, keys []string) {
	if own := r.metadata.within(keys); len(own) > 0 {
		o.answer(to, Event{Kind: MetadataSynced, RoomName: r.name, List: []Row{keysOf(r.name, own)}})
	}
	o.answer(to, Event{Kind: MetadataLater, RoomName: r.name, N: syncAfter})
}

// answerAllKeysIn answers with what is set of these keys of r, and of those who show there, as it is when the client takes it.
func answerAllKeysIn(o *told, to ClientID, u *user, r *chatRoom, keys []string) {
	row := func(of *user) Row { return keysOf(of.name, metadataOf(of).within(keys)) }
	n, next := r.shownCount()+1, behind(keysOf(r.name, r.metadata.within(keys)), r.shows(row))
	if r.hides(u) {
		n, next = n+1, behind(row(u), next)
	}
	o.answerFound(to, Event{Kind: MetadataSynced, RoomName: r.name}, &Rest{left: n, held: n * orderedBytes, next: func() (Row, bool) {
		row, is := next()
		return row, is && len(row.Of.Keys) > 0
	}})
}

// answerKeysOf tells a session what is set of u, who shares no room with it, of these keys.
func answerKeysOf(o *told, to ClientID, u *user, keys []string) {
	if some := metadataOf(u).within(keys); len(some) > 0 {
		o.answer(to, Event{Kind: MetadataSynced, RoomName: u.name, List: []Row{keysOf(u.name, some)}})
	}
}

// answerOwnKeys tells a session that has just become u's all that is set of u.
func answerOwnKeys(o *told, to ClientID, u *user) {
	e := Event{Kind: MetadataSynced, RoomName: u.name}
	if keys := metadataOf(u); len(keys) > 0 {
		e.List = []Row{keysOf(u.name, keys)}
	}
	o.answer(to, e)
}
