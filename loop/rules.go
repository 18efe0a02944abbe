//go:build linux

package loop

import (
	"looproom/loop/accounts"
	"looproom/loop/room"
)

// SetAccess changes the passwords. A new one for newcomers holds for those who come later; who is an operator by a name that is no
// longer one's is none any more. The error says which hash can't be one, and then nothing has changed. It is safe for any goroutine
// but those of the loops.
func (s *Server) SetAccess(a accounts.Access) error {
	s.setting.Lock()
	defer s.setting.Unlock()
	if err := s.accounts.SetAccess(a); err != nil {
		return err
	}
	return s.configureRoom()
}

// SetRoom changes the rules of the chat. It is safe for any goroutine but those of the loops.
func (s *Server) SetRoom(cfg room.Config) error {
	s.setting.Lock()
	defer s.setting.Unlock()
	s.cfg.Room = cfg
	return s.configureRoom()
}

// configureRoom has the room know the rules. It does when this returns: between two steps of the home loop no command is being applied.
func (s *Server) configureRoom() error {
	cfg := s.roomConfig()
	return s.homeLoop().reactor.Call(func() { s.homeLoop().home.configure(&cfg) })
}

// roomConfig is the rules with what the passwords mean for them.
func (s *Server) roomConfig() room.Config {
	cfg := s.cfg.Room
	cfg.Page = answerPage
	return s.accounts.Rules(cfg)
}

// SetShowAddresses changes what is shown of the addresses of guests who come from now on. It is safe for any goroutine.
func (s *Server) SetShowAddresses(show accounts.Addresses) { s.guestNames.Show(show) }
