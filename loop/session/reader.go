package session

import (
	"time"

	"looproom/codec"
	"looproom/loop/opening"
	"looproom/loop/rate"
)

// Reader goes through the input of sessions, of one at a time. There is one for each event loop. Make it with NewReader.
type Reader struct {
	Turns
	upload []byte // begins a line that announces an upload

	s    *Session // whose input is at hand, nil: nobody's
	buf  []byte   // what of that has not been gone through
	kept bool     // buf is the end of what s has kept
	now  time.Duration
	rate rate.Rate
	asks codec.TelnetAsks
}

// NewReader returns a Reader with a clock that never goes back. A line that begins with upload announces a file: it doesn't wait as others do, because the bytes behind it
// would have to be kept.
func NewReader(clock func() time.Duration, upload string) Reader {
	return Reader{Turns: Turns{clock: clock}, upload: []byte(upload)}
}

// Read has the input of s gone through: what waits, and b behind it, at the rate of lines given. Next and at last Keep follow. b is borrowed until Keep, and may be
// rewritten. It came at the time now. While s is held, all is just kept.
func (r *Reader) Read(s *Session, lines rate.Rate, now time.Duration, b []byte) {
	r.s, r.rate, r.now = s, lines, now
	if w := s.silence(); w != nil {
		w.heardAt = now
	}
	if r.kept = s.Waiting() > 0; r.kept {
		s.few.tail.add(b)
		b = s.few.tail.rest()
	}
	r.buf = b
}

// Has says whether Next can do something: the session doesn't wait, and there is input.
func (r *Reader) Has() bool {
	return r.s.hold == Nothing && !r.s.has(ended) && (len(r.buf) > 0 || r.s.pending())
}

// Now is when the input at hand, or the last one, came.
func (r *Reader) Now() time.Duration { return r.now }

// Announces says whether the next line announces an upload, as far as that can be told.
func (r *Reader) Announces() bool { return r.s.announces(r.buf, r.upload) }

// Next is the next frame of the input, which is paid for now. Frames with nothing in them are passed over.
func (r *Reader) Next() Frame {
	s := r.s
	for r.Has() {
		if !s.has(raw) {
			if r.isOver() {
				s.hold = ForTurn
				return Frame{Kind: Wait}
			}
			if at, early := s.tooEarly(r.rate, r.now, r.Announces); early {
				return Frame{Kind: Wait, At: at}
			}
		}
		f, n := s.cut(r.buf, &r.asks)
		if r.asks.Any() {
			f.Reply = r.answer()
		}
		if f.Kind == Empty && n == 0 {
			f.Kind = Done
			return f
		}
		begin := r.buf[:n]
		r.buf = r.buf[n:]
		if kind := s.openedBy(&f, begin); kind != opening.Text {
			s.End()
			return Frame{Kind: Stranger, Opening: kind, Reply: f.Reply}
		}
		s.payFor(&f, n, r.rate, r.now)
		if f.Kind != Empty || f.Reply != nil {
			r.mayEnd(f.Kind)
			return f
		}
	}
	return Frame{Kind: Done}
}

// mayEnd ends the session with a frame behind which nothing counts.
func (r *Reader) mayEnd(k Kind) {
	if k == Close || k == Broken {
		r.s.End()
	}
}

// Unread puts the last n bytes of a frame that was Uncut back.
func (r *Reader) Unread(f Frame, n int) { r.buf = f.Bytes[len(f.Bytes)-n:] }

// Keep keeps what has not been gone through.
func (r *Reader) Keep() {
	s, rest := r.s, r.buf
	r.s, r.buf = nil, nil
	switch {
	case len(rest) == 0 || s.has(ended):
		s.drop()
	case r.kept:
		s.few.tail.keep(len(rest))
	default:
		s.more().tail.add(rest)
	}
}

// answer is what is to be replied to a telnet client, nil if nothing is. It counts as a line: else a client could have any number of replies.
func (r *Reader) answer() []byte {
	more := r.s.more()
	if more.telnet == nil {
		more.telnet = &codec.TelnetRefusals{}
	}
	reply := r.asks.AppendAnswers(nil, more.telnet)
	r.asks.Clear()
	if r.rate.Every > 0 {
		r.s.paid = r.rate.Pay(r.s.paid, r.now)
	}
	return reply
}

// Last takes what is left of the stream of s, which has ended, as a frame: a Line or Uncut, a Stranger, or Done if there is nothing. It costs nothing.
func (s *Session) Last() Frame { return s.flush(false) }

// flush takes what waits as a frame. goes on says that the line may go on behind it.
func (s *Session) flush(goesOn bool) Frame {
	skipping := s.Skipping()
	text := s.rest(s.waiting())
	s.drop()
	if s.has(ended) || skipping || len(text) == 0 {
		return Frame{Kind: Done}
	}
	f := Frame{Kind: Line, Bytes: text, part: goesOn}
	if s.has(raw) {
		f.Kind = Uncut
	}
	if kind := s.openedBy(&f, nil); kind != opening.Text {
		s.End()
		return Frame{Kind: Stranger, Opening: kind}
	}
	return f
}
