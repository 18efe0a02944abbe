package line

import (
	"time"

	"looproom/loop/room"
)

// How messages read to a client that has said IDS ON.

// appendID writes the id of a message, and a space.
func appendID(dst []byte, id room.MsgID) []byte { return append(id.AppendTo(append(dst, '@')), ' ') }

// appendConfirmedWithID writes the id behind the number of a message that has been said just now.
func appendConfirmedWithID(dst []byte, e *room.Event) []byte {
	dst = appendConfirmed(dst, e)
	if e.ID == 0 {
		return dst
	}
	return append(e.ID.AppendTo(append(dst[:len(dst)-1], " @"...)), '\n')
}

func appendIDsAre(dst []byte, e *room.Event) []byte { return appendSwitch(dst, "= IDS ", e.On) }

// withMilli is RFC 3339 with milliseconds.
const withMilli = "2006-01-02T15:04:05.000Z07:00"

// appendMilli is appendTime to the millisecond.
func appendMilli(dst []byte, at int64) []byte {
	return time.UnixMilli(at).UTC().AppendFormat(dst, withMilli)
}
