package room

import "strings"

// maySpeak says whether u may be heard, which guests may not where they only read, and denies it cmd if not.
func (s *State) maySpeak(u *user, cmd *Command) bool {
	if u.guest && s.cfg.GuestsRead {
		s.deny(u, cmd, Refusal{Why: GuestsRead})
		return false
	}
	return true
}

// doPlea gives a hint to who doesn't know yet how to talk to the server; to others help is a word like any other.
func (s *State) doPlea(u *user, cmd *Command) {
	if u.spoken {
		s.doSay(u, cmd)
		return
	}
	s.answer(u, Event{Kind: Hinted, Text: cmd.Name})
}

func (s *State) doSay(u *user, cmd *Command) {
	if r := s.currentOf(u); r != nil && s.maySpeak(u, cmd) {
		s.talk(u, r, Said, cmd)
	}
}

func (s *State) doAct(u *user, cmd *Command) {
	if r := s.currentOf(u); r != nil && s.maySpeak(u, cmd) {
		s.talk(u, r, Acted, cmd)
	}
}

// talk tells the other members of r, and keeps the message for those who come later. What a shunned user says ends here, and nobody is
// told.
func (s *State) talk(u *user, r *chatRoom, kind Kind, cmd *Command) {
	u.spoken = true
	if s.isShunned(u, cmd.Unix) {
		return
	}
	before := r.recent.bytes
	r.recent.add(Row{Name: u.name, Text: cmd.Text, Unix: cmd.Unix, Action: kind == Acted}, s.cfg.Recent, s.cfg.RecentBytes)
	s.historyBytes += r.recent.bytes - before
	s.emit(Event{Kind: kind, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Text: cmd.Text})
}

func (s *State) doTell(u *user, cmd *Command) {
	if strings.HasPrefix(cmd.Name, "#") {
		if r, _ := s.seatOf(u, cmd.Name); r != nil && s.maySpeak(u, cmd) {
			s.talk(u, r, Said, cmd)
		}
		return
	}
	if !s.named(u) {
		return
	}
	to := s.userByName(u, cmd.Name)
	if u.spoken = u.spoken || to != nil; to != nil && !s.isShunned(u, cmd.Unix) {
		s.answer(to, Event{Kind: Whispered, Who: u.name, Text: cmd.Text})
	}
}
