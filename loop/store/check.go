package store

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
)

// Check reads all that is stored and finds whether it is as it was written: each page of the database, each row of the records, and that indexes and rows go with each other. It takes as long as the disk needs,
// changes nothing, and holds nobody up. The error is one line that names the file and says what to do.
func (s *Store) Check(ctx context.Context) error {
	conn, err := s.reader()
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetInterrupt(ctx.Done())
	if err := check(conn); err != nil {
		return refuse(s.path, err)
	}
	return ctx.Err()
}

func check(conn *sqlite.Conn) error {
	found := ""
	if err := query(conn, "PRAGMA integrity_check(1)", nil, func(stmt *sqlite.Stmt) { found = stmt.ColumnText(0) }); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %.200q", errDamaged, found)
	}
	for _, t := range recordTables {
		if err := t.all(conn, func(row) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

var errDamaged = errors.New("it is damaged")
