package store

import (
	"math"
	"sync"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// Message is what has been said or done in a place, or a private message.
type Message struct {
	ID          room.MsgID
	Place       room.PlaceID
	Room        string // the room's name, as shown
	Who, WhoKey string // who has said it, as shown and as names are compared; WhoKey may be "": then the writer finds it out, which takes a loop no time
	Account     string // key of the account, "" without
	Text        string
	At          int64 // milliseconds of wall clock
	Action      bool
	Notice      bool // it was said so that no program answers
	Event       bool // it is none, but what was done to the room: Text is that of a room.RoomEvent
	// To is set of a private message; nothing else is then, but for ID, At and Copies.
	To     *room.Letter
	Copies Copies
}

// Copies says which sides' copies of a private message are meant.
type Copies uint8

// Which.
const (
	BothCopies Copies = iota // of each side that has an account
	SentCopy                 // the sender's
	GottenCopy               // the receiver's
)

// size is about how many bytes it takes while it waits.
func (m *Message) size() int64 {
	n := 180 + len(m.Room) + len(m.Who) + len(m.WhoKey) + len(m.Account) + len(m.Text)
	if l := m.To; l != nil {
		n += 160 + len(l.Text) + len(l.From) + len(l.To) + len(l.FromKey) + len(l.ToKey) + len(l.FromAccount) + len(l.ToAccount)
	}
	return int64(n)
}

// Found is what a room.Look has found.
type Found struct {
	// Rows are the messages: of a search the newest first, else the oldest. Row.Who is the place as it is shown, a room or the other user of a private message, which Row.Own marks.
	Rows []room.Row
	// End says that there are no more: in front of them of a history, behind them of one that looks on and of an export, and further back of a search that could look at all.
	End bool
}

// Recent returns the last n messages of a place, at most so many bytes of words, oldest first. It waits for the disk, and may be called from any goroutine but an event loop's.
func (s *Store) Recent(place room.PlaceID, n, bytes int) (rows []room.Row, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		fields, err := r.rooms([]room.Seen{{Place: place}})
		if len(fields) > 0 {
			rows, err = r.last(fields[0], math.MinInt64, n, bytes)
		}
		return err
	})
	return rows, err
}

// Mail returns the private messages that others have written to an account behind that one: the last n, at most so many bytes of words, oldest first. It waits for the disk, and may be called from
// any goroutine but an event loop's.
func (s *Store) Mail(account string, after room.MsgID, n, bytes int) (rows []room.Row, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		f, has, err := r.box(account, "")
		if has {
			rows, err = r.last(f, storedID(uint64(after)), n, bytes)
		}
		return err
	})
	return rows, err
}

// lookups is a reader for whoever waits for it.
type lookups struct {
	mu     sync.Mutex
	closed bool
	reader
}

func (l *lookups) read(path string, read func(*reader) error) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	if l.conn == nil {
		if l.conn, err = openReader(path); err != nil {
			return err
		}
	}
	return l.snapshot(func() error { return read(&l.reader) })
}

func (l *lookups) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.conn == nil {
		return nil
	}
	return l.conn.Close()
}

// chores are those on messages.
func (l *ledger) chores() []*chore {
	return []*chore{
		{name: "index messages", presses: l.behind, piece: func(*sqlite.Conn) (bool, error) { return l.follow() }},
		{name: "erase messages of a place", piece: func(*sqlite.Conn) (bool, error) { return l.eraseGone() }},
		{name: "erase messages of an account", piece: func(*sqlite.Conn) (bool, error) { return l.forgetOne() }},
		{name: "erase old messages", presses: l.sweepPresses, piece: func(*sqlite.Conn) (bool, error) { return l.sweepDue() }},
		{name: "write the index anew", piece: func(*sqlite.Conn) (bool, error) { return l.rewriteSome() }},
		{name: "scrub what the file doesn't use", piece: func(*sqlite.Conn) (bool, error) { return l.scrubSome() }},
		{name: "merge the index", piece: func(*sqlite.Conn) (bool, error) { return l.mergeSome() }},
	}
}
