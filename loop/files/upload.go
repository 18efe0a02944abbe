package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

var (
	// ErrTooLarge is the error of an upload of more bytes than MaxFile, or of fewer than none.
	ErrTooLarge = errors.New("size is out of bounds")

	errReceived = errors.New("it has been received already")
)

// maxEmptyReads is how often in a row a reader may return nothing and no error, as in bufio.
const maxEmptyReads = 100

// Upload is one file on its way in. Store.Upload makes one, Receive takes it in.
type Upload struct {
	store    *Store
	number   int64 // names the part
	entry    Entry // SHA256 is set before the last piece goes to the writer, Offset by the writer
	received bool  // Receive has been called

	broke chan error // the writer gave the upload up before its end; one buffered value
	done  chan error // the writer's answer to the last piece or to giving up; one buffered value

	// The writer's own.
	part    part
	failure error // why the writer gave the upload up
}

// Receive reads exactly the upload's size from r, and returns when the file is durable in all_received. Nothing of the
// upload remains after an error: one of r's, io.ErrUnexpectedEOF when r ended early, ErrTooLarge, ErrClosed,
// ErrDiskFull, ErrTooMany, or one of the disk's. After the last three r may not have been read to the file's end.
//
// It waits for r, and for the disk when that is slow, so it belongs on a goroutine of the caller's own. It is called
// once.
//
// If r has a method WaitReadable() error, that is called before each read and returns when bytes are ready or r has
// failed. Only then does the upload take one of the store's buffers, which it holds for one read of r and the write
// after it. Without WaitReadable a read that stalls keeps a buffer from the other uploads.
func (u *Upload) Receive(r io.Reader) (Entry, error) {
	if err := u.receive(r); err != nil {
		return Entry{}, fmt.Errorf("upload %q: %w", u.entry.Name, err)
	}
	return u.entry, nil
}

func (u *Upload) receive(r io.Reader) error {
	if err := u.begin(); err != nil {
		return err
	}
	sum := sha256.New()
	for left := u.entry.Size; ; {
		piece, err := u.next(r, left)
		if err != nil {
			return u.giveUp(err)
		}
		sum.Write(piece)
		left -= int64(len(piece))
		if left == 0 {
			return u.finish(piece, sum)
		}
		if !u.hand(job{upload: u, piece: piece, step: more}) {
			return u.giveUp(ErrClosed)
		}
	}
}

func (u *Upload) begin() error {
	if u.received {
		return errReceived
	}
	u.received = true
	if u.entry.Size < 0 || u.entry.Size > u.store.maxFile {
		return fmt.Errorf("%w: %d, and at most %s", ErrTooLarge, u.entry.Size, count(u.store.maxFile, "byte"))
	}
	files, bytes := u.store.Total()
	if err := u.store.most.roomFor(u.entry.Size, int64(files), bytes); err != nil {
		return err
	}
	return u.store.reserve.roomFor(u.entry.Size)
}

// next returns the next piece of r in a buffer of the store's, or none when nothing is left.
func (u *Upload) next(r io.Reader, left int64) ([]byte, error) {
	if left == 0 {
		return nil, nil
	}
	for range maxEmptyReads {
		piece, err := u.readOnce(r, left)
		if err != nil {
			return nil, u.after(left, err)
		}
		if piece != nil {
			return piece, nil
		}
	}
	return nil, u.after(left, io.ErrNoProgress)
}

// readOnce waits for r and reads what is there, at most left bytes. No piece and no error means that r had none.
func (u *Upload) readOnce(r io.Reader, left int64) ([]byte, error) {
	if err := waitReadable(r); err != nil {
		return nil, err
	}
	buffer, err := u.takeBuffer()
	if err != nil {
		return nil, err
	}
	n, err := r.Read(buffer[:min(left, PieceSize)])
	if n > 0 && (err == nil || int64(n) == left) {
		return buffer[:n], nil
	}
	u.store.releaseBuffer(buffer)
	return nil, err
}

func waitReadable(r io.Reader) error {
	waiter, ok := r.(interface{ WaitReadable() error })
	if !ok {
		return nil
	}
	return waiter.WaitReadable()
}

// after says how far the upload had come.
func (u *Upload) after(left int64, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("after %d of %s: %w", u.entry.Size-left, count(u.entry.Size, "byte"), err)
}

// takeBuffer waits for a free buffer, and no longer than the upload has a chance.
func (u *Upload) takeBuffer() ([]byte, error) {
	select {
	case err := <-u.broke:
		return nil, err
	case <-u.store.closing:
		return nil, ErrClosed
	case buffer := <-u.store.buffers:
		if buffer == nil {
			buffer = make([]byte, PieceSize)
		}
		return buffer, nil
	}
}

// releaseBuffer gives back a buffer that takeBuffer gave. There is always room for it, so it never waits.
func (s *Store) releaseBuffer(buffer []byte) {
	if buffer != nil {
		s.buffers <- buffer[:PieceSize]
	}
}

// hand gives a job and its piece to the writer. It is false when the store is closed.
func (u *Upload) hand(j job) bool {
	if u.store.jobs.put(j) {
		return true
	}
	u.store.releaseBuffer(j.piece)
	return false
}

// finish hands over the last piece and waits until the file is durable.
func (u *Upload) finish(piece []byte, sum hash.Hash) error {
	u.entry.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if !u.hand(job{upload: u, piece: piece, step: last}) {
		return u.giveUp(ErrClosed)
	}
	return <-u.done
}

// giveUp waits until nothing of the upload is left and returns the reason.
func (u *Upload) giveUp(reason error) error {
	if u.hand(job{upload: u, step: abandon}) {
		<-u.done
		return reason
	}
	// The writer removes all that is unfinished when it ends.
	<-u.store.written
	return reason
}
