//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/opening"
	"looproom/loop/room"
)

// refusedProtocols are what those are told who speak another one.
var refusedProtocols = [...]string{
	opening.HTTP:   "this door speaks lines of text, and no HTTP; a browser needs an http door",
	opening.SSH:    "this door speaks lines of text, and no SSH",
	opening.Binary: "this door speaks lines of text, and that is none",
}

// refuseProtocol tells p that it speaks another protocol, and disconnects it. Who speaks HTTP is told so in words that look like HTTP.
func (l inputs) refuseProtocol(p *peer, kind opening.Kind) {
	l.server.refused.Add(string(room.WrongProtocol))
	if kind == opening.HTTP && !p.deaf() {
		l.tellLine(p, "HTTP/1.1 400 "+string(room.WrongProtocol)+" "+refusedProtocols[kind])
		l.disconnect(p, "speaks HTTP")
		return
	}
	l.expel(p, room.WrongProtocol, refusedProtocols[kind], "speaks another protocol")
}

// greeting is the second line that newcomers get on a door for people.
const greeting = "= HELP says what you can do"

// tellLine tells p a line that is no event.
func (l *eventLoop) tellLine(p *peer, line string) {
	l.writer.Answer(&p.out, plainLine{p.door.url.layout(), line}, p.door.form(true))
}

// plainLine is a line that is no event, as a delivery.Message.
type plainLine struct {
	layout delivery.Layout
	text   string
}

// Append implements delivery.Message.
func (m plainLine) Append(dst []byte, _ uint8) []byte {
	return appendLine(dst, []byte(m.text), m.layout)
}
