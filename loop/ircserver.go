//go:build linux

package loop

import (
	"runtime/debug"

	"looproom/loop/dialect/irc"
)

// useIRC has clients of IRC be told what the configuration says of the server, and this message of the day.
func useIRC(s *Server, motd []string) {
	s.irc.Store(&irc.Server{
		Name: s.cfg.ServerName, Network: s.cfg.Network, Version: version(), Began: s.began, MOTD: motd, Rooms: s.cfg.Room.MaxRoomsPerUser, Words: native.Words,
	})
}

// version is that of the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "looproom-" + info.Main.Version
	}
	return "looproom"
}

// ircServer is what clients of IRC are told of the server. Safe for any goroutine.
func ircServer(s *Server) *irc.Server { return s.irc.Load() }
