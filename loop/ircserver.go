//go:build linux

package loop

import (
	"runtime/debug"

	"looproom/loop/dialect/irc"
)

// ircServers is what clients of IRC are told of the server: at doors that send nobody to TLS, and at others. It is never changed, but replaced.
type ircServers struct{ plain, sends irc.Server }

// useIRC has clients of IRC be told what the configuration says of the server, this message of the day, and where TLS is. s.setting is held, or nobody else has s yet.
func useIRC(s *Server, motd []string) {
	is := irc.Server{
		Name: s.cfg.ServerName, Network: s.cfg.Network, Version: version(), Began: s.began, MOTD: motd, Rooms: s.cfg.Room.MaxRoomsPerUser, Words: native.Words,
		Accounts: s.cfg.Registry != nil && s.cfg.Registry.Keeps(), History: s.cfg.Store != nil && s.cfg.Store.KeepsMessages(),
	}
	both := ircServers{plain: is, sends: is}
	if s.doors != nil {
		both.sends.STS.Port, both.sends.STS.For = s.doors.STS()
	}
	s.irc.Store(&both)
}

// version is that of the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "looproom-" + info.Main.Version
	}
	return "looproom"
}

// ircServer is what clients of IRC are told of the server at a door, where STS tells of TLS or not. Safe for any goroutine.
func ircServer(s *Server, sts bool) *irc.Server {
	both := s.irc.Load()
	if sts {
		return &both.sends
	}
	return &both.plain
}
