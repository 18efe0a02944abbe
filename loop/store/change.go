package store

import (
	"encoding/binary"
	"fmt"

	"zombiezen.com/go/sqlite"

	"looproom/loop/ban"
	"looproom/loop/room"
	"looproom/loop/secret"
)

// Change is one change of what is stored. It is made by one of the functions that return one, and may be used once. What it was made of must not be changed until it is written.
type Change struct {
	key    string                   // what it is about: of those by Later with the same key the last counts
	behind bool                     // it waits until all is written that was said before
	bytes  int                      // about how much it holds
	do     func(*sqlite.Conn) error // writes it, in the transaction of others; by the writer's goroutine
}

// ofRow is the overhead of a row, here and in the database, about.
const ofRow = 64

func putting(t *table, r row) Change {
	bytes := ofRow
	for _, c := range r {
		bytes += len(c.words)
	}
	return Change{key: t.change(r), bytes: bytes, do: func(conn *sqlite.Conn) error { return t.put(conn, r) }}
}

func removing(t *table, key row) Change {
	return Change{key: t.change(key), bytes: ofRow, do: func(conn *sqlite.Conn) error { return t.remove(conn, key) }}
}

// change is the key of changes of a row with that key.
func (t *table) change(r row) string {
	key := []byte(t.name)
	for _, c := range r[:t.keys] {
		key = appendPart(key, c.words)
		key = binary.BigEndian.AppendUint64(key, uint64(c.number))
	}
	return string(key)
}

// PutName keeps a name, in the place of the one with its key.
func PutName(n Name) Change {
	verifier := removing(verifiersTable, row{text(n.Key)})
	if n.Verifier != (secret.Verifier{}) {
		verifier = putting(verifiersTable, row{text(n.Key), text(n.Verifier.String())})
	}
	return putting(namesTable, n.row()).with(verifier)
}

// RemoveName keeps the name with that key no longer.
func RemoveName(key string) Change {
	return removing(namesTable, row{text(key)}).with(removing(verifiersTable, row{text(key)}))
}

// with is one change of two, which is about what the first was.
func (c Change) with(more Change) Change {
	first := c.do
	c.bytes += more.bytes
	c.do = func(conn *sqlite.Conn) error {
		if err := first(conn); err != nil {
			return err
		}
		return more.do(conn)
	}
	return c
}

// PutTrusted has these keys of clients, and no others, open the account; none opens it if there are none.
func PutTrusted(account string, digests [][32]byte) Change {
	return puttingDigests(trustedTable, account, digests)
}

// PutCertificates has the certificates with these SHA-256 fingerprints, and no others, open the account.
func PutCertificates(account string, digests [][32]byte) Change {
	return puttingDigests(certificatesTable, account, digests)
}

func puttingDigests(t *table, account string, digests [][digestBytes]byte) Change {
	if len(digests) == 0 {
		return removing(t, row{text(account)})
	}
	return putting(t, digestsRow(account, digests))
}

// PutBan keeps a ban or a shun, in the place of the one of the same target and kind.
func PutBan(e ban.Entry) Change { return putting(bansTable, banRow(e)) }

// RemoveBan keeps the ban, or the shun, of exactly this target no longer.
func RemoveBan(t ban.Target, shun bool) Change { return removing(bansTable, banKey(t, shun)) }

// PutRoom keeps a room, in the place of the one with its key. Nothing in it may be changed afterwards.
func PutRoom(k *room.KeptRoom) Change {
	opened := removing(openedTable, row{text(k.Key)})
	if k.Created != 0 {
		opened = putting(openedTable, row{text(k.Key), numeral(k.Created)})
	}
	metadata := removing(roomMetadataTable, row{text(k.Key)})
	if len(k.Metadata) > 0 {
		metadata = putting(roomMetadataTable, roomMetadataRow(k))
	}
	return putting(roomsTable, roomRow(k)).with(opened).with(metadata)
}

// RenameRoom is PutRoom of a room that was kept by another key so far, was, and is no longer. That is one change: a crash leaves the one or the other.
func RenameRoom(k *room.KeptRoom, was string) Change {
	c := RemoveRoom(was).with(PutRoom(k)).with(Change{bytes: len(k.Name), do: func(conn *sqlite.Conn) error {
		return run(conn, "UPDATE places SET room = ? WHERE place = ?", func(stmt *sqlite.Stmt) {
			stmt.BindText(1, k.Name)
			stmt.BindInt64(2, storedID(uint64(k.Place)))
		})
	}})
	c.key = fmt.Sprintf("rename %d %q %q", k.Place, was, k.Key)
	return c
}

// RemoveRoom keeps the room with that key no longer.
func RemoveRoom(key string) Change {
	return removing(roomsTable, row{text(key)}).with(removing(openedTable, row{text(key)})).with(removing(roomMetadataTable, row{text(key)}))
}

// PutPerson keeps a person; one that stays no longer (see room.KeptPerson.Keeps) is kept no longer.
func PutPerson(p *room.KeptPerson) Change {
	if !p.Keeps {
		return RemovePerson(p.Account)
	}
	return putting(personsTable, personRow(p))
}

// RemovePerson keeps the person of that account no longer.
func RemovePerson(account string) Change { return removing(personsTable, row{text(account)}) }

// PutMark keeps how far an account has read; one that says 0 is kept no longer.
func PutMark(m room.KeptMark) Change {
	if m.Read == 0 {
		return removing(marksTable, row{text(m.Account), text(m.Key)})
	}
	return putting(marksTable, markRow(m))
}

// RemoveMarks keeps no longer how far that account has read.
func RemoveMarks(account string) Change {
	first := text(account)
	return Change{key: "all marks of " + account, bytes: ofRow, do: func(conn *sqlite.Conn) error { return marksTable.removeWith(conn, first) }}
}

// PutKey keeps a key of an account's metadata; one without a value is kept no longer.
func PutKey(k room.KeptKey) Change {
	if k.Value == "" {
		return removing(metadataTable, row{text(k.Account), text(k.Key)})
	}
	return putting(metadataTable, row{text(k.Account), text(k.Key), text(k.Value)})
}

// RemoveKeys keeps no longer what is set of that account.
func RemoveKeys(account string) Change {
	first := text(account)
	return Change{key: "all metadata of " + account, bytes: ofRow, do: func(conn *sqlite.Conn) error { return metadataTable.removeWith(conn, first) }}
}

// The keys of what there is once.
const (
	cloakKey = "cloak key"
	startKey = "start"
)

// PutCloakKey keeps the key that cloaks are made with.
func PutCloakKey(key []byte) Change {
	return putting(metaTable, row{text(cloakKey), text(string(key))})
}

// PutStart keeps the number of the last start.
func PutStart(n int64) Change { return putting(metaTable, row{text(startKey), text(fmt.Sprint(n))}) }
