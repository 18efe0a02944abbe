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
	// tooLong is hear for a line of over max bytes, which has been dropped.
	tooLong(max int) []room.Command
	// asks is the number of what the server's accounts have been asked about; 0: the client needs no word of it when they have answered.
	asks() uint32
	// over says that the connection ends behind what the client has been told.
	over() bool
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

func (*lineSpeaker) tooLong(max int) []room.Command {
	return []room.Command{{Verb: room.Refuse, Why: room.LineOverLimit, N: int64(max)}}
}

func (*lineSpeaker) asks() uint32 { return 0 }
func (*lineSpeaker) over() bool   { return false }

func (s *lineSpeaker) append(dst []byte, e *room.Event, here bool) []byte {
	dst = s.dialect.Append(dst, e, dialect.Reader{Here: here, IDs: s.ids})
	if e.Kind == room.IDsAre {
		s.ids = e.On
	}
	return dst
}
