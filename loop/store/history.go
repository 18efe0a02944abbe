package store

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// field is where a look may look: a place, or one conversation in a box.
type field struct {
	place int64  // its number
	last  int64  // the id of its last message, as storedID has it
	talk  int64  // number of the conversation, 0: all of the place
	box   bool   // private messages
	all   bool   // what was done there is wanted as well as what was said
	room  string // how it is shown; of private messages the rows say it
	seen  bool   // a search has looked at all that it wants of it
}

// reader reads messages on a connection of its own, for one goroutine at a time. Whatever it returns stands in a field that the asker may see: there is no query without one.
type reader struct{ conn *sqlite.Conn }

// snapshot has read see one state of the database. It must be short: the write-ahead log grows meanwhile.
func (r *reader) snapshot(read func() error) error {
	if err := run(r.conn, "BEGIN", nil); err != nil {
		return err
	}
	err := read()
	r.conn.SetInterrupt(nil)
	return errors.Join(err, run(r.conn, "ROLLBACK", nil))
}

// rooms are the fields of the rooms in which something has been said.
func (r *reader) rooms(seen []room.Seen) ([]field, error) {
	fields := make([]field, 0, len(seen))
	for _, s := range seen {
		err := query(r.conn, "SELECT number, last FROM places WHERE place = ?", with(storedID(uint64(s.Place))),
			func(stmt *sqlite.Stmt) {
				fields = append(fields, field{place: stmt.ColumnInt64(0), last: stmt.ColumnInt64(1), room: s.Room})
			})
		if err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// box is the field of an account's private messages, or of those with one user; has is false if there are none.
func (r *reader) box(account, peer string) (f field, has bool, err error) {
	f.box = true
	err = query(r.conn, "SELECT p.number, p.last FROM accounts a JOIN places p ON p.owner = a.number WHERE a.key = ?", with(account),
		func(stmt *sqlite.Stmt) { f.place, f.last = stmt.ColumnInt64(0), stmt.ColumnInt64(1) })
	if f.place == 0 || err != nil || peer == "" {
		return f, f.place != 0, err
	}
	f.talk, err = integer(r.conn, "SELECT number FROM talks WHERE box = ? AND key = ?", f.place, peer)
	return f, f.talk != 0, err
}

// The queries of messages: what they give, and where it is. ?1 is the place and ?2 the conversation.
const (
	columns = "m.at, m.kind, a.key, m.who, m.who_key, m.peer, m.text FROM "
	ofRows  = "SELECT m.id, " + columns + "messages m LEFT JOIN accounts a ON a.number = m.account WHERE "
	inPlace = "m.place = ?1 AND ?2 = 0 AND m.id "
	ofPlace = ofRows + inPlace
	ofSaid  = ofRows + "m.kind < 16 AND " + inPlace // of what was done the kind is more, see happened
	ofTalk  = "SELECT s.id, " + columns + "spoken s CROSS JOIN messages m ON m.place = ?1 AND m.id = s.id LEFT JOIN accounts a ON a.number = m.account WHERE s.talk = ?2 AND s.id "
	down    = "< ?3 ORDER BY 1 DESC"
	up      = "> ?3 ORDER BY 1"
)

func (f field) statement(order string) string {
	switch {
	case f.talk != 0:
		return ofTalk + order
	case f.all:
		return ofPlace + order
	}
	return ofSaid + order
}

// message is a row as it was read.
type message struct {
	room.Row
	id     int64 // as storedID has it
	whoKey string
	manner manner
}

// message reads the row that the statement is at.
func (f field) message(stmt *sqlite.Stmt) message {
	m := message{id: stmt.ColumnInt64(0), whoKey: stmt.ColumnText(5), manner: manner(stmt.ColumnInt64(2))}
	m.Row = room.Row{Name: stmt.ColumnText(4), Account: keyShown(stmt.ColumnText(3)), Text: stmt.ColumnText(7), ID: room.MsgID(idOf(m.id)), At: stmt.ColumnInt64(1), Who: f.room}
	if stmt.ColumnIsNull(5) {
		m.whoKey = m.Name
	}
	m.Notice, m.Event = m.manner&noticed != 0, m.manner&happened != 0
	switch m.manner.base() {
	case acted:
		m.Action = true
	case sent, gotten:
		m.Own, m.Who, m.Action = true, stmt.ColumnText(6), m.manner&privateDeed != 0
	}
	return m
}

// each calls yield with the messages of a field in front of or behind that id, from there on, until it returns false.
func (r *reader) each(f field, order string, from int64, yield func(message) bool) error {
	stmt, err := r.conn.Prepare(f.statement(order))
	if err != nil {
		return err
	}
	with(f.place, f.talk, from)(stmt)
	for {
		has, err := stmt.Step()
		if err != nil || !has || !yield(f.message(stmt)) {
			return errors.Join(err, stmt.Reset())
		}
	}
}

// page returns n messages in front of that id, the newest first, or behind it, the oldest first, as far as the id until; more says that there are others further on.
func (r *reader) page(f field, order string, from, until int64, n int) (rows []room.Row, more bool, err error) {
	err = r.each(f, order, from, func(m message) bool {
		if order == up && m.id >= until || order == down && m.id <= until {
			return false
		}
		if more = len(rows) == n; !more {
			rows = append(rows, m.Row)
		}
		return !more
	})
	return rows, more, err
}

// history answers a look for the last messages, or those before or behind one or a time, of one room or conversation.
func (r *reader) history(look *room.Look) (found Found, err error) {
	f, has, err := r.one(look)
	if !has || err != nil {
		return Found{End: true}, err
	}
	if look.Around != 0 || look.AroundAt != 0 {
		return r.around(f, look)
	}
	behind, before, err := r.bounds(f, look)
	if err != nil {
		return Found{}, err
	}
	if look.GoesOn() {
		rows, more, err := r.page(f, up, behind, before, look.N)
		return Found{rows, !more}, err
	}
	rows, more, err := r.page(f, down, before, behind, look.N)
	slices.Reverse(rows)
	return Found{rows, !more}, err
}

// around answers a look for those around a message or a time: half of them are older.
func (r *reader) around(f field, look *room.Look) (Found, error) {
	middle, err := storedID(uint64(look.Around)), error(nil)
	if look.Around == 0 {
		middle, err = r.since(f, look.AroundAt)
	}
	if err != nil {
		return Found{}, err
	}
	older, _, err := r.page(f, down, middle, math.MinInt64, look.N/2)
	if err != nil {
		return Found{}, err
	}
	slices.Reverse(older)
	newer, more, err := r.page(f, up, middle-1, math.MaxInt64, look.N-len(older))
	return Found{append(older, newer...), !more}, err
}

// one is the room or the conversation that is looked at.
func (r *reader) one(look *room.Look) (field, bool, error) {
	if look.With != "" {
		if look.Account == "" {
			return field{}, false, nil
		}
		return r.box(look.Account, look.With)
	}
	fields, err := r.rooms(look.Places[:min(1, len(look.Places))])
	if len(fields) == 0 {
		return field{}, false, err
	}
	fields[0].all = look.Events
	return fields[0], true, err
}

// bounds are the ids between which the messages are that are looked for. A time is of the first message that isn't older.
func (r *reader) bounds(f field, look *room.Look) (behind, before int64, err error) {
	behind, before = math.MinInt64, math.MaxInt64
	switch {
	case look.After != 0:
		behind = storedID(uint64(look.After))
	case look.AfterAt != 0:
		behind, err = r.since(f, look.AfterAt)
		behind--
	}
	switch {
	case err != nil:
	case look.Before != 0:
		before = storedID(uint64(look.Before))
	case look.BeforeAt != 0:
		before, err = r.since(f, look.BeforeAt)
	}
	return behind, before, err
}

// since is an id behind all messages of a field that are older than that time, and not behind the first that isn't. Later messages have later times, so it is found by halves.
func (r *reader) since(f field, at int64) (int64, error) {
	first, err := r.firstFrom(f, math.MinInt64+1)
	if err != nil || first.ID == 0 || first.At >= at {
		return math.MinInt64 + 1, err
	}
	low, high := uint64(first.ID)+1, idOf(f.last)+1
	for low < high {
		middle := low + (high-low)/2
		switch found, err := r.firstFrom(f, storedID(middle)); {
		case err != nil:
			return 0, err
		case found.ID == 0 || found.At >= at:
			high = middle
		default:
			low = uint64(found.ID) + 1
		}
	}
	return storedID(high), nil
}

// firstFrom is the first message of a field with that id, as storedID has it, or a greater one; without an id if there is none.
func (r *reader) firstFrom(f field, id int64) (found message, err error) {
	err = r.each(f, up, id-1, func(m message) bool { found = m; return false })
	return found, err
}

// between says of several fields which messages are older than a time: those in front of the id from, and of those in front of the id to the ones whose own time says so. It looks in the field
// alone in which was spoken last, since later messages have later times in all of them: to look in each takes too long for who is in many rooms.
func (r *reader) between(fields []field, at int64) (from, to int64, err error) {
	if len(fields) == 0 {
		return math.MinInt64, math.MaxInt64, nil
	}
	f := slices.MaxFunc(fields, func(a, b field) int { return cmp.Compare(a.last, b.last) })
	if from, err = r.since(f, at); err != nil {
		return 0, 0, err
	}
	newer, err := r.firstFrom(f, from)
	if newer.ID == 0 {
		return from, math.MaxInt64, err
	}
	return from, newer.id, err
}

// last returns the last messages of a field behind that one, but for what its owner has written itself, at most n, and so many bytes of words, oldest first.
func (r *reader) last(f field, after int64, n, bytes int) (rows []room.Row, err error) {
	err = r.each(f, down, math.MaxInt64, func(m message) bool {
		if m.manner.base() == sent {
			return m.id > after
		}
		bytes -= len(m.Text)
		if m.id <= after || len(rows) == n || bytes < 0 {
			return false
		}
		rows = append(rows, m.Row)
		return true
	})
	slices.Reverse(rows)
	return rows, err
}
