package store

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"zombiezen.com/go/sqlite"
)

// dump writes an export.
type dump struct {
	ctx     context.Context
	conn    *sqlite.Conn
	to      *bufio.Writer
	line    []byte
	lines   int64
	lenient bool  // what is damaged is left out
	damage  error // the first that was
	left    int   // records that were left out
}

// ErrLeftOut is in the error of Export when all is written that can be read.
var ErrLeftOut = errors.New("parts of it are damaged and left out")

// Export writes all that is stored, as it is at one moment: one JSON object a line, with its kind. Import reads that. What is written meanwhile is not held up, but the write-ahead log grows. Of a store that was
// opened with Options.Damaged it leaves out what is damaged, and the error is ErrLeftOut when all the rest is written.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	conn, err := s.reader()
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetInterrupt(ctx.Done())
	d := &dump{ctx: ctx, conn: conn, to: bufio.NewWriterSize(w, 1<<16), lenient: s.options.Damaged}
	if err := d.all(); err != nil {
		return fmt.Errorf("export %s: %w", s.path, err)
	}
	return nil
}

func (d *dump) all() error {
	if err := run(d.conn, "BEGIN", nil); err != nil {
		return err
	}
	if err := d.put(headShape, row{numeral(exportFormat)}); err != nil {
		return err
	}
	for _, part := range d.parts() {
		if err := part(); err != nil && (!d.lenient || sqlite.ErrCode(err).ToPrimary() != sqlite.ResultCorrupt) {
			return err
		} else if err != nil {
			d.leave(err)
		}
	}
	if err := d.put(tailShape, row{numeral(d.lines)}); err != nil {
		return err
	}
	if err := d.to.Flush(); err != nil {
		return err
	}
	if d.damage != nil {
		return fmt.Errorf("%d %w, the first: %w", d.left, ErrLeftOut, d.damage)
	}
	return nil
}

// parts write the tables.
func (d *dump) parts() (all []func() error) {
	for _, t := range recordTables {
		all = append(all, func() error { return d.records(t) })
	}
	return append(all, d.messages, d.letters)
}

func (d *dump) put(s shape, r row) error {
	d.line = s.append(d.line[:0], r)
	d.lines++
	_, err := d.to.Write(d.line)
	return err
}

func (d *dump) leave(err error) {
	d.left++
	if d.damage == nil {
		d.damage = err
	}
}

func (d *dump) records(t *table) error {
	return t.scan(d.conn, t.reading, nil, func(r row, _ int64, err error) error {
		if err != nil && d.lenient {
			d.leave(t.named(r, err))
			return nil
		}
		if err != nil {
			return err
		}
		return d.put(t.shape(), r)
	})
}

// query writes what a statement gives, whose columns are those of the lines.
func (d *dump) query(s shape, statement string) (err error) {
	r := make(row, len(s.columns))
	failed := query(d.conn, statement, nil, func(stmt *sqlite.Stmt) {
		if err != nil {
			return
		}
		for i, c := range s.columns {
			r[i] = read(stmt, i, c.kind)
		}
		err = d.put(s, r)
	})
	return cmp.Or(err, failed)
}

// messages writes what was said in rooms, but by whom is to be forgotten.
func (d *dump) messages() error {
	return d.query(messageShape, fmt.Sprintf(`SELECT p.place, ifnull(p.room, ''), m.id, m.at, ifnull(a.key, ''), m.who, ifnull(m.who_key, m.who), (m.kind & 3 = %d) + 2 * (m.kind & %d <> 0) + 4 * (m.kind & %d <> 0), m.text
		FROM places p CROSS JOIN messages m ON m.place = p.number LEFT JOIN accounts a ON a.number = m.account
		WHERE p.place IS NOT NULL AND ifnull(a.key NOT IN (SELECT account FROM forgetting), TRUE) ORDER BY p.place, m.id`, acted, noticed, happened))
}

// letters writes the copies of private messages, but those of and from whom is to be forgotten.
func (d *dump) letters() error {
	return d.query(letterShape, fmt.Sprintf(`SELECT o.key, m.id, m.at, (m.kind & 3 = %d) + 2 * (m.kind & %d <> 0) + 4 * (m.kind & %d <> 0), t.key, ifnull(m.peer, ''), ifnull(a.key, ''), m.who, ifnull(m.who_key, m.who), m.text
		FROM accounts o JOIN places p ON p.owner = o.number CROSS JOIN messages m ON m.place = p.number JOIN talks t ON t.number = m.talk LEFT JOIN accounts a ON a.number = m.account
		WHERE o.key NOT IN (SELECT account FROM forgetting) AND ifnull(a.key NOT IN (SELECT account FROM forgetting), TRUE) ORDER BY o.key, m.id`, sent, privateDeed, noticed))
}
