package room

import "strings"

// subject is who, or what, has the metadata that a command is about: a user or a room.
type subject struct {
	user *user
	room *chatRoom
}

func (k subject) name() string {
	if k.room != nil {
		return k.room.name
	}
	return k.user.name
}

func (k subject) metadata() metadata {
	if k.room != nil {
		return k.room.metadata
	}
	return metadataOf(k.user)
}

// subjectOf is whom t names, itself if that is nobody; or it is refused.
func subjectOf(t turn) (k subject, ok bool) {
	switch name := t.cmd.Name; {
	case name == "":
		return subject{user: t.u}, true
	case t.u.locked():
		t.refuse(Refusal{Why: EnterFirst})
	case strings.HasPrefix(name, "#"):
		if r := t.hall.byName(name); r != nil && viewerOf(t).mayKnow(r) {
			return subject{room: r}, true
		}
		t.refuse(Refusal{Why: NotInRoom, Who: name})
	default:
		u := t.userByName(name)
		return subject{user: u}, u != nil
	}
	return k, false
}

// settable is subjectOf for who wants to set something there: each sets its own, and operators of a room those of it.
func settable(t turn) (k subject, ok bool) {
	if k, ok = subjectOf(t); !ok {
		return k, false
	}
	no := Refusal{}
	switch {
	case k.room != nil:
		no = mayRule(t, k.room, asOperator)
	case k.user != t.u:
		no = Refusal{Why: KeysOfAnother, Who: k.user.name}
	}
	if no.Why != 0 {
		t.refuse(no)
	}
	return k, no.Why == 0
}

// doMetadataGet tells the keys in Text, with spaces between, each with its value, or all that are set.
func doMetadataGet(t turn) {
	k, ok := subjectOf(t)
	if !ok {
		return
	}
	all := k.metadata()
	keys := []KeyValue(all)
	if t.cmd.Text != "" {
		keys = nil
		for key := range strings.FieldsSeq(t.cmd.Text) {
			keys = append(keys, KeyValue{key, all.find(key)})
		}
	}
	answerKeys(t, k, keys)
}

func answerKeys(t turn, k subject, keys []KeyValue) {
	t.answer(Event{Kind: MetadataAre, RoomName: k.name(), List: []Row{keysOf(k.name(), keys)}})
}

// doMetadataSet sets the key in Text, behind which its value stands, or takes it away, if there is none.
func doMetadataSet(t turn) {
	k, ok := settable(t)
	if !ok {
		return
	}
	key, value, _ := strings.Cut(t.cmd.Text, " ")
	all := k.metadata()
	had := all.find(key)
	switch {
	case !IsKey(key):
		t.refuse(Refusal{Why: NotAKey, Who: key})
	case len(value) > MaxValue:
		t.refuse(Refusal{Why: ValueTooLong, Who: key, N: MaxValue})
	case value == "" && had == "":
		t.refuse(Refusal{Why: KeyNotSet, Who: key})
	case had == "" && len(all) >= MaxMetadata:
		t.refuse(Refusal{Why: KeysFull, Who: key, N: MaxMetadata})
	default:
		changeKeys(t, k, all.with(key, value))
		answerKeys(t, k, []KeyValue{{key, value}})
	}
}

// doMetadataClear takes all keys away.
func doMetadataClear(t turn) {
	if k, ok := settable(t); ok {
		gone := k.metadata().changed(nil)
		changeKeys(t, k, nil)
		answerKeys(t, k, gone)
	}
}

// changeKeys gives k other metadata, and tells the others what is otherwise than before.
func changeKeys(t turn, k subject, m metadata) {
	keys := k.metadata().changed(m)
	switch {
	case len(keys) == 0:
	case k.room != nil:
		k.room.metadata = m
		t.changes.room(k.room)
		tellRoomKeys(t, k.room, keys)
	default:
		setMetadata(t.u, m)
		if a := t.u.account(); a != nil {
			recordKeys(t.State, a, keys)
		}
		if !t.u.locked() {
			tellKeys(t.State, t.u, t.cmd.Client, keys)
		}
	}
}

// doMetadataSync tells of the keys that t subscribes to what is set of a room and of who shows there, or of a user. Who isn't in a room is told of the room alone.
func doMetadataSync(t turn) {
	k, ok := subjectOf(t)
	if !ok {
		return
	}
	keys := t.subscribed[t.cmd.Client]
	if k.room != nil && t.u.seatIn(k.room) >= 0 {
		answerAllKeysIn(&t.out, t.cmd.Client, t.u, k.room, keys)
		return
	}
	e := Event{Kind: MetadataSynced, RoomName: k.name()}
	if some := k.metadata().within(keys); len(some) > 0 {
		e.List = []Row{keysOf(k.name(), some)}
	}
	t.answer(e)
}

// doMetadataSub subscribes to the keys in Text, with spaces between, in their order, as far as there is room, and tells what is set of them. Those that can't be keys are left out, and told all the same.
func doMetadataSub(t turn) {
	var (
		rows  []Row
		fresh []string // at most MaxSubscriptions
		no    Refusal
	)
	for key := range strings.FieldsSeq(t.cmd.Text) {
		if IsKey(key) {
			if !t.subscribed.add(t.cmd.Client, key) {
				no = Refusal{Why: SubscriptionsFull, Who: key, N: MaxSubscriptions}
				break
			}
			fresh = append(fresh, key)
		}
		rows = append(rows, Row{Name: key})
	}
	t.answer(Event{Kind: MetadataSubbed, Verb: MetadataSub, List: rows})
	if no.Why != 0 {
		t.refuse(no)
	}
	if len(fresh) > 0 {
		answerSubscribed(t, fresh)
	}
}

// answerSubscribed tells what is set of these keys of whatever t is told of.
func answerSubscribed(t turn, keys []string) {
	if t.u.locked() {
		return
	}
	if t.u.roomCount() == 0 {
		answerKeysOf(&t.out, t.cmd.Client, t.u, keys)
	}
	for s := range t.u.seats {
		answerFreshKeysIn(&t.out, t.cmd.Client, t.u, s.room, t.large(s.room), keys)
	}
	answerKeysOfWatched(t, watchedBy(t), keys)
}

func doMetadataUnsub(t turn) {
	var rows []Row
	for key := range strings.FieldsSeq(t.cmd.Text) {
		t.subscribed.drop(t.cmd.Client, key)
		rows = append(rows, Row{Name: key})
	}
	t.answer(Event{Kind: MetadataSubbed, Verb: MetadataUnsub, List: rows})
}

// doMetadataSubs tells the keys that t subscribes to.
func doMetadataSubs(t turn) {
	var rows []Row // at most MaxSubscriptions
	for _, key := range t.subscribed[t.cmd.Client] {
		rows = append(rows, Row{Name: key})
	}
	t.answer(Event{Kind: MetadataSubbed, Verb: MetadataSubs, List: rows})
}

// tellRoomKeys tells the members of r that t's user has set keys of it.
func tellRoomKeys(t turn, r *chatRoom, keys []KeyValue) {
	if i := t.u.seatIn(r); i >= 0 {
		appear(&t.membership, t.u, i)
	}
	t.out.emit(about(t.u, Event{Kind: MetadataIs, Scope: ToRoom, Client: t.cmd.Client, Room: r.id, RoomName: r.name, List: []Row{keysOf(r.name, keys)}}))
}
