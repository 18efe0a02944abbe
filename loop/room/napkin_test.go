package room

import (
	"maps"
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
	return m.quiet[id] || holds(m.shunned, m.names[id], now)
}

// remove disconnects id for an operator.
func (m *model) remove(id ClientID, code Code) {
	m.tell(id, Refused, code)
	m.tellNeighbours(id, Removed, m.names[id])
	m.vanish(id)
}

func (m *model) replace(id ClientID) {
	m.tell(id, Refused, LoggedInElsewhere)
	m.vanish(id)
}

// settle does what the server has found out or kept, and says whether it was that. here says whether the client is.
func (m *model) settle(cmd *Command, here bool) bool {
	id := cmd.Client
	holder, held := m.find(cmd.Name)
	switch cmd.Verb {
	case LimitHistory, Start: // it keeps none, and has no ids
	case Configure:
		if m.guestsRead, m.noOperators = cmd.Config.GuestsRead, len(cmd.Config.Operators) == 0; m.noOperators {
			clear(m.operators)
		}
	case SetBan:
		if put(m.banned, cmd); held && holds(m.banned, cmd.Name, cmd.second()) {
			m.remove(holder, Banned)
		}
	case RoomKept:
		m.settleKept(cmd, here)
	case SetShun:
		put(m.shunned, cmd)
	case Registered:
		m.registered[cmd.Name] = true
		if held && holder == id {
			m.own(id, cmd.Name)
			m.tell(id, Done, Register, cmd.Name)
		} else if held && m.account(holder) != cmd.Name {
			m.replace(holder)
		}
	case Unregistered:
		delete(m.registered, cmd.Name)
		m.disown(cmd.Name)
		m.loseRules(cmd.Name)
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
		if cmd.Name != "ops" || m.noOperators {
			m.tell(id, Refused, WrongPassword)
		} else {
			m.operators[id] = true
			m.tell(id, Done, Oper, cmd.Name)
		}
	case BanClient:
		if cmd.N == 0 || cmd.N > cmd.second() {
			m.remove(id, Banned)
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
	for _, other := range slices.Sorted(maps.Keys(m.accounts)) {
		if other != id && m.accounts[other] == cmd.Name { // whatever it is called now
			m.replace(other)
		}
	}
	if holder, held := m.find(cmd.Name); held && holder != id {
		m.replace(holder)
	}
	m.own(id, cmd.Name)
	m.call(id, cmd.Name, LoggedIn, cmd.second())
}

func (m *model) kick(id ClientID, cmd *Command) {
	victim, here := m.find(cmd.Name)
	switch {
	case !m.operators[id]:
		m.tell(id, Refused, NotOperator)
	case !here:
		m.tell(id, Refused, NoSuchUser)
	default:
		m.tell(id, KickedUser, m.names[victim])
		m.remove(victim, Kicked)
	}
}

// refused is the code with which something is asked, none if it may be done.
func (m *model) refused(id ClientID, cmd *Command) Code {
	name := cmd.Name
	switch cmd.Verb {
	case Register:
		if m.guest(id) {
			return NeedName
		}
		return ""
	case Trust, Distrust:
		if m.account(id) == "" {
			return NotRegistered
		}
		return ""
	case Login:
		if m.silent(id, cmd.second()) {
			return Shunned
		}
		return ""
	case Unregister:
		if name == "" && m.guest(id) {
			return NeedName
		} else if name == "" {
			if m.registered[m.names[id]] {
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
	case m.guest(id):
		m.tell(id, Refused, NeedName)
		return
	}
	name := strings.ToLower(m.names[id])
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
