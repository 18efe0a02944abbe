package room

import (
	"sort"

	"looproom/codec/plain"
)

// rowBytes is what a message takes besides its words, in bytes.
const rowBytes = 96

// history keeps the last messages of a room in a ring.
type history struct {
	rows  []Row // the ring; it grows as far as it is needed
	first int   // where the oldest is
	count int
	bytes int // of all of them
}

func costOf(row *Row) int { return rowBytes + len(row.Name) + len(row.Text) }

// costOfAll is what several rows take, in bytes.
func costOfAll(rows []Row) (bytes int) {
	for i := range rows {
		bytes += costOf(&rows[i])
	}
	return bytes
}

// moreLines is how many lines messages have besides the first of each.
func moreLines(rows []Row) (n int) {
	for i := range rows {
		n += plain.CountLines(rows[i].Text) - 1
	}
	return n
}

// add keeps row, and at most limit rows of most bytes in all; most 0: of any number of bytes. The last row is kept whatever its bytes are.
func (h *history) add(row Row, limit, most int) {
	if limit <= 0 {
		return
	}
	cost := costOf(&row)
	for h.count >= limit || most > 0 && h.count > 0 && h.bytes+cost > most {
		h.drop()
	}
	if h.count == len(h.rows) {
		h.rows, h.first = append(make([]Row, 0, min(limit, 2*h.count+1)), h.last(h.count)...), 0
		h.rows = h.rows[:cap(h.rows)]
	}
	h.rows[(h.first+h.count)%len(h.rows)] = row
	h.count++
	h.bytes += cost
}

// drop forgets the oldest row.
func (h *history) drop() {
	oldest := &h.rows[h.first]
	h.bytes -= costOf(oldest)
	*oldest = Row{}
	h.first = (h.first + 1) % len(h.rows)
	h.count--
}

// resize keeps the last rows, at most limit of most bytes.
func (h *history) resize(limit, most int) {
	rows := h.last(max(limit, 0))
	*h = history{}
	for _, row := range rows {
		h.add(row, limit, most)
	}
}

// last returns a copy of the last n rows, oldest first.
func (h *history) last(n int) []Row {
	n = min(n, h.count)
	rows := make([]Row, 0, n)
	for i := h.count - n; i < h.count; i++ {
		rows = append(rows, *h.at(i))
	}
	return rows
}

// at is the i-th row, the oldest is the first. It is valid until the next one is added.
func (h *history) at(i int) *Row { return &h.rows[(h.first+i)%len(h.rows)] }

// behind is the index of the first message behind that one, or of none.
func (h *history) behind(id MsgID) int {
	return sort.Search(h.count, func(i int) bool { return h.at(i).ID > id })
}

// countBehind counts the messages behind that one that are so.
func (h *history) countBehind(id MsgID, is func(*Row) bool) (n int) {
	for i := h.behind(id); i < h.count; i++ {
		if is(h.at(i)) {
			n++
		}
	}
	return n
}

// limit forgets the oldest messages while there are more bytes than that; 0: none.
func (h *history) limit(bytes int) {
	for bytes > 0 && h.count > 1 && h.bytes > bytes {
		h.drop()
	}
}
