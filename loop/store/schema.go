package store

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
)

// applicationID marks a SQLite file as one of looproom: the bytes "loop".
const applicationID = 0x6c6f6f70

// schema1 is what a new database has. It is never changed: what comes later is a migration.
//
// What messages have is messagesSchema. The rows of records (names, trusted, bans, rooms, persons, marks, meta, and those of later versions) have a checksum, and totals has those of a whole table, see table. Ids of messages and places are stored as storedID has them, so that they stand in their order.
const schema1 = `
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE names (key TEXT NOT NULL PRIMARY KEY, shown TEXT NOT NULL, hash TEXT NOT NULL, since INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE trusted (account TEXT NOT NULL PRIMARY KEY, digests BLOB NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE bans (target TEXT NOT NULL, named INTEGER NOT NULL, shun INTEGER NOT NULL, until INTEGER NOT NULL, since INTEGER NOT NULL, by TEXT NOT NULL, words TEXT NOT NULL,
	sum INTEGER NOT NULL, PRIMARY KEY (target, named, shun)) STRICT, WITHOUT ROWID;
CREATE TABLE rooms (key TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, topic TEXT NOT NULL, topic_by TEXT NOT NULL, topic_at INTEGER NOT NULL, place INTEGER NOT NULL, rights TEXT NOT NULL,
	sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE persons (account TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, rooms TEXT NOT NULL, took INTEGER NOT NULL, since INTEGER NOT NULL, is_away INTEGER NOT NULL, away TEXT NOT NULL,
	sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE marks (account TEXT NOT NULL, key TEXT NOT NULL, shown TEXT NOT NULL, read INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (account, key)) STRICT, WITHOUT ROWID;
CREATE TABLE totals (name TEXT NOT NULL PRIMARY KEY, rows INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

// schema2 adds what accounts are logged in to by besides a password that is said.
const schema2 = `
CREATE TABLE verifiers (account TEXT NOT NULL PRIMARY KEY, verifier TEXT NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE certificates (account TEXT NOT NULL PRIMARY KEY, digests BLOB NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

// schema3 adds when rooms were opened. Since then they have kinds of rights, too, that earlier versions can't read.
const schema3 = `
CREATE TABLE opened (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

// schema5 adds metadata: that of an account key by key, and that of a room, all of it. Since then messages may have the kind of what was done to a room, too.
const schema5 = `
CREATE TABLE metadata (account TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (account, key)) STRICT, WITHOUT ROWID;
CREATE TABLE room_metadata (room TEXT NOT NULL PRIMARY KEY, keys TEXT NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`

// migration brings a database from one version to the next, in a transaction that it neither begins nor ends.
type migration func(*sqlite.Conn) error

// migrations are all there are: the first makes a database of version 1 of an empty one. They only go forward, and one that has been published is never changed.
var migrations = []migration{
	func(conn *sqlite.Conn) error { return executeAll(conn, schema1+messagesSchema) },
	func(conn *sqlite.Conn) error { return executeAll(conn, schema2) },
	func(conn *sqlite.Conn) error { return executeAll(conn, schema3) },
	func(*sqlite.Conn) error { return nil }, // the kind of a message may say that it is a notice, which version 3 doesn't know
	func(conn *sqlite.Conn) error { return executeAll(conn, schema5) },
}

var errForeign = errors.New("it isn't a database of looproom")

// migrate runs what the database lacks, all of it or, if anything fails, nothing.
func migrate(conn *sqlite.Conn, path string, all []migration) (err error) {
	if err := isOurs(conn); err != nil {
		return refuse(path, err)
	}
	version, err := number(conn, "PRAGMA user_version")
	if err == nil && version < 1 {
		err = errForeign
	}
	if err != nil {
		return refuse(path, err)
	}
	if version > int64(len(all)) {
		return fmt.Errorf("%s: a newer looproom wrote it: it has version %d, and this one reads up to %d; start that one, or restore a backup", path, version, len(all))
	}
	if version == int64(len(all)) {
		return nil
	}
	if err := forward(conn, all[version:], len(all)); err != nil {
		return fmt.Errorf("%s: bring it from version %d to %d: %w", path, version, len(all), err)
	}
	return nil
}

// forward runs migrations, all of them or none, after which the database has that version.
func forward(conn *sqlite.Conn, all []migration, version int) error {
	err := run(conn, "BEGIN IMMEDIATE", nil)
	for _, one := range all {
		if err == nil {
			err = one(conn)
		}
	}
	if err == nil {
		err = executeAll(conn, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", applicationID, version))
	}
	if err != nil && !conn.AutocommitEnabled() {
		err = cmp.Or(err, run(conn, "ROLLBACK", nil))
	}
	return err
}

// isOurs refuses a database that another program has made.
func isOurs(conn *sqlite.Conn) error {
	id, err := number(conn, "PRAGMA application_id")
	if err == nil && id != applicationID {
		err = errForeign
	}
	return err
}

// executeAll executes statements that take and return nothing.
func executeAll(conn *sqlite.Conn, statements string) error {
	for strings.TrimSpace(statements) != "" {
		statement, rest, err := conn.PrepareTransient(statements)
		if err != nil {
			return err
		}
		_, err = statement.Step()
		if err := cmp.Or(err, statement.Finalize()); err != nil {
			return err
		}
		statements = statements[len(statements)-rest:]
	}
	return nil
}
