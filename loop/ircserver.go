//go:build linux

package loop

import (
	"runtime/debug"

	"looproom/loop/dialect/irc"
)

// useIRC has clients of IRC be told what the configuration says of the server.
func useIRC(s *Server) {
	s.irc.Store(&irc.Server{Name: "looproom.local", Network: "looproom", Version: version(), Began: s.began, Rooms: s.cfg.Room.MaxRoomsPerUser, Words: native.Words})
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
