package files

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"looproom/loop/folder"
)

// PieceSize is the most bytes that travel at once between a client and the disk. A socket seldom has more ready in one
// read.
const PieceSize = 64 << 10

const (
	defaultMaxFile = 64 << 20
	defaultBuffers = 16
)

// ErrClosed is the error of uploads and reads that come too late for a closed store.
var ErrClosed = errors.New("file store is closed")

// Options are a store's limits. The zero value means the defaults.
type Options struct {
	// MaxFile is the size of the largest file in bytes. The default is 64 MiB.
	MaxFile int64
	// Buffers is how many pieces of PieceSize bytes may be on their way to the disk at once, in all uploads together.
	// The default is 16.
	Buffers int
	// Reserve is how many bytes of the file system stay free, for others than the store. An upload that would take of them fails
	// with ErrDiskFull. The default is none.
	Reserve int64
}

func (o Options) withDefaults() Options {
	if o.MaxFile <= 0 {
		o.MaxFile = defaultMaxFile
	}
	if o.Buffers <= 0 {
		o.Buffers = defaultBuffers
	}
	return o
}

// Store is an open folder of received files. Open makes one, Close ends it.
type Store struct {
	maxFile   int64
	catalogue *catalogue
	uploads   atomic.Int64    // how many have begun; it numbers the parts
	jobs      *queue[job]     // to the writer
	reads     *queue[request] // to the reader
	buffers   chan []byte     // those that are free; nil stands for one that was never needed
	pieces    sync.Pool       // *[PieceSize]byte, lent to those who read
	closing   chan struct{}   // closed when Close begins
	written   chan struct{}   // closed when the writer has ended
	answered  chan struct{}   // closed when the reader has ended

	most     bounds
	reserve  reserve
	folder   *os.File // held open for its lock
	archive  *archive // the writer's
	received *os.File // all_received, the reader's
	incoming string   // the folder of what is unfinished
	fetched  fetches

	closeOnce sync.Once
	closeErr  error
}

// Open opens or makes the store in dir, repairs what a crash left, and starts the store's goroutines. repaired says in
// words what was repaired, and is empty when nothing was.
//
// It fails when dir can't be made or written, with ErrInUse when another store has it open, and when all_received and
// its index disagree in a way that no crash explains; then it changes neither, and the error names the file and what
// to do.
func Open(dir string, opts Options) (s *Store, repaired string, err error) {
	s = newStore(opts.withDefaults())
	repairs, err := s.open(dir)
	if err != nil {
		s.closeFiles()
		return nil, "", fmt.Errorf("open file store %s: %w", dir, err)
	}
	go s.doJobs(&writer{store: s, archive: s.archive, incoming: incomingIn(dir)})
	go s.answerReads()
	return s, strings.Join(repairs, "; "), nil
}

func newStore(opts Options) *Store {
	s := &Store{
		maxFile:  opts.MaxFile,
		reserve:  reserve{keep: opts.Reserve},
		jobs:     newQueue[job](),
		reads:    newQueue[request](),
		buffers:  make(chan []byte, opts.Buffers),
		closing:  make(chan struct{}),
		written:  make(chan struct{}),
		answered: make(chan struct{}),
	}
	s.pieces.New = func() any { return new([PieceSize]byte) }
	for range opts.Buffers {
		s.buffers <- nil
	}
	return s
}

// open opens the files and repairs them. The caller closes what was opened when it fails.
func (s *Store) open(dir string) (repairs []string, err error) {
	if s.folder, err = folder.Lock(dir, 0o755); err != nil {
		return nil, err
	}
	s.reserve.folder = s.folder
	if s.archive, repairs, err = openArchive(dir); err != nil {
		return nil, err
	}
	s.catalogue = s.archive.catalogue
	if s.received, err = os.Open(s.archive.data.Name()); err != nil {
		return nil, err
	}
	s.incoming = incomingIn(dir)
	removed, err := emptyIncoming(dir)
	if err != nil {
		return nil, err
	}
	if removed > 0 {
		repairs = append(repairs, "removed "+count(int64(removed), "unfinished upload"))
	}
	// New files last only when the folder that names them does.
	return repairs, s.folder.Sync()
}

// MaxFile returns the size of the largest file that the store takes, in bytes.
func (s *Store) MaxFile() int64 {
	return s.maxFile
}

// Upload begins an upload of exactly size bytes. name and sender are labels; bytes in them that are not UTF-8 become
// U+FFFD. It touches no disk, and a size that the store refuses is Receive's to report. An upload that is never
// received costs nothing. Any goroutine may call it.
func (s *Store) Upload(name, sender string, size int64, at time.Time) *Upload {
	return &Upload{
		store:  s,
		number: s.uploads.Add(1),
		entry: Entry{
			Name:   strings.ToValidUTF8(name, "\uFFFD"),
			Sender: strings.ToValidUTF8(sender, "\uFFFD"),
			Time:   at.UTC().Round(0),
			Size:   size,
		},
		broke: make(chan error, 1),
		done:  make(chan error, 1),
	}
}

// Close waits until every upload that came whole is durable and every read asked for is answered, then ends the
// store's goroutines. Uploads still arriving end with ErrClosed as soon as their reader returns; Close doesn't wait for
// that. Later calls return what the first one did. It must not be called from a read's done.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.jobs.close()
		s.reads.close()
		<-s.written
		<-s.answered
		s.closeErr = s.closeFiles()
	})
	return s.closeErr
}

// closeFiles closes what is open and, with the folder, gives up the lock.
func (s *Store) closeFiles() error {
	var errs []error
	if s.archive != nil {
		errs = append(errs, s.archive.close())
	}
	for _, file := range []*os.File{s.received, s.folder} {
		if file != nil {
			errs = append(errs, file.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close file store: %w", err)
	}
	return nil
}
