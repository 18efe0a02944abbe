package room

// doPass lets those in at once who were locked out by a configuration that has changed since.
func doPass(t turn) {
	if t.session().is(locked) && t.cfg.NeedPassword {
		t.ask(Ask{Password: t.cmd.Text})
		return
	}
	t.deny(Refusal{Why: NoPasswordNeeded})
	if t.session().is(locked) {
		t.unlock()
	}
}

func doAdmit(t turn) {
	if !t.session().is(locked) {
		t.refuse(Refusal{Why: NoPasswordNeeded})
		return
	}
	t.answer(Event{Kind: Admitted})
	t.unlock()
}

func (t turn) unlock() {
	if t.session().unset(locked); !t.u.locked() {
		t.begin(t.u, t.cmd)
	}
}
