package order

import (
	"encoding/binary"
	"errors"
	"time"
)

var errSaved = errors.New("what a node has told of the log can't be read: is it another version of looproom?")

// savedVersion is that of what Append writes.
const savedVersion = 1

// Append appends where the log stands, for a node that begins with the state as it is now: between two commands, while nothing is being applied.
func (l *Log) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(append(b, savedVersion), l.epoch)
	b = binary.AppendUvarint(b, l.at)
	b = binary.AppendUvarint(b, uint64(l.base))
	b = binary.AppendUvarint(b, uint64(l.now))
	b = binary.AppendUvarint(b, uint64(l.ticked))
	b = append(b, flag(l.behind), flag(l.of != nil))
	if l.of != nil {
		b = append(b, l.of.number)
		b = binary.AppendUvarint(b, uint64(len(l.items)))
		b = append(b, l.items...)
	}
	return l.roster.append(b)
}

// RestoreLog returns the Log of a node that has got the state of another one, and what Append has written there. The first batch that Deliver is to be given is the one behind Position. The
// node doesn't take part before Enter.
func RestoreLog(cfg LogConfig, saved []byte) (*Log, error) {
	in := &reader{b: saved}
	if in.byte() != savedVersion {
		return nil, errSaved
	}
	l := &Log{cfg: cfg}
	if head := in.bytes(8); head != nil {
		l.epoch = binary.BigEndian.Uint64(head)
	}
	l.at, l.base, l.now, l.ticked = in.uvarint(0), int64(in.uvarint(0)), time.Duration(in.uvarint(0)), int64(in.uvarint(0))
	l.behind = in.byte() == 1
	within, number := in.byte() == 1, uint8(0)
	if within {
		number = in.byte()
		l.items = append([]byte(nil), in.bytes(int(in.uvarint(1<<30)))...)
	}
	l.roster = readRoster(in)
	for _, m := range l.roster.members {
		if within && m.number == number {
			l.of = m
		}
	}
	if in.bad || len(in.b) > 0 || within != (l.of != nil) {
		return nil, errSaved
	}
	l.incarnation = cfg.Incarnation
	if m := l.roster.find(cfg.Node); m != nil {
		l.incarnation = max(l.incarnation, m.incarnation+1)
	}
	return l, nil
}
