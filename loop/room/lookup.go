package room

import (
	"strings"
	"unicode"
)

// Who may read what has been said stands here: a room's messages, who is in it now; private ones, whose account has a copy.

// usual and most are how many messages an answer has, by its verb.
var usual, most = map[Verb]int64{History: 50, Search: 20, Export: 500, Targets: 50}, map[Verb]int64{History: 500, Search: 100, Export: 500, Targets: 100}

// lookOf is what u asks for, as far as no more has to be known than the command.
func lookOf(t turn) *Look {
	l := &Look{}
	if t.cmd.Look != nil {
		*l = *t.cmd.Look
	}
	n := t.cmd.N
	if n == None {
		n = usual[t.cmd.Verb]
	}
	l.Verb, l.Account, l.N = t.cmd.Verb, accountOf(t.u), int(max(1, min(n, most[t.cmd.Verb])))
	return l
}

// lookFor has the server look, and answer in u's place in the order of events.
func lookFor(t turn, l *Look) { t.answer(Event{Kind: LookAsked, Ask: &Ask{Verb: l.Verb, Look: l}}) }

func doHistory(t turn) {
	if l := lookOf(t); pointAt(t, l) {
		lookFor(t, l)
	}
}

func doSearch(t turn) {
	l := lookOf(t)
	if l.Words = t.cmd.Text; !strings.ContainsFunc(l.Words, findable) {
		t.refuse(Refusal{Why: NothingToFind})
		return
	}
	if !t.fits(l.Words) || !findSpeaker(t, l) {
		return
	}
	if t.cmd.Name != "" {
		if !pointAt(t, l) {
			return
		}
	} else {
		seeAll(t, l)
	}
	lookFor(t, l)
}

// seeAll has l look wherever u may.
func seeAll(t turn, l *Look) {
	l.Letters = l.Account != ""
	for seat := range t.u.seats { // at most as many as one may be in
		l.Places = append(l.Places, seenIn(seat.room))
	}
}

// doTargets asks in which rooms that u is in, and with whom, something was said in a time.
func doTargets(t turn) {
	l := lookOf(t)
	seeAll(t, l)
	lookFor(t, l)
}

func doExport(t turn) {
	if t.hasAccount() {
		lookFor(t, lookOf(t))
	}
}

// findable says whether r can stand in what is found: the others only part words.
func findable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// pointAt has l look in the room, or in the conversation with the user, that cmd names, and denies u cmd if it may not.
func pointAt(t turn, l *Look) bool {
	if t.cmd.Name == "" || strings.HasPrefix(t.cmd.Name, "#") {
		r, _ := t.currentOrNamed(t.cmd.Name)
		if r == nil {
			return false
		}
		l.Places, l.Shown = []Seen{seenIn(r)}, r.name
		return true
	}
	if l.Account == "" {
		t.refuse(Refusal{Why: LettersUnkept})
		return false
	}
	shown, key, ok := someone(t, t.cmd.Name)
	l.With, l.Shown, l.Letters = key, shown, true
	return ok
}

// findSpeaker has l look for what the one has said whose name it has, if it has one.
func findSpeaker(t turn, l *Look) (ok bool) {
	if l.By == "" {
		return true
	}
	_, l.By, ok = someone(t, l.By)
	return ok
}

// someone is the name and the key of a user who is here or isn't: a guest, too, whose name nobody can take. It denies u cmd if there can be none of that name.
func someone(t turn, name string) (shown, key string, ok bool) {
	if u := t.names.byName(name); u != nil {
		return u.name, u.key, true
	}
	shown, key, why := checkName(name)
	if why == NameLikeAddress {
		if key, ok = foldName(name); ok {
			return strings.Clone(name), key, true
		}
	}
	if why != 0 {
		t.refuse(Refusal{Why: why, Who: name})
	}
	return shown, key, why == 0
}

// seenIn is r as a place to look in.
func seenIn(r *chatRoom) Seen { return Seen{Place: r.place, Room: r.name} }
