package dialogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"looproom/loop/room"
)

// past is what has been said, as a pure stage keeps it: all of it in one list, of which every question looks at each.
type past struct{ all []said }

// said is one message, as one of those has it who may read it; or what was done to a room.
type said struct {
	room.Row
	place room.PlaceID // where it was said; 0 for a private one
	owner string       // the account whose copy of a private one it is
	with  string       // the key of the other user of that
}

// hear keeps what e says of messages.
func (p *past) hear(e *room.Event) {
	switch {
	case e.Programs:
	case e.Kind == room.Said, e.Kind == room.Acted:
		row := room.Row{Name: e.Who, Account: e.Account, Text: e.Text, ID: e.ID, At: e.At, Action: e.Kind == room.Acted, Notice: e.Notice, Who: e.RoomName}
		p.all = append(p.all, said{Row: row, place: e.Place})
	case e.Place != 0:
		if is, kept := room.RoomEventOf(e); kept {
			p.all = append(p.all, said{Row: room.Row{Name: e.Who, Account: e.Account, Text: is.String(), ID: e.ID, At: e.At, Event: true, Who: e.RoomName}, place: e.Place})
		}
	case e.Kind == room.RecordChanged && e.Record.Letter != nil:
		p.keep(e.Record.Letter)
	case e.Kind == room.RecordChanged && e.Record.Ended != 0:
		p.erase(func(m *said) bool { return m.place == e.Record.Ended })
	}
}

// keep keeps a private message for each side that has an account.
func (p *past) keep(l *room.Letter) {
	row := room.Row{Name: l.From, Account: l.FromAccount, Text: l.Text, ID: l.ID, At: l.At, Own: true, Who: l.To, Action: l.Action, Notice: l.Notice}
	if l.FromAccount != "" {
		p.all = append(p.all, said{Row: row, owner: l.FromAccount, with: l.ToKey})
	}
	if row.Who = l.From; l.ToAccount != "" && l.ToAccount != l.FromAccount {
		p.all = append(p.all, said{Row: row, owner: l.ToAccount, with: l.FromKey})
	}
}

// erase forgets the messages that are so, and returns how many these are.
func (p *past) erase(is func(*said) bool) int {
	before := len(p.all)
	p.all = slices.DeleteFunc(p.all, func(m said) bool { return is(&m) })
	return before - len(p.all)
}

// forget erases what an account has said, and its copies of what others have.
func (p *past) forget(account string) int {
	return p.erase(func(m *said) bool { return m.Account == account || m.owner == account })
}

// find is the answer to a question.
func (p *past) find(l *room.Look) room.Event {
	switch {
	case l.Verb == room.Targets:
		return p.targets(l)
	case l.Around != 0 || l.AroundAt != 0:
		return p.around(l)
	}
	var rows []room.Row
	for i := range p.all {
		if m := &p.all[i]; m.mayBeSeen(l) && m.isWithin(l) && (l.By == "" || room.NameKey(m.Name) == l.By) && hasAll(m.Text, l.Words) {
			rows = append(rows, m.Row)
		}
	}
	end := len(rows) <= l.N
	if n := min(l.N, len(rows)); l.Verb == room.Export || l.GoesOn() {
		rows = rows[:n]
	} else {
		rows = rows[len(rows)-n:]
	}
	if l.Verb == room.Search {
		slices.Reverse(rows)
	}
	return l.Answer(rows, end)
}

// around is the answer to a question for the messages around one.
func (p *past) around(l *room.Look) room.Event {
	var rows []room.Row
	older := 0
	for i := range p.all {
		if m := &p.all[i]; m.mayBeSeen(l) {
			rows = append(rows, m.Row)
			if m.ID < l.Around || m.At < l.AroundAt {
				older++
			}
		}
	}
	first := max(older-l.N/2, 0)
	last := min(len(rows), first+l.N)
	return l.Answer(rows[first:last], last == len(rows))
}

// targets is the answer to a question for the places in which something was said last between two times.
func (p *past) targets(l *room.Look) room.Event {
	last := map[string]room.Row{}
	for i := range p.all {
		if m := &p.all[i]; m.mayBeSeen(l) {
			last[m.Who] = room.Row{Who: m.Who, At: m.At, ID: m.ID}
		}
	}
	var rows []room.Row
	for _, row := range last {
		if row.At >= l.AfterAt && (l.BeforeAt == 0 || row.At < l.BeforeAt) {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b room.Row) int { return cmp.Compare(a.ID, b.ID) })
	n := min(len(rows), l.N)
	if l.Latest {
		return l.Answer(rows[len(rows)-n:], true)
	}
	return l.Answer(rows[:n], true)
}

// mayBeSeen says whether m stands where l may look.
func (m *said) mayBeSeen(l *room.Look) bool {
	isOwn := m.owner != "" && m.owner == l.Account
	switch {
	case m.Event && !l.Events:
		return false
	case l.Verb == room.Export:
		return l.Account != "" && m.Account == l.Account && (m.owner == "" || isOwn)
	case m.owner == "":
		return slices.ContainsFunc(l.Places, func(s room.Seen) bool { return s.Place == m.place })
	}
	return isOwn && l.Letters && (l.With == "" || m.with == l.With)
}

// isWithin says whether m stands within the bounds of l.
func (m *said) isWithin(l *room.Look) bool {
	return (l.Before == 0 || m.ID < l.Before) && m.ID > l.After && (l.BeforeAt == 0 || m.At < l.BeforeAt) && m.At >= l.AfterAt
}

// hasAll says whether all the words of a search are in text.
func hasAll(text, words string) bool {
	in := wordsOf(text)
	for _, word := range wordsOf(words) {
		begin, begins := strings.CutSuffix(word, "*")
		if !slices.ContainsFunc(in, func(w string) bool {
			w = strings.TrimSuffix(w, "*")
			return w == begin || begins && strings.HasPrefix(w, begin)
		}) {
			return false
		}
	}
	return true
}

// withoutAccents knows those that the dialogues have.
var withoutAccents = strings.NewReplacer("è", "e", "ê", "e", "û", "u", "é", "e")

// wordsOf are the words of text, without case and accents, each with the * behind it if there is one.
func wordsOf(text string) (words []string) {
	var b strings.Builder
	for _, r := range withoutAccents.Replace(strings.ToLower(text)) + " " {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), r == '*' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0:
			words = append(words, b.String())
			b.Reset()
		}
	}
	return words
}
