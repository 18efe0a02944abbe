//go:build linux

package loop

// awaitPause sets the alarm for the end of a burst.
func (l *eventLoop) awaitPause(p *peer) {
	if p.door.url.framing == bursts && !p.rare.pausing && !p.deaf() {
		p.rare.pausing = true
		l.setAlarm(p.door.url.pause, p.id, burstEnd)
	}
}

// burstMayBeOver is when a pause of a chunk door's client may have been long enough.
func (l *eventLoop) burstMayBeOver(p *peer) {
	p.rare.pausing = false
	if p.deaf() {
		return
	}
	if left := p.door.url.pause - (l.server.clock() - p.heardAt); left > 0 {
		p.rare.pausing = true
		l.setAlarm(left, p.id, burstEnd)
		return
	}
	l.endBurst(p)
}

// endBurst handles what is left of a burst, if it doesn't come too soon. Else an LF keeps it apart from the next one.
func (l *eventLoop) endBurst(p *peer) {
	limit := l.server.limits.Load()
	switch tail := p.tail(); {
	case len(tail) > 0 && p.hold != holdsNothing:
		p.rare.tail = append(tail, '\n')
	case limit.lines.Every == 0 || len(tail) == 0:
		l.flushInput(p)
	case p.delayed || !l.mayHandle(p, limit, tail):
		p.rare.tail = append(tail, '\n')
	default:
		p.paid = limit.lines.Pay(p.paid, p.heardAt)
		l.flushInput(p)
	}
}

// flushInput handles what is left of p's input as a frame.
func (l *eventLoop) flushInput(p *peer) {
	if frame := l.cutInput(p); len(frame) > 0 && (p.spoke || !l.firstLine(p, frame, false)) {
		l.handle(p, frame)
	}
}

// cutInput returns what is left of p's input as a frame, and takes it. The frame is nil where nothing is left to be handled.
func (l *eventLoop) cutInput(p *peer) (frame []byte) {
	frame, skipping := p.framer().Flush(p.tail()), p.rare != nil && p.rare.skip > 0
	p.dropTail()
	if p.deaf() || skipping {
		return nil
	}
	return frame
}
