//go:build linux

package loop

import "looproom/codec/plain"

// SetMOTD changes the message of the day, for those who come or ask for it from now on. The lines must not be changed any more. It is safe for any goroutine
// but those of the loops.
func (s *Server) SetMOTD(lines []string) {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.irc.Store(newIRCServers(&s.cfg, s.began, s.doors, lines))
}

// motd are the lines of the message of the day. Safe for any goroutine.
func motd(s *Server) []string { return s.irc.Load().plain.MOTD }

// tellMOTD tells p the message of the day.
func (f *fanOut) tellMOTD(p *peer, lines []string) {
	for _, words := range lines {
		line := "= MOTD"
		if words = plain.CleanString(words); words != "" {
			line += " " + words
		}
		f.tellLine(p, line)
	}
}
