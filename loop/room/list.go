package room

import (
	"slices"
	"strings"
	"time"
)

func doList(t turn) {
	r := t.current()
	if r == nil {
		return
	}
	t.out.answerRows(t.cmd.Client, Event{Kind: Listed, RoomName: r.name}, len(r.members), orderedBytes, r.inOrder())
}

// inOrder gives the members by name, one after the other.
func (r *chatRoom) inOrder() func() (Row, bool) {
	return r.inOrderAs(func(m *user) Row { return Row{Name: m.name, Away: m.away != nil} })
}

// inOrderAs is inOrder with rows as row has them.
func (r *chatRoom) inOrderAs(row func(*user) Row) func() (Row, bool) {
	if r.order != nil {
		return r.order.rows(row)
	}
	members := slices.Clone(r.members) // at most orderFrom
	slices.SortFunc(members, func(a, b *user) int { return strings.Compare(a.key, b.key) })
	return each(members, row)
}

func doRooms(t turn) {
	unseen, dated := roomsUnseen(t), t.session().is(lists)
	next := t.hall.order.rows(func(r *chatRoom) Row {
		if unseen[r] {
			return Row{}
		}
		row := Row{Name: r.name, Count: len(r.members), Text: r.topic, At: r.topicAt}
		if dated && r.created > 0 {
			row.Of = &Portrait{Since: r.created / 1000}
		}
		return row
	})
	e := Event{Kind: RoomList, Count: len(t.hall.rooms) - len(unseen)}
	if dated {
		e.At = t.cmd.Wall
	}
	n := len(t.hall.rooms)
	t.out.answerFound(t.cmd.Client, e, &Rest{left: n, held: n * orderedBytes, next: func() (row Row, is bool) {
		row, _ = next()
		return row, row.Name != ""
	}})
}

// roomsUnseen are the rooms that t's user is not told of now. It looks at all rooms, of which there are at most Config.MaxRooms, but only at what rules they have.
func roomsUnseen(t turn) (unseen map[*chatRoom]bool) {
	rooms := t.hall.order.items()
	for r, is := rooms(); is; r, is = rooms() {
		if viewerOf(t).mayKnow(r) {
			continue
		}
		if unseen == nil {
			unseen = map[*chatRoom]bool{}
		}
		unseen[r] = true
	}
	return unseen
}

// doWho answers with one row: the user, its idle seconds, its away mark and words, its addresses for operators; RoomName lists its rooms. Of several sessions it
// tells the user itself and operators.
func doWho(t turn) {
	who := t.userByName(t.cmd.Name)
	if who == nil {
		return
	}
	rooms := make([]string, 0, who.roomCount())
	for _, r := range who.rooms() {
		if viewerOf(t).mayKnow(r) {
			rooms = append(rooms, r.name)
		}
	}
	e := Event{Kind: Described, Who: who.name, RoomName: strings.Join(rooms, ","), N: 1, List: []Row{{
		At: 1000 * who.since(), Count: int((t.cmd.At - who.active) / time.Second), Away: who.away != nil, Text: who.away.said(),
	}}}
	operates := t.rights.isOperator(t.cmd.Client)
	if operates {
		e.List[0].Who = strings.Join(addresses(who), ",")
	}
	if operates || who == t.u {
		e.N = int64(who.sessionCount())
	}
	t.answer(e)
}
