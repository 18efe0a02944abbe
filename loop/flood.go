//go:build linux

package loop

import (
	"strconv"

	"looproom/loop/ending"
	"looproom/loop/room"
	"looproom/loop/session"
)

// checkRecvq looks at how much waits because p sends too fast. Who sends on is told once, and then disconnected. Who waits for its answers is
// read no further: it need not know that it has to.
func (l inputs) checkRecvq(p *peer) {
	limit := l.server.limits.Load()
	most := max(limit.RecvQ, l.server.doorOf(p).BlockSize())
	if p.session.MayPause() {
		l.reactor.Pause(p)
	}
	switch p.session.Overflow(most, l.reactor.Paused(p)) {
	case session.Spill:
		l.meter.FloodsDropped.Add(1)
		l.ends.expel(p, room.Refusal{Why: room.TooMuchWaits}, ending.Flood, "")
	case session.Much:
		l.refuse(p, room.Refusal{Why: room.SendsTooFast, Text: perSecond(limit.LinesPerSecond)})
	}
}

func perSecond(n float64) string {
	if n == 1 {
		return "1 line a second"
	}
	return strconv.FormatFloat(n, 'f', -1, 64) + " lines a second"
}
