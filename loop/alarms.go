//go:build linux

package loop

import (
	"time"

	"looproom/loop/accounts"
	"looproom/loop/room"
)

// alarmKind is what a loop is to look at.
type alarmKind uint8

const (
	roomTick      alarmKind = iota + 1 // the room's second has passed
	slowCheck                          // look at the peers whose sockets are full
	burstEnd                           // a burst may be over (chunk doors)
	lingerOver                         // a client has not closed its side
	nextLine                           // a line that waits may be handled
	shedAgain                          // more clients may be dropped for the memory that they hold
	spareMemory                        // memory may be given back that is kept for a burst
	ircPing                            // a client of IRC may have been quiet, or have left a batch open, for long
	accountsAlarm                      // the first of those that an accounts.Alarm is added to
)

// setAlarm has the loop look at something after a time. Loop only.
func (l *eventLoop) setAlarm(after time.Duration, id room.ClientID, kind alarmKind) {
	l.reactor.SetAlarm(after, uint64(id), uint8(kind))
}

// look is what an alarm is for. p is the client that it is about, nil if it is gone or there is none.
func (l *eventLoop) look(p *peer, kind alarmKind) {
	switch kind {
	case roomTick:
		l.home.second()
		l.setAlarm(time.Second, room.NoClient, roomTick)
	case slowCheck:
		l.batch.checkSlow()
	case burstEnd:
		if p != nil {
			l.inputs.burstMayBeOver(p)
		}
	case nextLine:
		if p != nil {
			l.inputs.lineIsDue(p)
		}
	case ircPing:
		if p != nil {
			l.inputs.endBatchIfLeft(p)
			l.ends.endIfQuiet(p)
		}
	case shedAgain:
		l.scale.mayShedAgain()
	case spareMemory:
		l.scale.tidy()
	case lingerOver:
		if p != nil {
			l.ends.note(p, p.end.LingerOver(), "")
		}
	default:
		id := room.NoClient
		if p != nil {
			id = p.id()
		}
		l.answers.Rang(id, accounts.Alarm(kind-accountsAlarm))
	}
}
