package store

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// uriOf has SQLite keep the index of the write-ahead log in memory, for all connections of this process, see the package's doc.
func uriOf(path string) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "vfs=unix-excl"}
	return u.String()
}

// openWriter opens or makes the database, and brings it forward.
func openWriter(path string, sync Sync) (*sqlite.Conn, error) {
	if err := touch(path); err != nil {
		return nil, err
	}
	conn, err := sqlite.OpenConn(uriOf(path), sqlite.OpenReadWrite, sqlite.OpenURI)
	if err != nil {
		return nil, refuse(path, err)
	}
	if err := prepareWriter(conn, path, sync); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// touch makes the file if there is none: for nobody but the owner, as what SQLite makes beside it then is too.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// busyTimeout is how long one connection waits for another of this process, which holds locks for moments.
const busyTimeout = 5 * time.Second

func prepareWriter(conn *sqlite.Conn, path string, sync Sync) error {
	conn.SetBusyTimeout(busyTimeout)
	level := "FULL"
	if sync == Off {
		level = "OFF"
	}
	for _, pragma := range []string{
		"PRAGMA mmap_size = 0",
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = " + level,
		"PRAGMA wal_autocheckpoint = 0",        // the writer makes them when nobody waits
		"PRAGMA journal_size_limit = 67108864", // the log after a burst
		"PRAGMA cache_size = -16384",           // KiB
		"PRAGMA temp_store = MEMORY",
		"PRAGMA foreign_keys = OFF",
		"PRAGMA secure_delete = ON", // what is forgotten is gone from the file
	} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return refuse(path, err)
		}
	}
	return migrate(conn, path, migrations)
}

// openReader opens a connection that can only read.
func openReader(path string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(uriOf(path), sqlite.OpenReadWrite, sqlite.OpenURI)
	if err != nil {
		return nil, refuse(path, err)
	}
	conn.SetBusyTimeout(busyTimeout)
	for _, pragma := range []string{"PRAGMA mmap_size = 0", "PRAGMA query_only = ON", "PRAGMA cache_size = -8192", "PRAGMA temp_store = MEMORY"} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, refuse(path, errors.Join(err, conn.Close()))
		}
	}
	return conn, nil
}

// refuse says what is wrong with the database and what to do.
func refuse(path string, err error) error {
	return fmt.Errorf("%s: %w; restore it from a backup, or see looproom state export", path, err)
}

// number returns the one number that a query gives.
func number(conn *sqlite.Conn, query string) (n int64, err error) {
	err = sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
		n = stmt.ColumnInt64(0)
		return nil
	}})
	return n, err
}
