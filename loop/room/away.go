package room

import "unicode/utf8"

// MaxWords is the longest topic and the longest words for being away or of an operator, in characters.
const MaxWords = 390

// heard notes that u has sent a line, and brings it back if that line means so.
func (s *State) heard(u *user, cmd *Command) {
	if cmd.Verb == Ping || cmd.Verb == Confirm {
		return
	}
	u.active = cmd.At
	if u.away != nil && s.endsAway(u, cmd) {
		s.comeBack(u)
	}
	if u.away == nil {
		s.idle.touch(u)
	}
}

// endsAway says whether a line with that verb brings u back. AWAY itself and END never do: the others would be told of a
// coming back that is over at once. Nor do they hear of it by what a shunned user says.
func (s *State) endsAway(u *user, cmd *Command) bool {
	switch cmd.Verb {
	case Say, Plea, Act, Tell:
		return !s.isShunned(u, cmd.Unix)
	case Away, End, Back:
		return false
	default:
		return u.away == &asleep
	}
}

// absence is how a user is away.
type absence struct{ words string }

// asleep is the absence of all who are away for want of lines, and not by AWAY.
var asleep absence

// said is the user's words for it, none if it is here.
func (a *absence) said() string {
	if a == nil {
		return ""
	}
	return a.words
}

func (s *State) goAway(u *user, how *absence) {
	u.away = how
	s.idle.remove(u)
	s.tellNeighbours(u, Event{Kind: WentAway, Who: u.name, Text: how.words}, Tally{Away: 1})
}

func (s *State) comeBack(u *user) {
	u.away = nil
	s.tellNeighbours(u, Event{Kind: CameBack, Who: u.name}, Tally{Back: 1})
}

// awayAtOnce is how many users one Tick sends away at most. The others keep for the next one.
const awayAtOnce = 256

// sendAway lets those go away who have been idle for long enough.
func (s *State) sendAway() {
	for range awayAtOnce {
		if !s.Behind() {
			return
		}
		s.goAway(s.idle.front, &asleep)
	}
}

// Behind says whether another Tick would have more to do at once: users are idle for long enough and are not away yet.
func (s *State) Behind() bool {
	u := s.idle.front
	return s.cfg.AwayAfter > 0 && u != nil && s.now-u.active >= s.cfg.AwayAfter
}

func (s *State) doAway(u *user, cmd *Command) {
	if !s.audible(u, cmd) || !s.named(u) || !s.fits(u, cmd.Text) {
		return
	}
	if u.away == nil || u.away == &asleep || u.away.words != cmd.Text {
		s.goAway(u, &absence{cmd.Text})
	}
	s.answer(u, Event{Kind: IsAway})
}

func (s *State) doBack(u *user, cmd *Command) {
	if !s.audible(u, cmd) || !s.named(u) {
		return
	}
	if u.away != nil {
		s.comeBack(u)
		s.idle.touch(u)
	}
	s.answer(u, Event{Kind: IsBack})
}

// fits refuses words that are too long.
func (s *State) fits(u *user, words string) bool {
	if tooLong(words) {
		s.refuse(u, Refusal{Why: WordsTooLong})
		return false
	}
	return true
}

func tooLong(words string) bool { return utf8.RuneCountInString(words) > MaxWords }
