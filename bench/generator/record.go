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

// findRecord returns the first record in buf and where it ends. Without a whole one, ok is false, and rest is where one may have begun:
// the bytes from there on have to be looked at again together with what follows.
func findRecord(buf []byte) (sender uint32, seq uint64, end int, ok bool, rest int) {
	at := 0
	for {
		i := bytes.IndexByte(buf[at:], recordMark)
		if i < 0 {
			return 0, 0, 0, false, len(buf)
		}
		at += i
		if len(buf)-at < recordSize {
			return 0, 0, 0, false, at
		}
		high := binary.LittleEndian.Uint64(buf[at+1:]) - firstLetters
		low := binary.LittleEndian.Uint64(buf[at+9:]) - firstLetters
		if (high|low)&0xf0f0f0f0f0f0f0f0 == 0 {
			a, b := nibbles(high), nibbles(low)
			return a >> 8, uint64(a&0xff)<<32 | uint64(b), at + recordSize, true, 0
		}
		at++
	}
}

// nibbles packs eight bytes below 16, the first in memory the highest, into a number.
func nibbles(x uint64) uint32 {
	x = (x<<4 | x>>8) & 0x00ff00ff00ff00ff // pairs
	x = (x<<8 | x>>16) & 0x0000ffff0000ffff
	return uint32(x<<16 | x>>32)
}
