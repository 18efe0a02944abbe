package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"zombiezen.com/go/sqlite"

	"looproom/loop/folder"
)

// FileName is the name of the database in its folder.
const FileName = "looproom.db"

// ErrClosed is the error of what comes too late for a closed store.
var ErrClosed = errors.New("the store is closed")

// Sync says how hard what is written is forced to the disk.
type Sync uint8

// How hard.
const (
	Batch  Sync = iota // messages wait a moment for others, and each transaction is forced to the disk
	Off                // as Batch, but no transaction is forced: a crash of the machine loses what was acknowledged last, one of the program nothing
	Always             // nothing waits for others
)

// Keep says which messages are kept.
type Keep struct {
	Off     bool          // none
	Age     time.Duration // those that are not older; 0: all
	PerRoom int           // as many of each place, and of each account's private messages; 0: all
}

// Options are what a store is opened with. The zero value has defaults but for Wall.
type Options struct {
	Sync Sync
	Keep Keep
	// Wall is the wall clock, in milliseconds.
	Wall func() int64
	// Log gets a line when the disk fails, and one when it has recovered.
	Log zerolog.Logger
	// Damaged has it opened although records are not as they were written, so that the rest can be exported.
	Damaged bool
	// Pending is how many bytes of messages may wait for the disk, 64 MiB if it is 0.
	Pending int64
}

// defaultPending holds what 1,000 messages a second of 200 bytes are in five minutes.
const defaultPending = 64 << 20

// Store is an open database. Open makes one, Close ends it.
type Store struct {
	path    string
	options Options
	folder  *os.File   // held open for its lock
	copying sync.Mutex // held while a backup is sent
	queue   queue
	counts  counts
	writer  writer
	first   atomic.Pointer[Contents] // as they were when it was opened, until somebody asks or changes them
	ledger  *ledger
	desk    desk
	lookups lookups
	once    atomic.Uint64 // counts onceKey
	closing sync.Once
	failed  error // of Close
}

// Open locks the folder dir, which it makes if there is none, and opens the database in it, or makes one. It brings one of an earlier version forward.
//
// It fails with folder.ErrInUse if another process has the folder, and if the database is of a later version, is damaged, or can't be read. The error is one line that names the file and says
// what to do.
func Open(dir string, o Options) (*Store, error) {
	if o.Pending == 0 {
		o.Pending = defaultPending
	}
	if o.Wall == nil {
		o.Wall = func() int64 { return time.Now().UnixMilli() }
	}
	lock, err := folder.Lock(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("open the state folder %s: %w", dir, err)
	}
	s := &Store{path: filepath.Join(dir, FileName), options: o, folder: lock}
	for _, left := range []string{s.copyPath(), s.copyPath() + unfinished} {
		_ = os.Remove(left) // what a crash has left
	}
	if err := s.start(); err != nil {
		lock.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) start() error {
	if s.options.Sync != Off && !s.options.Damaged { // with Off a loss of power may have any part of the log missing
		if err := checkLog(s.path + "-wal"); err != nil {
			return err
		}
	}
	conn, err := openWriter(s.path, s.options.Sync)
	if err != nil {
		return err
	}
	first, err := contentsOf(conn, s.path)
	if err != nil && !s.options.Damaged {
		conn.Close()
		return err
	}
	s.first.Store(&first)
	s.queue.init(s.options, &s.counts)
	w := &s.writer
	w.conn, w.path, w.queue, w.counts, w.ended = conn, s.path, &s.queue, &s.counts, make(chan struct{})
	w.log.path, w.checkpoints.file.path = s.path+"-wal", s.path
	if err := w.checkpoints.begin(conn); err != nil && sqlite.ErrCode(err).ToPrimary() != sqlite.ResultFull { // of a full disk it is told when something is to be written
		conn.Close()
		return refuse(s.path, err)
	}
	w.log.note()
	s.ledger = newLedger(conn, s.options)
	if err := s.ledger.begin(); err != nil {
		conn.Close()
		return refuse(s.path, err)
	}
	w.trouble.log, w.messages, w.settled = s.options.Log, s.ledger.write, s.ledger.settled
	w.chores.all = s.ledger.chores()
	go w.run()
	s.lookups.openNow(s.path)
	s.desk.open(s.path, &s.queue, &s.counts)
	return nil
}

// KeepsMessages says whether what is said is kept, see Options.Keep. Any goroutine may ask.
func (s *Store) KeepsMessages() bool { return !s.options.Keep.Off }

// Close writes what waits, once more if the disk fails, and gives the folder up. Later calls do nothing, and return the same.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.desk.close()
		s.queue.close()
		<-s.writer.ended
		if err := errors.Join(s.writer.failed, s.lookups.close(), s.folder.Close()); err != nil {
			s.failed = fmt.Errorf("close %s: %w", s.path, err)
		}
	})
	return s.failed
}

// Dir is the folder.
func (s *Store) Dir() string { return filepath.Dir(s.path) }

// reader opens a connection that can only read. It is for one goroutine at a time, which closes it.
func (s *Store) reader() (*sqlite.Conn, error) {
	return openReader(s.path)
}
