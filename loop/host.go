//go:build linux

package loop

import (
	"time"

	"looproom/loop/delivery"
	"looproom/loop/ending"
	"looproom/loop/room"
)

// host is the event loop as its delivery.Writer sees it.
type host struct{ *eventLoop }

func (h host) of(r *delivery.Receiver) *peer { return h.peer(room.ClientID(r.ID())) }

// Layout implements delivery.Host.
func (h host) Layout(form uint8) delivery.Layout {
	return h.server.doors.Layout(form)
}

// Now implements delivery.Host.
func (h host) Now() time.Duration { return h.server.clock() }

// Wake implements delivery.Host.
func (h host) Wake() { h.batch.ask() }

// WakeAt implements delivery.Host.
func (h host) WakeAt(at time.Duration) { h.batch.timer.Set(at) }

// Watch implements delivery.Host.
func (h host) Watch(r *delivery.Receiver) error {
	if p := h.of(r); p != nil {
		return h.reactor.Watch(p, uint64(p.id()), p.out.Descriptor())
	}
	return nil
}

// Seal implements delivery.Host.
func (h host) Seal(r *delivery.Receiver, front [][]byte) (sealed []byte, took int, err error) {
	return h.secured.seal(h.of(r), front)
}

// Unsent implements delivery.Host.
func (h host) Unsent(r *delivery.Receiver, rest []byte) {
	if p := h.of(r); p != nil && p.secure() != nil {
		p.secure().PutBack(rest)
	}
}

// Finished implements delivery.Host.
func (h host) Finished(r *delivery.Receiver) {
	if p := h.of(r); p != nil {
		h.ends.wereSent(p)
	}
}

// Failed implements delivery.Host.
func (h host) Failed(r *delivery.Receiver, err error) {
	p := h.of(r)
	switch {
	case p == nil:
	case err == delivery.ErrSlow:
		h.ends.cutSlow(p)
	default:
		h.ends.cut(p, ending.Broken, err.Error())
	}
}

// Skipped implements delivery.Host.
func (h host) Skipped(r *delivery.Receiver, skipped, lost int) []byte {
	h.meter.Skipped.Add(uint64(lost))
	p := h.of(r)
	line := native.AppendRefusal([]byte("! "), &room.Refusal{Why: room.MessagesSkipped, N: int64(skipped)})
	return appendLine(nil, line, h.Layout(p.here))
}

// Panicked implements delivery.Host.
func (h host) Panicked(r *delivery.Receiver, value any) {
	var p *peer
	if r != nil {
		p = h.of(r)
	}
	h.panicked(p, value)
}
