package files

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// tableName is the file by which entries are found. All of it follows from the index: it is never forced to the disk, and
// what is missing or wrong of it when the store is opened is made anew.
const tableName = "all_received.names"

// A table is a head and then a record for each line of the index, in the same order.
const (
	headSize   = 32
	recordSize = 40
	// buckets is how many chains of records there are: the newest record of each is in memory, 4 bytes, whatever the number of
	// files. A million files make chains of 8.
	buckets = 1 << 17
)

var (
	tableMagic = [16]byte([]byte("looproom names 1"))
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// record is a line of the index as the table has it.
type record struct {
	hash   uint64 // of the name
	line   int64  // where the line begins
	end    int64  // the byte behind the file in all_received
	prev   uint32 // the record before it in its chain, counted from 1; 0: none
	length uint32 // of the line in bytes, with its line end
}

// lineEnd is the offset behind the line.
func (r *record) lineEnd() int64 { return r.line + int64(r.length) }

// put writes the record, the at-th of its table, to b.
func (r *record) put(b []byte, at int) {
	binary.LittleEndian.PutUint64(b, r.hash)
	binary.LittleEndian.PutUint64(b[8:], uint64(r.line))
	binary.LittleEndian.PutUint64(b[16:], uint64(r.end))
	binary.LittleEndian.PutUint32(b[24:], r.prev)
	binary.LittleEndian.PutUint32(b[28:], r.length)
	binary.LittleEndian.PutUint64(b[32:], checkOf(b, at))
}

// checkOf is what stands behind the first bytes of the at-th record. It is never 0, so that a hole in the file is no record.
func checkOf(b []byte, at int) uint64 {
	return uint64(crc32.Checksum(b[:32], castagnoli))<<32 | uint64(uint32(at+1))
}

// get reads the at-th record of its table. It is false when that is none.
func (r *record) get(b []byte, at int) bool {
	*r = record{
		hash:   binary.LittleEndian.Uint64(b),
		line:   int64(binary.LittleEndian.Uint64(b[8:])),
		end:    int64(binary.LittleEndian.Uint64(b[16:])),
		prev:   binary.LittleEndian.Uint32(b[24:]),
		length: binary.LittleEndian.Uint32(b[28:]),
	}
	return binary.LittleEndian.Uint64(b[32:]) == checkOf(b, at)
}

// catalogue finds entries by name and by age. The entries themselves are on the disk; what is in memory has a fixed size. The
// writer adds to it; the reader asks.
type catalogue struct {
	index *os.File
	table *os.File
	salt  [16]byte // of the hashes, so that nobody can choose names that all fall into one chain

	count atomic.Int64 // of the records that count
	end   atomic.Int64 // of all_received, by the last of them

	// The writer's own, after Open.
	last    record // meaningless without a record
	unclean bool   // the table may hold more than count says

	mu    sync.RWMutex
	heads []uint32 // by bucket: the newest record of the chain, as record.prev
}

func openCatalogue(dir string, index *os.File) (*catalogue, error) {
	table, err := os.OpenFile(filepath.Join(dir, tableName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	return &catalogue{index: index, table: table, heads: make([]uint32, buckets)}, nil
}

// read takes over the records that are there, as far as they agree with each other and with an index of size bytes.
func (c *catalogue) read(size int64) error {
	if err := c.readHead(); err != nil {
		return err
	}
	records := bufio.NewReaderSize(io.NewSectionReader(c.table, headSize, 1<<62), 1<<20)
	var b [recordSize]byte
	var r record
	for at := 0; ; at++ {
		if _, err := io.ReadFull(records, b[:]); err != nil {
			break // what can't be read is made anew
		}
		if !r.get(b[:], at) || r.line != c.indexEnd() || r.lineEnd() > size || r.end < c.end.Load() || int64(r.prev) > int64(at) {
			break
		}
		c.take(r)
	}
	if c.count.Load() > 0 && !c.lastIsRight() {
		return c.anew()
	}
	c.unclean = true
	return c.clean()
}

// readHead reads the salt, or begins a new table.
func (c *catalogue) readHead() error {
	var head [headSize]byte
	if _, err := c.table.ReadAt(head[:], 0); err != nil || [16]byte(head[:16]) != tableMagic {
		return c.anew()
	}
	c.salt = [16]byte(head[16:])
	return nil
}

// anew makes the table one without records.
func (c *catalogue) anew() error {
	c.count.Store(0)
	c.end.Store(0)
	c.last = record{}
	clear(c.heads)
	if _, err := rand.Read(c.salt[:]); err != nil {
		return err
	}
	if err := c.table.Truncate(0); err != nil {
		return err
	}
	_, err := c.table.WriteAt(append(tableMagic[:], c.salt[:]...), 0)
	return err
}

// lastIsRight says whether the last record tells of a line of the index: if it does, an index that begins otherwise than the
// table says is none that a store has written.
func (c *catalogue) lastIsRight() bool {
	e, err := c.entry(&c.last)
	return err == nil && c.hash(e.Name) == c.last.hash
}

// indexEnd is the offset in the index behind the last record's line.
func (c *catalogue) indexEnd() int64 {
	if c.count.Load() == 0 {
		return 0
	}
	return c.last.lineEnd()
}

func (c *catalogue) hash(name string) uint64 {
	sum := sha256.Sum256(append(c.salt[:], name...))
	return binary.LittleEndian.Uint64(sum[:])
}

func bucketOf(hash uint64) int { return int(hash % buckets) }

// take counts the next record.
func (c *catalogue) take(r record) {
	c.mu.Lock()
	c.heads[bucketOf(r.hash)] = uint32(c.count.Load()) + 1
	c.mu.Unlock()
	c.last = r
	c.end.Store(r.end)
	c.count.Add(1)
}

// indexLine is what the catalogue has to know of a line of the index.
type indexLine struct {
	name   string
	end    int64 // of the file
	length int   // of the line
}

// prepare writes the records of lines that are about to be added to the index. They count when take is given them; before
// that, or after an error, nothing finds them.
func (c *catalogue) prepare(lines []indexLine) ([]record, error) {
	if err := c.clean(); err != nil {
		return nil, err
	}
	records, bytes := make([]record, len(lines)), make([]byte, len(lines)*recordSize)
	newest := map[int]uint32{} // heads of the buckets that the lines before have changed
	at, offset := int(c.count.Load()), c.indexEnd()
	for i, line := range lines {
		r := record{hash: c.hash(line.name), line: offset, end: line.end, length: uint32(line.length)}
		bucket := bucketOf(r.hash)
		if head, ok := newest[bucket]; ok {
			r.prev = head
		} else {
			r.prev = c.heads[bucket] // only the writer changes it
		}
		newest[bucket] = uint32(at+i) + 1
		r.put(bytes[i*recordSize:], at+i)
		records[i], offset = r, r.lineEnd()
	}
	c.unclean = true
	_, err := c.table.WriteAt(bytes, headSize+int64(at)*recordSize)
	return records, err
}

// clean cuts off what doesn't count.
func (c *catalogue) clean() error {
	if !c.unclean {
		return nil
	}
	if err := c.table.Truncate(headSize + c.count.Load()*recordSize); err != nil {
		return fmt.Errorf("cut %s: %w", tableName, err)
	}
	c.unclean = false
	return nil
}

// took has the records count that prepare has written: their lines are on the disk.
func (c *catalogue) took(records []record) {
	for _, r := range records {
		c.take(r)
	}
	c.unclean = false
}

// record reads the at-th record.
func (c *catalogue) record(at int64) (r record, err error) {
	var b [recordSize]byte
	if _, err := c.table.ReadAt(b[:], headSize+at*recordSize); err != nil {
		return r, err
	}
	if !r.get(b[:], int(at)) {
		return r, errTable
	}
	return r, nil
}

var errTable = errors.New(tableName + " is damaged; the next start makes it anew")

// entry reads the entry of a record.
func (c *catalogue) entry(r *record) (Entry, error) {
	line := make([]byte, r.length)
	if _, err := c.index.ReadAt(line, r.line); err != nil {
		return Entry{}, err
	}
	return r.parse(line)
}

// parse reads the record's line.
func (r *record) parse(line []byte) (Entry, error) {
	if len(line) == 0 || line[len(line)-1] != '\n' {
		return Entry{}, errTable
	}
	e, err := parseLine(line[:len(line)-1])
	if err == nil && e.end() != r.end {
		err = errTable
	}
	return e, err
}

// newest returns the entry of the name's last record.
func (c *catalogue) newest(name string) (e Entry, found bool, err error) {
	return c.newestOf(name, func(Entry) bool { return true })
}

// newestOf returns the entry of the name's last record that is the one.
func (c *catalogue) newestOf(name string, is func(Entry) bool) (e Entry, found bool, err error) {
	hash := c.hash(name)
	c.mu.RLock()
	at := c.heads[bucketOf(hash)]
	c.mu.RUnlock()
	for at != 0 {
		r, err := c.record(int64(at) - 1)
		if err != nil {
			return Entry{}, false, err
		}
		if r.hash == hash {
			if e, err = c.entry(&r); err != nil || e.Name == name && is(e) {
				return e, err == nil, err
			}
		}
		at = r.prev
	}
	return Entry{}, false, nil
}

// recent returns the last n entries, oldest first, and how many there are.
func (c *catalogue) recent(n int) (entries []Entry, total int, err error) {
	count := c.count.Load()
	first := max(count-int64(n), 0)
	entries = make([]Entry, 0, count-first)
	for at := first; at < count; at++ {
		r, err := c.record(at)
		if err != nil {
			return nil, 0, err
		}
		e, err := c.entry(&r)
		if err != nil {
			return nil, 0, err
		}
		entries = append(entries, e)
	}
	return entries, int(count), nil
}

func (c *catalogue) close() error { return c.table.Close() }
