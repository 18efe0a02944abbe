package room

// setBan keeps a name from being used, and disconnects who has it.
func (s *State) setBan(cmd *Command) {
	key, ok := foldName(cmd.Name)
	if !ok {
		return
	}
	s.rights.bans.set(key, sentence{until: cmd.N, words: cmd.Text}, cmd.second())
	ban, holds := s.rights.bans.find(key, cmd.second())
	if u := s.names.here.find(key); u != nil && holds {
		s.remove(u, ban.of(u.name), cmd.Text)
	}
}

// of is the refusal of a name that is banned.
func (x sentence) of(name string) Refusal {
	return Refusal{Why: NameBanned, Who: name, Text: x.words, N: x.until}
}

func doBanClient(t turn) {
	if ban := (sentence{until: t.cmd.N}); t.cmd.N != None && !ban.over(t.cmd.second()) {
		t.removeSession(t.u, t.cmd.Client, Refusal{Why: AddressBanned, Text: t.cmd.Text, N: t.cmd.N}, t.cmd.Text)
	}
}

func (s *State) setShun(cmd *Command) {
	if key, ok := foldName(cmd.Name); ok {
		s.rights.shuns.set(key, sentence{until: cmd.N}, cmd.second())
	}
}

func doShunClient(t turn) { t.rights.silence(t.cmd.Client, t.cmd.N) }
