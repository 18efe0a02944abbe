package line

import (
	"looproom/codec/plain"
	"looproom/loop/room"
)

// How messages read that were kept: in RECENT, MISSED, HISTORY, SEARCH and EXPORT.

func appendHistory(dst []byte, e *room.Event) []byte { return appendMessages(dst, e, appendWhen) }

func appendHistoryWithIDs(dst []byte, e *room.Event) []byte {
	return appendMessages(dst, e, appendIDAndWhen)
}

// appendMessages writes the messages of e, each behind what when writes of it; one of several lines as so many.
func appendMessages(dst []byte, e *room.Event, when func([]byte, *room.Row) []byte) []byte {
	if !e.Continued {
		dst = append(appendHistoryHead(dst, e), '\n')
	}
	for i := range e.List {
		row := &e.List[i]
		if !plain.IsSeveral(row.Text) {
			dst = appendKeptLine(dst, e, row, row.Text, when)
			continue
		}
		for line := range plain.Lines(row.Text) {
			dst = appendKeptLine(dst, e, row, line, when)
		}
	}
	return dst
}

// appendKeptLine writes a line of a message, whose words are text.
func appendKeptLine(dst []byte, e *room.Event, row *room.Row, text string, when func([]byte, *room.Row) []byte) []byte {
	dst = append(when(append(dst, "= "...), row), ' ')
	return append(appendKeptMessage(dst, e, row, text), '\n')
}

func appendWhen(dst []byte, row *room.Row) []byte { return appendTime(dst, row.At) }

func appendIDAndWhen(dst []byte, row *room.Row) []byte {
	return appendMilli(appendID(dst, row.ID), row.At)
}

func appendHistoryHead(dst []byte, e *room.Event) []byte {
	count := e.Count + e.Lines
	switch e.Kind {
	case room.Missed:
		dst = appendInt(append(dst, "= MISSED "...), count)
		if e.RoomName == "" {
			return append(dst, " *"...)
		}
		return appendWords(dst, e.RoomName)
	case room.HistoryList:
		dst = appendWords(appendInt(append(dst, "= HISTORY "...), count), e.RoomName)
		return appendEnds(dst, e)
	case room.SearchList:
		return appendMore(appendInt(append(dst, "= SEARCH "...), count), e.On)
	case room.ExportList:
		return appendMore(appendInt(append(dst, "= EXPORT "...), count), !e.On)
	}
	return appendWords(appendInt(append(dst, "= RECENT "...), count), e.RoomName)
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
func appendKeptMessage(dst []byte, e *room.Event, row *room.Row, text string) []byte {
	if e.Kind == room.SearchList || e.Kind == room.ExportList {
		dst = append(appendText(dst, row.Who), ' ')
	}
	if row.Own || e.Kind == room.Missed && e.RoomName == "" {
		return appendPrivate(dst, row.Name, text)
	}
	return appendMessage(dst, row.Name, text, row.Action)
}
