//go:build linux

package loop

import (
	"bytes"
	"slices"
	"strconv"

	"looproom/codec"
	"looproom/loop/room"
)

// tooSlow has p lose messages if its door is one for that and it helps, and drops it otherwise.
func (l *eventLoop) tooSlow(p *peer) {
	limit := l.server.limits.Load()
	if p.out == nil || !p.door.url.skip || p.finished {
		l.dropSlow(p)
		return
	}
	wire := p.door.url.wire()
	n := p.out.skip(&l.log, &wire, p.out.size-limit.SendQ/2)
	l.meters.skipped.Add(uint64(n))
	if p.out.size > limit.SendQ {
		l.dropSlow(p) // what it has asked for itself is too much
		return
	}
	p.over = false
}

// skip takes the oldest messages to rooms out of the outbox, at least want bytes of them if there are as many, and puts a line in their
// place that says how many there were. It returns that number. Answers, files and the rest of a line that is half sent stay.
func (o *outbox) skip(log *deliveryLog, w *wire, want int) int {
	s := skipper{log: log, wire: w, want: want, at: -1, kept: make([]part, 0, len(o.parts)+2)}
	for i := range o.parts {
		s.look(&o.parts[i])
	}
	if s.at >= 0 {
		notice := w.append(nil, []byte("! "+string(room.Skipped)+" "+messageCount(s.before+s.lost)))
		s.kept = slices.Insert(s.kept, s.at, part{more: &extra{bytes: notice, skipped: s.before + s.lost}})
		s.bytes -= len(notice)
	}
	o.parts = s.kept
	o.size -= s.bytes
	return s.lost
}

func messageCount(n int) string {
	if n == 1 {
		return "1 message"
	}
	return strconv.Itoa(n) + " messages"
}

// skipper goes through the parts of an outbox.
type skipper struct {
	log    *deliveryLog
	wire   *wire
	want   int // bytes still to be lost
	kept   []part
	at     int // where in kept the notice belongs, -1: nowhere
	lost   int // messages
	before int // that an earlier notice, not yet sent, speaks of
	bytes  int // by how many bytes less wait
}

func (s *skipper) look(p *part) {
	switch {
	case p.more != nil && p.more.skipped > 0 && !p.begun:
		s.note()
		s.before += p.more.skipped
		s.bytes += len(p.more.bytes)
	case p.skippable && s.want > 0:
		s.cut(p)
	default:
		s.kept = append(s.kept, *p)
	}
}

// note has the notice stand here, if it stands nowhere yet.
func (s *skipper) note() {
	if s.at < 0 {
		s.at = len(s.kept)
	}
}

// cut takes whole messages out of p.
func (s *skipper) cut(p *part) {
	text := p.text(s.log)
	from := 0
	if p.begun {
		from = s.wire.rest(p, text)
	}
	to := min(from+s.want, len(text))
	to = from + s.wire.lineEnd(text[from:], to-from)
	if from == to {
		s.kept = append(s.kept, *p)
		return
	}
	s.keep(p, 0, from, len(text))
	s.note()
	s.keep(p, to, len(text), len(text))
	s.lost += s.wire.lineCount(text[from:to])
	s.want -= to - from
	s.bytes += to - from
}

// keep keeps the bytes of p from one offset to another, of size in all.
func (s *skipper) keep(p *part, from, to, size int) {
	if from == to {
		return
	}
	q := *p
	q.begun = p.begun && from == 0
	if !q.begun {
		q.torn = 0
	}
	if p.more != nil {
		q.more = &extra{bytes: p.more.bytes[from:to]}
	} else {
		q.start, q.end = p.start+uint64(from), p.end-uint64(size-to)
	}
	s.kept = append(s.kept, q)
}

// text is the bytes of a part that is no file: a copy if they don't stand together.
func (p *part) text(log *deliveryLog) []byte {
	if p.more != nil {
		return p.more.bytes
	}
	return bytes.Join(log.slices(nil, p.start, p.end), nil)
}

// rest is how many bytes at the front of text, which is that of p, are the end of a line (or frame) whose beginning has been sent. A whole
// line may be taken for one.
func (w *wire) rest(p *part, text []byte) int {
	if w.framing == messages {
		return int(p.torn)
	}
	return w.lineEnd(text, 0)
}

// lineEnd is the offset behind the line (or block, or frame) of text in which offset stands, or offset if a line ends right before it.
// text ends with a whole line. Frames are looked at from the beginning of text.
func (w *wire) lineEnd(text []byte, offset int) int {
	if w.framing == messages {
		end, _ := frameEnd(text, offset)
		return end
	}
	if w.framing == blocks {
		over := (len(text) - offset) % w.size
		return offset + over
	}
	if w.framing == lines && offset > 0 {
		offset-- // an LF there ends the line
	}
	end := bytes.IndexByte(text[offset:], '\n')
	switch {
	case end < 0:
		return len(text)
	case w.framing == lines:
		end++
	}
	return offset + end
}

// frameEnd is where the frame of text ends in which offset stands, or offset if one ends right before it, and how many frames end there.
// text begins with a frame.
func frameEnd(text []byte, offset int) (end, n int) {
	for end < offset {
		end += codec.FrameSize(text[end:])
		n++
	}
	return end, n
}

// tear notes how much of a frame is left when n bytes are sent from the front, which is not all. sent comes next.
func (o *outbox) tear(log *deliveryLog, n int) {
	for i := range o.parts {
		p := &o.parts[i]
		size := p.size()
		switch {
		case n >= size:
			n -= size
			continue
		case n <= int(p.torn):
			p.torn -= uint32(n)
		case p.more == nil || p.more.file == nil:
			text := p.front(log, n+maxFrameHeader)
			end, _ := frameEnd(text[p.torn:], n-int(p.torn))
			p.torn += uint32(end - n)
		}
		return
	}
}

// maxFrameHeader is the longest header of a frame, in bytes.
const maxFrameHeader = 10

// front is at least the first n bytes of a part that is no file, or all.
func (p *part) front(log *deliveryLog, n int) []byte {
	q := *p
	if p.more == nil {
		q.end = min(p.end, p.start+uint64(n))
	}
	return q.text(log)
}

// size is how many bytes of a part can be sent.
func (p *part) size() int {
	if p.more != nil {
		return len(p.more.bytes)
	}
	return int(p.end - p.start)
}

// lineCount is the number of lines (or blocks) in text, which holds whole ones.
func (w *wire) lineCount(text []byte) int {
	switch {
	case w.framing == messages:
		_, n := frameEnd(text, len(text))
		return n
	case w.framing == blocks:
		return len(text) / w.size
	case w.framing == bursts && len(text) > 0 && text[0] != '\n':
		return bytes.Count(text, []byte{'\n'}) + 1
	}
	return bytes.Count(text, []byte{'\n'})
}
