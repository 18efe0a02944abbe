package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
)

// unfinished stands behind the name of a database that is being made.
const unfinished = ".unfinished"

// busyTimeout is how long one connection waits for another of this process, which holds locks for moments.
const busyTimeout = 5 * time.Second

// connect opens a database that is there. SQLite keeps the index of its write-ahead log in memory, for all connections of this process, see the package's doc.
func connect(path string, pragmas ...string) (*sqlite.Conn, error) {
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "vfs=unix-excl"}
	conn, err := sqlite.OpenConn(u.String(), sqlite.OpenReadWrite, sqlite.OpenURI)
	if err != nil {
		return nil, refuse(path, err)
	}
	conn.SetBusyTimeout(busyTimeout)
	for _, pragma := range append(pragmas, "mmap_size = 0", "temp_store = MEMORY", "cell_size_check = ON", "trusted_schema = OFF") {
		if err := run(conn, "PRAGMA "+pragma, nil); err != nil {
			conn.Close()
			return nil, refuse(path, err)
		}
	}
	return conn, nil
}

// openWriter opens the database, or makes it, and brings it forward.
func openWriter(path string, sync Sync) (*sqlite.Conn, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("make %s: %w", path, err)
		}
	}
	conn, err := connect(path,
		"journal_mode = WAL",
		"synchronous = "+sync.level(),
		"wal_autocheckpoint = 0",        // the writer makes them when nobody waits
		"journal_size_limit = 67108864", // what the log is cut to that was longer, once it begins anew
		"cache_size = -16384",           // KiB
		"secure_delete = ON",            // what is forgotten is gone from the file
	)
	if err != nil {
		return nil, err
	}
	if err := migrate(conn, path, migrations); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// level is what SQLite calls it. FULL forces each transaction of a write-ahead log to the disk, NORMAL only checkpoints: without these (OFF) a crash of the machine could damage the database, and not only lose what is last.
func (s Sync) level() string {
	if s == Off {
		return "NORMAL"
	}
	return "FULL"
}

// create makes a new database under another name, and gives it its own once it is on the disk: so one that is empty, or half there, is a damaged one, and never taken for a new one.
func create(path string) error {
	if err := os.WriteFile(path+unfinished, nil, 0o600); err != nil { // for nobody but the owner, as what SQLite makes beside it then is too
		return err
	}
	conn, err := connect(path+unfinished, "journal_mode = MEMORY", "synchronous = FULL")
	if err != nil {
		return err
	}
	err = forward(conn, migrations, len(migrations))
	if err := cmp.Or(err, conn.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+unfinished, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder forces the names in a folder to the disk.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return cmp.Or(folder.Sync(), folder.Close())
}

// openReader opens a connection that can only read.
func openReader(path string) (*sqlite.Conn, error) {
	return connect(path, "query_only = ON", "cache_size = -8192")
}

// refuse says what is wrong with the database, and what to do if it is damaged.
func refuse(path string, err error) error {
	err = oneLine{err}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCantOpen, sqlite.ResultPerm, sqlite.ResultReadOnly, sqlite.ResultFull, sqlite.ResultBusy, sqlite.ResultNoMem, sqlite.ResultInterrupt:
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w; restore it from a backup, or see looproom state export", path, err)
}

// oneLine is an error that says all in one line: SQLite repeats statements, in which lines may end.
type oneLine struct{ error }

func (e oneLine) Error() string { return strings.ReplaceAll(e.error.Error(), "\n", " ") }
func (e oneLine) Unwrap() error { return e.error }

// number returns the one number that a statement gives.
func number(conn *sqlite.Conn, statement string) (n int64, err error) {
	err = query(conn, statement, nil, func(stmt *sqlite.Stmt) { n = stmt.ColumnInt64(0) })
	return n, err
}
