package room

// turn is a command of a user's session, as it is carried out.
type turn struct {
	*State
	u   *user
	cmd *Command
	// joint takes what changes in the room, which is told when all has been done; nil: that is told at once.
	joint *[]Row
}

// session is the one that cmd comes from. It is valid until the user gets or loses one.
func (t turn) session() *session { return t.u.sessionOf(t.cmd.Client) }

// needs are what a verb asks of who says it.
type needs uint8

const (
	toBeHeard  needs = 1 << iota // the others hear of it: not by who is shunned
	aVoice                       // not by guests where they only read
	aName                        // not by guests
	anOperator                   // and by nobody else
)

// may says whether u is what the verb needs, and denies it cmd if not.
func (t turn) may(what needs) bool {
	return (what&toBeHeard == 0 || t.audible()) && (what&aVoice == 0 || t.maySpeak()) &&
		(what&aName == 0 || t.named()) && (what&anOperator == 0 || t.operates())
}

// audible says whether the others may hear of what u does, and denies it cmd if not.
func (t turn) audible() bool {
	if t.isShunned() {
		t.deny(Refusal{Why: ReadOnly})
		return false
	}
	return true
}

// maySpeak says whether u may be heard, which guests may not where they only read, and denies it cmd if not.
func (t turn) maySpeak() bool {
	if t.u.guest() && t.cfg.GuestsRead {
		t.deny(Refusal{Why: GuestsRead})
		return false
	}
	return true
}

// named says whether u has signed in, and denies it cmd if not.
func (t turn) named() bool {
	if t.u.guest() {
		t.deny(Refusal{Why: NameFirst})
	}
	return !t.u.guest()
}

// operates says whether u is an operator, and denies it cmd if not.
func (t turn) operates() bool {
	if t.rights.isOperator(t.cmd.Client) {
		return true
	}
	t.deny(Refusal{Why: OperatorsOnly})
	return false
}

func (t turn) answer(e Event) { t.out.answer(t.cmd.Client, e) }

// refuse tells u that what it asked for is not done. See deny for verbs whose answer comes from the server.
func (t turn) refuse(why Refusal) { t.out.refuse(t.cmd.Client, why) }

// ask has the server do what cmd wants, in u's place in the order of events.
func (t turn) ask(a Ask) {
	a.Verb, a.Operator = t.cmd.Verb, t.rights.operators[t.cmd.Client]
	t.answer(Event{Kind: Asked, Ask: &a})
}

// deny refuses cmd in the way that its verb needs: where the client's input waits for an answer of a kind, the refusal is in that.
func (t turn) deny(why Refusal) {
	switch {
	case t.cmd.Verb.Asks():
		t.ask(Ask{Refusal: why})
	case t.cmd.Verb == Send:
		t.answer(Event{Kind: UploadAsked, Who: t.u.name, Text: t.cmd.Name, N: t.cmd.N, Ask: &Ask{Verb: Send, Refusal: why}})
	default:
		t.refuse(why)
	}
}

// isShunned says whether the session may only read.
func (t turn) isShunned() bool { return t.rights.isShunned(t.u, t.cmd.Client, t.cmd.second()) }

// current returns the room that the session talks in, or tells it that its user is in none.
func (t turn) current() *chatRoom {
	r := t.u.currentIn(t.session())
	if r == nil {
		t.refuse(Refusal{Why: NoRoomNow})
	}
	return r
}

// seatOf returns the room of that name and u's seat in it, or tells u that it is not in there.
func (t turn) seatOf(name string) (*chatRoom, int) {
	if r := t.hall.byName(name); r != nil {
		if i := t.u.seatIn(r); i >= 0 {
			return r, i
		}
	}
	t.refuse(notIn(t, t.hall.byName(name), name))
	return nil, -1
}

// currentOrNamed is seatOf, or the current room where there is no name.
func (t turn) currentOrNamed(name string) (*chatRoom, int) {
	if name != "" {
		return t.seatOf(name)
	}
	r := t.current()
	return r, t.u.seatIn(r)
}

// userByName finds a user for u, or tells u that there is none.
func (t turn) userByName(name string) *user {
	found := t.names.byName(name)
	if found == nil {
		t.refuse(Refusal{Why: NotHere, Who: name})
	}
	return found
}
