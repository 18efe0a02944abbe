package room

import (
	"strconv"
	"strings"
)

// MsgID names a message: what was said or done in a room, or to one user. 0: none. It never comes twice, and a later message has a greater one, also when the server has been
// restarted in between: its high bits are the start number of the server (see StartAt), and the low 34 count the messages since.
type MsgID uint64

// countBits is how many bits count. After more than 17 thousand million messages the count goes on into the start number, which is no matter: the next start's is that of a second
// that is far behind.
const countBits = 34

// MaxStart is the greatest start number. The clock comes to it in the year 2059.
const MaxStart = 1<<(64-countBits) - 1

// startsAt is when start numbers begin, in seconds of wall clock: 2025-01-01 00:00 UTC.
const startsAt = 1735689600

// StartAt is the start number of a server that begins at that moment, in milliseconds of wall clock: the seconds since 2025 began. 0: the clock is wrong.
func StartAt(wall int64) int64 {
	n := wall/1000 - startsAt
	if n < 0 || n > MaxStart {
		return 0
	}
	return n
}

// AppendTo appends the id to dst as clients read it: two numbers, such as 57024000-42.
func (id MsgID) AppendTo(dst []byte) []byte {
	dst = append(strconv.AppendUint(dst, uint64(id>>countBits), 10), '-')
	return strconv.AppendUint(dst, uint64(id&(1<<countBits-1)), 10)
}

// String is as AppendTo has it.
func (id MsgID) String() string { return string(id.AppendTo(nil)) }

// ParseMsgID reads what AppendTo writes, and nothing else.
func ParseMsgID(text string) (id MsgID, ok bool) {
	start, count, ok := strings.Cut(text, "-")
	high, err := strconv.ParseUint(start, 10, 64-countBits)
	if err != nil || !ok {
		return 0, false
	}
	low, err := strconv.ParseUint(count, 10, countBits)
	if err != nil {
		return 0, false
	}
	id = MsgID(high<<countBits | low)
	return id, id.String() == text // without zeros or signs in front
}

// messageIDs gives the messages their ids.
type messageIDs struct{ last MsgID }

// begin has the ids go on with those of a server of that start number. They never go back.
func (m *messageIDs) begin(start int64) {
	m.last = max(m.last, MsgID(min(max(start, 0), MaxStart))<<countBits)
}

func (m *messageIDs) next() MsgID {
	m.last++
	return m.last
}

// place is one that there has never been.
func (m *messageIDs) place() PlaceID {
	if p := PlaceID(m.next()); p != LobbyPlace { // which is the first of a server that has no start number
		return p
	}
	return PlaceID(m.next())
}
