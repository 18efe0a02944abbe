//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/opening"
	"looproom/loop/room"
)

// refusedProtocols are why those are refused who speak another one.
var refusedProtocols = [...]room.Reason{
	opening.HTTP:   room.SpeaksHTTP,
	opening.SSH:    room.SpeaksSSH,
	opening.Binary: room.SpeaksBinary,
}

// refuseProtocol tells p that it speaks another protocol, and disconnects it. Who speaks HTTP is told so in words that look like HTTP.
func (l inputs) refuseProtocol(p *peer, kind opening.Kind) {
	why := room.Refusal{Why: refusedProtocols[kind]}
	l.server.refused.Add(string(why.Why.Code()))
	if kind == opening.HTTP && !p.deaf() {
		l.fanOut.tellLine(p, string(native.AppendRefusal([]byte("HTTP/1.1 400 "), &why)))
		l.ends.leave(p, ending.SpeaksHTTP, "")
		return
	}
	l.ends.expel(p, why, ending.SpeaksOther, "")
}
