package store

import (
	"time"

	"zombiezen.com/go/sqlite"
)

// A checkpoint brings what is in the write-ahead log into the database, so that the log begins anew. SQLite would make one in the commit of somebody who waits: the writer makes them between its
// transactions, when nothing is to be written, at most one a second, and else once so much has been.
const (
	checkpointEach  = time.Second
	checkpointBytes = 4 << 20 // as Change.bytes and Message.size count, in the log some three times as much
	choreBytes      = 64 << 10
)

// checkpoints makes them, and says when one is due.
type checkpoints struct {
	file  sound     // the database
	bytes int64     // that have been written since the last
	at    time.Time // when that was
}

func (c *checkpoints) written(bytes int64) { c.bytes += max(bytes, 1) }

// due says whether one is to be made, when nothing else is to be done, or although something is.
func (c *checkpoints) due(now time.Time, idle bool) bool {
	return c.bytes >= checkpointBytes || idle && c.bytes > 0 && now.Sub(c.at) >= checkpointEach
}

// wait is how long until one is due if nothing else comes.
func (c *checkpoints) wait(now time.Time) time.Duration {
	if c.bytes == 0 {
		return forever
	}
	return max(c.at.Add(checkpointEach).Sub(now), time.Millisecond)
}

// make makes one. It waits for no reader: what one of them still needs stays in the log until the next.
func (c *checkpoints) make(conn *sqlite.Conn, now time.Time) error {
	c.file.note()
	err := run(conn, "PRAGMA wal_checkpoint(PASSIVE)", nil)
	c.file.failed(err)
	if c.at = now; err == nil {
		c.bytes = 0
	}
	return err
}

// begin brings into the database what an earlier process has left in the log, and cuts the log to nothing.
func (c *checkpoints) begin(conn *sqlite.Conn) error {
	c.file.note()
	err := run(conn, "PRAGMA wal_checkpoint(TRUNCATE)", nil)
	c.file.failed(err)
	return err
}

// end closes the connection. If it is the last SQLite makes a checkpoint, and removes the log unless that fails.
func (c *checkpoints) end(conn *sqlite.Conn, log string) error {
	c.file.note()
	err := conn.Close()
	if sizeOf(log) > 0 {
		c.file.failed(sqlite.ResultIOErr.ToError())
	}
	return err
}
