package room

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// coder writes fields one after the other, or reads them into where they belong: what describes a thing by its methods need not know which of the two, so that the one
// can't do what the other doesn't. Numbers take one byte for seven bits, strings their length besides.
//
// The first error is kept, and behind it nothing is written and everything reads as nothing: whoever describes a thing looks for none.
type coder struct {
	state *State // that is written, or made

	out []byte    // has been written and not been taken
	few []session // scratch

	in      *input // nil: it writes
	version int    // of what is read
	rooms   map[RoomID]*chatRoom
	names   map[string]string // that have been read, each once in memory; at most maxNames
	part    string            // what is being read, for the error
	item    int
	err     error
}

// maxNames bounds the names of which a coder knows that it has read them before.
const maxNames = 16 << 10

// reads says whether fields are read.
func (c *coder) reads() bool { return c.in != nil }

// since says whether there is what stands in files of that version and later ones.
func (c *coder) since(version int) bool { return !c.reads() || c.version >= version }

// fail notes that what has been read can't be.
func (c *coder) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("%s, item %d: %w", c.part, c.item, fmt.Errorf(format, args...))
	}
}

// integer is a field with a number of any integer type; those that can be less than 0 take a byte for six bits and then seven.
func integer[T ~int | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64](c *coder, x *T) {
	signed := ^T(0) < 0
	switch {
	case !c.reads() && signed:
		c.out = binary.AppendVarint(c.out, int64(*x))
	case !c.reads():
		c.out = binary.AppendUvarint(c.out, uint64(*x))
	case signed:
		n := c.in.varint(c)
		if *x = T(n); int64(*x) != n {
			c.fail("the number %d is too large", n)
		}
	default:
		n := c.in.uvarint(c)
		if *x = T(n); uint64(*x) != n {
			c.fail("the number %d is too large", n)
		}
	}
}

// bool is a field with a bool.
func (c *coder) bool(x *bool) {
	n := uint8(0)
	if *x {
		n = 1
	}
	if integer(c, &n); n > 1 {
		c.fail("a bool is %d", n)
	}
	if c.reads() {
		*x = n == 1
	}
}

// more says whether there is one more of what there is a number of: is says it where that is written.
func (c *coder) more(is bool) bool {
	c.bool(&is)
	return is && c.err == nil
}

// text is a field with a string.
func (c *coder) text(x *string) {
	n := uint64(len(*x))
	if integer(c, &n); c.reads() {
		*x = string(c.in.bytes(c, n))
		return
	}
	c.out = append(c.out, *x...)
}

// alike is text for what is often the same as other, and then takes no memory of its own.
func (c *coder) alike(x *string, other string) {
	same := *x == other
	switch c.bool(&same); {
	case !same:
		c.text(x)
	case c.reads():
		*x = other
	}
}

// repeated is text for what comes again and again, and is to stand in memory once.
func (c *coder) repeated(x *string) {
	if !c.reads() {
		c.text(x)
		return
	}
	n := uint64(0)
	integer(c, &n)
	b := c.in.bytes(c, n)
	known, is := c.names[string(b)]
	if !is {
		if len(c.names) >= maxNames {
			clear(c.names)
		}
		known = string(b)
		c.names[known] = known
	}
	*x = known
}

// series is a field with any number of items, each described by field. It returns them, which are new if they are read: no more than the input has bytes.
func series[T any](c *coder, items []T, field func(item *T)) []T {
	if !c.reads() {
		for i := range items {
			c.more(true)
			field(&items[i])
		}
		c.more(false)
		return items
	}
	items = nil
	for c.more(false) {
		var item T
		if field(&item); c.err == nil {
			items = append(items, item)
		}
	}
	return items
}

// room is a field with a room, or nil.
func (c *coder) room(x **chatRoom) {
	id := RoomID(0) // no room has it
	if *x != nil {
		id = (*x).id
	}
	integer(c, &id)
	if !c.reads() || id == 0 {
		return
	}
	if *x = c.rooms[id]; *x == nil {
		c.fail("there is no room %d", id)
	}
}

// user is a field with a user, or nil, by its place.
func (c *coder) user(x **user) {
	at := link(0)
	if *x != nil {
		at = linkTo(*x)
	}
	integer(c, &at)
	if !c.reads() || at == 0 {
		return
	}
	if int64(at) <= int64(len(c.state.people.at)) {
		*x = c.state.people.at[at-1]
	}
	if *x == nil {
		c.fail("there is no user at place %d", at-1)
	}
}

// castagnoli is the sum that processors know.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// input is bytes that are read, and that end with the sum of all before. It reads ahead.
type input struct {
	from io.Reader
	buf  []byte // has been read; what is before at has been given
	at   int
	end  error  // of from
	sum  uint32 // of all that was read before buf and held
	held []byte // the last that were read before buf, which may be the sum; at most sumSize
	text []byte // scratch
}

// sumSize is how many bytes the sum takes.
const sumSize = 4

// inputSize is how much is read at once, in bytes.
const inputSize = 64 << 10

func newInput(from io.Reader) *input { return &input{from: from, buf: make([]byte, 0, inputSize)} }

// fill reads more, when all of buf has been given. It says whether there is any.
func (in *input) fill() bool {
	in.held = append(in.held, in.buf...)
	if n := len(in.held) - sumSize; n > 0 {
		in.sum = crc32.Update(in.sum, castagnoli, in.held[:n])
		in.held = in.held[:copy(in.held, in.held[n:])]
	}
	in.buf, in.at = in.buf[:0], 0
	for tries := 0; len(in.buf) == 0 && in.end == nil; tries++ {
		n, err := in.from.Read(in.buf[:cap(in.buf)])
		if in.buf, in.end = in.buf[:n], err; tries == 100 {
			in.end = io.ErrNoProgress
		}
	}
	return len(in.buf) > 0
}

// ReadByte implements io.ByteReader.
func (in *input) ReadByte() (byte, error) {
	if in.at == len(in.buf) && !in.fill() {
		return 0, in.over()
	}
	in.at++
	return in.buf[in.at-1], nil
}

// over is the error of a read behind the end.
func (in *input) over() error {
	if in.end == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return in.end
}

func (in *input) uvarint(c *coder) uint64 {
	if c.err != nil {
		return 0
	}
	n, err := binary.ReadUvarint(in)
	if err != nil {
		c.fail("a number: %w", err)
		return 0
	}
	return n
}

func (in *input) varint(c *coder) int64 {
	n := in.uvarint(c)
	return int64(n>>1) ^ -int64(n&1)
}

// bytes gives the next n bytes, until it is called again. It takes no more memory than there are, and a buffer.
func (in *input) bytes(c *coder, n uint64) []byte {
	in.text = in.text[:0]
	for c.err == nil && uint64(len(in.text)) < n {
		if in.at == len(in.buf) && !in.fill() {
			c.fail("a string of %d bytes: %w", n, in.over())
			break
		}
		took := int(min(n-uint64(len(in.text)), uint64(len(in.buf)-in.at)))
		in.text = append(in.text, in.buf[in.at:in.at+took]...)
		in.at += took
	}
	if c.err != nil {
		return nil
	}
	return in.text
}

// close reads the sum, which is the last.
func (in *input) close() error {
	for range sumSize {
		if _, err := in.ReadByte(); err != nil {
			return in.wrong(err)
		}
	}
	if _, err := in.ReadByte(); err != io.ErrUnexpectedEOF {
		return in.wrong(errBehind)
	}
	return in.wrong(nil)
}

// wrong reads all that is left, and returns what is wrong with the whole: that it can't be read, that its sum is another one, or else err.
func (in *input) wrong(err error) error {
	in.at = len(in.buf)
	for in.fill() {
		in.at = len(in.buf)
	}
	switch {
	case in.end != io.EOF:
		return in.end
	case len(in.held) < sumSize || binary.BigEndian.Uint32(in.held) != in.sum:
		return errSum
	}
	return err
}
