package store

import (
	"time"

	"github.com/rs/zerolog"
)

// losing is what has been lost since that began. The queue's lock must be held.
type losing struct {
	log         zerolog.Logger
	counts      *counts
	messages    int64
	changes     int64
	first, last int64 // of the messages, in milliseconds of wall clock
}

func (l *losing) lose(all []Message) {
	l.begin()
	if l.messages == 0 {
		l.first = all[0].At
	}
	l.messages += int64(len(all))
	l.last = all[len(all)-1].At
	l.counts.lost.Add(int64(len(all)))
}

func (l *losing) loseChange() {
	l.begin()
	l.changes++
}

// begin says that something is lost, for the first time. A log that is slow may not hold up who has said something.
func (l *losing) begin() {
	if l.messages == 0 && l.changes == 0 {
		go l.log.Error().Msg("messages are not stored: the disk doesn't take them, and too many wait already")
	}
}

// end is when what waits is written again.
func (l *losing) end() {
	if l.messages == 0 && l.changes == 0 {
		return
	}
	event := l.log.Warn().Int64("messages", l.messages).Int64("changes", l.changes)
	if l.messages > 0 {
		event = event.Time("from", time.UnixMilli(l.first).UTC()).Time("to", time.UnixMilli(l.last).UTC())
	}
	go event.Msg("some of what was to be stored is missing for ever")
	l.messages, l.changes = 0, 0
}
