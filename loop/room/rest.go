package room

// minRow is what a row counts besides its words, in bytes, when an answer is cut into pieces: so a piece has a bounded number of rows.
const minRow = 32

// looksAPiece is how many of what there is are looked at for a piece, where not all of it is told: some tenths of a millisecond.
const looksAPiece = 1000

// Rest is what is still to come of a long answer, as it was when the answer was given: exactly as many rows as the answer said, if it said so. Only one goroutine at a time may
// call it, of an answer of a State's that State's; the State may have applied other commands meanwhile.
type Rest struct {
	rows []Row                     // that are there already, if next is nil
	next func() (row Row, is bool) // called left times
	left int
	most int // rows that may still come
	page int // bytes of a piece
	held int
}

// Next returns the rows of the next piece, about Config.Page bytes of them, and says whether there may be more behind them. Where not all is told that is looked at, a piece may have
// none. They are to be read alone: others may be told of the same.
func (r *Rest) Next() (rows []Row, more bool) {
	if r.next == nil {
		return r.nextOfRows()
	}
	bytes, looks := 0, 0
	for ; r.left > 0 && (r.page <= 0 || bytes < r.page && looks < looksAPiece); r.left-- {
		looks++
		row, is := r.next()
		if !is {
			continue
		}
		bytes += minRow + row.Bytes()
		if rows == nil {
			rows = make([]Row, 0, r.likely(bytes))
		}
		rows = append(rows, row)
		if r.most--; r.most == 0 {
			r.left = 1
		}
	}
	if r.left == 0 {
		r.next = nil
	}
	return rows, r.left > 0
}

// likely is how many rows there will be in a piece whose first row has so many bytes.
func (r *Rest) likely(bytes int) int {
	n := min(r.left, looksAPiece)
	if r.page > 0 {
		n = min(n, r.page/bytes+1)
	}
	return n
}

// nextOfRows is Next of rows that are there already: nothing is copied.
func (r *Rest) nextOfRows() (rows []Row, more bool) {
	n := len(r.rows)
	if r.page > 0 {
		n = 0
		for bytes := 0; n < min(len(r.rows), looksAPiece) && bytes < r.page; n++ {
			bytes += minRow + r.rows[n].Bytes()
		}
	}
	rows, r.rows = r.rows[:n:n], r.rows[n:]
	return rows, len(r.rows) > 0
}

// Bytes is how many bytes of words the row has.
func (row *Row) Bytes() int { return len(row.Name) + len(row.Who) + len(row.Text) + row.Of.bytes() }

// Bytes is about how many bytes of memory it keeps that would else be free.
func (r *Rest) Bytes() int { return r.held }

// Pages cuts rows that are no State's into pieces of about so many bytes: the first, and what is behind it, nil if that is nothing. Until a row is taken it keeps
// its memory.
func Pages(rows []Row, bytes int) (first []Row, rest *Rest) {
	rest = &Rest{rows: rows, page: bytes, held: costOfAll(rows)}
	first, more := rest.Next()
	if !more {
		return first, nil
	}
	return first, rest
}

// each gives the items one after the other, as rows.
func each[T any](items []T, row func(T) Row) func() (Row, bool) {
	return func() (Row, bool) {
		item := items[0]
		items = items[1:]
		return row(item), true
	}
}

// behind gives first, and then what next gives.
func behind(first Row, next func() (Row, bool)) func() (Row, bool) {
	given := false
	return func() (Row, bool) {
		if given {
			return next()
		}
		given = true
		return first, true
	}
}
