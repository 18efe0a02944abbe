package store

import (
	"errors"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// manner is how a message was said: one of the first four, and what is besides.
type manner int64

// How.
const (
	said   manner = iota // in a room
	acted                // in a room
	sent                 // to another user, the sender's copy
	gotten               // from another user, the receiver's copy

	noticed     manner = 4  // as a notice
	privateDeed manner = 8  // of a private one: it is an action
	happened    manner = 16 // in a room: it is no message, but a room.RoomEvent
)

// base is m without what is besides.
func (m manner) base() manner { return m & 3 }

// besides is what a message has besides, that is a notice or, a private one, an action.
func besides(notice, deed bool) (m manner) {
	if notice {
		m |= noticed
	}
	if deed {
		m |= privateDeed
	}
	return m
}

// entry is a message as it stands in the table: with numbers in the place of what they name, 0 of what it has not.
type entry struct {
	place, account, talk int64
	id                   int64 // as storedID has it
	at                   int64
	manner               manner
	who, whoKey          string // who has said it
	peer                 string // of a private message, the other user, as shown
	text                 string
}

// ledger writes messages, has the index follow, and erases. All of it is for the writer's goroutine alone, and in a transaction of the writer's.
type ledger struct {
	conn        *sqlite.Conn
	keep        Keep
	wall        func() int64
	numbers     numbers
	waiting     []entry   // written and not indexed, in order of their ids; at most indexBehind and a batch
	indexed     int       // of those, in the transaction that is open
	since       time.Time // when the first of them was written, about
	follows     bool      // waiting has all that is not indexed; false: the database is asked
	swept       int64     // the number of the last place at which too old messages were looked for
	sweepAt     time.Time // when that begins again
	tokens      []byte    // used again
	merging     bool      // the index has grown, so that there may be segments to merge
	rewritten   time.Time // when the indexes were last begun to be written anew
	unforgotten []string  // accounts that were to be forgotten when the process ended
	orphans     []int64   // places of rooms that ended with it
}

func newLedger(conn *sqlite.Conn, o Options) *ledger {
	return &ledger{conn: conn, keep: o.Keep, wall: o.Wall, numbers: newNumbers(conn), merging: true}
}

// settled says how the transaction has ended.
func (l *ledger) settled(happened bool) {
	if !happened {
		l.undone()
		return
	}
	if l.indexed > 0 || len(l.waiting) == 0 {
		l.since = time.Now()
	}
	l.waiting = slices.Delete(l.waiting, 0, l.indexed)
	l.indexed = 0
}

// undone says that what was done since the last commit, or a part of it, has not happened.
func (l *ledger) undone() {
	l.numbers.reset()
	l.waiting, l.indexed, l.follows = nil, 0, false
}

// entries are the rows that the messages become: of a private message one for each side that has an account.
func (l *ledger) entries(all []Message) ([]entry, error) {
	entries := make([]entry, 0, len(all))
	for i := range all {
		var err error
		if m := &all[i]; m.To != nil {
			entries, err = l.letter(entries, m.To, m.Copies)
		} else {
			entries, err = l.said(entries, m)
		}
		if err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (l *ledger) said(to []entry, m *Message) ([]entry, error) {
	place, err := l.numbers.place(m.Place, m.Room)
	if err != nil {
		return nil, err
	}
	account, err := l.numbers.account(m.Account)
	e := entry{place: place, account: account, id: storedID(uint64(m.ID)), at: m.At, who: m.Who, whoKey: m.WhoKey, text: m.Text}
	if e.whoKey == "" {
		e.whoKey = room.KeyOf(m.Who)
	}
	switch e.manner = besides(m.Notice, false); {
	case m.Event:
		e.manner |= happened
	case m.Action:
		e.manner |= acted
	}
	return append(to, e), err
}

func (l *ledger) letter(to []entry, m *room.Letter, only Copies) ([]entry, error) {
	from, err := l.numbers.account(m.FromAccount)
	if err != nil {
		return nil, err
	}
	e := entry{account: from, id: storedID(uint64(m.ID)), at: m.At, who: m.From, whoKey: m.FromKey, text: m.Text, manner: besides(m.Notice, m.Action)}
	if m.FromAccount != "" && only != GottenCopy {
		if to, err = l.copyOf(to, e, sent, m.FromAccount, m.ToKey, m.To); err != nil {
			return nil, err
		}
	}
	if m.ToAccount != "" && m.ToAccount != m.FromAccount && only != SentCopy {
		return l.copyOf(to, e, gotten, m.ToAccount, m.FromKey, m.From)
	}
	return to, nil
}

// copyOf appends a side's own copy of e, which has what is besides in its manner.
func (l *ledger) copyOf(to []entry, e entry, m manner, owner, peerKey, peer string) ([]entry, error) {
	box, err := l.numbers.box(owner)
	if err != nil {
		return nil, err
	}
	e.place, e.manner, e.peer = box, m|e.manner, peer
	e.talk, err = l.numbers.talk(box, peerKey)
	return append(to, e), err
}

const inserting = "INSERT OR IGNORE INTO messages (place, id, at, kind, account, who, who_key, talk, peer, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

// insert writes a row, and says whether it wasn't there.
func (l *ledger) insert(e *entry) (isNew bool, err error) {
	stmt, err := l.conn.Prepare(inserting)
	if err != nil {
		return false, err
	}
	stmt.BindInt64(1, e.place)
	stmt.BindInt64(2, e.id)
	stmt.BindInt64(3, e.at)
	stmt.BindInt64(4, int64(e.manner))
	bindNumber(stmt, 5, e.account)
	stmt.BindText(6, e.who)
	if e.whoKey == e.who {
		stmt.BindNull(7)
	} else {
		stmt.BindText(7, e.whoKey)
	}
	bindNumber(stmt, 8, e.talk)
	if e.talk == 0 {
		stmt.BindNull(9)
	} else {
		stmt.BindText(9, e.peer)
	}
	stmt.BindText(10, e.text)
	_, err = stmt.Step()
	if err = errors.Join(err, stmt.Reset()); err != nil || l.conn.Changes() == 0 {
		return false, err
	}
	return true, l.refer(e)
}

// bindNumber binds a number, and nothing for 0.
func bindNumber(stmt *sqlite.Stmt, at int, n int64) {
	if n == 0 {
		stmt.BindNull(at)
	} else {
		stmt.BindInt64(at, n)
	}
}

// refer writes what leads to the row: from its conversation, and from the account of who said it.
func (l *ledger) refer(e *entry) error {
	if e.talk != 0 {
		if err := run(l.conn, "INSERT OR IGNORE INTO spoken (talk, id) VALUES (?, ?)", with(e.talk, e.id)); err != nil {
			return err
		}
	}
	if e.account == 0 {
		return nil
	}
	return l.numbers.speaks(e.account, e.place)
}

// count adds rows that have been written to what is known of their places. They are sorted by place.
func (l *ledger) count(fresh []entry) error {
	for len(fresh) > 0 {
		n, last := 0, fresh[0].id
		for n < len(fresh) && fresh[n].place == fresh[0].place {
			last = max(last, fresh[n].id)
			n++
		}
		if err := run(l.conn, "UPDATE places SET rows = rows + ?, last = max(last, ?) WHERE number = ?", with(int64(n), last, fresh[0].place)); err != nil {
			return err
		}
		fresh = fresh[n:]
	}
	return nil
}
