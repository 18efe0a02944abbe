//go:build linux

package loop

import (
	"time"

	"looproom/loop/ending"
)

// watchIRC is when p, who speaks IRC, may have been quiet for long enough.
func watchIRC(l *eventLoop, p *peer) {
	if p.irc() == nil || p.deaf() {
		return
	}
	i := p.rare.irc
	quiet := l.server.clock() - i.heard
	if i.pinged && quiet >= 2*ircQuiet {
		l.ends.cut(p, ending.PingTimeout, "")
		return
	}
	if i.pinged || quiet < ircQuiet {
		l.setAlarm(max(ircQuiet-quiet%ircQuiet, time.Second), p.id(), ircPing)
		return
	}
	i.pinged = true
	l.fanOut.tellText(p, i.Client.Ping(nil))
	l.setAlarm(ircQuiet, p.id(), ircPing)
}
