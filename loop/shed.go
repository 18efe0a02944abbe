//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/room"
)

// weigh counts the input that waits of p anew.
func (l *eventLoop) weigh(p *peer) {
	if l.scale.weighInput(p) {
		l.batch.ask() // which sheds
	}
}

// shed drops p for the memory that it holds.
func (l *eventLoop) shed(p *peer, input bool) {
	l.meter.Shed.Add(1)
	if input && !p.deaf() {
		l.ends.expel(p, room.Refusal{Why: room.HoldsTooMuch}, ending.TooMuchInput, "")
		l.weigh(p)
		return
	}
	l.ends.cut(p, ending.TooMuchOutput, "")
}
