package line

import "looproom/loop/room"

// How messages read that were kept: in RECENT, MISSED, HISTORY, SEARCH and EXPORT.

func appendHistory(dst []byte, e *room.Event) []byte { return appendMessages(dst, e, appendWhen) }

func appendHistoryWithIDs(dst []byte, e *room.Event) []byte {
	return appendMessages(dst, e, appendIDAndWhen)
}

// appendMessages writes the messages of e, each behind what when writes of it.
func appendMessages(dst []byte, e *room.Event, when func([]byte, *room.Row) []byte) []byte {
	if !e.Continued {
		dst = append(appendHistoryHead(dst, e), '\n')
	}
	for i := range e.List {
		row := &e.List[i]
		dst = append(when(append(dst, "= "...), row), ' ')
		dst = append(appendKeptMessage(dst, e, row), '\n')
	}
	return dst
}

func appendWhen(dst []byte, row *room.Row) []byte { return appendTime(dst, row.At) }

func appendIDAndWhen(dst []byte, row *room.Row) []byte {
	return appendMilli(appendID(dst, row.ID), row.At)
}

func appendHistoryHead(dst []byte, e *room.Event) []byte {
	switch e.Kind {
	case room.Missed:
		dst = appendInt(append(dst, "= MISSED "...), e.Count)
		if e.RoomName == "" {
			return append(dst, " *"...)
		}
		return appendWords(dst, e.RoomName)
	case room.HistoryList:
		dst = appendWords(appendInt(append(dst, "= HISTORY "...), e.Count), e.RoomName)
		return appendEnds(dst, e)
	case room.SearchList:
		return appendMore(appendInt(append(dst, "= SEARCH "...), e.Count), e.On)
	case room.ExportList:
		return appendMore(appendInt(append(dst, "= EXPORT "...), e.Count), !e.On)
	}
	return appendWords(appendInt(append(dst, "= RECENT "...), e.Count), e.RoomName)
}

// appendEnds says that a history has nothing in front of what is told, or behind it.
func appendEnds(dst []byte, e *room.Event) []byte {
	switch {
	case !e.On:
		return dst
	case e.Off:
		return append(dst, " last"...)
	}
	return append(dst, " first"...)
}

// appendMore says whether there is more than what is told.
func appendMore(dst []byte, more bool) []byte {
	if more {
		dst = append(dst, " more"...)
	}
	return dst
}

// appendKeptMessage writes a message to a room or to one user, behind where it was said if the event is about several places.
func appendKeptMessage(dst []byte, e *room.Event, row *room.Row) []byte {
	if e.Kind == room.SearchList || e.Kind == room.ExportList {
		dst = append(appendText(dst, row.Who), ' ')
	}
	if row.Own || e.Kind == room.Missed && e.RoomName == "" {
		return appendPrivate(dst, row.Name, row.Text)
	}
	return appendMessage(dst, row.Name, row.Text, row.Action)
}
