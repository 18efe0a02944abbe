package room

import "looproom/codec/plain"

func doJoin(t turn) {
	shown, key, why := checkRoom(t.cmd.Name)
	if why != 0 {
		t.refuse(Refusal{Why: why, Who: t.cmd.Name})
		return
	}
	if r := t.hall.rooms[key]; r != nil {
		if i := t.u.seatIn(r); i >= 0 {
			if i != t.u.roomCount()-1 {
				t.u.makeLast(i)
				t.changes.person(t.u)
			}
			t.makeCurrent(t.session(), r)
			t.out.answerJoin(t.cmd.Client, r, true)
			return
		}
	}
	if t.hall.rooms[key] == nil && !t.maySpeak() {
		return // the name of a room says something, too
	}
	if no := t.hall.mayJoin(t.u, shown, key, t.cmd.Group, &t.cfg); no.Why != 0 {
		t.refuse(no)
		return
	}
	r := t.hall.rooms[key]
	if r == nil {
		r = t.hall.open(shown, key, t.cmd.Group, t.messages.place())
		r.created = t.cmd.Wall
		found(t, r)
	} else if no := mayEnter(t, r, t.cmd.Text); no.Why != 0 {
		t.refuse(no)
		return
	}
	useInvitation(t.State, t.u, r)
	if r.key == Lobby && t.u.guest() {
		noteTold(t.State, t.u, r)
	}
	t.enter(t.u, t.cmd.Client, r)
	if r.rights != nil && r.rights.levelOf(bearerOf(t.u)) > asAnyone {
		appearIn(t, t.u, r) // so that the others see its rights
	}
	t.out.answerJoin(t.cmd.Client, r, false)
	tellRead(t.membership.out, t.session(), t.u, r)
	tellNames(&t.membership, t.session(), t.u, r)
	answerKeysIn(&t.out, t.cmd.Client, t.u, r, t.large(r), t.subscribed[t.cmd.Client])
	t.out.remind(t.cmd.Client, r)
}

func doPart(t turn) {
	r, i := t.currentOrNamed(t.cmd.Name)
	if r == nil {
		return
	}
	t.answer(Event{Kind: Done, Verb: Part, RoomName: r.name})
	others := t.u.talkingIn(r, t.cmd.Client)
	t.leave(t.u, i, going{words: t.cmd.Text})
	t.out.tellOthers(t.u, t.cmd.Client, Event{Kind: LeftToo, RoomName: r.name})
	t.out.tellCurrent(t.u, others)
}

// doTopic tells the topic of a room, or sets it to Text, or with Off to nothing.
func doTopic(t turn) {
	r, i := t.currentOrNamed(t.cmd.Room)
	if r == nil {
		return
	}
	var id MsgID
	if t.cmd.Text != "" || t.cmd.Off {
		if !t.audible() || !t.named() || !t.fits(t.cmd.Text) {
			return
		}
		if no := maySetTopic(t, r); no.Why != 0 {
			t.refuse(no)
			return
		}
		if plain.CleanString(t.cmd.Text) == plain.CleanString(r.topic) { // as it shows
			t.answer(topicIs(r, Event{Current: true}))
			return
		}
		appear(&t.membership, t.u, i)
		r.topic, r.topicBy, r.topicAt = t.cmd.Text, t.u.name, t.cmd.Wall
		t.changes.room(r)
		set := about(t.u, Event{Kind: TopicSet, Scope: ToRoom, Client: t.cmd.Client, Room: r.id, RoomName: r.name, Text: r.topic, At: t.cmd.Wall})
		note(t.State, r, &set)
		t.out.emit(set)
		id = set.ID
	}
	t.answer(topicIs(r, Event{ID: id}))
}

// doTopicOf tells the topic of a room to anybody who may know of it.
func doTopicOf(t turn) {
	r := t.hall.byName(t.cmd.Name)
	if r == nil || !viewerOf(t).mayKnow(r) {
		t.refuse(Refusal{Why: NotInRoom, Who: t.cmd.Name})
		return
	}
	t.answer(topicIs(r, Event{}))
}

// topicIs is e with the topic of r.
func topicIs(r *chatRoom, e Event) Event {
	e.Kind, e.RoomName, e.Text, e.Who, e.At = TopicIs, r.name, r.topic, r.topicBy, r.topicAt
	return e
}
