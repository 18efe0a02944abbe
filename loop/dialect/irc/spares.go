package irc

import "looproom/loop/room"

// Spares is memory that clients of one goroutine have used and use again: each line makes a command and a request, which are gone when it is answered. The zero value, and nil, have none.
type Spares struct {
	commands []*room.Command // at most maxSpares
	requests [][]request     // of one each; at most maxSpares
}

// maxSpares is how many of each are kept: a line makes few, and most are answered before the next one comes.
const maxSpares = 64

// command is one with nothing in it.
func (s *Spares) command() *room.Command {
	if s == nil || len(s.commands) == 0 {
		return new(room.Command)
	}
	n := len(s.commands) - 1
	cmd := s.commands[n]
	s.commands = s.commands[:n]
	return cmd
}

// takeCommand takes one that nobody uses any more.
func (s *Spares) takeCommand(cmd *room.Command) {
	if s != nil && len(s.commands) < maxSpares {
		*cmd = room.Command{}
		s.commands = append(s.commands, cmd)
	}
}

// request is memory for one.
func (s *Spares) request() []request {
	if s == nil || len(s.requests) == 0 {
		return make([]request, 0, 1)
	}
	n := len(s.requests) - 1
	one := s.requests[n]
	s.requests = s.requests[:n]
	return one
}

// takeRequest takes memory of one that is answered.
func (s *Spares) takeRequest(one []request) {
	if s != nil && len(s.requests) < maxSpares {
		one[0] = request{}
		s.requests = append(s.requests, one[:0])
	}
}
