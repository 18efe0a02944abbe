package store

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// Stats is how the store is, and what it has done since it was opened.
type Stats struct {
	Waiting int64         // bytes of messages that wait for the disk
	Stored  int64         // messages
	Lost    int64         // messages, because too many waited
	Failing bool          // the last try to write has failed, or the one under way takes very long
	Commits int64         // transactions
	Busy    time.Duration // that they took, all together
	Bytes   int64         // of the database and its write-ahead log, on the disk
	Looks   int64         // that readers have answered
}

// counts are those that Stats tells.
type counts struct {
	waiting, stored, lost, commits, busy, looks atomic.Int64
	failing                                     atomic.Bool
}

func (c *counts) committed(took time.Duration) {
	c.commits.Add(1)
	c.busy.Add(int64(took))
}

// Stats tells how the store is. It may be called from any goroutine but an event loop's, for it asks the file system how large the files are.
func (s *Store) Stats() Stats {
	all := s.Counts()
	all.Bytes = sizeOf(s.path) + sizeOf(s.path+"-wal")
	return all
}

// Counts is Stats without Bytes. It waits for nothing, and may be called from any goroutine.
func (s *Store) Counts() Stats {
	c := &s.counts
	return Stats{
		Waiting: c.waiting.Load(), Stored: c.stored.Load(), Lost: c.lost.Load(), Failing: c.failing.Load(), Commits: c.commits.Load(), Busy: time.Duration(c.busy.Load()), Looks: c.looks.Load(),
	}
}

func sizeOf(path string) int64 {
	about, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return about.Size()
}

// losing is what has been lost since messages began to be.
type losing struct {
	log         zerolog.Logger
	counts      *counts
	n           int64
	first, last int64 // milliseconds of wall clock
}

func (l *losing) lose(all []Message) {
	if l.n == 0 {
		l.first = all[0].At
		l.log.Error().Msg("messages are not kept: too many wait for the disk")
	}
	l.n += int64(len(all))
	l.last = all[len(all)-1].At
	l.counts.lost.Add(int64(len(all)))
}

// over is when messages are kept again.
func (l *losing) over() {
	if l.n == 0 {
		return
	}
	l.log.Warn().Int64("lost", l.n).Time("from", time.UnixMilli(l.first).UTC()).Time("to", time.UnixMilli(l.last).UTC()).Msg("messages are kept again; these are missing")
	l.n = 0
}
