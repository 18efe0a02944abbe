package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"zombiezen.com/go/sqlite"
)

// kind says what stands in a column.
type kind uint8

const (
	words  kind = iota // text, as it was given
	count              // a number
	digest             // bytes
	msgID              // the id of a message, or of a place, as storedID has it
)

// column is one of a table.
type column struct {
	name string
	kind kind
}

// table is one of the tables of records. Each of its rows has, behind its columns, a checksum over them and the name of the table, so that a bit that has flipped on the disk is found.
type table struct {
	name     string
	keys     int // the first columns, by which a row is found
	columns  []column
	putting  string // the statements
	removing string
	reading  string
	readOne  string // those with the first cell of the key
}

// cell is what stands in one column: the number, or the text or bytes.
type cell struct {
	words  string
	number int64
}

// row is one row of a table.
type row []cell

func text(s string) cell   { return cell{words: s} }
func numeral(n int64) cell { return cell{number: n} }

func truth(is bool) cell {
	if is {
		return numeral(1)
	}
	return numeral(0)
}

// newTable returns a table whose first columns are its key.
func newTable(name string, keys int, columns ...column) *table {
	t := &table{name: name, keys: keys, columns: columns}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	all, key := strings.Join(names, ", "), names[:keys]
	t.putting = fmt.Sprintf("INSERT OR REPLACE INTO %s (%s, sum) VALUES (?%s)", name, all, strings.Repeat(", ?", len(names)))
	t.removing = fmt.Sprintf("DELETE FROM %s WHERE %s = ?", name, strings.Join(key, " = ? AND "))
	t.reading = fmt.Sprintf("SELECT %s, sum FROM %s ORDER BY %s", all, name, strings.Join(key, ", "))
	t.readOne = fmt.Sprintf("SELECT %s, sum FROM %s WHERE %s = ? ORDER BY %s", all, name, key[0], strings.Join(key, ", "))
	return t
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the checksum of a row: CRC-32C over the name of the table and each of its cells, with its length in front.
func (t *table) sum(r row) int64 {
	buf := make([]byte, 0, 256)
	buf = appendPart(buf, t.name)
	for i, c := range t.columns {
		if c.kind == words || c.kind == digest {
			buf = appendPart(buf, r[i].words)
		} else {
			buf = binary.BigEndian.AppendUint64(buf, uint64(r[i].number))
		}
	}
	return int64(crc32.Checksum(buf, castagnoli))
}

func appendPart(buf []byte, part string) []byte {
	return append(binary.BigEndian.AppendUint32(buf, uint32(len(part))), part...)
}

// put writes a row, in the place of the one with its key.
func (t *table) put(conn *sqlite.Conn, r row) error {
	return run(conn, t.putting, func(stmt *sqlite.Stmt) {
		for i, c := range t.columns {
			bind(stmt, i+1, c.kind, r[i])
		}
		stmt.BindInt64(len(t.columns)+1, t.sum(r))
	})
}

// remove removes the row with that key. It is no error that there is none.
func (t *table) remove(conn *sqlite.Conn, key row) error {
	return run(conn, t.removing, func(stmt *sqlite.Stmt) {
		for i := range t.keys {
			bind(stmt, i+1, t.columns[i].kind, key[i])
		}
	})
}

func bind(stmt *sqlite.Stmt, at int, k kind, c cell) {
	switch k {
	case words:
		stmt.BindText(at, c.words)
	case digest:
		stmt.BindBytes(at, []byte(c.words))
	default:
		stmt.BindInt64(at, c.number)
	}
}

// run executes a statement that returns nothing of interest. binds sets its parameters, nil: it has none.
func run(conn *sqlite.Conn, query string, binds func(*sqlite.Stmt)) error {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return err
	}
	if binds != nil {
		binds(stmt)
	}
	if _, err = stmt.Step(); err != nil {
		stmt.Reset() // it returns the same error
		return err
	}
	return stmt.Reset()
}

// errSum is what a row is found to be whose checksum is another one.
var errSum = errors.New("its checksum is another one")

// each calls yield with each row in order of its key. The row is used again for the next. An error is of reading, of a row whose checksum isn't right, or of yield.
func (t *table) each(conn *sqlite.Conn, yield func(row) error) error {
	stmt, err := conn.Prepare(t.reading)
	if err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	return t.eachOf(stmt, yield)
}

// eachWith is each for the rows whose key begins with that cell.
func (t *table) eachWith(conn *sqlite.Conn, first cell, yield func(row) error) error {
	stmt, err := conn.Prepare(t.readOne)
	if err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	bind(stmt, 1, t.columns[0].kind, first)
	return t.eachOf(stmt, yield)
}

func (t *table) eachOf(stmt *sqlite.Stmt, yield func(row) error) error {
	defer stmt.Reset()
	r := make(row, len(t.columns))
	for {
		switch has, err := stmt.Step(); {
		case err != nil:
			return fmt.Errorf("table %s: %w", t.name, err)
		case !has:
			return nil
		}
		for i, c := range t.columns {
			r[i] = read(stmt, i, c.kind)
		}
		err := errSum
		if stmt.ColumnInt64(len(r)) == t.sum(r) {
			err = yield(r)
		}
		if err != nil {
			return fmt.Errorf("table %s: %s: %w", t.name, t.keyOf(r), err)
		}
	}
}

func read(stmt *sqlite.Stmt, at int, k kind) cell {
	if k == words || k == digest {
		return text(stmt.ColumnText(at))
	}
	return numeral(stmt.ColumnInt64(at))
}

// keyOf is the key of a row as an error tells of it.
func (t *table) keyOf(r row) string {
	parts := make([]string, t.keys)
	for i := range parts {
		if parts[i] = fmt.Sprintf("%.64q", r[i].words); t.columns[i].kind != words {
			parts[i] = fmt.Sprint(r[i].number)
		}
	}
	return strings.Join(parts, " ")
}
