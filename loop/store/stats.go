package store

import (
	"sync/atomic"
	"time"
)

// Stats is how the store is, and what it has done since it was opened.
type Stats struct {
	Waiting int64         // bytes of messages and changes that wait for the disk
	Stored  int64         // messages
	Lost    int64         // messages, because too many waited
	Failing bool          // what was tried last has failed, or what is being written takes very long
	Commits int64         // transactions, of changes and messages
	Busy    time.Duration // that they took, all together
	Bytes   int64         // of the database and its write-ahead log, on the disk
	Looks   int64         // that readers have answered
	Looking time.Duration // that these took, all together
}

// counts are those that Stats tells. They may be changed from any goroutine.
type counts struct {
	stored, lost, commits, busy, looks, looking atomic.Int64
}

func (c *counts) committed(took time.Duration, messages int) {
	c.commits.Add(1)
	c.busy.Add(int64(took))
	c.stored.Add(int64(messages))
}

// Stats tells how the store is. It may be called from any goroutine but an event loop's: it asks the file system how large the files are.
func (s *Store) Stats() Stats {
	all := s.Counts()
	all.Bytes = sizeOf(s.path) + sizeOf(s.path+"-wal")
	return all
}

// Counts is Stats without Bytes. It waits for nothing, and may be called from any goroutine.
func (s *Store) Counts() Stats {
	c := &s.counts
	return Stats{
		Waiting: s.queue.waiting(), Stored: c.stored.Load(), Lost: c.lost.Load(), Failing: s.writer.trouble.is(), Commits: c.commits.Load(), Busy: time.Duration(c.busy.Load()),
		Looks: c.looks.Load(), Looking: time.Duration(c.looking.Load()),
	}
}
