package room

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A command is coded as its verb; its client, of which NoClient is 0; 32 bits, little-endian, that say which of the fields of codeCommand it has, the first the lowest; and these, in
// that order, but for those that say all by their bit. Numbers take one byte for seven bits, strings their length besides. What reads it must know the same fields: who keeps commands,
// or sends them, says by a version of its own that it does.

var (
	errCommandEnds   = errors.New("it ends within it")
	errNumberTooLong = errors.New("a number has too many bytes")
	errCommandLacks  = errors.New("it lacks what its verb is about")
)

// AppendCommand appends cmd to dst, but for At and Wall: whoever keeps it knows these of all that come together. It changes nothing of cmd, is safe for any goroutine,
// and does not allocate if dst has room, but for a Kept, Look, Person, Past or Config.
func AppendCommand(dst []byte, cmd *Command) []byte {
	dst = append(dst, byte(cmd.Verb))
	dst = binary.AppendUvarint(dst, uint64(cmd.Client+1))
	at := len(dst)
	w := wire{bytes: append(dst, 0, 0, 0, 0), bit: 1}
	codeCommand(&w, cmd)
	binary.LittleEndian.PutUint32(w.bytes[at:], w.has)
	return w.bytes
}

// ReadCommand reads what AppendCommand has appended, and returns what stands behind it. Nothing in cmd borrows b: it takes as much memory as its strings, and some times the bytes
// of a Kept, Look, Person, Past or Config, however b is damaged. The error says why b begins with no command that a State could apply. It is safe for any goroutine.
func ReadCommand(b []byte) (cmd Command, rest []byte, err error) {
	w := wire{bytes: b, bit: 1, reads: true}
	cmd.Verb = Verb(w.byte())
	cmd.Client = ClientID(w.uvarint()) - 1
	w.has = w.uint32()
	if codeCommand(&w, &cmd); w.err == nil {
		w.err = cmd.whole(&w)
	}
	if w.err != nil {
		return Command{}, nil, fmt.Errorf("read a command, %v: %w", cmd.Verb, w.err)
	}
	return cmd, w.bytes, nil
}

// codeCommand is the fields of a command that it may have. One more, behind the others, is one line here; there may be 32.
func codeCommand(w *wire, cmd *Command) {
	w.text(&cmd.Text)
	w.text(&cmd.Name)
	signed(w, &cmd.N)
	w.text(&cmd.Room)
	unsigned(w, &cmd.Tag)
	w.bool(&cmd.Off)
	w.text(&cmd.ID)
	signed(w, &cmd.Seq)
	unsigned(w, &cmd.Msg)
	unsigned(w, &cmd.Why)
	unsigned(w, &cmd.Right)
	unsigned(w, &cmd.Group)
	w.bool(&cmd.Last)
	w.text(&cmd.User)
	w.text(&cmd.Host)
	w.text(&cmd.Real)
	w.bool(&cmd.Secure)
	w.bool(&cmd.Stays)
	unsigned(w, &cmd.Manner)
	w.bool(&cmd.Programs)
	w.text(&cmd.Tags)
	within(w, &cmd.Kept, codeKeptRoom)
	within(w, &cmd.Look, codeLook)
	within(w, &cmd.Person, codeKeptPerson)
	within(w, &cmd.Past, codeKeptPast)
	within(w, &cmd.Config, codeRules)
	unsigned(w, &cmd.Place)
	within(w, &cmd.Changes, codeChanges)
}

// whole returns why the command is none that a State could apply.
func (c *Command) whole(w *wire) error {
	lacks := false
	switch c.Verb {
	case Configure:
		lacks = c.Config == nil
	case RestoreRoom, RoomKept:
		lacks = c.Kept == nil
	case RestorePerson:
		lacks = c.Person == nil
	}
	switch {
	case lacks:
		return errCommandLacks
	case c.Verb == 0 || c.Verb >= verbs:
		return fmt.Errorf("%d is no verb", c.Verb)
	case w.has&-w.bit != 0:
		return errors.New("it has fields that there aren't")
	case c.Why >= reasons || c.Right >= rightKinds || c.Manner > AsTagsAlone:
		return fmt.Errorf("its reason %d, right %d or manner %d is none", c.Why, c.Right, c.Manner)
	}
	if c.Changes != nil {
		for _, x := range *c.Changes {
			if x.Right == 0 || x.Right >= rightKinds {
				return fmt.Errorf("its right %d is none", x.Right)
			}
		}
	}
	return nil
}

// wire is bytes to which fields are appended, or from which they are read. It is a coder for what is short and comes all the time: what lies within a field goes by a coder.
// The first error is kept, and behind it everything reads as nothing.
type wire struct {
	bytes []byte
	reads bool
	has   uint32 // a bit for each field that there is
	bit   uint32 // that of the next one
	err   error
}

// field says whether there is the next field: is says it where that is written.
func (w *wire) field(is bool) bool {
	bit := w.bit
	w.bit <<= 1
	if w.reads {
		return w.has&bit != 0 && w.err == nil
	}
	if is {
		w.has |= bit
	}
	return is
}

func (w *wire) bool(x *bool) {
	if is := w.field(*x); w.reads {
		*x = is
	}
}

func (w *wire) text(x *string) {
	switch {
	case !w.field(*x != ""):
	case w.reads:
		*x = w.string()
	default:
		w.bytes = binary.AppendUvarint(w.bytes, uint64(len(*x)))
		w.bytes = append(w.bytes, *x...)
	}
}

func signed[T ~int64](w *wire, x *T) {
	switch {
	case !w.field(*x != 0):
	case w.reads:
		n := w.uvarint()
		*x = T(int64(n>>1) ^ -int64(n&1))
	default:
		w.bytes = binary.AppendVarint(w.bytes, int64(*x))
	}
}

func unsigned[T ~uint8 | ~uint32 | ~uint64](w *wire, x *T) {
	switch {
	case !w.field(*x != 0):
	case w.reads:
		n := w.uvarint()
		if *x = T(n); uint64(*x) != n && w.err == nil {
			w.err = fmt.Errorf("the number %d is too large", n)
		}
	default:
		w.bytes = binary.AppendUvarint(w.bytes, uint64(*x))
	}
}

// within is a field with what fields describes, or nil.
func within[T any](w *wire, x **T, fields func(*coder, *T)) {
	if !w.field(*x != nil) {
		return
	}
	if !w.reads {
		w.bytes = appendPart(w.bytes, *x, fields)
		return
	}
	part, rest, err := readPart(w.bytes, fields)
	if err != nil {
		w.err = err
		return
	}
	*x, w.bytes = part, rest
}

// take gives the next n bytes, nil if there are fewer.
func (w *wire) take(n uint64) []byte {
	if n > uint64(len(w.bytes)) {
		w.bytes, w.err = nil, errCommandEnds
		return nil
	}
	taken := w.bytes[:n]
	w.bytes = w.bytes[n:]
	return taken
}

func (w *wire) byte() byte {
	if b := w.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (w *wire) uint32() uint32 {
	if b := w.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (w *wire) uvarint() uint64 {
	n, size := binary.Uvarint(w.bytes)
	switch {
	case size > 0:
		w.bytes = w.bytes[size:]
	case size == 0 && w.err == nil:
		w.err = errCommandEnds
	case w.err == nil:
		w.err = errNumberTooLong
	}
	return n
}

func (w *wire) string() string { return string(w.take(w.uvarint())) }
