package store

import (
	"fmt"
	"strconv"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// Contents is what is kept but read marks and messages.
type Contents struct {
	CloakKey []byte // nil: there is none yet
	Start    int64  // the number of the last start, 0: there was none
	Names    []Name // in order of key
	// Trusted are the keys of clients that open accounts, by these, as PutTrusted was given them.
	Trusted map[string][][32]byte
	Bans    []ban.Entry
	Rooms   []*room.KeptRoom   // in order of key
	Persons []*room.KeptPerson // in order of account
}

// Contents reads what is kept. It is for the start, waits for the disk, and may be called from any goroutine. The error is one line that names the file, the table and the key of what is wrong, and says what to do.
func (s *Store) Contents() (c Contents, err error) {
	conn, err := s.reader()
	if err != nil {
		return c, err
	}
	defer conn.Close()
	c.Trusted = map[string][][32]byte{}
	for t, read := range c.readers() {
		if err := t.each(conn, read); err != nil {
			return Contents{}, refuse(s.path, err)
		}
	}
	return c, nil
}

// readers are the tables, and how a row of each is taken.
func (c *Contents) readers() map[*table]func(row) error {
	return map[*table]func(row) error{
		metaTable:    c.takeMeta,
		namesTable:   func(r row) error { c.Names = append(c.Names, nameOf(r)); return nil },
		trustedTable: c.takeTrusted,
		bansTable:    func(r row) (err error) { return take(&c.Bans, r, banOf) },
		roomsTable:   func(r row) (err error) { return take(&c.Rooms, r, roomOf) },
		personsTable: func(r row) (err error) { return take(&c.Persons, r, personOf) },
	}
}

func take[T any](all *[]T, r row, of func(row) (T, error)) error {
	one, err := of(r)
	*all = append(*all, one)
	return err
}

func (c *Contents) takeMeta(r row) (err error) {
	switch value := r[1].words; r[0].words {
	case cloakKey:
		c.CloakKey = []byte(value)
	case startKey:
		if c.Start, err = strconv.ParseInt(value, 10, 64); err != nil {
			return errRecord
		}
	default:
		return fmt.Errorf("nobody knows what that is: %w", errRecord)
	}
	return nil
}

func (c *Contents) takeTrusted(r row) error {
	account, digests, err := trustedOf(r)
	c.Trusted[account] = digests
	return err
}

// Marks returns how far the account has read, in order of key. It waits for the disk: not for an event loop.
func (s *Store) Marks(account string) (all []room.KeptMark, err error) {
	conn, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := marksTable.eachWith(conn, text(account), func(r row) error { all = append(all, markOf(r)); return nil }); err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}
