package store

import (
	"errors"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// EraseMessage erases one message that was said in a place, if it is there. When it returns nobody finds it. It waits for the disk.
func (s *Store) EraseMessage(place room.PlaceID, id room.MsgID) error {
	for more := true; more; {
		err := s.Change(Change{key: "erase " + id.String(), behind: true, bytes: ofRow, do: func(*sqlite.Conn) (err error) {
			if more, err = s.ledger.eraseOne(storedID(uint64(place)), storedID(uint64(id))); err != nil {
				s.ledger.undone()
			}
			return err
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// ErasingMessage returns the change that is EraseMessage, behind all that was said before: for who can't wait. It indexes at most what has been said since the index was last written.
func (s *Store) ErasingMessage(place room.PlaceID, id room.MsgID) Change {
	return Change{key: "erase " + room.MsgID(place).String() + " " + id.String(), behind: true, bytes: ofRow, do: func(*sqlite.Conn) error {
		for {
			more, err := s.ledger.eraseOne(storedID(uint64(place)), storedID(uint64(id)))
			if err != nil {
				s.ledger.undone()
			}
			if !more || err != nil {
				return err
			}
		}
	}}
}

// eraseOne erases a message once all is indexed; more says that it has to be called again.
func (l *ledger) eraseOne(place, id int64) (more bool, err error) {
	if more, err = l.index(); more || err != nil {
		return true, err
	}
	number, err := integer(l.conn, "SELECT number FROM places WHERE place = ?", place)
	if err != nil || number == 0 {
		return false, err
	}
	all, err := l.read(nil, number, id-1, id, 1)
	return false, errors.Join(err, l.erase(all))
}
