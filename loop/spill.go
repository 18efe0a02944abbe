//go:build linux

package loop

const (
	// spillMost is how many bytes slow peers of a loop may have in copies of their own. What many of them wait for is better left in the
	// log, where it stands once: a hundred clients that didn't read 8 MiB had them a hundred times, and copying took more than a second.
	spillMost = 128 << 20
	// spillWait is how far the log may grow for the sake of those whose bytes are not copied.
	spillWait = 32 << 20
)

// spillSlow copies what slow peers wait for out of the log, so that it can be trimmed. Nobody gets more than a quarter of what is left of
// spillMost, so that there is always some for those who wait for little. The others keep the log, and are too slow once it is too large.
func (l *eventLoop) spillSlow() {
	left, before := int(min(spillMost, l.server.budget.Left()/2)), l.log.end()-spillKeep
	for _, p := range l.waiting {
		left -= p.out.copied()
	}
	for i := len(l.waiting) - 1; i >= 0; i-- {
		p := l.waiting[i]
		switch cost := p.out.inLog(before); {
		case cost <= left/4:
			p.out.spill(&l.log, before)
			left -= cost
		case cost > 0 && l.log.held() > spillWait:
			l.tooSlow(p)
			if p.out != nil && p.out.inLog(before) == cost {
				l.dropSlow(p) // a skip door found nothing to skip
			}
		}
	}
}

// copied is how many bytes of the outbox are copies of its own.
func (o *outbox) copied() (n int) {
	for i := range o.parts {
		if e := o.parts[i].more; e != nil && e.file == nil {
			n += len(e.bytes)
		}
	}
	return n
}

// inLog is how many bytes spill would copy.
func (o *outbox) inLog(before uint64) (n int) {
	for i := range o.parts {
		if p := &o.parts[i]; p.more == nil && p.start < before {
			n += int(p.end - p.start)
		}
	}
	return n
}
