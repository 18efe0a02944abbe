package session

import "looproom/loop/opening"

// maxFirst is how many bytes of a first line are looked at that comes in several frames: blocks, or bursts without an LF.
const maxFirst = 4 << 10

// openedBy is what the client speaks, as far as f tells, if that belongs to its first line. begin is where f was cut from.
func (s *Session) openedBy(f *Frame, begin []byte) opening.Kind {
	switch {
	case s.has(spoke):
	case f.Kind == TooLong:
		s.is |= spoke
		return opening.OfTooLong(begin)
	case f.Kind == Line:
		return s.firstLine(f)
	}
	return opening.Text
}

func (s *Session) firstLine(f *Frame) opening.Kind {
	line := f.Bytes
	if s.few != nil && len(s.few.first) > 0 {
		line = append(s.few.first, line...)
	}
	if kind := opening.Of(line, !f.part); kind != opening.Text {
		return kind
	}
	if f.part && len(line) <= maxFirst && opening.May(line) {
		s.more().first = append(s.more().first, f.Bytes...)
		return opening.Text
	}
	s.is |= spoke
	if s.few != nil {
		s.few.first = nil
	}
	return opening.Text
}
