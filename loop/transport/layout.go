//go:build linux

package transport

import (
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
		return codec.AppendTextFrame(dst, line)
	default:
		return append(append(dst, line...), '\n')
	}
}
