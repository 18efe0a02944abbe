package store

import (
	"encoding/binary"

	"zombiezen.com/go/sqlite"
)

// scrubPages is how many pages of the file a transaction looks at.
const scrubPages = 256

// SQLite overwrites what is deleted (secure_delete), but not what it has moved within or between pages before: pieces of rows stay in what a page doesn't use until something is written over them.
// So when somebody has been forgotten, the unused part of each page is overwritten.

// scrub has all pages looked at.
func (l *ledger) scrub() error {
	return run(l.conn, "INSERT OR REPLACE INTO progress (what, upto) VALUES ('scrub', 1)", nil)
}

// scrubSome overwrites what some pages don't use, if they are to be looked at.
func (l *ledger) scrubSome() (more bool, err error) {
	next, err := integer(l.conn, "SELECT upto FROM progress WHERE what = 'scrub'")
	if err != nil || next == 0 {
		return false, err
	}
	last, err := integer(l.conn, "PRAGMA page_count")
	if err != nil {
		return false, err
	}
	if next > last || last >= maxScrub {
		return false, run(l.conn, "DELETE FROM progress WHERE what = 'scrub'", nil)
	}
	dirty := map[int64][]byte{} // at most scrubPages
	err = query(l.conn, "SELECT pgno, data FROM sqlite_dbpage WHERE pgno BETWEEN ? AND ?", with(next, min(last, next+scrubPages-1)), func(stmt *sqlite.Stmt) {
		page := make([]byte, stmt.ColumnLen(1))
		stmt.ColumnBytes(1, page)
		if unused := unusedOf(page, stmt.ColumnInt64(0) == 1); !isZero(unused) {
			clear(unused)
			dirty[stmt.ColumnInt64(0)] = page
		}
	})
	if err != nil {
		return false, err
	}
	for number, page := range dirty {
		err := run(l.conn, "UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?", func(stmt *sqlite.Stmt) { stmt.BindBytes(1, page); stmt.BindInt64(2, number) })
		if err != nil {
			return false, err
		}
	}
	return true, run(l.conn, "UPDATE progress SET upto = ? WHERE what = 'scrub'", with(next+scrubPages))
}

// maxScrub is how many pages a file has less than that is scrubbed. With more, a page that holds the rest of a long row, and begins with the number of another page, could look like one of a tree.
const maxScrub = 1 << 25

// unusedOf is the part of a page of a tree between the offsets of its cells and the first of these, see "B-tree Pages" of the file format of SQLite; nothing of any other page.
func unusedOf(page []byte, isFirst bool) []byte {
	at := 0
	if isFirst {
		at = 100 // behind the header of the file
	}
	if len(page) < at+12 {
		return nil
	}
	head := page[at:]
	cells := at
	switch head[0] {
	case 2, 5:
		cells += 12
	case 10, 13:
		cells += 8
	default:
		return nil
	}
	cells += 2 * int(binary.BigEndian.Uint16(head[3:]))
	content := int(binary.BigEndian.Uint16(head[5:]))
	if content == 0 {
		content = 1 << 16
	}
	if cells > content || content > len(page) {
		return nil
	}
	return page[cells:content]
}

func isZero(all []byte) bool {
	for _, b := range all {
		if b != 0 {
			return false
		}
	}
	return true
}
