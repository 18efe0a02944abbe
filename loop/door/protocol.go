//go:build linux

package door

import (
	"net/http"

	"looproom/loop/delivery"
	"looproom/loop/session"
)

// protocol is a subprotocol of WebSocket, whose clients talk another dialect than others of their door.
type protocol struct {
	name    string
	voice   voice
	framing session.Framing
	longest int // line in bytes
}

// textIRC is the subprotocol of IRC in text messages.
const textIRC = "text.ircv3.net"

// protocols has each subprotocol, by IRCv3's WebSocket support: a message is one line, without its end. What comes may be of either kind, and a message with an LF in it is several
// lines, as at any other door.
var protocols = [...]protocol{
	{textIRC, voice{delivery.Layout{Framing: delivery.Messages}, IRCDialect}, session.PlainMessages, MaxIRCLine},
	{"binary.ircv3.net", voice{delivery.Layout{Framing: delivery.Messages, Binary: true}, IRCDialect}, session.PlainMessages, MaxIRCLine},
}

// sockets are the paths at which a door for browsers has WebSocket, each with what is talked there by who names no subprotocol: some clients of IRC don't.
var sockets = map[string]string{"/ws": "", "/irc": textIRC}

// isSocket says whether the request is one for WebSocket.
func isSocket(r *http.Request) bool {
	_, is := sockets[r.URL.Path]
	return is
}

func protocolNames() (names []string) {
	for _, p := range &protocols {
		names = append(names, p.name)
	}
	return names
}

// protocolOf is the place of a subprotocol among protocols, from 1; 0 if there is none of that name.
func protocolOf(name string) uint8 {
	for i := range protocols {
		if protocols[i].name == name {
			return uint8(i + 1)
		}
	}
	return 0
}

// voices are the voices of the door's clients: its own, and for each subprotocol one, if it has them.
func (u *URL) voices() []voice {
	all := []voice{u.voice()}
	if u.kind.pages {
		for _, p := range &protocols {
			all = append(all, p.voice)
		}
	}
	return all
}
