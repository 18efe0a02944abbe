package room

import (
	"slices"
	"strings"
)

// What the model knows of operators, bans and registered names.

// holds says whether name stands in the list, and its time is not over.
func holds(list map[string]int64, name string, now int64) bool {
	until, is := list[strings.ToLower(name)]
	return is && (until == 0 || now < until)
}

func put(list map[string]int64, cmd *Command) {
	if cmd.N == None {
		delete(list, cmd.Name)
		return
	}
	list[cmd.Name] = cmd.N
}

func (m *model) silent(id ClientID, now int64) bool {
	return m.quiet[id] || holds(m.shunned, m.who(id).name, now)
}

// remove disconnects u for an operator, and has it stay no longer.
func (m *model) remove(u *soul, code Code) {
	m.tellAll(u, Refused, code)
	m.disown(u)
	m.tellNeighbours(u, u.ids(), Removed, u.name)
	if len(u.devices) == 0 {
		m.vanish(u)
	}
	m.endAll(u)
}

// replace disconnects u because its name is another's now.
func (m *model) replace(u *soul) {
	m.tellAll(u, Refused, LoggedInElsewhere)
	m.endAll(u)
}

// settle does what the server has found out or kept, and says whether it was that. here says whether the client is.
func (m *model) settle(cmd *Command, here bool) bool {
	id := cmd.Client
	holder, held := m.find(cmd.Name)
	switch cmd.Verb {
	case LimitHistory: // where it keeps some, that is not among the commands
	case Start:
		m.last = max(m.last, MsgID(max(cmd.N, 0))<<countBits)
	case Configure:
		if m.cfg = *cmd.Config; len(m.cfg.Operators) == 0 {
			clear(m.operators)
		}
	case SetBan:
		if put(m.banned, cmd); held && holds(m.banned, cmd.Name, cmd.second()) {
			m.remove(holder, Banned)
		}
	case RoomKept:
		m.settleKept(cmd, here)
	case PersonKept:
		m.settlePerson(cmd, here)
	case SetShun:
		put(m.shunned, cmd)
	case Registered:
		m.registered[cmd.Name] = true
		if held && here && holder == m.who(id) {
			m.registerAs(holder, cmd.Name)
			m.tell(id, Done, Register, cmd.Name)
		} else if held && holder.account != cmd.Name {
			m.losesName(holder)
		}
	case Unregistered:
		delete(m.registered, cmd.Name)
		m.loseRules(cmd.Name)
		if owner := m.owner(cmd.Name); owner != nil {
			m.stayNoLonger(owner)
		}
		if here {
			m.tell(id, Done, Unregister, cmd.Name)
		}
	default:
		return false
	}
	return true
}

// operate does what is done by or to id alone, and says whether it was that.
func (m *model) operate(id ClientID, cmd *Command) bool {
	switch cmd.Verb {
	case Grant:
		if cmd.Name != "ops" || len(m.cfg.Operators) == 0 {
			m.tell(id, Refused, WrongPassword)
		} else {
			m.operators[id] = true
			m.tell(id, Done, Oper, cmd.Name)
		}
	case BanClient:
		if cmd.N == 0 || cmd.N > cmd.second() {
			m.removeSession(id, Banned)
		}
	case ShunClient:
		if cmd.N == None {
			delete(m.quiet, id)
		} else {
			m.quiet[id] = true
		}
	case LogIn:
		m.logIn(id, cmd)
	case Kick:
		m.kick(id, cmd)
	case KeepRoom:
		m.keep(id, cmd)
	case Register, Login, Unregister, Trust, Distrust, Ban, Bans:
		m.tell(id, Asked, m.refused(id, cmd))
	default:
		return false
	}
	return true
}

func (m *model) logIn(id ClientID, cmd *Command) {
	switch {
	case m.silent(id, cmd.second()):
		m.tell(id, Refused, Shunned)
		return
	case !m.registered[cmd.Name]:
		m.tell(id, Refused, NotRegistered)
		return
	case holds(m.banned, cmd.Name, cmd.second()):
		m.tell(id, Refused, Banned)
		return
	}
	if p := m.owner(cmd.Name); p != nil && p != m.who(id) {
		if m.cfg.Sessions <= 1 && len(p.devices) > 0 {
			m.replace(p)
		}
		if m.isHere(p) {
			m.join(id, p, without(slices.Clone(m.who(id).rooms), Lobby), cmd)
			return
		}
	}
	m.become(id, cmd)
}

func (m *model) kick(id ClientID, cmd *Command) {
	victim, here := m.find(cmd.Name)
	switch {
	case !m.operators[id]:
		m.tell(id, Refused, NotOperator)
	case !here:
		m.tell(id, Refused, NoSuchUser)
	default:
		m.tell(id, KickedUser, victim.name)
		m.remove(victim, Kicked)
	}
}

// refused is the code with which something is asked, none if it may be done.
func (m *model) refused(id ClientID, cmd *Command) Code {
	name := cmd.Name
	switch cmd.Verb {
	case Register:
		if m.who(id).guest() {
			return NeedName
		}
		return ""
	case Trust, Distrust:
		if m.who(id).account == "" {
			return NotRegistered
		}
		return ""
	case Login:
		if m.silent(id, cmd.second()) {
			return Shunned
		}
		return ""
	case Unregister:
		if name == "" && m.who(id).guest() {
			return NeedName
		} else if name == "" {
			if m.registered[m.who(id).name] {
				return ""
			}
			return NotRegistered
		}
	}
	switch {
	case !m.operators[id]:
		return NotOperator
	case cmd.Verb == Unregister && !m.registered[name]:
		return NotRegistered
	}
	return ""
}

// number does what a command says at most once if it is numbered.
func (m *model) number(id ClientID, cmd *Command, do func()) {
	switch {
	case cmd.ID == "":
		do()
		return
	case m.who(id).guest():
		m.tell(id, Refused, NeedName)
		return
	}
	name := strings.ToLower(m.who(id).name)
	if m.numbers[name] == nil {
		m.numbers[name] = map[string]int64{}
	}
	last, known := m.numbers[name][cmd.ID]
	if cmd.Verb != Confirm && cmd.Seq > last {
		last, known = cmd.Seq, true
		do()
	}
	m.numbers[name][cmd.ID] = last
	if !known {
		last = None
	}
	m.tell(id, Confirmed, cmd.ID, last)
}

func (m *model) moveNumbers(from, to string) {
	from, to = strings.ToLower(from), strings.ToLower(to)
	moved := m.numbers[from]
	if from == to || moved == nil {
		return
	}
	delete(m.numbers, from)
	for id, last := range m.numbers[to] {
		moved[id] = max(moved[id], last)
	}
	m.numbers[to] = moved
}
