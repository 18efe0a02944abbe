package room

// minRow is what a row counts besides its words, in bytes, when an answer is cut into pieces: so a piece has a bounded number of rows.
const minRow = 32

// Rest is what is still to come of a long answer, as it was when the answer was given: exactly as many rows as the answer said. Only one goroutine at a time may
// call it, of an answer of a State's that State's; the State may have applied other commands meanwhile.
type Rest struct {
	next func() Row // called left times
	left int
	page int // bytes of a piece
	held int
}

// Next returns the rows of the next piece, about Config.Page bytes of them and at least one, and says whether there are more behind them. They are the caller's.
func (r *Rest) Next() (rows []Row, more bool) {
	for bytes := 0; r.left > 0 && (r.page <= 0 || bytes < r.page); r.left-- {
		row := r.next()
		bytes += minRow + len(row.Name) + len(row.Who) + len(row.Text)
		rows = append(rows, row)
	}
	if r.left == 0 {
		r.next = nil
	}
	return rows, r.left > 0
}

// Bytes is about how many bytes of memory it keeps that would else be free.
func (r *Rest) Bytes() int { return r.held }

// Pages cuts rows that are no State's into pieces of about so many bytes: the first, and what is behind it, nil if that is nothing. Until a row is taken it keeps
// its memory.
func Pages(rows []Row, bytes int) (first []Row, rest *Rest) {
	rest = &Rest{next: themselves(rows), left: len(rows), page: bytes, held: costOfAll(rows)}
	first, more := rest.Next()
	if !more {
		return first, nil
	}
	return first, rest
}

// themselves gives rows one after the other.
func themselves(rows []Row) func() Row { return each(rows, func(row Row) Row { return row }) }

// each gives the items one after the other, as rows.
func each[T any](items []T, row func(T) Row) func() Row {
	return func() Row {
		item := items[0]
		items = items[1:]
		return row(item)
	}
}
