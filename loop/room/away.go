package room

import (
	"unicode/utf8"

	"looproom/codec/plain"
)

// MaxWords is the longest topic and the longest words for being away or of an operator, in characters that show.
const MaxWords = 390

// heard notes that u is there, and brings it back if what it has sent means so.
func (t turn) heard() {
	t.u.active = t.cmd.At
	t.session().stir(t.cmd.At)
	if t.u.away != nil && t.endsAway() {
		t.comeBack(t.u, t.cmd.Client)
	}
	if t.u.away == nil {
		t.mayDoze()
	}
}

// mayDoze has u go away by itself when it has been idle for long enough: but who came as a newcomer, in whose dialect nobody does that, and every client says by itself when its user is away.
func (t turn) mayDoze() {
	if t.session().is(lists) {
		t.idle.remove(t.u)
		return
	}
	t.idle.touch(t.u)
}

// endsAway says whether a line with that verb brings u back. AWAY itself and END never do: the others would be told of a
// coming back that is over at once. Who came as a newcomer says itself when it is back. Nor do they hear of it by what a shunned user says.
func (t turn) endsAway() bool {
	switch t.cmd.Verb {
	case Say, Plea, Act, Tell:
		return !t.isShunned() && !(t.session().is(lists) && t.u.away.byWords())
	case Away, End, Logout, Back:
		return false
	default:
		return t.u.away == &asleep || t.u.away == &unheld
	}
}

// goAway has u be away. Its session by knows.
func (s *State) goAway(u *user, by ClientID, how *absence) {
	u.away = how
	s.idle.remove(u)
	if how.byWords() {
		s.changes.person(u)
	}
	e := about(u, Event{Kind: WentAway, Text: how.words})
	tellMore(s, u, by, e, s.tellNeighbours(u, by, e, Tally{Away: 1}))
}

func (s *State) comeBack(u *user, by ClientID) {
	if u.away.byWords() {
		s.changes.person(u)
	}
	u.away = nil
	e := about(u, Event{Kind: CameBack})
	tellMore(s, u, by, e, s.tellNeighbours(u, by, e, Tally{Back: 1}))
}

// awayAtOnce is how many users one Tick sends away at most. The others keep for the next one.
const awayAtOnce = 256

// sendAway lets those go away who have been idle for long enough.
func sendAway(s *State) {
	for range awayAtOnce {
		if !mustGoAway(s) {
			return
		}
		u := s.idle.front
		s.goAway(u, u.first.client, &asleep)
	}
}

// Behind says whether another Tick would have more to do at once: users are idle for long enough and are not away yet, members have still to be compared with a ban, or clients to be ended whose node is gone.
func (s *State) Behind() bool { return len(s.swept)+len(s.people.gone) > 0 || mustGoAway(s) }

// mustGoAway says whether someone is idle for long enough and not away yet.
func mustGoAway(s *State) bool {
	u := s.idle.front
	return s.cfg.AwayAfter > 0 && u != nil && s.now-u.active >= s.cfg.AwayAfter
}

func doAway(t turn) {
	if !t.fits(t.cmd.Text) {
		return
	}
	if t.u.away == nil || t.u.away == &asleep || plain.CleanString(t.u.away.words) != plain.CleanString(t.cmd.Text) {
		t.goAway(t.u, t.cmd.Client, &absence{t.cmd.Text})
	}
	t.answer(Event{Kind: Done, Verb: Away})
}

func doBack(t turn) {
	if t.u.away != nil {
		t.comeBack(t.u, t.cmd.Client)
		t.mayDoze()
	}
	t.answer(Event{Kind: Done, Verb: Back})
}

// fits denies u cmd if its words are too long.
func (t turn) fits(words string) bool {
	if utf8.RuneCountInString(plain.CleanString(words)) > MaxWords {
		t.deny(Refusal{Why: WordsTooLong})
		return false
	}
	return true
}
