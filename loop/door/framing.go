//go:build linux

package door

import (
	"looproom/loop/delivery"
	"looproom/loop/room"
	"looproom/loop/session"
)

// kind is all that is special of the doors of one framing.
type kind struct {
	scheme  string // of their URLs
	framing session.Framing
	layout  delivery.Framing // of lines to their clients
	dialect Dialect
	chats   bool      // there is a chat behind it; else what comes goes back
	people  bool      // who come may be people with nothing but a line client, who can be told of HELP
	files   bool      // files can be sent
	onUnix  bool      // it can be a Unix socket
	pages   bool      // net/http serves its clients until they ask for WebSocket
	longest int       // line in bytes, its end included; 0: as long as the server's
	ports   [2]uint16 // in clear and with TLS, where the URL has none; 0: it has to have one
	// refusal is how who is not let in reads why: a code, and code and words.
	refusal func(d *Door, code room.Code, why []byte) []byte
}

// MaxIRCLine is the longest line that is read of a client of IRC, in bytes: 4,096 of tags with their @ and space, and 512 with its end, by IRCv3's message-tags and
// RFC 1459 section 2.3. Which of the two is too long, its dialect says.
const MaxIRCLine = 4096 + 512

// kinds has one for each scheme.
var kinds = []*kind{
	{scheme: "line", framing: session.Lines, layout: delivery.Lines, chats: true, people: true, files: true, onUnix: true, refusal: laidOut},
	{scheme: "fixed", framing: session.Blocks, layout: delivery.Blocks, chats: true, people: true, onUnix: true, refusal: laidOut},
	{scheme: "chunk", framing: session.Bursts, layout: delivery.Bursts, chats: true, people: true, onUnix: true, refusal: bare},
	{scheme: "echo", framing: session.Raw, layout: delivery.Lines, onUnix: true, refusal: laidOut},
	{
		scheme: "irc", framing: session.Plain, layout: delivery.CRLF, dialect: IRCDialect, chats: true, onUnix: true,
		longest: MaxIRCLine, ports: [2]uint16{6667, 6697}, refusal: closingLink,
	},
	{scheme: "http", framing: session.Messages, layout: delivery.Messages, chats: true, files: true, pages: true, refusal: response},
}

func kindOf(scheme string) *kind {
	for _, k := range kinds {
		if k.scheme == scheme {
			return k
		}
	}
	return nil
}

// Pages says whether the door is for browsers: it shows pages, and its clients talk by WebSocket.
func (u *URL) Pages() bool { return u.kind.pages }

// Input is how the streams of the door's clients are cut, whose lines have at most maxLine bytes.
func (u *URL) Input(maxLine int) session.Form {
	if u.kind.longest > 0 {
		maxLine = u.kind.longest
	}
	return session.Form{Framing: u.kind.framing, MaxLine: maxLine, Size: u.size, Pause: u.pause}
}

// Echo says whether what comes goes back, and there is no chat.
func (u *URL) Echo() bool { return !u.kind.chats }

// TakesFiles says whether files can be sent at the door.
func (u *URL) TakesFiles() bool { return u.kind.files }

// voice is that of the door's clients.
func (u *URL) voice() voice {
	v := voice{layout: delivery.Layout{Framing: u.kind.layout}, dialect: u.kind.dialect}
	if u.kind.framing == session.Blocks {
		v.layout.Size = u.size
	}
	return v
}

// hasPreface says whether a client of the door has to say something before it is let in.
func (u *URL) hasPreface() bool { return u.secure || len(u.proxies) > 0 || u.kind.pages }
