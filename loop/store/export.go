package store

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// exportTime is how long a reader may gather what an account has said. It goes through all places in which that was.
const exportTime = 3 * time.Second

// exporting gathers the oldest messages of an account behind one.
type exporting struct {
	reader  *reader
	account int64
	key     string
	after   int64
	since   int64 // only what isn't older, in milliseconds of wall clock; 0: whatever it is
	indexed int64
	n       int
	found   []message // the oldest first, at most n+1
}

// export answers a look for what an account has said, wherever that was.
func (r *reader) export(look *room.Look) (Found, error) {
	e := &exporting{reader: r, key: look.Account, after: storedID(uint64(look.After)), n: look.N}
	late := make(chan struct{})
	defer time.AfterFunc(exportTime, func() { close(late) }).Stop()
	r.conn.SetInterrupt(late)
	if err := e.run(look); err != nil {
		return Found{}, err
	}
	end := len(e.found) <= e.n
	rows := make([]room.Row, min(len(e.found), e.n))
	for i := range rows {
		rows[i] = e.found[i].Row
	}
	return Found{rows, end}, nil
}

func (e *exporting) run(look *room.Look) error {
	account, err := integer(e.reader.conn, "SELECT number FROM accounts WHERE key = ?", e.key)
	if account == 0 || err != nil {
		return err
	}
	e.account = account
	if e.indexed, err = indexedUpTo(e.reader.conn); err != nil {
		return err
	}
	fields, err := e.reader.spoken(e.account, look.Places)
	if err != nil {
		return err
	}
	if look.AfterAt != 0 {
		from, _, err := e.reader.between(fields, look.AfterAt)
		if err != nil {
			return err
		}
		e.after, e.since = max(e.after, from-1), look.AfterAt
	}
	for _, f := range fields {
		if err := errors.Join(e.ask(f), e.recent(f)); err != nil {
			return err
		}
	}
	return nil
}

// spoken are the places in which an account has spoken: rooms that there are, and its own box.
func (r *reader) spoken(account int64, seen []room.Seen) (fields []field, err error) {
	err = query(r.conn, `SELECT p.number, p.last, p.owner IS NOT NULL, p.place, coalesce(r.name, p.room, '') FROM speakers s JOIN places p ON p.number = s.place LEFT JOIN rooms r ON r.place = p.place
		WHERE s.account = ?1 AND (p.place IS NOT NULL OR p.owner = ?1)`, with(account), func(stmt *sqlite.Stmt) {
		f := field{place: stmt.ColumnInt64(0), last: stmt.ColumnInt64(1), box: stmt.ColumnInt64(2) != 0, room: stmt.ColumnText(4)}
		place := room.PlaceID(idOf(stmt.ColumnInt64(3)))
		if n := slices.IndexFunc(seen, func(s room.Seen) bool { return s.Place == place }); n >= 0 {
			f.room = seen[n].Room
		}
		fields = append(fields, f)
	})
	return fields, err
}

// ask has the index name the account's messages of a place.
func (e *exporting) ask(f field) error {
	stmt, err := e.reader.conn.Prepare("SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? ORDER BY rowid")
	if err != nil {
		return err
	}
	with(f.numbered(accountTag, e.account), e.after)(stmt)
	for {
		has, err := stmt.Step()
		if !has || err != nil || e.enough(stmt.ColumnInt64(0)) {
			return errors.Join(err, stmt.Reset())
		}
		id := stmt.ColumnInt64(0)
		if err := e.reader.each(f, up, id-1, func(m message) bool { e.see(m); return false }); err != nil {
			return errors.Join(err, stmt.Reset())
		}
	}
}

// recent looks at what is in no index yet.
func (e *exporting) recent(f field) error {
	from := max(e.after, e.indexed)
	if f.last <= from {
		return nil
	}
	return e.reader.each(f, up, from, func(m message) bool { e.see(m); return !e.enough(m.id) })
}

// enough says that nothing behind that id is wanted.
func (e *exporting) enough(id int64) bool { return len(e.found) > e.n && id > e.found[e.n].id }

func (e *exporting) see(m message) {
	if m.Account != e.key || m.At < e.since {
		return
	}
	at, has := slices.BinarySearchFunc(e.found, m.id, func(m message, id int64) int { return cmp.Compare(m.id, id) })
	if !has {
		e.found = slices.Insert(e.found, at, m)
		e.found = e.found[:min(len(e.found), e.n+1)]
	}
}
