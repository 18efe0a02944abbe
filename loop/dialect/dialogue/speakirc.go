package dialogue

import (
	"net/netip"
	"time"

	"looproom/loop/dialect/irc"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// maxIRCLine is the longest line of a client of IRC in bytes, its end included: 4,096 of tags, and 512.
const maxIRCLine = 4096 + 512

// ircSpeaker speaks IRC.
type ircSpeaker struct {
	client *irc.Client
	server string
}

func (s *Pure) newIRC(from netip.AddrPort) *ircSpeaker {
	server := &irc.Server{Name: ServerName, Network: Network, Version: "looproom", Began: time.Unix(began, 0), Rooms: s.accounts.o.MaxRoomsPerUser, MOTD: s.accounts.o.MOTD, History: s.accounts.o.Names, Accounts: s.accounts.o.Names, Words: line.Dialect{}.Words}
	client := irc.NewClient(func() *irc.Server { return server }, irc.Conn{Host: from.Addr().String()})
	return &ircSpeaker{client, ServerName}
}

// hear does nothing with a part of a line, as a server that waits for its end.
func (s *ircSpeaker) hear(frame []byte, whole bool) (all []room.Command) {
	if whole {
		s.client.Hear(frame, func(cmd *room.Command) { all = append(all, *cmd) })
	}
	return all
}

func (s *ircSpeaker) tooLong(int) (all []room.Command) {
	s.client.TooLong(func(cmd *room.Command) { all = append(all, *cmd) })
	return all
}

func (s *ircSpeaker) append(dst []byte, e *room.Event, _ bool) []byte {
	if e.Scope == room.ToClient || irc.Personal(e.Kind) {
		return s.client.Append(dst, e)
	}
	return irc.Append(dst, e, s.client.Set(), s.server)
}

func (s *ircSpeaker) asks() uint32 { return s.client.Asks() }
func (s *ircSpeaker) over() bool   { return s.client.Over() }
