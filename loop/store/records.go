package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"zombiezen.com/go/sqlite"
)

// Record is one row of a table of records, as it goes from one store to another. ReadRecord makes one.
type Record struct {
	of  *table
	row row
}

// append appends the cells of a row: numbers as varints, words behind their length.
func (t *table) append(dst []byte, r row) []byte {
	for i, c := range t.columns {
		if c.kind == words || c.kind == digest {
			dst = append(binary.AppendUvarint(dst, uint64(len(r[i].words))), r[i].words...)
		} else {
			dst = binary.AppendVarint(dst, r[i].number)
		}
	}
	return dst
}

var errCells = errors.New("it isn't a row of that table")

// ReadRecord reads a row that Records.Each has given of the table of that name. b is borrowed.
func ReadRecord(name string, b []byte) (Record, error) {
	at := slices.IndexFunc(recordTables, func(t *table) bool { return t.name == name })
	if at < 0 {
		return Record{}, fmt.Errorf("a newer looproom wrote it: nobody knows the table %.32q", name)
	}
	t := recordTables[at]
	r := make(row, len(t.columns))
	for i, c := range t.columns {
		var n int
		if c.kind == words || c.kind == digest {
			length, head := binary.Uvarint(b)
			if head <= 0 || length > uint64(len(b)-head) {
				return Record{}, fmt.Errorf("table %s: %w", name, errCells)
			}
			n = head + int(length)
			r[i] = text(string(b[head:n]))
		} else if r[i].number, n = binary.Varint(b); n <= 0 {
			return Record{}, fmt.Errorf("table %s: %w", name, errCells)
		}
		b = b[n:]
	}
	if len(b) > 0 {
		return Record{}, fmt.Errorf("table %s: %w", name, errCells)
	}
	return Record{t, r}, nil
}

// Take adds a record to the contents, unless it is a read mark, which they don't have. Those of a table come in its order, and the tables in that of Records.Each. The error says that Open would refuse it.
func (c *Contents) Take(r Record) error {
	for _, one := range c.readings() {
		if one.of == r.of {
			if err := one.take(r.row); err != nil {
				return r.of.named(r.row, err)
			}
		}
	}
	return nil
}

// Loose calls yield, as Records.Each does, with what is kept where there is no store: the key of cloaks, the number of the start, and bans.
func (c *Contents) Loose(yield func(table string, row []byte) error) error {
	rows := []row{{text(cloakKey), text(string(c.CloakKey))}}
	if c.Start != 0 {
		rows = append(rows, row{text(startKey), text(fmt.Sprint(c.Start))})
	}
	for _, r := range rows {
		if err := yield(metaTable.name, metaTable.append(nil, r)); err != nil {
			return err
		}
	}
	for _, e := range c.Bans {
		if err := yield(bansTable.name, bansTable.append(nil, banRow(e))); err != nil {
			return err
		}
	}
	return nil
}

// IsLoose says whether a record is one of those that Contents.Loose gives.
func (r Record) IsLoose() bool { return r.of == metaTable || r.of == bansTable }

// Records is all records as they are at one moment, whatever is written afterwards. It is for one goroutine, which closes it: meanwhile the write-ahead log grows.
type Records struct{ conn *sqlite.Conn }

// Records returns all records as they are on the disk now. It waits for the disk.
func (s *Store) Records() (*Records, error) {
	conn, err := s.reader()
	if err != nil {
		return nil, err
	}
	if err = run(conn, "BEGIN", nil); err == nil {
		_, err = number(conn, "SELECT count(*) FROM totals") // from here on it is that moment
	}
	if err != nil {
		conn.Close()
		return nil, refuse(s.path, err)
	}
	return &Records{conn}, nil
}

// Each calls yield with each record: those of a table after each other, in order of key. row is borrowed. An error is of yield, or says what is damaged.
func (r *Records) Each(yield func(table string, row []byte) error) error {
	var buf []byte
	for _, t := range recordTables {
		err := t.all(r.conn, func(one row) error {
			buf = t.append(buf[:0], one)
			return yield(t.name, buf)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Close gives it up.
func (r *Records) Close() error { return r.conn.Close() }

// Replace has these records, and no others, in the place of all that there are, in one transaction: all of them or, with an error, none. next returns one after the other, false behind the last, on the goroutine of
// the writer; each key comes once. Messages stay. It waits for the disk, and what comes by Later before is to be written, see Flush, or it is written behind it.
func (s *Store) Replace(next func() (r Record, more bool, err error)) error {
	return s.Change(Change{key: "all records", behind: true, bytes: batchBytes, do: func(conn *sqlite.Conn) error { return replace(conn, next) }})
}

func replace(conn *sqlite.Conn, next func() (Record, bool, error)) error {
	for _, t := range recordTables {
		if err := run(conn, "DELETE FROM "+t.name, nil); err != nil {
			return err
		}
	}
	if err := run(conn, "DELETE FROM totals", nil); err != nil {
		return err
	}
	rows, sums := map[*table]int64{}, map[*table]int64{}
	for {
		r, more, err := next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		sum, err := r.of.insert(conn, r.row)
		if err != nil {
			return r.of.named(r.row, err)
		}
		rows[r.of]++
		sums[r.of] += sum
	}
	for _, t := range recordTables {
		if rows[t] == 0 {
			continue
		}
		if err := t.count(conn, rows[t], sums[t]); err != nil {
			return err
		}
	}
	return nil
}

// insert writes a row where there is none with its key, and returns its checksum. Its caller counts it.
func (t *table) insert(conn *sqlite.Conn, r row) (sum int64, err error) {
	sum = t.sum(r)
	return sum, run(conn, t.adding, func(stmt *sqlite.Stmt) {
		for i, c := range t.columns {
			bind(stmt, i+1, c.kind, r[i])
		}
		stmt.BindInt64(len(t.columns)+1, sum)
	})
}
