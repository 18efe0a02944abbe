package dialogue

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// accounts is what a pure stage knows of passwords and bans, and a State doesn't. Passwords are kept as they are, and a wrong one is
// refused at once.
type accounts struct {
	o     Options
	names map[string]account // registered, by key
	bans  *ban.List
}

// account is a registered name.
type account struct {
	shown, password string
	keys            []string // digests of those that open it in the place of the password
}

// opens says whether that is the password, or a key.
func (a *account) opens(said string) bool {
	return a.password == said || slices.Contains(a.keys, room.KeyDigest(said))
}

func newAccounts(o Options) accounts {
	return accounts{o: o, names: map[string]account{}, bans: &ban.List{}}
}

// answererOf returns what a server does about an Ask that isn't refused.
func answererOf(v room.Verb) func(*Pure, *member, *room.Ask) {
	return map[room.Verb]func(*Pure, *member, *room.Ask){
		room.Pass:         (*Pure).pass,
		room.Register:     (*Pure).register,
		room.Login:        (*Pure).login,
		room.Unregister:   (*Pure).unregister,
		room.Forget:       (*Pure).forget,
		room.ClearRoom:    (*Pure).clearRoom,
		room.Redact:       (*Pure).redact,
		room.Trust:        (*Pure).trust,
		room.Distrust:     (*Pure).distrust,
		room.LoginBy:      (*Pure).noCertificate,
		room.TrustCert:    (*Pure).noCertificate,
		room.DistrustCert: (*Pure).noCertificate,
		room.Certs:        (*Pure).certs,
		room.Oper:         (*Pure).oper,
		room.KeepRoom:     (*Pure).keepRoom,
		room.Keep:         (*Pure).keepPerson,
		room.Ban:          (*Pure).ban,
		room.Shun:         (*Pure).ban,
		room.Unban:        (*Pure).unban,
		room.Bans:         (*Pure).listBans,
		room.Stats:        (*Pure).stats,
		room.Drain:        (*Pure).drain,
	}[v]
}

func (s *Pure) pass(m *member, a *room.Ask) {
	if a.Password != s.accounts.o.Password {
		s.refuse(m, room.Refusal{Why: room.WrongSecret})
		return
	}
	s.apply(m, room.Command{Verb: room.Admit})
}

func (s *Pure) register(m *member, a *room.Ask) {
	switch n := utf8.RuneCountInString(a.Password); {
	case !s.accounts.o.Names:
		s.refuse(m, room.Refusal{Why: room.NamesNotKept})
	case n < 8 || n > 300:
		s.refuse(m, room.Refusal{Why: room.PasswordUnfit, Text: "a password has 8 to 300 characters"})
	default:
		s.accounts.names[a.Key] = account{shown: a.Name, password: a.Password}
		s.apply(m, room.Command{Verb: room.Registered, Name: a.Name})
	}
}

func (s *Pure) login(m *member, a *room.Ask) {
	switch found, ok := s.accounts.names[a.Key]; {
	case !s.accounts.o.Names:
		s.refuse(m, room.Refusal{Why: room.NamesNotKept})
	case !ok || !found.opens(a.Password):
		s.refuse(m, room.Refusal{Why: room.WrongSecret})
	default:
		s.apply(m, room.Command{Verb: room.LogIn, Name: found.shown})
	}
}

func (s *Pure) unregister(m *member, a *room.Ask) {
	delete(s.accounts.names, a.Key)
	s.apply(m, room.Command{Verb: room.Unregistered, Name: a.Name})
}

func (s *Pure) forget(m *member, a *room.Ask) {
	delete(s.accounts.names, a.Key)
	s.apply(m, room.Command{Verb: room.Forgotten, Name: a.Key, N: int64(s.past.forget(a.Key))})
}

func (s *Pure) clearRoom(m *member, a *room.Ask) {
	s.apply(m, room.Command{Verb: room.RoomCleared, Name: a.Name, Room: a.Key, Place: a.Place})
}

func (s *Pure) redact(m *member, a *room.Ask) {
	s.past.erase(func(m *said) bool { return m.place == a.Place && m.ID == a.Msg })
	s.apply(m, room.Command{Verb: room.MessageErased, Name: a.Name, Room: a.Key, Place: a.Place, Msg: a.Msg, Text: a.Text})
}

func (s *Pure) trust(m *member, a *room.Ask) {
	found := s.accounts.names[a.Key]
	found.keys = append(found.keys, a.Password)
	s.accounts.names[a.Key] = found
	s.answer(m, room.Event{Kind: room.Done, Verb: room.Trust})
}

func (s *Pure) distrust(m *member, a *room.Ask) {
	found := s.accounts.names[a.Key]
	found.keys = slices.DeleteFunc(found.keys, func(key string) bool { return a.Password == "" || key == a.Password })
	s.accounts.names[a.Key] = found
	s.answer(m, room.Event{Kind: room.Done, Verb: room.Trust, Who: "OFF"})
}

// noCertificate is for who would log in, or be trusted, by a certificate, which nobody shows on a stage.
func (s *Pure) noCertificate(m *member, a *room.Ask) {
	s.refuse(m, room.Refusal{Why: room.CertNotShown})
}

func (s *Pure) certs(m *member, _ *room.Ask) { s.answer(m, room.Event{Kind: room.CertList}) }

func (s *Pure) oper(m *member, a *room.Ask) {
	for _, o := range s.accounts.o.Operators {
		if o.Name == a.Name && o.Password == a.Password {
			s.apply(m, room.Command{Verb: room.Grant, Name: o.Name})
			return
		}
	}
	s.refuse(m, room.Refusal{Why: room.WrongSecret})
}

// keepRoom has a room stay when it is empty. The stage has no restart that it could outlive.
func (s *Pure) keepRoom(m *member, a *room.Ask) {
	if !s.accounts.o.Names {
		s.refuse(m, room.Refusal{Why: room.RoomsNotKept})
		return
	}
	s.apply(m, room.Command{Verb: room.RoomKept, Name: a.Name, Kept: a.Kept, Off: a.Off})
}

// keepPerson has a person stay without a connection.
func (s *Pure) keepPerson(m *member, a *room.Ask) {
	if a.Person == nil {
		s.answer(m, room.Event{Kind: room.Keeping, On: !a.Off})
		return
	}
	s.apply(m, room.Command{Verb: room.PersonKept, Name: a.Key, Person: a.Person, Off: a.Off})
}

// ban is for BAN and SHUN. The operator is answered before others hear of it.
func (s *Pure) ban(m *member, a *room.Ask) {
	target, err := ban.ParseTarget(a.Name, a.Key)
	if err != nil {
		s.refuse(m, room.Refusal{Why: room.NotATarget, Text: err.Error()})
		return
	}
	if target.Net.Contains(m.from.Addr()) {
		s.refuse(m, room.Refusal{Why: room.OwnAddress, Text: target.String()})
		return
	}
	e := ban.Entry{Target: target, Shun: a.Verb == room.Shun, Since: s.unix(), By: a.Operator, Words: a.Text}
	if a.Seconds > 0 {
		e.Until = s.unix() + a.Seconds
	}
	s.accounts.bans = s.accounts.bans.With(e, s.unix())
	s.answer(m, room.Event{Kind: room.BanSet, List: []room.Row{rowOf(e)}})
	verb := room.SetBan
	if e.Shun {
		verb = room.SetShun
	}
	s.hold(target, room.Command{Verb: verb, N: e.Until, Text: e.Words})
}

func (s *Pure) unban(m *member, a *room.Ask) {
	target, err := ban.ParseTarget(a.Name, a.Key)
	if err != nil {
		s.refuse(m, room.Refusal{Why: room.NotATarget, Text: err.Error()})
		return
	}
	bans, had := s.accounts.bans.Without(target, s.unix())
	s.accounts.bans = bans
	if !had {
		s.refuse(m, room.Refusal{Why: room.NothingToLift, Text: target.String()})
		return
	}
	s.answer(m, room.Event{Kind: room.BanLifted, Who: target.String()})
	s.hold(target, room.Command{Verb: room.SetBan, N: room.None})
	s.hold(target, room.Command{Verb: room.SetShun, N: room.None})
}

// hold brings a change of the bans to the State: cmd for a name, and what it means for each client where the target is an address.
func (s *Pure) hold(target ban.Target, cmd room.Command) {
	if target.Name != "" {
		cmd.Name, cmd.Client = target.Name, room.NoClient
		s.tell(cmd)
		return
	}
	for m := range s.index.All {
		s.holdAddress(m)
	}
}

// holdAddress brings it to the State that m's address is banned or shunned, or no longer shunned.
func (s *Pure) holdAddress(m *member) {
	if e, is := s.accounts.bans.Address(m.from.Addr(), false, s.unix()); is {
		s.apply(m, room.Command{Verb: room.BanClient, N: e.Until, Text: e.Words})
		return
	}
	until := int64(room.None)
	if e, is := s.accounts.bans.Address(m.from.Addr(), true, s.unix()); is {
		until = e.Until
	}
	s.apply(m, room.Command{Verb: room.ShunClient, N: until})
}

func (s *Pure) listBans(m *member, _ *room.Ask) {
	var rows []room.Row
	for _, e := range s.accounts.bans.Entries(s.unix()) {
		rows = append(rows, rowOf(e))
	}
	s.answer(m, room.Event{Kind: room.BanList, Count: len(rows), List: rows})
}

func rowOf(e ban.Entry) room.Row {
	return room.Row{Name: e.Target.String(), Who: e.By, Text: e.Words, At: 1000 * e.Until, Shun: e.Shun}
}

func (s *Pure) stats(m *member, _ *room.Ask) {
	s.answer(m, room.Event{Kind: room.StatList, List: []room.Row{{Name: "clients", Text: strconv.Itoa(s.state.Len())}}})
}

func (s *Pure) drain(m *member, _ *room.Ask) {
	s.answer(m, room.Event{Kind: room.Draining})
	for other := range s.index.All {
		s.refuse(other, room.Refusal{Why: room.ShuttingDown})
		other.gone = true
	}
}

func (s *Pure) refuse(m *member, why room.Refusal) { s.answer(m, why.Event()) }

// answer tells m alone.
func (s *Pure) answer(m *member, e room.Event) {
	e.Scope, e.Client = room.ToClient, m.id
	m.output = m.append(m.output, &e, true)
	m.gone = m.gone || m.over()
}

// wall is the wall clock's time in milliseconds, unix in seconds.
func (s *Pure) wall() int64 { return 1000*began + s.now.Milliseconds() }
func (s *Pure) unix() int64 { return s.wall() / 1000 }
