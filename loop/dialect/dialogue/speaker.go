package dialogue

import (
	"looproom/loop/dialect"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// speaker is the dialect of one client, with what it knows of that client.
type speaker interface {
	// hear reads a line without its end, and returns the commands that follow from it, in their order. A part of a line isn't whole.
	hear(frame []byte, whole bool) []room.Command
	// append appends what an event says to the client, for whom the room that it is about is the current one, or not.
	append(dst []byte, e *room.Event, here bool) []byte
}

// lineSpeaker speaks the line protocol.
type lineSpeaker struct {
	dialect line.Dialect
	numbers bool // it has numbered a line, or asked for the last number
	ids     bool // it is told the ids of messages
}

// hear says nothing for a part of a line where lines are numbered.
func (s *lineSpeaker) hear(frame []byte, whole bool) []room.Command {
	var cmd room.Command
	said := s.dialect.Parse(frame, &cmd)
	s.numbers = s.numbers || cmd.Numbers()
	if !said || s.numbers && !whole {
		return nil
	}
	return []room.Command{cmd}
}

func (s *lineSpeaker) append(dst []byte, e *room.Event, here bool) []byte {
	dst = s.dialect.Append(dst, e, dialect.Reader{Here: here, IDs: s.ids})
	if e.Kind == room.IDsAre {
		s.ids = e.On
	}
	return dst
}
