package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// Contents is what is kept but read marks, the metadata of accounts and messages.
type Contents struct {
	CloakKey []byte // nil: there is none yet
	Start    int64  // the number of the last start, 0: there was none
	Names    []Name // in order of key
	// Trusted are the keys of clients that open accounts, by these, as PutTrusted was given them.
	Trusted map[string][][32]byte
	// Certificates are those that open accounts, by these, as PutCertificates was given them.
	Certificates map[string][][32]byte
	Bans         []ban.Entry
	Rooms        []*room.KeptRoom   // in order of key
	Persons      []*room.KeptPerson // in order of account
}

// Contents returns what is kept. At the start, before any change, the first call returns what Open has read; others read it again and wait for the disk. The error is one line that names the file, the table
// and the key of what is wrong, and says what to do.
func (s *Store) Contents() (Contents, error) {
	if first := s.first.Swap(nil); first != nil {
		return *first, nil
	}
	conn, err := s.reader()
	if err != nil {
		return Contents{}, err
	}
	defer conn.Close()
	return contentsOf(conn, s.path)
}

func contentsOf(conn *sqlite.Conn, path string) (c Contents, err error) {
	c = NewContents()
	for _, one := range c.readings() {
		if err := one.of.all(conn, one.take); err != nil {
			return Contents{}, refuse(path, err)
		}
	}
	return c, nil
}

// NewContents returns Contents for Take.
func NewContents() Contents {
	return Contents{Trusted: map[string][][32]byte{}, Certificates: map[string][][32]byte{}}
}

// reading says how a row of a table is taken.
type reading struct {
	of   *table
	take func(row) error
}

func (c *Contents) readings() []reading {
	return []reading{
		{metaTable, c.takeMeta},
		{namesTable, func(r row) error { c.Names = append(c.Names, nameOf(r)); return nil }},
		{verifiersTable, c.takeVerifier}, // behind the names
		{trustedTable, func(r row) error { return takeDigests(c.Trusted, r) }},
		{certificatesTable, func(r row) error { return takeDigests(c.Certificates, r) }},
		{bansTable, func(r row) error { return take(&c.Bans, r, banOf) }},
		{roomsTable, func(r row) error { return take(&c.Rooms, r, roomOf) }},
		{openedTable, c.takeOpened}, // behind the rooms
		{roomMetadataTable, c.takeRoomMetadata},
		{personsTable, func(r row) error { return take(&c.Persons, r, personOf) }},
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
	case importingKey:
		return errImport
	default:
		return fmt.Errorf("nobody knows what that is: %w", errRecord)
	}
	return nil
}

// takeVerifier gives a name its verifier. Without the name, as a damaged database may have lost it, it is nobody's.
func (c *Contents) takeVerifier(r row) error {
	account, v, err := verifierOf(r)
	if at, found := slices.BinarySearchFunc(c.Names, account, func(n Name, key string) int { return strings.Compare(n.Key, key) }); found {
		c.Names[at].Verifier = v
	}
	return err
}

// takeOpened gives a room when it was opened. Without the room, as a damaged database may have lost it, nobody asks.
func (c *Contents) takeOpened(r row) error {
	if k := c.room(r[0].words); k != nil {
		k.Created = r[1].number
	}
	return nil
}

// takeRoomMetadata gives a room its metadata. Without the room it is nobody's.
func (c *Contents) takeRoomMetadata(r row) error {
	key, all, err := roomMetadataOf(r)
	if k := c.room(key); k != nil {
		k.Metadata = all
	}
	return err
}

// room is the one with that key, nil if there is none.
func (c *Contents) room(key string) *room.KeptRoom {
	at, found := slices.BinarySearchFunc(c.Rooms, key, func(k *room.KeptRoom, key string) int { return strings.Compare(k.Key, key) })
	if !found {
		return nil
	}
	return c.Rooms[at]
}

func takeDigests(all map[string][][digestBytes]byte, r row) error {
	account, digests, err := digestsOf(r)
	all[account] = digests
	return err
}

// Marks returns how far the account has read, in order of key. It waits for the disk: not for an event loop.
func (s *Store) Marks(account string) (all []room.KeptMark, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		return marksTable.with(r.conn, text(account), func(r row) error { all = append(all, markOf(r)); return nil })
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}

// Metadata returns what is set of the account, in order of key. It waits for the disk: not for an event loop.
func (s *Store) Metadata(account string) (all []room.KeyValue, err error) {
	err = s.lookups.read(s.path, func(r *reader) error {
		return metadataTable.with(r.conn, text(account), func(r row) error {
			all = append(all, room.KeyValue{Key: r[1].words, Value: r[2].words})
			return nil
		})
	})
	if err != nil {
		return nil, refuse(s.path, err)
	}
	return all, nil
}
