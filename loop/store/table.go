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

// table is one of the tables of records. Each of its rows has, behind its columns, a checksum over them and the name of the table, and the table totals has how many rows it has and what their checksums are in
// all, so that a bit that has flipped on the disk, or a row that is gone, is found. Its rows are changed by its methods alone.
type table struct {
	name     string
	keys     int // the first columns, by which a row is found
	columns  []column
	putting  string // the statements
	adding   string // where no row has the key
	removing string
	summing  string // of the row with a key
	reading  string
	readWith string // the rows whose key begins with a cell
	sumsWith string // of these, how many and their sum
	dropWith string
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
	t.adding = strings.Replace(t.putting, "INSERT OR REPLACE", "INSERT", 1)
	t.removing = fmt.Sprintf("DELETE FROM %s WHERE %s = ?", name, strings.Join(key, " = ? AND "))
	t.reading = fmt.Sprintf("SELECT %s, sum FROM %s ORDER BY %s", all, name, strings.Join(key, ", "))
	t.summing = fmt.Sprintf("SELECT sum FROM %s WHERE %s = ?", name, strings.Join(key, " = ? AND "))
	t.readWith = fmt.Sprintf("SELECT %s, sum FROM %s WHERE %s = ? ORDER BY %s", all, name, key[0], strings.Join(key, ", "))
	t.sumsWith = fmt.Sprintf("SELECT count(*), ifnull(sum(sum), 0) FROM %s WHERE %s = ?", name, key[0])
	t.dropWith = fmt.Sprintf("DELETE FROM %s WHERE %s = ?", name, key[0])
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
	old, had, err := t.sumOf(conn, r)
	if err != nil {
		return err
	}
	sum := t.sum(r)
	err = run(conn, t.putting, func(stmt *sqlite.Stmt) {
		for i, c := range t.columns {
			bind(stmt, i+1, c.kind, r[i])
		}
		stmt.BindInt64(len(t.columns)+1, sum)
	})
	if err != nil {
		return err
	}
	return t.count(conn, 1-had, sum-old)
}

// remove removes the row with that key. It is no error that there is none.
func (t *table) remove(conn *sqlite.Conn, key row) error {
	old, had, err := t.sumOf(conn, key)
	if err != nil || had == 0 {
		return err
	}
	if err := run(conn, t.removing, func(stmt *sqlite.Stmt) { t.bindKey(stmt, key) }); err != nil {
		return err
	}
	return t.count(conn, -1, -old)
}

// removeWith removes the rows whose key begins with that cell.
func (t *table) removeWith(conn *sqlite.Conn, first cell) error {
	var rows, sum int64
	if err := query(conn, t.sumsWith, func(stmt *sqlite.Stmt) { bind(stmt, 1, t.columns[0].kind, first) }, func(stmt *sqlite.Stmt) { rows, sum = stmt.ColumnInt64(0), stmt.ColumnInt64(1) }); err != nil || rows == 0 {
		return err
	}
	if err := run(conn, t.dropWith, func(stmt *sqlite.Stmt) { bind(stmt, 1, t.columns[0].kind, first) }); err != nil {
		return err
	}
	return t.count(conn, -rows, -sum)
}

// sumOf is the checksum of the row with that key, and 1, or 0 if there is none.
func (t *table) sumOf(conn *sqlite.Conn, key row) (sum, had int64, err error) {
	err = query(conn, t.summing, func(stmt *sqlite.Stmt) { t.bindKey(stmt, key) }, func(stmt *sqlite.Stmt) { sum, had = stmt.ColumnInt64(0), 1 })
	return sum, had, err
}

// count adds to how many rows there are, and to the sum of their checksums.
func (t *table) count(conn *sqlite.Conn, rows, sum int64) error {
	return run(conn, "INSERT INTO totals (name, rows, sum) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET rows = rows + excluded.rows, sum = sum + excluded.sum", func(stmt *sqlite.Stmt) {
		stmt.BindText(1, t.name)
		stmt.BindInt64(2, rows)
		stmt.BindInt64(3, sum)
	})
}

func (t *table) bindKey(stmt *sqlite.Stmt, key row) {
	for i := range t.keys {
		bind(stmt, i+1, t.columns[i].kind, key[i])
	}
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

var (
	errSum    = errors.New("its checksum is another one")
	errTotals = errors.New("it has other rows than were written")
)

// all calls yield with each row in order of its key, as each does, and then finds that there are no others than were written.
func (t *table) all(conn *sqlite.Conn, yield func(row) error) error {
	var rows, sum int64
	err := t.each(conn, t.reading, nil, func(r row, of int64) error {
		rows, sum = rows+1, sum+of
		return yield(r)
	})
	if err != nil {
		return err
	}
	err = query(conn, "SELECT rows, sum FROM totals WHERE name = ?", func(stmt *sqlite.Stmt) { stmt.BindText(1, t.name) }, func(stmt *sqlite.Stmt) { rows, sum = rows-stmt.ColumnInt64(0), sum-stmt.ColumnInt64(1) })
	if err == nil && (rows != 0 || sum != 0) {
		err = errTotals
	}
	if err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	return nil
}

// with calls yield with each row whose key begins with that cell, as each does.
func (t *table) with(conn *sqlite.Conn, first cell, yield func(row) error) error {
	return t.each(conn, t.readWith, func(stmt *sqlite.Stmt) { bind(stmt, 1, t.columns[0].kind, first) }, func(r row, _ int64) error { return yield(r) })
}

// each calls yield with each row that the statement reads, and its checksum. The row is used again for the next. An error is of reading, of a row whose checksum isn't right, or of yield.
func (t *table) each(conn *sqlite.Conn, reading string, binds func(*sqlite.Stmt), yield func(r row, sum int64) error) error {
	return t.scan(conn, reading, binds, func(r row, sum int64, err error) error {
		if err == nil {
			err = yield(r, sum)
		}
		return err
	})
}

// scan is each for who wants to see rows as well whose checksum isn't right: with the error that says so.
func (t *table) scan(conn *sqlite.Conn, reading string, binds func(*sqlite.Stmt), yield func(r row, sum int64, err error) error) (err error) {
	r := make(row, len(t.columns))
	failed := query(conn, reading, binds, func(stmt *sqlite.Stmt) {
		if err != nil {
			return
		}
		for i, c := range t.columns {
			r[i] = read(stmt, i, c.kind)
		}
		sum := stmt.ColumnInt64(len(r))
		wrong := errSum
		if sum == t.sum(r) {
			wrong = nil
		}
		if err = yield(r, sum, wrong); err != nil {
			err = t.named(r, err)
		}
	})
	if err == nil && failed != nil {
		err = fmt.Errorf("table %s: %w", t.name, failed)
	}
	return err
}

// named is the error with the row that it is of.
func (t *table) named(r row, err error) error {
	return fmt.Errorf("table %s: %s: %w", t.name, t.keyOf(r), err)
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
