package line

import (
	"strconv"
	"time"

	"looproom/loop/room"
)

// listBytes is about how many bytes of names one line of LIST holds: lines of this length fit every client's buffer.
const listBytes = 1 << 10

func appendSignedIn(dst []byte, e *room.Event) []byte { return appendAnswer(dst, "= ADD ", e.Text) }
func appendNicked(dst []byte, e *room.Event) []byte   { return appendAnswer(dst, "= NICK ", e.Text) }
func appendPonged(dst []byte, e *room.Event) []byte   { return appendAnswer(dst, "PONG ", e.Text) }
func appendReplied(dst []byte, e *room.Event) []byte  { return append(dst, e.Text...) }
func appendBye(dst []byte, _ *room.Event) []byte      { return append(dst, "= END\n"...) }

func appendAdmitted(dst []byte, _ *room.Event) []byte { return append(dst, "= PASS\n"...) }
func appendLoggedIn(dst []byte, e *room.Event) []byte { return appendAnswer(dst, "= LOGIN ", e.Who) }
func appendDraining(dst []byte, _ *room.Event) []byte { return append(dst, "= DRAIN\n"...) }

func appendKickedUser(dst []byte, e *room.Event) []byte { return appendAnswer(dst, "= KICK ", e.Who) }
func appendBanLifted(dst []byte, e *room.Event) []byte  { return appendAnswer(dst, "= UNBAN ", e.Who) }

// appendDone writes the answer of a verb that has no kind of event of its own.
func appendDone(dst []byte, e *room.Event) []byte {
	v := byMeaning[e.Verb]
	if v == nil || v.answer == nil {
		return dst
	}
	return append(v.answer(append(append(dst, "= "...), v.name...), e), '\n')
}

// What stands behind the verb in such an answer, with a space in front.
func nothing(dst []byte, _ *room.Event) []byte  { return dst }
func thatRoom(dst []byte, e *room.Event) []byte { return appendWords(dst, e.RoomName) }
func thatName(dst []byte, e *room.Event) []byte { return appendWords(dst, e.Who) }

func thatNumber(dst []byte, e *room.Event) []byte {
	return strconv.AppendInt(append(dst, ' '), e.N, 10)
}

// appendAnswer writes a line of two parts.
func appendAnswer(dst []byte, front, rest string) []byte {
	return append(appendText(append(dst, front...), rest), '\n')
}

func appendListed(dst []byte, e *room.Event) []byte {
	dst = appendListHead(dst, e.Count)
	used := 0
	for i := range e.List {
		row := &e.List[i]
		if used > 0 && used+len(row.Name) > listBytes {
			dst = appendListHead(append(dst, '\n'), e.Count)
			used = 0
		}
		before := len(dst)
		dst = appendText(append(dst, ' '), row.Name)
		if row.Away {
			dst = append(dst, room.AwayMark...)
		}
		used += len(dst) - before
	}
	return append(dst, '\n')
}

func appendListHead(dst []byte, count int) []byte {
	return appendInt(append(dst, "= LIST "...), count)
}

func appendRoomList(dst []byte, e *room.Event) []byte {
	if !e.Continued {
		dst = append(appendInt(append(dst, "= ROOMS "...), e.Count), '\n')
	}
	for i := range e.List {
		row := &e.List[i]
		dst = append(appendText(append(dst, "= ROOM "...), row.Name), ' ')
		dst = append(appendWords(appendInt(dst, row.Count), row.Text), '\n')
	}
	return dst
}

func appendDescribed(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "= WHO "...), e.Who), " since "...)
	row := room.Row{}
	if len(e.List) > 0 {
		row = e.List[0]
	}
	dst = append(appendTime(dst, row.At), " idle "...)
	dst = append(appendInt(dst, row.Count), " rooms "...)
	if e.RoomName == "" {
		dst = append(dst, '-')
	}
	dst = appendText(dst, e.RoomName)
	if e.N != 1 {
		dst = strconv.AppendInt(append(dst, " sessions "...), e.N, 10)
	}
	if row.Who != "" {
		dst = appendText(append(dst, " address "...), row.Who)
	}
	if row.Away {
		dst = appendWords(append(dst, " away"...), row.Text)
	}
	return append(dst, '\n')
}

// appendCertList writes which certificates open an account.
func appendCertList(dst []byte, e *room.Event) []byte {
	dst = append(appendInt(append(dst, "= CERTS "...), e.Count), '\n')
	for i := range e.List {
		dst = appendText(append(dst, "= CERT "...), e.List[i].Text)
		if e.List[i].Own {
			dst = append(dst, " this"...)
		}
		dst = append(dst, '\n')
	}
	return dst
}

func appendSessionList(dst []byte, e *room.Event) []byte {
	dst = append(appendInt(append(dst, "= SESSIONS "...), e.Count), '\n')
	for i := range e.List {
		row := &e.List[i]
		dst = append(appendText(append(dst, "= SESSION "...), row.Name), " since "...)
		dst = appendInt(append(appendTime(dst, row.At), " idle "...), row.Count)
		dst = appendText(append(dst, " from "...), row.Who)
		if row.Own {
			dst = append(dst, " this"...)
		}
		dst = append(dst, '\n')
	}
	return dst
}

func appendJoined(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "= JOIN "...), e.RoomName), ' ')
	return append(appendInt(dst, e.Count), '\n')
}

func appendTopicIs(dst []byte, e *room.Event) []byte {
	dst = appendText(append(dst, "= TOPIC "...), e.RoomName)
	return append(appendWords(dst, e.Text), '\n')
}

func appendKeeping(dst []byte, e *room.Event) []byte { return appendSwitch(dst, "= KEEP ", e.On) }

// appendSwitch writes a line of a part and ON or OFF.
func appendSwitch(dst []byte, front string, on bool) []byte {
	if on {
		return appendAnswer(dst, front, "ON")
	}
	return appendAnswer(dst, front, offMark)
}

func appendReadUpTo(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "= READ "...), e.Text), ' ')
	if e.ID == 0 {
		dst = append(dst, '-')
	} else {
		dst = e.ID.AppendTo(dst)
	}
	return append(appendInt(append(dst, ' '), e.Count), '\n')
}

func appendKept(dst []byte, e *room.Event) []byte {
	dst = append(strconv.AppendInt(append(dst, "= SENT "...), e.N, 10), ' ')
	dst = append(appendText(dst, e.Who), ' ')
	return append(appendText(dst, e.Text), '\n')
}

func appendFileList(dst []byte, e *room.Event) []byte {
	dst = append(appendInt(append(dst, "= FILES "...), len(e.List)), " of "...)
	dst = append(appendInt(dst, e.Count), '\n')
	for i := range e.List {
		row := &e.List[i]
		dst = append(appendInt(append(dst, "= STORED "...), row.Count), ' ')
		dst = append(appendTime(dst, row.At), ' ')
		dst = appendText(append(appendText(dst, row.Who), ' '), row.Text)
		dst = append(appendText(append(dst, ' '), row.Name), '\n')
	}
	return dst
}

func appendFileFollows(dst []byte, e *room.Event) []byte {
	dst = append(strconv.AppendInt(append(dst, "= FILE "...), e.N, 10), ' ')
	return append(appendText(dst, e.Text), '\n')
}

func appendStatList(dst []byte, e *room.Event) []byte {
	dst = append(appendInt(append(dst, "= STATS "...), len(e.List)), '\n')
	for i := range e.List {
		row := &e.List[i]
		dst = append(appendText(append(dst, "= STAT "...), row.Name), ' ')
		dst = append(appendText(dst, row.Text), '\n')
	}
	return dst
}

// appendTime writes a time of the wall clock, in milliseconds since 1970, as RFC 3339 has it, in UTC and to the second.
func appendTime(dst []byte, at int64) []byte {
	return time.UnixMilli(at).UTC().AppendFormat(dst, time.RFC3339)
}
