//go:build linux

package loop

import (
	"runtime/debug"
	"time"

	"looproom/loop/dialect/irc"
	"looproom/loop/door"
)

// ircServers is what clients of IRC are told of the server: at doors that send nobody to TLS, and at others. It is never changed, but replaced.
type ircServers struct{ plain, sends irc.Server }

// newIRCServers is what the configuration says of a server that began then, with this message of the day, and where TLS is at its doors, which may be nil.
func newIRCServers(cfg *Config, began time.Time, doors *door.Doors, motd []string) *ircServers {
	is := irc.Server{
		Name: cfg.ServerName, Network: cfg.Network, Version: version(), Began: began, MOTD: motd, Rooms: cfg.Room.MaxRoomsPerUser, Words: native.Words,
		Accounts: cfg.Registry != nil && cfg.Registry.Keeps(), History: cfg.Store != nil && cfg.Store.KeepsMessages(),
	}
	both := ircServers{plain: is, sends: is}
	if doors != nil {
		both.sends.STS.Port, both.sends.STS.For = doors.STS()
	}
	return &both
}

// at is what is told at a door, where STS tells of TLS or not.
func (both *ircServers) at(sts bool) *irc.Server {
	if sts {
		return &both.sends
	}
	return &both.plain
}

// version is that of the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "looproom-" + info.Main.Version
	}
	return "looproom"
}
