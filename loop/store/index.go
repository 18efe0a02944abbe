package store

import (
	"cmp"
	"math"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"
)

// The index follows the messages: what is said is written at once, and indexed with others, for each transaction makes a segment of the index that is merged with others later. A search looks at
// what is not indexed yet itself (see reader.recent). How far the index is stands in the database and changes with it, so that a crash loses none of it and nothing is read again.
const (
	indexEnough = 2_000            // that many wait: the index takes them when there is nothing else to do
	indexBehind = 20_000           // that many wait: it takes them before more is written
	indexLate   = 10 * time.Second // one has waited as long: it takes all
	indexPiece  = 5_000            // that many in one transaction, and twice as many when they come first, for who waits for another
)

// behind says whether so many messages wait that the index comes first, or it isn't known how many.
func (l *ledger) behind() bool { return !l.follows || len(l.waiting) >= indexBehind }

// index indexes messages that wait, at most one piece of them, the oldest first, and says whether there are more.
func (l *ledger) index() (more bool, err error) {
	if !l.follows {
		return l.indexUnread()
	}
	left := l.waiting[l.indexed:]
	n := min(indexPiece, len(left))
	if len(left) > indexBehind { // more than what one transaction of messages brings
		n = 2 * indexPiece
	}
	for n > 0 && n < len(left) && left[n-1].id == left[n].id { // both copies of one
		n++
	}
	if n == 0 {
		return false, nil
	}
	l.indexed += n
	return n < len(left), l.indexAll(left[:n])
}

// indexUnread indexes messages that it has to read first: after a start, or a transaction that was undone.
func (l *ledger) indexUnread() (more bool, err error) {
	piece, err := l.unindexed()
	if err != nil {
		return false, err
	}
	if len(piece) == 0 {
		l.follows = true
		return false, nil
	}
	return true, l.indexAll(piece)
}

// unindexed reads the oldest messages that are not indexed, from whichever places they are in: those of so many ids that follow each other.
func (l *ledger) unindexed() (piece []entry, err error) {
	from, err := indexedUpTo(l.conn)
	if err != nil {
		return nil, err
	}
	places, err := integers(l.conn, "SELECT number FROM places WHERE last > ?", from)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	oldest := int64(math.MaxInt64)
	for _, place := range places {
		id, err := integers(l.conn, "SELECT id FROM messages WHERE place = ? AND id > ? ORDER BY id LIMIT 1", place, from)
		if err != nil {
			return nil, err
		}
		if len(id) > 0 {
			oldest = min(oldest, id[0])
		}
	}
	upTo := oldest + min(indexPiece-1, math.MaxInt64-oldest)
	for _, place := range places {
		if piece, err = l.read(piece, place, oldest-1, upTo, indexPiece); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(piece, byID)
	return piece, nil
}

func byID(a, b entry) int { return cmp.Compare(a.id, b.id) }

// follow is index when it pays: enough wait, or it is not known how many.
func (l *ledger) follow() (more bool, err error) {
	if l.follows && len(l.waiting) < indexEnough && time.Since(l.since) < indexLate {
		return false, nil
	}
	return l.index()
}

// read appends the messages of a place behind one id and up to another, at most n of them.
func (l *ledger) read(to []entry, place, from, upTo int64, n int) ([]entry, error) {
	err := query(l.conn, "SELECT id, kind, account, who, who_key, talk, text, at FROM messages WHERE place = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?", with(place, from, upTo, int64(n)),
		func(stmt *sqlite.Stmt) { to = append(to, readEntry(stmt, place)) })
	return to, err
}

// readEntry reads of a row what the index and who erases it have to know.
func readEntry(stmt *sqlite.Stmt, place int64) entry {
	e := entry{
		place: place, id: stmt.ColumnInt64(0), manner: manner(stmt.ColumnInt64(1)), account: stmt.ColumnInt64(2), who: stmt.ColumnText(3), whoKey: stmt.ColumnText(4),
		talk: stmt.ColumnInt64(5), text: stmt.ColumnText(6), at: stmt.ColumnInt64(7),
	}
	if stmt.ColumnIsNull(4) {
		e.whoKey = e.who
	}
	return e
}

// indexAll indexes messages, and notes how far it has come. Their ids rise: the index would make a segment for each that doesn't.
func (l *ledger) indexAll(piece []entry) error {
	l.merging = true
	for i := range piece {
		if err := l.indexOne(&piece[i]); err != nil {
			return err
		}
	}
	return run(l.conn, "INSERT INTO progress (what, upto) VALUES ('indexed', ?) ON CONFLICT DO UPDATE SET upto = max(upto, excluded.upto)", with(piece[len(piece)-1].id))
}

func (l *ledger) indexOne(e *entry) error {
	l.tokens = appendTokens(l.tokens[:0], e)
	return run(l.conn, "INSERT INTO "+indexOf(e.manner)+" (rowid, words) VALUES (?, ?)", func(stmt *sqlite.Stmt) {
		stmt.BindInt64(1, e.id)
		stmt.BindText(2, string(l.tokens))
	})
}

// indexes are all there are.
var indexes = []string{"search", "received"}

// indexOf is the index that has such a message: each has an id once.
func indexOf(m manner) string {
	if m.base() == gotten {
		return "received"
	}
	return "search"
}

// indexedUpTo is the id of the last message that is indexed.
func indexedUpTo(conn *sqlite.Conn) (id int64, err error) {
	id = math.MinInt64
	err = query(conn, "SELECT upto FROM progress WHERE what = 'indexed'", nil, func(stmt *sqlite.Stmt) { id = stmt.ColumnInt64(0) })
	return id, err
}

// integers returns the first column of what a query with these parameters gives.
func integers(conn *sqlite.Conn, statement string, parameters ...any) (found []int64, err error) {
	err = query(conn, statement, with(parameters...), func(stmt *sqlite.Stmt) { found = append(found, stmt.ColumnInt64(0)) })
	return found, err
}
