package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// What SQLite's file format says of a write-ahead log: a header, and frames of a header and a page each, with a checksum over all that stands in front of it. A frame that ends a transaction has how large the database is
// then. Frames with other salts than the header are of an earlier log.
const (
	walHeader   = 32
	walFrame    = 24
	walPage     = 4096       // of each database that looproom makes
	walMagicBig = 0x377f0683 // the checksums are of numbers in big-endian order
)

var errLog = errors.New("it is damaged in its middle, and what was stored behind that would be missing")

// logCheck looks at one frame after the other.
type logCheck struct {
	order  binary.ByteOrder
	salts  [8]byte
	sum    [2]uint32 // that the frame in front has
	broken bool      // a frame isn't as it was written
	ended  bool      // and a transaction ends there, or behind that
}

// checkLog finds whether a write-ahead log that a crash has left is damaged. SQLite takes it up to the first frame that isn't as it was written, for a loss of power may have cut off the last transaction; and it wouldn't say if there were more
// behind that. They were written only once the transaction in front of them was on the disk.
func checkLog(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := checkFrames(bufio.NewReaderSize(file, 1<<16)); err != nil {
		return fmt.Errorf("%s: %w; restore it from a backup with the database, or move it away to start without what was stored last", path, err)
	}
	return nil
}

func checkFrames(from io.Reader) error {
	header := make([]byte, walHeader)
	if _, err := io.ReadFull(from, header); err != nil {
		return ofEnd(err)
	}
	c := logCheck{order: binary.LittleEndian, salts: [8]byte(header[16:24])}
	if binary.BigEndian.Uint32(header) == walMagicBig {
		c.order = binary.BigEndian
	}
	c.sum = c.over([2]uint32{}, header[:24])
	c.broken = c.sum != storedSum(header[24:])
	anySalts := c.broken // nothing in it can be believed
	c.ended = c.broken
	frame := make([]byte, walFrame+walPage)
	for {
		if _, err := io.ReadFull(from, frame); err != nil {
			return ofEnd(err)
		}
		if c.frame(frame, anySalts) {
			return errLog
		}
	}
}

// ofEnd is what an error of reading means: the log may end anywhere.
func ofEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// frame looks at the next frame, and says whether it shows that one in front of it is damaged.
func (c *logCheck) frame(f []byte, anySalts bool) bool {
	stored := storedSum(f[16:24])
	follows := (anySalts || [8]byte(f[8:16]) == c.salts) && c.over(c.over(c.sum, f[:8]), f[walFrame:]) == stored
	if c.broken && c.ended && follows {
		return true
	}
	c.broken = c.broken || !follows
	c.ended = c.broken && (c.ended || binary.BigEndian.Uint32(f[4:]) != 0)
	c.sum = stored
	return false
}

func storedSum(at []byte) [2]uint32 {
	return [2]uint32{binary.BigEndian.Uint32(at), binary.BigEndian.Uint32(at[4:])}
}

// over goes on with a checksum.
func (c *logCheck) over(sum [2]uint32, data []byte) [2]uint32 {
	for ; len(data) >= 8; data = data[8:] {
		sum[0] += c.order.Uint32(data) + sum[1]
		sum[1] += c.order.Uint32(data[4:]) + sum[0]
	}
	return sum
}
