package codec

import (
	"encoding/binary"
	"math/bits"
)

// Opcode is what a frame of WebSocket holds, by RFC 6455 section 11.8.
type Opcode uint8

// The opcodes that there are.
const (
	OpContinuation Opcode = 0
	OpText         Opcode = 1
	OpBinary       Opcode = 2
	OpClose        Opcode = 8
	OpPing         Opcode = 9
	OpPong         Opcode = 10
)

const (
	finalBit    = 0x80 // of a frame's first byte: it ends its message
	reservedBit = 0x70 // of the first byte: for extensions
	maskBit     = 0x80 // of the second byte
	length16    = 126  // in place of a length: it follows in two bytes
	length64    = 127  // it follows in eight
	maxControl  = 125  // the longest payload of a control frame
)

// AppendFrameHeader appends the header of a server's unfragmented frame with so many bytes of payload.
func AppendFrameHeader(dst []byte, op Opcode, length int) []byte {
	return appendHeader(dst, finalBit|byte(op), 0, length)
}

// AppendTextFrame appends a server's text frame. text must be UTF-8.
func AppendTextFrame(dst, text []byte) []byte {
	return append(AppendFrameHeader(dst, OpText, len(text)), text...)
}

// AppendCloseFrame appends a server's close frame; code 0 is one without a code. reason is at most 123 bytes.
func AppendCloseFrame(dst []byte, code uint16, reason string) []byte {
	if code == 0 {
		return AppendFrameHeader(dst, OpClose, 0)
	}
	dst = AppendFrameHeader(dst, OpClose, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(dst, code), reason...)
}

// AppendMaskedFrame appends a client's unfragmented frame, masked by the four bytes of key.
func AppendMaskedFrame(dst []byte, op Opcode, key uint32, payload []byte) []byte {
	dst = appendHeader(dst, finalBit|byte(op), maskBit, len(payload))
	dst = binary.LittleEndian.AppendUint32(dst, key)
	begin := len(dst)
	dst = append(dst, payload...)
	unmask(dst[begin:], key)
	return dst
}

func appendHeader(dst []byte, first, mask byte, length int) []byte {
	switch {
	case length < length16:
		return append(dst, first, mask|byte(length))
	case length <= 0xffff:
		return binary.BigEndian.AppendUint16(append(dst, first, mask|length16), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(dst, first, mask|length64), uint64(length))
}

// FrameSize is how many bytes the server's frame at the front of buf has, with its header. buf holds the whole header.
func FrameSize(buf []byte) int {
	switch length := int(buf[1]); length {
	case length16:
		return 4 + int(binary.BigEndian.Uint16(buf[2:]))
	case length64:
		return 10 + int(binary.BigEndian.Uint64(buf[2:]))
	default:
		return 2 + length
	}
}

// unmask turns payload into what it was before it was masked, or the other way round, and returns the key for the bytes behind it.
func unmask(payload []byte, key uint32) uint32 {
	wide := uint64(key)<<32 | uint64(key)
	for len(payload) >= 8 {
		binary.LittleEndian.PutUint64(payload, binary.LittleEndian.Uint64(payload)^wide)
		payload = payload[8:]
	}
	for i := range payload {
		payload[i] ^= byte(key)
		key = bits.RotateLeft32(key, -8)
	}
	return key
}
