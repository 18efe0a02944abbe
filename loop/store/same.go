package store

import (
	"errors"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// Where is where messages stand: in the place of a room or, with an Owner, in the box of that account.
type Where struct {
	Place room.PlaceID
	Owner string // key of the account
}

// Sum is what stands somewhere up to a message: two stores that have the same there have the same Sum.
type Sum struct {
	Where
	Room string // its name, as shown
	Rows int64
	Last uint64 // a sum of the ids of the last summedIDs
}

// summedIDs is of how many messages, the last of a place, the ids are looked at: enough to tell apart two stores that have gone on without each other.
const summedIDs = 32

// live are the places in which something stands that is not being erased.
const live = `SELECT p.number, ifnull(p.place, 0), ifnull(p.room, ''), ifnull(o.key, ''), p.rows, p.last FROM places p LEFT JOIN accounts o ON o.number = p.owner
	WHERE (p.place IS NOT NULL OR o.key IS NOT NULL AND o.key NOT IN (SELECT account FROM forgetting))`

// Sums is what stands everywhere up to that message. It costs a few rows for each place, and waits for the disk: it may be called from any goroutine but an event loop's.
func (s *Store) Sums(upTo room.MsgID) (all []Sum, err error) {
	conn, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := run(conn, "BEGIN", nil); err != nil {
		return nil, refuse(s.path, err)
	}
	var places, behind []int64 // behind: those in which something stands behind it
	err = query(conn, live, nil, func(stmt *sqlite.Stmt) {
		number, rows := stmt.ColumnInt64(0), stmt.ColumnInt64(4)
		if stmt.ColumnInt64(5) > storedID(uint64(upTo)) {
			behind = append(behind, int64(len(all)))
		}
		places, all = append(places, number), append(all, Sum{Where: whereOf(stmt), Room: stmt.ColumnText(2), Rows: rows})
	})
	for _, at := range behind {
		if err != nil {
			break
		}
		var n int64
		n, err = integer(conn, "SELECT count(*) FROM messages WHERE place = ? AND id > ?", places[at], storedID(uint64(upTo)))
		all[at].Rows -= n
	}
	for i := range all {
		if err != nil {
			break
		}
		err = query(conn, "SELECT id FROM messages WHERE place = ? AND id <= ? ORDER BY id DESC LIMIT ?", with(places[i], storedID(uint64(upTo)), int64(summedIDs)),
			func(stmt *sqlite.Stmt) { all[i].Last = all[i].Last*31 + idOf(stmt.ColumnInt64(0)) })
	}
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}

// whereOf is where the place of a row of live is.
func whereOf(stmt *sqlite.Stmt) Where {
	if owner := stmt.ColumnText(3); owner != "" {
		return Where{Owner: owner}
	}
	return Where{Place: room.PlaceID(idOf(stmt.ColumnInt64(1)))}
}

// find is the place that it is, one with the number 0 if nothing stands there.
func (w Where) find(conn *sqlite.Conn) (p livePlace, err error) {
	statement, key := live+" AND p.place = ?", any(storedID(uint64(w.Place)))
	if w.Owner != "" {
		statement, key = live+" AND o.key = ?", w.Owner
	}
	err = query(conn, statement, with(key), func(stmt *sqlite.Stmt) {
		p = livePlace{stmt.ColumnInt64(0), stmt.ColumnInt64(1), stmt.ColumnText(2), stmt.ColumnText(3)}
	})
	return p, err
}

// IDs are the first n messages that stand there behind that one and up to another one. Fewer than n are the last. It waits for the disk: it may be called from any goroutine but an event loop's.
func (s *Store) IDs(w Where, after, upTo room.MsgID, n int) (ids []room.MsgID, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		p, err := w.find(r.conn)
		if err != nil {
			return err
		}
		return query(r.conn, `SELECT m.id FROM messages m LEFT JOIN accounts a ON a.number = m.account
			WHERE m.place = ? AND m.id > ? AND m.id <= ? AND ifnull(a.key NOT IN (SELECT account FROM forgetting), TRUE) ORDER BY m.id LIMIT ?`,
			with(p.number, storedID(uint64(after)), storedID(uint64(upTo)), int64(n)), func(stmt *sqlite.Stmt) { ids = append(ids, room.MsgID(idOf(stmt.ColumnInt64(0)))) })
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return ids, nil
}

// MessagesIn is MessagesAfter for what stands somewhere.
func (s *Store) MessagesIn(w Where, after room.MsgID, n int) (all []Message, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		p, err := w.find(r.conn)
		if err == nil {
			all, err = p.after(r.conn, nil, storedID(uint64(after)), 1<<63-1, n)
		}
		return err
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}

// EraseMessages erases messages that stand somewhere. Others' copies of a private message stay. When it returns nobody finds them. It waits for the disk.
func (s *Store) EraseMessages(w Where, ids []room.MsgID) error {
	for len(ids) > 0 {
		piece, indexed := ids[:min(len(ids), erasePiece)], false
		err := s.Change(Change{key: s.onceKey("erase some of", w.Owner), behind: true, bytes: ofRow, do: func(*sqlite.Conn) (err error) {
			if indexed, err = s.ledger.eraseThese(w, piece); err != nil {
				s.ledger.undone()
			}
			return err
		}})
		if err != nil {
			return err
		}
		if indexed {
			ids = ids[len(piece):]
		}
	}
	return nil
}

// eraseThese erases messages once all is indexed, which it says.
func (l *ledger) eraseThese(w Where, ids []room.MsgID) (indexed bool, err error) {
	if more, err := l.index(); more || err != nil {
		return false, err
	}
	p, err := w.find(l.conn)
	if err != nil || p.number == 0 {
		return true, err
	}
	var doomed []entry
	for _, id := range ids {
		if doomed, err = l.read(doomed, p.number, storedID(uint64(id))-1, storedID(uint64(id)), 1); err != nil {
			return false, err
		}
	}
	return true, l.erase(doomed)
}

// EraseWhere erases all that stands somewhere. When it returns nobody finds any of it; from the file it goes little by little. It waits for the disk.
func (s *Store) EraseWhere(w Where) error {
	if w.Owner == "" {
		return s.Change(ErasePlace(w.Place))
	}
	return s.Change(Change{key: s.onceKey("disown", w.Owner), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		s.ledger.numbers.reset()
		return run(conn, "UPDATE places SET owner = NULL WHERE owner = (SELECT number FROM accounts WHERE key = ?)", with(w.Owner))
	}})
}

// NamePlace has a place be that of a room of that name. It waits for the disk.
func (s *Store) NamePlace(place room.PlaceID, shown string) error {
	return s.Change(Change{key: s.onceKey("name", shown), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		return run(conn, "UPDATE places SET room = ? WHERE place = ?", with(shown, storedID(uint64(place))))
	}})
}

// Speakers are the keys of all accounts of which messages are kept. It waits for the disk: it may be called from any goroutine but an event loop's.
func (s *Store) Speakers() (keys []string, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		return query(r.conn, "SELECT key FROM accounts WHERE key NOT IN (SELECT account FROM forgetting)", nil, func(stmt *sqlite.Stmt) { keys = append(keys, stmt.ColumnText(0)) })
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return keys, nil
}

// EndSpeaker has what an account has said be nobody's, and its private messages be nowhere: EndAccount for messages alone. It waits for the disk.
func (s *Store) EndSpeaker(account string) error { return s.Change(s.leaving(account)) }

// mostTaken is how many bytes of messages SayAll has wait for the disk.
const mostTaken = 8 << 20

// SayAll is Say for who may wait: it loses nothing, and returns when not much waits for the disk. The error is that the store is closed, or that the disk doesn't take what waits.
func (s *Store) SayAll(batch []Message) error {
	for s.queue.waiting() > mostTaken {
		if err := s.Landed(); err != nil {
			return err
		}
	}
	s.Say(batch)
	return nil
}

// Landed returns when all is written that was said before, or with the error why it isn't: it is tried again all the same. It waits for the disk.
func (s *Store) Landed() error {
	return s.Change(Change{key: s.onceKey("landed", ""), behind: true, bytes: ofRow, do: func(*sqlite.Conn) error { return nil }})
}

// GoOn has what was said in rooms that aren't kept stay: they have not ended with the last process, as others have gone on with them. What of that has gone is for who can know to bring back.
func (s *Store) GoOn() error {
	return s.Change(Change{key: "go on", bytes: ofRow, do: func(*sqlite.Conn) error { s.ledger.orphans = nil; return nil }})
}

// SaidLost says whether messages have been lost since the store was opened, as the disk didn't take them. Any goroutine may ask.
func (s *Store) SaidLost() bool { return s.counts.lost.Load() > 0 }
