//go:build linux

package delivery

import "slices"

// skip takes the oldest messages to groups out of r's outbox, at least want bytes of them if there are as many, and puts a notice in their
// place that says how many there were. Answers, sources and the rest of a line that is half sent stay.
func (w *Writer) skip(r *Receiver, want int) {
	o := r.out
	s := skipper{w: w, layout: w.host.Layout(r.form), want: want, at: -1, kept: make([]piece, 0, len(o.waiting())+2)}
	for i := range o.waiting() {
		s.look(o, &o.waiting()[i])
	}
	if s.at >= 0 {
		notice := w.host.Skipped(r, s.before+s.lost, s.lost)
		s.kept = slices.Insert(s.kept, s.at, piece{more: &extra{bytes: notice, skipped: s.before + s.lost}})
		o.size += len(notice)
		o.own += len(notice)
		w.copied += len(notice)
	}
	o.replace(s.kept)
}

// skipper goes through the pieces of an outbox.
type skipper struct {
	w      *Writer
	layout Layout
	want   int // bytes still to be lost
	kept   []piece
	at     int // where in kept the notice belongs, -1: nowhere
	lost   int // messages
	before int // that an earlier notice, not yet sent, speaks of
}

func (s *skipper) look(o *outbox, p *piece) {
	switch {
	case p.more != nil && p.more.skipped > 0 && !p.begun:
		s.note()
		s.before += p.more.skipped
		s.forget(o, p)
	case p.skippable && s.want > 0:
		s.cut(o, p)
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

// forget drops p, whole.
func (s *skipper) forget(o *outbox, p *piece) {
	n := len(p.text())
	o.count(p, -n)
	if p.chunk == nil {
		o.own -= n
		s.w.copied -= n
	}
	s.w.letGo(p)
}

// cut takes whole messages out of p.
func (s *skipper) cut(o *outbox, p *piece) {
	text := p.text()
	from := 0
	if p.begun {
		from = s.rest(p, text)
	}
	to := min(from+s.want, len(text))
	to = from + s.layout.lineEnd(text[from:], to-from)
	if from == to {
		s.kept = append(s.kept, *p)
		return
	}
	s.keep(o, p, 0, from)
	s.note()
	s.keep(o, p, to, len(text))
	s.lost += s.layout.lineCount(text[from:to])
	s.want -= to - from
	s.forget(o, p)
}

// keep keeps the bytes of p from one offset to another, as a piece of their own.
func (s *skipper) keep(o *outbox, p *piece, from, to int) {
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
		o.own += to - from
		s.w.copied += to - from
	} else {
		q.start, q.end = p.start+uint32(from), p.start+uint32(to)
		p.chunk.refs++
	}
	o.count(p, to-from)
	s.kept = append(s.kept, q)
}

// rest is how many bytes at the front of text, which is that of p, are the end of a line (or frame) whose beginning has been sent. A whole
// line may be taken for one.
func (s *skipper) rest(p *piece, text []byte) int {
	if s.layout.Framing == Messages {
		return int(p.torn)
	}
	return s.layout.lineEnd(text, 0)
}

// tear notes how much of a frame is left when n bytes are sent from the front, which need not be all. Outbox.sent comes next.
func (w *Writer) tear(r *Receiver, n int) {
	if w.host.Layout(r.form).Framing != Messages {
		return
	}
	for i := range r.out.waiting() {
		p := &r.out.waiting()[i]
		text := p.text()
		switch {
		case n >= len(text):
			n -= len(text)
			continue
		case n <= int(p.torn):
			p.torn -= uint32(n)
		case p.more == nil || p.more.source == nil:
			front := text[p.torn:min(len(text), n+maxFrameHeader)]
			end, _ := frameEnd(front, n-int(p.torn))
			p.torn += uint32(end - n)
		}
		return
	}
}
