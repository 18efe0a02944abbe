package store

import "zombiezen.com/go/sqlite"

// run executes a statement that returns nothing of interest. binds sets its parameters, nil: it has none. The statement is prepared once for a connection.
func run(conn *sqlite.Conn, statement string, binds func(*sqlite.Stmt)) error {
	return query(conn, statement, binds, nil)
}

// query is run for a statement that returns rows: each is called with each of them.
func query(conn *sqlite.Conn, statement string, binds, each func(*sqlite.Stmt)) error {
	stmt, err := conn.Prepare(statement)
	if err != nil {
		return err
	}
	if binds != nil {
		binds(stmt)
	}
	for {
		has, err := stmt.Step()
		if err != nil {
			stmt.Reset() // it returns the same error
			return err
		}
		if !has {
			return stmt.Reset()
		}
		if each != nil {
			each(stmt)
		}
	}
}
