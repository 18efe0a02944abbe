package order

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"time"

	"looproom/loop/room"
)

// Entry is a batch of commands as the log has it. Nobody changes it.
type Entry struct {
	// Seq is its position: one more than that of the batch before.
	Seq uint64
	// At is the time at which the log took it, by a clock that may go back.
	At time.Time
	// Node is who has published it, in its life Incarnation and as the batch Number of that, from 1.
	Node                string
	Incarnation, Number uint64
	// Body is what it says.
	Body []byte
}

// bodyVersion begins each body. A node that reads a later one must not go on: it would miss what the others apply.
const bodyVersion = 1

// bodyHead is the length of what stands in front of the items of a body: the version and the epoch.
const bodyHead = 1 + 8

// MaxBody is how long a body gets at most: as much as the log takes at once (journal.MaxBody).
const MaxBody = 256 << 10

// MaxItem is the longest item, in bytes: with the head of its body it is a batch of its own.
const MaxItem = MaxBody - bodyHead

// ErrTooLong is the error of a change that is longer than MaxItem.
var ErrTooLong = fmt.Errorf("the log of the cluster takes no more than %d bytes at once", MaxItem)

// item is what a body is made of: a kind, a length and as many bytes.
type item byte

const (
	itemCommand item = iota + 1 // a room.Command
	itemChange                  // the number of a proposal, and what all nodes are to carry out beside the state
	itemBeat                    // a position and the hash of the state behind it; 0 and nothing: there is none yet
	itemHello                   // the node comes, or comes again: the first item of the first batch of an incarnation
	itemLeave                   // the node goes: the last item of an incarnation
	itemGenesis                 // the time from which the state counts, in milliseconds of wall clock, and the position behind which it was made; stands in front of the hello of who has made it
)

var (
	errBody    = errors.New("a batch can't be read")
	errVersion = errors.New("a batch has been written by a later looproom: this node must be upgraded to be one of this cluster")
)

func appendHead(dst []byte, epoch uint64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, bodyVersion), epoch)
}

// readHead takes apart what stands in front of the items.
func readHead(body []byte) (epoch uint64, items []byte, err error) {
	switch {
	case len(body) < bodyHead:
		return 0, nil, errBody
	case body[0] > bodyVersion:
		return 0, nil, errVersion
	}
	return binary.BigEndian.Uint64(body[1:]), body[bodyHead:], nil
}

func appendItem(dst []byte, kind item, payload ...byte) []byte {
	dst = binary.AppendUvarint(append(dst, byte(kind)), uint64(len(payload)))
	return append(dst, payload...)
}

// itemSize is how long an item with a payload of n bytes is.
func itemSize(n int) int { return 1 + (bits.Len(uint(n)|1)+6)/7 + n }

// readItem takes the first item off.
func readItem(b []byte) (kind item, payload, rest []byte, err error) {
	if len(b) == 0 {
		return 0, nil, nil, errBody
	}
	n, took := binary.Uvarint(b[1:])
	if took <= 0 || n > uint64(len(b)-1-took) {
		return 0, nil, nil, errBody
	}
	from := 1 + took
	return item(b[0]), b[from : from+int(n)], b[from+int(n):], nil
}

func readCommand(payload []byte) (cmd room.Command, err error) {
	cmd, rest, err := room.ReadCommand(payload)
	if err == nil && len(rest) > 0 {
		err = errBody
	}
	return cmd, err
}

// beat is how a node shows that it lives, and which state it has.
type beat struct{ position, hash uint64 }

func appendBeat(dst []byte, b beat) []byte {
	return binary.BigEndian.AppendUint64(binary.AppendUvarint(dst, b.position), b.hash)
}

func readBeat(payload []byte) (b beat, err error) {
	at, n := binary.Uvarint(payload)
	if n <= 0 || len(payload) != n+8 {
		return b, errBody
	}
	return beat{at, binary.BigEndian.Uint64(payload[n:])}, nil
}

// Genesis is the body of the first batch of a node that has made a state which all are to have. base is the time from which the state counts, in milliseconds of wall clock, epoch a
// number that no other history has, and after the position of the last batch that the log had when the state was made.
func Genesis(epoch uint64, base int64, after uint64) []byte {
	payload := binary.AppendUvarint(binary.AppendVarint(nil, base), after)
	return appendItem(appendItem(appendHead(nil, epoch), itemGenesis, payload...), itemHello)
}

// IsGenesis says whether e is such a batch that counts, and what it was made of. It counts if nothing has come between: who makes a state has seen all that was there, and a copy that comes late
// begins nothing.
func IsGenesis(e *Entry) (epoch uint64, base int64, is bool) {
	if e.Number != 1 {
		return 0, 0, false
	}
	epoch, items, err := readHead(e.Body)
	if err != nil {
		return 0, 0, false
	}
	kind, payload, _, err := readItem(items)
	if err != nil || kind != itemGenesis {
		return 0, 0, false
	}
	base, n := binary.Varint(payload)
	if n <= 0 {
		return 0, 0, false
	}
	after, n := binary.Uvarint(payload[n:])
	return epoch, base, n > 0 && e.Seq == after+1
}

// wrong is the error of a body that all nodes read alike.
func wrong(e *Entry, err error) error {
	return fmt.Errorf("batch %d of the log, number %d of %s: %w", e.Seq, e.Number, e.Node, err)
}
