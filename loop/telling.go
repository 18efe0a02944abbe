//go:build linux

package loop

import (
	"looproom/loop/delivery"
	"looproom/loop/dialect"
	"looproom/loop/dialect/irc"
	"looproom/loop/door"
	"looproom/loop/room"
	"looproom/loop/transport"
)

// telling is the event that is being delivered, as a delivery.Message.
type telling struct {
	by    *fanOut
	event *room.Event
	// here says that everyone reads it as about its current room.
	here bool
	// to is the one client that it is for, where that speaks IRC; else nil.
	to *irc.Client
}

// Append implements delivery.Message.
func (t *telling) Append(dst []byte, form uint8) []byte {
	plantDelivery(t.event)
	layout := t.by.doors.Layout(form)
	if t.to != nil || t.by.doors.Dialect(form) == door.IRCDialect {
		return t.appendIRC(dst, form, layout)
	}
	here, ids := door.Reads(form)
	as := dialect.Reader{Here: here || t.here, IDs: ids}
	if layout.Framing == delivery.Lines {
		return native.Append(dst, t.event, as)
	}
	scratch := &t.by.text
	*scratch = native.Append((*scratch)[:0], t.event, as)
	return transport.AppendText(dst, *scratch, layout, native.Head)
}

// refused says why not.
func refused(why room.Refusal) *room.Event {
	e := why.Event()
	return &e
}

// plainLine is a line that is no event, as a delivery.Message.
type plainLine struct {
	doors *door.Doors
	text  string
}

// Append implements delivery.Message.
func (m plainLine) Append(dst []byte, form uint8) []byte {
	return appendLine(dst, []byte(m.text), m.doors.Layout(form))
}

// appendLine lays line, which has no end, out at the end of dst.
func appendLine(dst, line []byte, y delivery.Layout) []byte {
	return transport.AppendLine(dst, line, y, native.Head)
}

// appendIRC is Append for those who speak IRC.
func (t *telling) appendIRC(dst []byte, form uint8, y delivery.Layout) []byte {
	scratch := dst
	if y.Framing != delivery.CRLF {
		scratch = t.by.text[:0]
	}
	if t.to != nil {
		scratch = t.to.Append(scratch, t.event)
	} else {
		scratch = irc.Append(scratch, t.event, irc.Set(door.Bits(form)), t.by.ircName())
	}
	if y.Framing == delivery.CRLF {
		return scratch
	}
	t.by.text = scratch
	return transport.AppendText(dst, scratch, y, native.Head)
}
