//go:build linux

package transport

import (
	"bytes"

	"looproom/codec"
	"looproom/loop/delivery"
)

// AppendLine lays line, which has no end, out at the end of dst. Of a line that fills several blocks, head tells how many bytes of it begin each of them.
func AppendLine(dst, line []byte, y delivery.Layout, head func(line []byte) int) []byte {
	switch y.Framing {
	case delivery.Blocks:
		again := 0
		if len(line) >= y.Size {
			again = head(line)
		}
		return codec.AppendBlocks(dst, line, again, y.Size)
	case delivery.Bursts:
		return append(append(dst, '\n'), line...)
	case delivery.Messages:
		return append(codec.AppendFrameHeader(dst, opcode(y), len(line)), line...)
	case delivery.CRLF:
		return append(append(dst, line...), '\r', '\n')
	default:
		return append(append(dst, line...), '\n')
	}
}

// AppendText lays text, whole lines that end in LF or CRLF, out at the end of dst as AppendLine does each of them.
func AppendText(dst, text []byte, y delivery.Layout, head func(line []byte) int) []byte {
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{'\n'})
		dst = AppendLine(dst, bytes.TrimSuffix(line, []byte{'\r'}), y, head)
	}
	return dst
}

// opcode is that of the frames of a layout of Messages.
func opcode(y delivery.Layout) codec.Opcode {
	if y.Binary {
		return codec.OpBinary
	}
	return codec.OpText
}
