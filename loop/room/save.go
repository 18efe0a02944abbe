package room

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
)

// A saved State is a line that says so, with the version of the format; the parts, in the order in which parts has them; and the sum of all that, CRC-32C, big-endian. A part is its
// number and its items, each behind a 1; then comes a 0.
//
// To add a field to what is saved, add a line to the function that describes where it stands (saverooms.go, saveusers.go, savesettings.go): one line is both ways. What follows from other
// fields is made again where items are added, instead. TestSaveKnowsEachField fails with the name of a field that does neither. Once a release has written a version, a
// change needs the next one: saveVersion is that which is written, and a description may look at coder.version for what files of earlier ones don't have.

// savedAs begins the first line.
const savedAs = "looproom state "

// saveVersion is the version of the format that is written, and the latest that is read.
const saveVersion = 2

// pieceBytes and pieceItems bound a piece of a Saver: some tenth of a millisecond each, and one item more. The largest of these are a person with all its mail and a room with all
// its rights, some 100 KiB at the worst.
const (
	pieceBytes = 16 << 10
	pieceItems = 256
)

var (
	// ErrChanged is why a State can't be saved any further: commands have been applied since that began.
	ErrChanged = errors.New("save the chat: commands have been applied meanwhile")

	errNoState = errors.New("it isn't a state of looproom")
	errSum     = errors.New("it is damaged, or not whole: its checksum is another one")
	errBehind  = errors.New("something stands behind its end")
)

// part is one kind of what there is in a State.
type part struct {
	name string
	// items gives what saves one item after the other, or does what has to come before, and says whether there may be more: behind the last it notes that there is none.
	items func(c *coder) (save func() (more bool))
	// read reads all of them.
	read func(c *coder)
}

// parts are all, each behind those that it needs when it is read.
var parts = []part{
	partOf("settings", codeSettings),
	partOf("rooms", codeRooms),
	partOf("messages", codeMessages),
	partOf("users", codeUsers),
	partOf("clients", codeClients),
	partOf("free places", codeFree),
	partOf("rights", codeRights),
	partOf("rooms to be swept", codeSwept),
	partOf("idle users", codeIdle),
	partOf("digests", codeDigests),
	partOf("registered names", codeRegistered),
	partOf("bans", codeBans),
	partOf("shuns", codeShuns),
	partOf("numbers", codeNumbers),
	partOf("past users", codePast),
}

// items describes the items of a part.
type items[T any] struct {
	// prepare is called before next, again and again while it says that there is more to do. nil: there is nothing.
	prepare func() (more bool)
	// next gives those that there are in a State, one with each call, in an order that is the same in two States that have applied the same commands.
	next func() (item T, is bool)
	// fields describes one.
	fields func(item *T)
	// add puts one that has been read into the State that is made.
	add func(item T)
	// done is when all have been.
	done func()
}

// partOf is the part whose items describe gives.
func partOf[T any](name string, describe func(c *coder) items[T]) part {
	return part{
		name: name,
		items: func(c *coder) func() bool {
			of := describe(c)
			var item T
			prepared := of.prepare == nil
			return func() (more bool) {
				if !prepared {
					prepared = !of.prepare()
					return true
				}
				if item, more = of.next(); c.more(more) {
					of.fields(&item)
				}
				return more
			}
		},
		read: func(c *coder) {
			of := describe(c)
			var item T
			for ; c.more(false); c.item++ {
				item = *new(T)
				if of.fields(&item); c.err == nil {
					of.add(item)
				}
			}
			if c.err == nil && of.done != nil {
				of.done()
			}
		},
	}
}

// only gives one item.
func only[T any](item T) func() (T, bool) { return inSlice([]T{item}) }

// inSlice gives the items of a slice.
func inSlice[T any](all []T) func() (T, bool) {
	return func() (item T, is bool) {
		if len(all) == 0 {
			return item, false
		}
		item, all = all[0], all[1:]
		return item, true
	}
}

// Saver writes a State in pieces, so that whoever applies commands need not wait for all of it. It must be made by NewSaver.
type Saver struct {
	coder   coder
	applied uint64 // commands, when it began
	next    int    // of parts
	save    func() (more bool)
	sum     uint32 // of all that has been written
}

// NewSaver returns a Saver of s as it is now. It belongs to the State's goroutine, as the State does. From now on and until Next has said that there is no more, no command may be
// applied: after one Next returns ErrChanged, and nothing else comes of it. A Saver that isn't needed any more is simply forgotten.
func NewSaver(s *State) *Saver {
	v := &Saver{coder: coder{state: s}, applied: s.applied}
	v.coder.out = append(v.coder.out, savedAs+strconv.Itoa(saveVersion)+"\n"...)
	return v
}

// Next writes the next piece, by one Write of some 16 KiB that takes a tenth of a millisecond to make, and says whether there is more. An error, of w or ErrChanged, is
// the end of it.
func (v *Saver) Next(w io.Writer) (more bool, err error) {
	c := &v.coder
	if c.state.applied != v.applied {
		return false, ErrChanged
	}
	more = true
	for n := 0; n < pieceItems && len(c.out) < pieceBytes && more; n++ {
		more = v.step()
	}
	v.sum = crc32.Update(v.sum, castagnoli, c.out)
	if !more {
		c.out = binary.BigEndian.AppendUint32(c.out, v.sum)
	}
	_, err = w.Write(c.out)
	c.out = c.out[:0]
	return more && err == nil, err
}

// step writes one item, or what is between two parts.
func (v *Saver) step() (more bool) {
	switch {
	case v.save != nil:
		if !v.save() {
			v.save = nil
		}
	case v.next < len(parts):
		v.next++
		v.coder.out = append(v.coder.out, byte(v.next))
		v.save = parts[v.next-1].items(&v.coder)
	default:
		return false
	}
	return true
}

// Save writes all of s, byte for byte the same for two States that have applied the same commands. It belongs to the State's goroutine. The error is w's.
func (s *State) Save(w io.Writer) error {
	for v, more := NewSaver(s), true; more; {
		var err error
		if more, err = v.Next(w); err != nil {
			return err
		}
	}
	return nil
}

// Restore returns the State that has been saved by what r gives, to its end: it gives the same events for the same commands as the one that was saved. The error says what is wrong
// with it, or is r's. However r is damaged, Restore takes no more memory than some times what r gives.
func Restore(r io.Reader) (*State, error) {
	c := &coder{in: newInput(r), rooms: map[RoomID]*chatRoom{}, names: map[string]string{}}
	s, err := c.restore()
	if err != nil {
		return nil, fmt.Errorf("restore the chat: %w", err)
	}
	return s, nil
}

func (c *coder) restore() (*State, error) {
	if err := c.readHead(); err != nil {
		return nil, err
	}
	for i := range parts {
		c.part, c.item = parts[i].name, 0
		if c.readPart(i); c.err != nil {
			return nil, c.in.wrong(c.err)
		}
	}
	if err := c.in.close(); err != nil {
		return nil, err
	}
	return c.state, nil
}

// readHead reads the first line.
func (c *coder) readHead() error {
	var line []byte
	for len(line) < 2*len(savedAs) {
		b, err := c.in.ReadByte()
		switch {
		case err == io.ErrUnexpectedEOF:
			return errNoState
		case err != nil:
			return err
		}
		if line = append(line, b); b == '\n' {
			break
		}
	}
	version, is := strings.CutPrefix(string(line), savedAs)
	n, err := strconv.ParseUint(strings.TrimSuffix(version, "\n"), 10, 32)
	switch {
	case !is || err != nil || n == 0:
		return errNoState
	case n > saveVersion:
		return fmt.Errorf("a newer looproom has written it: it has format %d, and this one reads up to %d", n, saveVersion)
	}
	c.version = int(n)
	return nil
}

func (c *coder) readPart(i int) {
	b, err := c.in.ReadByte()
	switch {
	case err != nil:
		c.fail("its number: %w", err)
	case int(b) != i+1:
		c.fail("it has number %d, want %d", b, i+1)
	default:
		parts[i].read(c)
	}
}
