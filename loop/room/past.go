package room

import "container/list"

// Bounds of what is remembered of those who have gone, or are called otherwise now: how many, of how many bytes, and how many of one name.
const (
	maxPast       = 2000
	maxPastBytes  = 256 << 10
	maxPastOfName = 5
)

// pastUser is who somebody has been.
type pastUser struct {
	name, key, user, host, real, account string
	at                                   int64 // when it was that no longer, in milliseconds of wall clock
}

// pastUserSize is what one takes besides its strings, in bytes.
const pastUserSize = 200

func (p *pastUser) bytes() int {
	return pastUserSize + len(p.name) + len(p.user) + len(p.host) + len(p.real) + len(p.account)
}

// past is the last who have gone, or are called otherwise now.
type past struct {
	all   *list.List                 // of *pastUser, the longest gone in front
	of    map[string][]*list.Element // the same by key, as ordered
	bytes int
}

func newPast() past { return past{all: list.New(), of: map[string][]*list.Element{}} }

// note notes one more. Others may have to be forgotten for it.
func (l *past) note(p *pastUser) {
	if named := l.of[p.key]; len(named) == maxPastOfName {
		l.forget(named[0])
	}
	l.of[p.key] = append(l.of[p.key], l.all.PushBack(p))
	for l.bytes += p.bytes(); l.bytes > maxPastBytes || l.all.Len() > maxPast; {
		l.forget(l.all.Front())
	}
}

// forget forgets one, which is the longest gone of its name.
func (l *past) forget(e *list.Element) {
	p := l.all.Remove(e).(*pastUser)
	l.bytes -= p.bytes()
	if l.of[p.key] = l.of[p.key][1:]; len(l.of[p.key]) == 0 {
		delete(l.of, p.key)
	}
}

// notePast notes that u is about to be no longer who it is. Nobody asks for guests.
func notePast(s *State, u *user) {
	if u.guest() || u.locked() {
		return
	}
	p := &pastUser{name: u.name, key: u.key, user: userOf(u), host: hostOf(u), real: realOf(u), at: s.out.wall}
	if a := u.account(); a != nil {
		p.account = a.name
	}
	s.past.note(p)
}

// doWhowas tells who has been called so, the last first.
func doWhowas(t turn) {
	key, _ := foldName(t.cmd.Name)
	named := t.past.of[key]
	rows := make([]Row, 0, len(named)) // at most maxPastOfName
	for i := len(named) - 1; i >= 0 && (t.cmd.N <= 0 || int64(len(rows)) < t.cmd.N); i-- {
		p := named[i].Value.(*pastUser)
		rows = append(rows, Row{Name: p.name, At: p.at, Of: &Portrait{Name: p.name, User: p.user, Host: p.host, Real: p.real, Account: p.account}})
	}
	t.out.answerList(t.cmd.Client, Event{Kind: Was, Who: t.cmd.Name}, rows)
}

// codePast is who has gone, the longest gone first.
func codePast(c *coder) items[*pastUser] {
	l := &c.state.past
	at := l.all.Front()
	return items[*pastUser]{
		next: func() (p *pastUser, is bool) {
			if at == nil {
				return nil, false
			}
			p, at = at.Value.(*pastUser), at.Next()
			return p, true
		},
		fields: func(past **pastUser) {
			if c.reads() {
				*past = &pastUser{}
			}
			p := *past
			c.text(&p.name)
			c.alike(&p.key, p.name)
			c.repeated(&p.user)
			c.repeated(&p.host)
			c.repeated(&p.real)
			c.alike(&p.account, p.name)
			integer(c, &p.at)
		},
		add: func(p *pastUser) {
			if len(l.of[p.key]) == maxPastOfName {
				c.fail("%q was too many", p.key)
				return
			}
			l.note(p)
		},
	}
}
