package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// longestLine bounds a line of an export: the longest are rooms with all rights that they may have.
const longestLine = 16 << 20

// importRows is how many lines are written in one transaction.
const importRows = 2_000

// importingKey stands in meta while an import goes on.
const importingKey = "importing"

var (
	errNotEmpty = errors.New("something is stored there already: import into an empty or new folder")
	errCut      = errors.New("the export ends in its middle: not all of it is there")
	errImport   = errors.New("an import into it has not ended: remove it and import again")
)

// undump reads an export.
type undump struct {
	store    *Store
	from     *bufio.Reader
	lines    int64
	changes  []Change
	messages []Message
	copies   []letterCopy
}

// Import reads what Export has written, into a store that nothing is in. If it fails, what it has written is there, and Open refuses it. The error names the line.
func (s *Store) Import(ctx context.Context, r io.Reader) error {
	empty, err := s.empty()
	if err == nil && !empty {
		err = errNotEmpty
	}
	if err != nil {
		return fmt.Errorf("import into %s: %w", s.path, err)
	}
	u := &undump{store: s, from: bufio.NewReaderSize(r, 1<<16)}
	if err := u.all(ctx); err != nil {
		return fmt.Errorf("import into %s: line %d: %w", s.path, u.lines, err)
	}
	return nil
}

// empty says whether there is no record and no message.
func (s *Store) empty() (bool, error) {
	conn, err := s.reader()
	if err != nil {
		return false, err
	}
	defer conn.Close()
	n, err := number(conn, "SELECT (SELECT count(*) FROM totals WHERE rows > 0) + (SELECT count(*) FROM places)")
	return n == 0, err
}

func (u *undump) all(ctx context.Context) error {
	importing := row{text(importingKey), text("")}
	if err := u.store.Change(putting(metaTable, importing)); err != nil {
		return err
	}
	for ended := false; !ended; {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := u.next()
		if err != nil {
			return err
		}
		if ended, err = u.take(line); err != nil {
			return err
		}
		if len(u.changes)+len(u.messages)+len(u.copies) >= importRows || ended {
			if err := u.flush(); err != nil {
				return err
			}
		}
	}
	if _, err := u.from.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something stands behind its end: %w", errLine)
	}
	return u.store.Change(removing(metaTable, importing))
}

// next reads a line, without its end.
func (u *undump) next() ([]byte, error) {
	var line []byte
	for {
		part, err := u.from.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			u.lines++
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case errors.Is(err, io.EOF):
			return nil, errCut
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > longestLine:
			return nil, errLine
		}
	}
}

// take takes one line, and says whether it is the last.
func (u *undump) take(line []byte) (last bool, err error) {
	kind, fields, err := kindOf(line)
	if err != nil {
		return false, err
	}
	if (u.lines == 1) != (kind == headShape.kind) {
		return false, errLine
	}
	switch kind {
	case headShape.kind:
		return false, expectFormat(fields)
	case tailShape.kind:
		return true, expect(tailShape, fields, u.lines-1, "lines are missing, or there are more than were written")
	case messageShape.kind:
		r, err := messageShape.row(fields)
		if err == nil {
			u.messages = append(u.messages, messageFrom(r))
		}
		return false, err
	case letterShape.kind:
		r, err := letterShape.row(fields)
		if err == nil {
			u.copies = append(u.copies, copyFrom(r))
		}
		return false, err
	}
	return false, u.record(kind, fields)
}

// expectFormat wants a format that can be read.
func expectFormat(fields map[string]json.RawMessage) error {
	r, err := headShape.row(fields)
	if err == nil && (r[0].number < 1 || r[0].number > exportFormat) {
		err = fmt.Errorf("a newer looproom wrote it: it has format %d, and this one reads up to %d", r[0].number, exportFormat)
	}
	return err
}

// expect wants that number in a line.
func expect(s shape, fields map[string]json.RawMessage, want int64, otherwise string) error {
	r, err := s.row(fields)
	if err == nil && r[0].number != want {
		err = fmt.Errorf("%s: it has %d, want %d", otherwise, r[0].number, want)
	}
	return err
}

func (u *undump) record(kind string, fields map[string]json.RawMessage) error {
	n := slices.IndexFunc(recordTables, func(t *table) bool { return t.name == kind })
	if n < 0 {
		return fmt.Errorf("%w: of kind %.20q", errLine, kind)
	}
	r, err := recordTables[n].shape().row(fields)
	if err == nil {
		err = acceptable(recordTables[n], r)
	}
	if err == nil {
		u.changes = append(u.changes, putting(recordTables[n], r))
	}
	return err
}

// acceptable says whether Open would take the row.
func acceptable(t *table, r row) error {
	c := NewContents()
	for _, one := range c.readings() {
		if one.of == t {
			return one.take(r)
		}
	}
	return nil
}

// flush writes what has been read.
func (u *undump) flush() error {
	messages, copies := u.messages, u.copies
	all := append(u.changes, Change{key: "import", do: func(conn *sqlite.Conn) error {
		if err := u.store.ledger.write(conn, messages); err != nil {
			return err
		}
		return u.store.ledger.writeCopies(copies)
	}})
	u.changes, u.messages, u.copies = nil, nil, nil
	return u.store.Change(all...)
}

func messageFrom(r row) Message {
	return Message{
		Place: room.PlaceID(idOf(r[0].number)), Room: r[1].words, ID: room.MsgID(idOf(r[2].number)), At: r[3].number, Account: r[4].words, Who: r[5].words, WhoKey: r[6].words, Action: r[7].number&1 != 0, Notice: r[7].number&2 != 0, Event: r[7].number&4 != 0,
		Text: r[8].words,
	}
}

// letterCopy is one side's copy of a private message.
type letterCopy struct {
	owner, account, with, shown string
	sent                        bool
	entry                       entry
}

func copyFrom(r row) letterCopy {
	return letterCopy{
		owner: r[0].words, sent: r[3].number&1 != 0, with: r[4].words, shown: r[5].words, account: r[6].words,
		entry: entry{id: r[1].number, at: r[2].number, who: r[7].words, whoKey: r[8].words, text: r[9].words, manner: besides(r[3].number&4 != 0, r[3].number&2 != 0)},
	}
}

// writeCopies writes them as write writes messages.
func (l *ledger) writeCopies(all []letterCopy) (err error) {
	entries := make([]entry, 0, len(all))
	for _, c := range all {
		m := gotten
		if c.sent {
			m = sent
		}
		if c.entry.account, err = l.numbers.account(c.account); err != nil {
			return err
		}
		if entries, err = l.copyOf(entries, c.entry, m, c.owner, c.with, c.shown); err != nil {
			return err
		}
	}
	return l.writeEntries(entries)
}
