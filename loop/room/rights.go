package room

import "slices"

// rights is who may do more than others, and who less.
type rights struct {
	may       []string            // the names of those who may be operators
	operators map[ClientID]string // by what name each is one

	bans  sentences          // of names
	shuns sentences          // of names
	quiet map[ClientID]int64 // who is shunned because of its address, until when
}

func newRights() rights {
	return rights{operators: map[ClientID]string{}, quiet: map[ClientID]int64{}, bans: newSentences(), shuns: newSentences()}
}

// configure sets who may be an operator, and takes from those their right who may no longer.
func (r *rights) configure(names []string) {
	r.may = names
	for id, name := range r.operators {
		if !r.mayOperate(name) {
			delete(r.operators, id)
		}
	}
}

// mayOperate says whether there may be an operator of that name.
func (r *rights) mayOperate(name string) bool {
	return slices.ContainsFunc(r.may, func(other string) bool { return sameName(name, other) })
}

func (r *rights) isOperator(id ClientID) bool {
	_, is := r.operators[id]
	return is
}

// silence has id shunned because of its address until a second of wall clock, 0 for ever, None for no longer.
func (r *rights) silence(id ClientID, until int64) {
	if until == None {
		delete(r.quiet, id)
		return
	}
	r.quiet[id] = until
}

// isShunned says whether the session id of u may only read.
func (r *rights) isShunned(u *user, id ClientID, now int64) bool {
	if len(r.quiet)+len(r.shuns.of) == 0 {
		return false
	}
	if until, is := r.quiet[id]; is && !(sentence{until: until}).over(now) {
		return true
	}
	_, holds := r.shuns.find(u.key, now)
	return holds
}

// forget is when id has gone.
func (r *rights) forget(id ClientID) {
	delete(r.operators, id)
	delete(r.quiet, id)
}
