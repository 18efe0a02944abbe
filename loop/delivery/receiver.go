//go:build linux

package delivery

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Receiver is one socket. It is made to be embedded by value: there are very many, and most are quiet. Its fields are the writer's; the zero
// Receiver is none; see Unopened and Writer.Open.
type Receiver struct {
	id   uint64
	seat seat    // in one of its groups; stream nil: in none
	more *[]seat // in the others
	out  *outbox // nil: nothing waits for it but what its streams have
	fd   int32   // -1: closed
	is   flags
	form uint8 // some form in which it reads: all of them have one layout
}

// seat is a place in a group: the stream that is read, and up to where that has been done.
type seat struct {
	stream *stream
	at     uint64
}

type flags uint16

const (
	dirty     flags = 1 << iota // stands in the writer's dirty list
	full                        // its socket can't take more; the host will say when it can
	over                        // so much waits for it that it is looked at by the next sweep
	sealed                      // its bytes are sealed by the host before they are written
	skips                       // may lose messages of its groups rather than its connection
	finished                    // nothing more is said to it
	narrow                      // what its socket holds is counted elsewhere
	throttled                   // the host is to be told when little waits for it again
)

func (r *Receiver) has(f flags) bool { return r.is&f != 0 }
func (r *Receiver) set(f flags)      { r.is |= f }
func (r *Receiver) unset(f flags)    { r.is &^= f }

// Unopened returns a receiver that is closed, until Writer.Open, which is to be given the same id.
func Unopened(id uint64) Receiver { return Receiver{id: id, fd: -1} }

// ID is what Unopened or Open was given.
func (r *Receiver) ID() uint64 { return r.id }

// Descriptor is where it is written to, -1 once it is closed.
func (r *Receiver) Descriptor() int { return int(r.fd) }

// Closed says whether its descriptor is gone.
func (r *Receiver) Closed() bool { return r.fd < 0 }

// Deaf says whether nothing more can be said to it.
func (r *Receiver) Deaf() bool { return r.fd < 0 || r.has(finished) }

// Finished says whether Finish has been called.
func (r *Receiver) Finished() bool { return r.has(finished) }

// Full says whether its socket could not take all of the last write.
func (r *Receiver) Full() bool { return r.has(full) }

// Owes is how many bytes wait for it, those in streams aside: what its outbox holds, and that outbox itself.
func (r *Receiver) Owes() int {
	if r.out == nil {
		return 0
	}
	return r.out.owes()
}

// Answers is how many bytes of what it has asked for wait for it: those of Answer and Send, and what the sources of TellFrom count as.
func (r *Receiver) Answers() int {
	if r.out == nil {
		return 0
	}
	return r.out.answers
}

// Untaken is how many bytes of what r has been told its client can't have yet: those that wait in its outbox and in the streams of its groups, and those in its socket of which
// the client's side has not confirmed that they are there. Of a Unix socket that is the memory of what has not been read, some hundred bytes more for each write, and nothing once the
// client has closed it. What a source has still to give doesn't count. It costs a system call, and a look at each group of r's; nothing waits for who is closed.
func (r *Receiver) Untaken() (bytes int) {
	if r.Closed() {
		return 0
	}
	if r.out != nil {
		bytes = r.out.size - r.out.asides
	}
	if !r.has(finished) { // what is said after that is not for it
		for st := range r.seats {
			bytes += int(st.stream.end - st.at)
		}
	}
	if queued, err := r.inSocket(); err == nil {
		bytes += queued
	}
	return bytes
}

// inSocket is how many bytes r's socket has that its client has not taken.
func (r *Receiver) inSocket() (bytes int, err error) {
	return unix.IoctlGetInt(int(r.fd), unix.SIOCOUTQ)
}

// seats yields the places of r that are taken. The yield may free the one at hand.
func (r *Receiver) seats(yield func(*seat) bool) {
	if r.seat.stream != nil && !yield(&r.seat) || r.more == nil {
		return
	}
	for i := range *r.more {
		if s := &(*r.more)[i]; s.stream != nil && !yield(s) {
			return
		}
	}
}

// seatIn is r's place in g, nil if it has none.
func (r *Receiver) seatIn(g *Group) *seat {
	for s := range r.seats {
		if s.stream.group == g {
			return s
		}
	}
	return nil
}

// isInOneOf says whether r is a member of one of groups.
func (r *Receiver) isInOneOf(groups []*Group) bool {
	if r.more == nil {
		return r.seat.stream != nil && slices.Contains(groups, r.seat.stream.group)
	}
	for s := range r.seats {
		if slices.Contains(groups, s.stream.group) {
			return true
		}
	}
	return false
}

// AnyGroup is one of the groups that r is in, nil if it is in none.
func (r *Receiver) AnyGroup() *Group {
	for s := range r.seats {
		return s.stream.group
	}
	return nil
}

// Groups yields the groups that r is in. None may be left or joined meanwhile.
func (r *Receiver) Groups(yield func(*Group) bool) {
	for s := range r.seats {
		if !yield(s.stream.group) {
			return
		}
	}
}

// groupCount is the number of groups that r is in.
func (r *Receiver) groupCount() (n int) {
	for range r.seats {
		n++
	}
	return n
}

// freeSeat is where r can sit in one more group.
func (r *Receiver) freeSeat() *seat {
	if r.seat.stream == nil {
		return &r.seat
	}
	if r.more == nil {
		r.more = &[]seat{}
	}
	*r.more = append(*r.more, seat{})
	return &(*r.more)[len(*r.more)-1]
}

// tidy forgets the seats that have become free.
func (r *Receiver) tidy() {
	if r.more == nil {
		return
	}
	*r.more = slices.DeleteFunc(*r.more, func(s seat) bool { return s.stream == nil })
	if len(*r.more) == 0 {
		r.more = nil
	}
}
