package generator

import (
	"bytes"
	"encoding/binary"
)

// A record is the mark in a message: a '~', six letters for the sender and ten for the sequence number, each letter from a (0) to
// p (15). Any text protocol lets it through unchanged.
const (
	recordMark   = '~'
	padding      = 'x'
	recordSize   = 1 + 16
	firstLetters = 0x6161616161616161 // "aaaaaaaa"
)

// appendRecord appends the record, and padding up to size bytes in all.
func appendRecord(dst []byte, sender uint32, seq uint64, size int) []byte {
	begin := len(dst)
	dst = append(dst, recordMark)
	for shift := 20; shift >= 0; shift -= 4 {
		dst = append(dst, 'a'+byte(sender>>shift)&15)
	}
	for shift := 36; shift >= 0; shift -= 4 {
		dst = append(dst, 'a'+byte(seq>>shift)&15)
	}
	for len(dst)-begin < size {
		dst = append(dst, padding)
	}
	return dst
}

// reader finds the records of a buffer, one after another. Most messages of a workload are equally long, so that the next record mostly
// stands as far behind the last one as that one behind the one before; where it does, nothing is searched.
type reader struct {
	buf    []byte
	size   int // of a message's words in bytes: records are no nearer to each other
	at     int // where to look on; without a next record, where one may have begun, to be looked at again together with what follows
	last   int // where the last record begins
	stride int // from the one before to the last; 0: not known, or so long that a whole message fits between two
}

// next returns the next record; without a whole one ok is false.
func (r *reader) next() (sender uint32, seq uint64, ok bool) {
	if r.stride > 0 {
		if begin := r.last + r.stride; begin+recordSize <= len(r.buf) {
			if sender, seq, ok = recordAt(r.buf[begin:]); ok {
				r.last, r.at = begin, begin+recordSize
				return sender, seq, true
			}
		}
	}
	return r.search()
}

func (r *reader) search() (sender uint32, seq uint64, ok bool) {
	for {
		i := bytes.IndexByte(r.buf[r.at:], recordMark)
		if i < 0 {
			r.at = len(r.buf)
			return 0, 0, false
		}
		r.at += i
		if len(r.buf)-r.at < recordSize {
			return 0, 0, false
		}
		if sender, seq, ok = recordAt(r.buf[r.at:]); ok {
			r.found()
			return sender, seq, true
		}
		r.at++
	}
}

// found goes on behind the record that begins where the search ended.
func (r *reader) found() {
	r.stride = r.at - r.last
	if r.last == 0 || r.stride >= 2*r.size { // behind a record at 0 it is only learnt a record later
		r.stride = 0
	}
	r.last = r.at
	r.at += recordSize
}

// recordAt reads the record that buf begins with. buf is at least as long as one.
func recordAt(buf []byte) (sender uint32, seq uint64, ok bool) {
	buf = buf[:recordSize]
	high := binary.LittleEndian.Uint64(buf[1:]) - firstLetters
	low := binary.LittleEndian.Uint64(buf[9:]) - firstLetters
	if buf[0] != recordMark || (high|low)&0xf0f0f0f0f0f0f0f0 != 0 {
		return 0, 0, false
	}
	a, b := nibbles(high), nibbles(low)
	return a >> 8, uint64(a&0xff)<<32 | uint64(b), true
}

// nibbles packs eight bytes below 16, the first in memory the highest, into a number.
func nibbles(x uint64) uint32 {
	x = (x<<4 | x>>8) & 0x00ff00ff00ff00ff // pairs
	x = (x<<8 | x>>16) & 0x0000ffff0000ffff
	return uint32(x<<16 | x>>32)
}
