package store

import (
	"errors"
	"math"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// erasePiece is how many messages are erased in one transaction, for who waits for another.
const erasePiece = 500

// sweepEvery is how often messages are looked for that are kept no longer.
const sweepEvery = time.Minute

// sweepPlaces is how many places are looked at in one transaction.
const sweepPlaces = 200

// ErasePlace erases what was said in a place. When it is written nobody finds any of it; from the file it goes little by little, also after a crash.
func ErasePlace(place room.PlaceID) Change {
	id := storedID(uint64(place))
	return Change{key: "erase " + room.MsgID(place).String(), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		return run(conn, "UPDATE places SET place = NULL, room = NULL WHERE place = ?", with(id))
	}}
}

// erase erases messages that are indexed.
func (l *ledger) erase(doomed []entry) error {
	for i := range doomed {
		e := &doomed[i]
		if err := run(l.conn, "DELETE FROM "+indexOf(e.manner)+" WHERE rowid = ?", with(e.id)); err != nil {
			return err
		}
		if err := run(l.conn, "DELETE FROM messages WHERE place = ? AND id = ?", with(e.place, e.id)); err != nil {
			return err
		}
		if e.talk != 0 {
			if err := l.eraseTalk(e); err != nil {
				return err
			}
		}
		if err := run(l.conn, "UPDATE places SET rows = rows - 1 WHERE number = ?", with(e.place)); err != nil {
			return err
		}
	}
	return nil
}

// eraseTalk erases what a conversation knows of a message, and the conversation if there is no other.
func (l *ledger) eraseTalk(e *entry) error {
	if err := run(l.conn, "DELETE FROM spoken WHERE talk = ? AND id = ?", with(e.talk, e.id)); err != nil {
		return err
	}
	err := run(l.conn, "DELETE FROM talks WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM spoken WHERE talk = ?1)", with(e.talk))
	if l.conn.Changes() > 0 {
		l.numbers.reset()
	}
	return err
}

// eraseGone erases a piece of a place that is nobody's any more, and says whether there was one.
func (l *ledger) eraseGone() (more bool, err error) {
	if more, err = l.disown(); more {
		return true, err
	}
	gone, err := integer(l.conn, "SELECT number FROM places WHERE place IS NULL AND owner IS NULL LIMIT 1")
	if err != nil || gone == 0 {
		return false, err
	}
	_, err = l.eraseFrom(gone)
	return true, err
}

// eraseFrom erases a piece of a place, and returns how many messages that is, or all that there is about it if it is empty.
func (l *ledger) eraseFrom(place int64) (n int, err error) {
	doomed, err := l.oldest(place)
	if err != nil || len(doomed) > 0 {
		return len(doomed), errors.Join(err, l.erase(doomed))
	}
	if left, err := integers(l.conn, "SELECT id FROM messages WHERE place = ? LIMIT 1", place); err != nil || len(left) > 0 {
		_, wrong := l.index() // what isn't indexed can't be taken out of the index
		return 0, errors.Join(err, wrong)
	}
	return 0, l.close(place)
}

// close takes out all that there is about a place without messages.
func (l *ledger) close(place int64) error {
	l.numbers.reset()
	for _, query := range []string{"DELETE FROM speakers WHERE place = ?", "DELETE FROM talks WHERE box = ?", "DELETE FROM places WHERE number = ?"} {
		if err := run(l.conn, query, with(place)); err != nil {
			return err
		}
	}
	return nil
}

// oldest are the oldest messages of a place that are indexed, at most a piece.
func (l *ledger) oldest(place int64) ([]entry, error) {
	indexed, err := indexedUpTo(l.conn)
	if err != nil {
		return nil, err
	}
	return l.read(nil, place, math.MinInt64, indexed, erasePiece)
}

// begin finds what the last process has left behind: places of rooms that were not kept, which are nobody's now, and accounts that are still to be forgotten.
func (l *ledger) begin() (err error) {
	l.orphans, err = integers(l.conn, "SELECT number FROM places WHERE place <> ? AND place NOT IN (SELECT place FROM rooms)", storedID(uint64(room.LobbyPlace)))
	if err != nil {
		return err
	}
	return query(l.conn, "SELECT account FROM forgetting", nil, func(stmt *sqlite.Stmt) { l.unforgotten = append(l.unforgotten, stmt.ColumnText(0)) })
}

// disown gives up one of the places that were found to be nobody's, and says whether there was one.
func (l *ledger) disown() (more bool, err error) {
	if len(l.orphans) == 0 {
		return false, nil
	}
	err = run(l.conn, "UPDATE places SET place = NULL, room = NULL WHERE number = ?", with(l.orphans[0]))
	if err == nil {
		l.orphans = l.orphans[1:]
	}
	return true, err
}

// sweepPresses says whether old messages should have been looked for some time ago.
func (l *ledger) sweepPresses() bool { return time.Since(l.sweepAt) > sweepEvery }

// sweepDue is sweep when it is time for it.
func (l *ledger) sweepDue() (more bool, err error) {
	if l.keep == (Keep{}) || time.Now().Before(l.sweepAt) {
		return false, nil
	}
	if more, err = l.sweep(); !more {
		l.sweepAt = time.Now().Add(sweepEvery)
	}
	return more, err
}

// sweep erases messages that are kept no longer: a piece of one place, or it looks at some places and finds none. more is false when all have been looked at.
func (l *ledger) sweep() (more bool, err error) {
	places, err := integers(l.conn, "SELECT number FROM places WHERE number > ? ORDER BY number LIMIT ?", l.swept, int64(sweepPlaces))
	if err != nil || len(places) == 0 {
		l.swept = 0
		return false, err
	}
	for _, place := range places {
		doomed, err := l.expired(place)
		if err != nil {
			return false, err
		}
		if len(doomed) > 0 {
			return true, l.erase(doomed)
		}
		l.swept = place
	}
	return true, nil
}

// expired are messages of a place that are too old or too many, at most a piece.
func (l *ledger) expired(place int64) ([]entry, error) {
	tooMany, oldest := 0, int64(math.MaxInt64)
	err := query(l.conn, "SELECT p.rows, m.at FROM places p JOIN messages m ON m.place = p.number WHERE p.number = ? ORDER BY m.id LIMIT 1", with(place),
		func(stmt *sqlite.Stmt) { tooMany, oldest = stmt.ColumnInt(0), stmt.ColumnInt64(1) })
	if err != nil {
		return nil, err
	}
	if tooMany -= l.keep.PerRoom; l.keep.PerRoom == 0 {
		tooMany = 0
	}
	before := int64(math.MinInt64) // milliseconds of wall clock
	if l.keep.Age > 0 {
		before = l.wall() - l.keep.Age.Milliseconds()
	}
	if l.keep.Off {
		before = math.MaxInt64
	}
	if tooMany <= 0 && oldest >= before {
		return nil, nil
	}
	all, err := l.oldest(place)
	n := 0
	for n < len(all) && (n < tooMany || all[n].at < before) {
		n++
	}
	return all[:n], err
}
