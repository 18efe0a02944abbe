//go:build linux

package delivery

import (
	"time"
)

// Message is something to be told. It encodes itself at the end of dst in a form, all of it: with the end of a line, or the header of a frame.
type Message interface {
	Append(dst []byte, form uint8) []byte
}

// Host is what a Writer asks of the event loop that it belongs to. The Writer calls it on the loop's goroutine, in the middle of what it is called for itself; the
// host may call back, also to close the very receiver that it is told of.
type Host interface {
	// Layout tells how messages of a form are told apart.
	Layout(form uint8) Layout
	// Now is a clock that never goes back.
	Now() time.Duration
	// Wake has Sweep called once what has come is handled, and WakeAt at a time.
	Wake()
	WakeAt(at time.Duration)
	// Watch has Writable called, once, when the socket can take bytes. An error ends the receiver's connection.
	Watch(r *Receiver) error
	// Seal returns what is to be written next to a sealed receiver, which is borrowed until the next call, and how many bytes of front, the first that wait for
	// it, that stands for. It may have something to be written of its own, which stands for none. Nothing is sealed before all that was has been written. An error ends
	// the connection.
	Seal(r *Receiver, front [][]byte) (sealed []byte, took int, err error)
	// Unsent gives back the end of what Seal has returned, which the socket did not take: the next Seal returns it.
	Unsent(r *Receiver, rest []byte)
	// Finished is when all that a receiver was owed has been sent, and nothing more will be said to it.
	Finished(r *Receiver)
	// Failed is when the connection is to end: err is of a write or of Watch, or one of this package.
	Failed(r *Receiver, err error)
	// Skipped counts messages that a slow receiver was not told of, and returns the notice that stands in their place, laid out for it. skipped is all that
	// the notice speaks of, lost those of now.
	Skipped(r *Receiver, skipped, lost int) []byte
	// Eased is when few answers wait again for a receiver that Throttle was called for.
	Eased(r *Receiver)
	// Panicked is a panic in the middle of delivery. r, nil if it isn't known, will get nothing more.
	Panicked(r *Receiver, value any)
}

// Limits bound what waits for slow receivers, in bytes.
type Limits struct {
	// SendQ may wait for one that takes nothing for Grace; HardSendQ for nobody.
	SendQ, HardSendQ int
	Grace            time.Duration
	// MergeWait is the longest that a lap waits for more messages. 0: none does.
	MergeWait time.Duration
}

// Tally is what a Writer has counted since it was last emptied.
type Tally struct {
	Deliveries, Writes, Bytes uint64
}

// Writer delivers for one event loop. It must be made by New.
type Writer struct {
	// Tally is read and emptied by the host.
	Tally Tally

	host      Host
	limits    Limits
	pool      pool
	own       *chunk // of what is told to one receiver alone; nil: there is none
	spare     []*outbox
	copied    int    // bytes of all copies in outboxes, and of what their sources hold
	drawn     int    // pieces that sources have given since the sweep last looked at the clock
	fulls     int    // receivers whose sockets are full, but not narrow
	published uint64 // messages to groups

	dirty   []*Receiver // have something to be sent or finished, behind swept
	swept   int
	waiting []*Receiver // could not be sent all
	tooMuch []*Receiver // have too much waiting
	active  queue       // groups with something pending
	paused  []*Group    // that wait for more messages
	spiller spiller

	at      *Receiver   // who is written to just now
	scratch []byte      // a message, encoded
	twice   []*Receiver // who would be told of a message by two groups
	batch   batch
	order   ordering
	iov     []iovec
	front   [][]byte // what is to be sealed
}

// New returns a Writer with no receivers.
func New(host Host, limits Limits) *Writer {
	return &Writer{host: host, limits: limits, spiller: spiller{most: spillMost}}
}

// SetLimits changes the limits, from the next time on that they are looked at.
func (w *Writer) SetLimits(limits Limits) { w.limits = limits }

// Open makes r a receiver that is written to by a descriptor. id must be its alone; its low 32 bits are the slot by which members are ordered. form is one that it
// reads. mayLose says that it is to lose messages of its groups rather than its connection when it is slow. The zero Receiver is not open.
func (w *Writer) Open(r *Receiver, id uint64, fd int, form uint8, mayLose bool) {
	*r = Receiver{id: id, fd: int32(fd), form: form}
	if mayLose {
		r.set(skips)
	}
}

// Seal has the host seal what is written to r from now on.
func (w *Writer) Seal(r *Receiver) { r.set(sealed) }

// Redirect has r written to by another descriptor, also while something waits.
func (w *Writer) Redirect(r *Receiver, fd int) {
	r.fd = int32(fd)
	if r.has(full) {
		w.watch(r)
	}
}

// Close forgets what waits for r. Its descriptor is the host's to close. The groups are left by Leave.
func (w *Writer) Close(r *Receiver) {
	r.fd = -1
	w.discard(r)
	w.setFull(r, false)
	r.unset(throttled)
}

// Finish says that nothing more will be said to r: when all is sent, Host.Finished is called. What its groups say from now on is not for it.
func (w *Writer) Finish(r *Receiver) {
	if r.Deaf() {
		return
	}
	w.settle(r)
	r.set(finished)
	w.Touch(r)
}

// Touch has the next sweep look at r, and what its host has to have written, or Host.Finished called, if that is due.
func (w *Writer) Touch(r *Receiver) {
	if !r.has(dirty) {
		r.set(dirty)
		w.dirty = append(w.dirty, r)
		w.host.Wake()
	}
}

// Flush writes to r now, and not with the next sweep.
func (w *Writer) Flush(r *Receiver) {
	if !r.has(full) {
		w.settle(r)
		w.flush(r)
	}
}
