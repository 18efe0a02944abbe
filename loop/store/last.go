package store

import (
	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// LastMessage is the message that was said last of all that are kept, 0 if there is none. It waits for the disk: it may be called from any goroutine but an event loop's.
func (s *Store) LastMessage() (last room.MsgID, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		return query(r.conn, "SELECT max(last) FROM places", nil, func(stmt *sqlite.Stmt) {
			if stmt.ColumnType(0) != sqlite.TypeNull {
				last = room.MsgID(idOf(stmt.ColumnInt64(0)))
			}
		})
	})
	if err != nil {
		return 0, refuse(s.path, err)
	}
	return last, nil
}
