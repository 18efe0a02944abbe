//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/opening"
	"looproom/loop/room"
)

// maxFirst is how many bytes of a first line are looked at that comes in several frames: blocks, or bursts without an LF.
const maxFirst = 4 << 10

// firstLine looks at frame, which belongs to the first line of p, and says whether p has been refused for it: because it speaks another
// protocol. whole says that the line ends with the frame. Echo doors and WebSocket have no first line.
func (l *eventLoop) firstLine(p *peer, frame []byte, whole bool) (refused bool) {
	if p.web() != nil || p.door.url.echo() {
		p.spoke = true
		return false
	}
	line := frame
	if p.rare != nil && len(p.rare.first) > 0 {
		line = append(p.rare.first, frame...)
	}
	if kind := opening.Of(line, whole); kind != opening.Text {
		l.refuseProtocol(p, kind)
		return true
	}
	if p.spoke = whole || len(line) > maxFirst || !opening.May(line); p.spoke {
		if p.rare != nil {
			p.rare.first = nil
		}
		return false
	}
	more := p.more()
	more.first = append(more.first, frame...)
	return false
}

// firstTooLong is firstLine for the beginning of one that is longer than a line may be.
func (l *eventLoop) firstTooLong(p *peer, begin []byte) (refused bool) {
	p.spoke = true
	kind := opening.OfTooLong(begin)
	if kind == opening.Text || p.web() != nil {
		return false
	}
	l.refuseProtocol(p, kind)
	return true
}

// endsLine says whether the text of a frame that came by Next ends with it. That of a block does so if there is a NUL behind it.
func (p *peer) endsLine(frame []byte) bool {
	return p.door.url.framing != blocks || len(frame) < p.door.url.size
}

// refusedProtocols are what those are told who speak another one.
var refusedProtocols = [...]string{
	opening.HTTP:   "this door speaks lines of text, and no HTTP; a browser needs an http door",
	opening.SSH:    "this door speaks lines of text, and no SSH",
	opening.Binary: "this door speaks lines of text, and that is none",
}

// refuseProtocol tells p that it speaks another protocol, and disconnects it. Who speaks HTTP is told so in words that look like HTTP.
func (l *eventLoop) refuseProtocol(p *peer, kind opening.Kind) {
	p.spoke = true
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
