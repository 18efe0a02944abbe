//go:build linux

package loop

import (
	"bytes"
	"strconv"
	"time"

	"looproom/loop/room"
)

// sendVerb begins a line that announces an upload. It isn't delayed as others are, because the bytes behind it would count as waiting: its
// upload waits instead, see pace. Where it is refused there is none, so that there is a limit all the same.
var sendVerb = []byte("SEND ")

// mayHandle says whether the next line of p, at the front of buf, comes slowly enough. If not, an alarm is set for when it does.
func (l *eventLoop) mayHandle(p *peer, limit *limits, buf []byte) bool {
	var overdraft time.Duration
	if p.announces(buf) {
		overdraft = limit.lines.Ahead + limit.lines.Every
	}
	p.paid = limit.lines.Forgive(p.paid, p.heardAt)
	wait := limit.lines.Wait(p.paid, p.heardAt, overdraft)
	if wait == 0 {
		return true
	}
	p.delayed = true
	l.meter.FloodsDelayed.Add(1)
	l.awaitLine(p, p.heardAt+wait)
	return false
}

// What says nothing costs less than a line, and counts as a part of one: so many empty lines, telnet commands, or frames of WebSocket without a line, as many records
// of TLS that end none. A line of usual length takes some microseconds of a loop, an empty one 0.03, a telnet command 0.14, a record 0.5.
const (
	emptyALine   = 250
	recordsALine = 20
)

// payFor has p pay for a frame: a line, or one that says nothing.
func (l *eventLoop) payFor(p *peer, limit *limits, isLine bool) {
	if isLine {
		p.paid = limit.lines.Pay(p.paid, p.heardAt)
		return
	}
	p.paid = limit.lines.PayPart(p.paid, p.heardAt, emptyALine)
}

// awaitLine sets the alarm for p's next line, unless one is set that rings as soon: p is looked at anew at each change of the limits, and whoever
// waits has one alarm however often that is.
func (l *eventLoop) awaitLine(p *peer, at time.Duration) {
	more := p.more()
	if more.lineAt != 0 && more.lineAt <= at {
		return
	}
	more.lineAt = at
	l.setAlarm(at-l.server.clock(), p.id, nextLine)
}

// lineIsDue is when an alarm for p's next line has rung.
func (l *eventLoop) lineIsDue(p *peer) {
	if p.rare == nil || p.rare.lineAt == 0 || l.server.clock() < p.rare.lineAt {
		return // of an alarm that an earlier one has replaced
	}
	p.rare.lineAt = 0
	if p.delayed {
		l.goOn(p)
	}
}

// announces says whether the next line of p, at the front of buf, announces an upload.
func (p *peer) announces(buf []byte) bool {
	switch p.door.url.framing {
	case lines:
		return bytes.HasPrefix(buf, sendVerb)
	case messages:
		return p.rare.web.frames.HasPrefix(buf, sendVerb)
	}
	return false
}

// goOn handles the input of p that has waited, as far as it may be handled now.
func (l *eventLoop) goOn(p *peer) {
	l.reactor.Within(p, func() {
		l.reading = p
		p.delayed = false
		if p.deaf() || p.logged || l.draining {
			l.reactor.Resume(p) // and drop it: what is left unread would have the kernel end the connection before the client has all
			return
		}
		p.heardAt = l.server.clock()
		l.beginTurn(p.heardAt)
		if p.door.url.echo() {
			tail := p.tail()
			p.dropTail()
			l.echo(p, tail)
			l.weigh(p)
		} else {
			l.handleTail(p)
		}
		if !p.waits() {
			l.reactor.Resume(p)
		}
	})
}

// handleTail handles what waits, and the end of the stream if that waits behind it.
func (l *eventLoop) handleTail(p *peer) {
	p.keep(l.frames(p, p.tail()))
	l.weigh(p)
	l.awaitPause(p)
	switch {
	case !p.inputOver || p.closed() || p.delayed:
	case p.upload() != nil:
		l.uploads.takeOver(p)
	case p.hold == holdsNothing:
		l.lastWords(p)
	}
}

// checkRecvq looks at how much waits because p sends too fast. Who sends on is told once, and then disconnected. Who waits for its answers is
// read no further: it need not know that it has to.
func (l *eventLoop) checkRecvq(p *peer) {
	limit := l.server.limits.Load()
	most := max(limit.RecvQ, p.door.url.size)
	waiting := len(p.tail())
	if p.pausable() && waiting > pauseAt {
		l.reactor.Pause(p)
	}
	switch {
	case l.reactor.Paused(p) || p.hold == holdsForTurn && waiting <= mostAside: // this came before
	case waiting > most:
		l.meter.FloodsDropped.Add(1)
		l.expel(p, room.Flood, "too much is waiting; disconnected", "flood")
	case waiting > most/2 && !p.rare.warned:
		p.rare.warned = true
		l.refuse(p, room.Flood, "you send faster than "+perSecond(limit.LinesPerSecond)+"; slow down")
	}
}

func perSecond(n float64) string {
	if n == 1 {
		return "1 line a second"
	}
	return strconv.FormatFloat(n, 'f', -1, 64) + " lines a second"
}

// expel tells p why and disconnects it, behind all that it is owed. From now on nothing that it sends counts.
func (l *eventLoop) expel(p *peer, code room.Code, text, reason string) {
	l.refuse(p, code, text)
	l.disconnect(p, reason)
}

// disconnect ends p's connection, behind all that it is owed. From now on nothing that it sends counts.
func (l *eventLoop) disconnect(p *peer, reason string) {
	l.logEnd(p, reason)
	p.dropTail()
	cmd := l.command(p.id, room.Disconnect)
	l.submit(&cmd)
}
