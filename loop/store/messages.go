package store

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// Message is what has been said or done in a place, or a private message.
type Message struct {
	ID          room.MsgID
	Place       room.PlaceID
	Who, WhoKey string // who has said it, as shown and as names are compared
	Account     string // key of the account, "" without
	Text        string
	At          int64 // milliseconds of wall clock
	Action      bool
	// To is set of a private message; nothing else is then.
	To *room.Letter
}

// size is about how many bytes it takes while it waits.
func (m *Message) size() int64 {
	n := 160 + len(m.Who) + len(m.WhoKey) + len(m.Account) + len(m.Text)
	if l := m.To; l != nil {
		n += 160 + len(l.Text) + len(l.From) + len(l.To) + len(l.FromKey) + len(l.ToKey) + len(l.FromAccount) + len(l.ToAccount)
	}
	return int64(n)
}

// writeMessages writes messages, in the transaction of others. It is called on the writer's goroutine.
func (s *Store) writeMessages(conn *sqlite.Conn, all []Message) error {
	for i := range all {
		m := &all[i]
		if m.To != nil {
			continue
		}
		err := run(conn, "INSERT OR IGNORE INTO messages (id, place, at, who, who_key, action, text) VALUES (?, ?, ?, ?, ?, ?, ?)", func(stmt *sqlite.Stmt) {
			stmt.BindInt64(1, storedID(uint64(m.ID)))
			stmt.BindInt64(2, storedID(uint64(m.Place)))
			stmt.BindInt64(3, m.At)
			stmt.BindText(4, m.Who)
			stmt.BindText(5, m.WhoKey)
			stmt.BindBool(6, m.Action)
			stmt.BindText(7, m.Text)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// messageChores are the chores on messages.
func (s *Store) messageChores() []*chore { return nil }

// Found is what a room.Look has found.
type Found struct {
	Rows []room.Row
	// End says that nothing is beyond them, or of a search that there may be more.
	End bool
}

// Recent returns the last n messages of a place, at most so many bytes of words, oldest first. It waits for the disk.
func (s *Store) Recent(place room.PlaceID, n, bytes int) ([]room.Row, error) { return nil, nil }

// Mail returns the private messages for an account behind that one, at most n, and so many bytes of words, oldest first. It waits for the disk.
func (s *Store) Mail(account string, after room.MsgID, n, bytes int) ([]room.Row, error) {
	return nil, nil
}

// Ask has a reader answer a look, for whom says, and calls done on its goroutine. It never blocks. false: too many wait, and done is never called.
func (s *Store) Ask(whom string, look *room.Look, done func(Found, error)) bool {
	go done(Found{End: true}, nil)
	return true
}

// Forget takes out all that an account has said, its private messages, its read marks, its person, its name and its keys, and says how many messages that were. It waits for the disk.
func (s *Store) Forget(account string) (messages int64, err error) { return 0, nil }

// ErasePlace erases what was said in a place.
func ErasePlace(place room.PlaceID) Change {
	return Change{key: fmt.Sprint("erase ", place), behind: true, bytes: ofRow, do: func(conn *sqlite.Conn) error {
		return run(conn, "DELETE FROM messages WHERE place = ?", func(stmt *sqlite.Stmt) { stmt.BindInt64(1, storedID(uint64(place))) })
	}}
}
