//go:build linux

package rival

import (
	"looproom/codec"
	"looproom/loop/room"
)

// session is what a client of the chat says: bytes in, commands out. It belongs to the thread or goroutine that reads from the client.
type session struct {
	member  *member
	act     func(cmd *room.Command) // brings a command to the hub and what follows to its audience
	framer  codec.Lines
	maxLine int
	tail    []byte       // a line whose end has not come
	skip    int64        // bytes of an unwanted file that are still to come
	cmd     room.Command // scratch: the command at hand
	numbers bool         // a line has been numbered, or the last number asked for
}

func newSession(m *member, act func(*room.Command), maxLine int) *session {
	return &session{member: m, act: act, framer: codec.NewLines(maxLine), maxLine: maxLine}
}

// connect is the client's first command; name is its address.
func (s *session) connect(name string) {
	s.do(room.Command{Verb: room.Connect, Name: name, N: room.None})
}

// read does what b says, as far as it goes. b is borrowed, and may be rewritten.
func (s *session) read(b []byte) {
	if len(s.tail) > 0 {
		s.tail = append(s.tail, b...)
		b = s.tail
	}
	if rest := s.frames(b); len(rest) > 0 {
		s.tail = append(s.tail[:0], rest...)
	} else {
		s.tail = nil // a client that is quiet should cost little
	}
}

// over says that the client has left: what else it sends is of no interest.
func (s *session) over() bool { return s.member.gone }

// frames handles the whole frames of b and returns the rest.
func (s *session) frames(b []byte) []byte {
	for len(b) > 0 && !s.over() {
		if s.skip > 0 {
			n := min(s.skip, int64(len(b)))
			s.skip -= n
			b = b[n:]
			continue
		}
		frame, n, err := s.framer.Next(b)
		if n == 0 {
			return b
		}
		b = b[n:]
		if err != nil {
			s.do(room.Command{Verb: room.Refuse, Why: room.LineOverLimit, N: int64(s.maxLine)})
			continue
		}
		s.hear(frame, true)
	}
	return nil
}

// hear does what a frame says. Framers give no frame for part of a line. At the end of the stream a part of a line, which isn't whole, says
// nothing where lines are numbered.
func (s *session) hear(frame []byte, whole bool) {
	s.cmd = room.Command{}
	if len(frame) == 0 || !native.Parse(frame, &s.cmd) {
		return
	}
	s.numbers = s.numbers || s.cmd.Numbers()
	if s.numbers && !whole {
		return
	}
	if s.cmd.Verb == room.Send || s.cmd.Verb == room.Refuse {
		s.skip = max(s.cmd.N, 0) // the bytes of a file come even where it is refused
	}
	s.do(s.cmd)
}

// end is when nothing more comes from the client. What is left counts as a line.
func (s *session) end() {
	if !s.over() && s.skip == 0 {
		s.hear(s.framer.Flush(s.tail), false)
	}
	s.drop()
}

// drop is end for a connection that broke.
func (s *session) drop() {
	s.tail = nil
	if !s.over() {
		s.do(room.Command{Verb: room.Disconnect})
	}
}

func (s *session) do(cmd room.Command) {
	s.cmd = cmd
	s.cmd.Client = s.member.id
	s.act(&s.cmd)
}
