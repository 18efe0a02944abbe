//go:build linux

package loop

import (
	"looproom/codec"
	"looproom/loop/delivery"
)

// maxWires bounds the ways in which all doors together lay out lines.
const maxWires = 16

// wire is how lines are laid out for a client. Doors with the same wire share what is encoded.
type wire struct {
	framing framing
	size    int // of blocks
}

// append lays line, which has no end, out at the end of dst.
func (w *wire) append(dst, line []byte) []byte {
	switch w.framing {
	case blocks:
		head := 0
		if len(line) >= w.size {
			head = native.Head(line)
		}
		return codec.AppendBlocks(dst, line, head, w.size)
	case bursts:
		return append(append(dst, '\n'), line...)
	case messages:
		return codec.AppendTextFrame(dst, line)
	default:
		return append(append(dst, line...), '\n')
	}
}

// layout is what the delivery has to know of it.
func (w *wire) layout() delivery.Layout {
	framing := delivery.Lines
	switch w.framing {
	case blocks:
		framing = delivery.Blocks
	case bursts:
		framing = delivery.Bursts
	case messages:
		framing = delivery.Messages
	}
	return delivery.Layout{Framing: framing, Size: w.size}
}
