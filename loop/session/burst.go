package session

import (
	"time"

	"looproom/loop/rate"
)

// silence is how s is watched for pauses, nil if they mean nothing.
func (s *Session) silence() *silence {
	if s.few == nil || s.few.cutter == nil {
		return nil
	}
	return s.few.cutter.silence()
}

// WatchPause is after how long BurstIsOver is to be called, 0: it need not, or will be anyway.
func (s *Session) WatchPause() time.Duration {
	w := s.silence()
	if w == nil || w.watched || s.has(ended) {
		return 0
	}
	w.watched = true
	return w.pause
}

// BurstIsOver is when a pause may have been long enough. If not, it is to be called again after left. Else EndBurst follows.
func (s *Session) BurstIsOver(now time.Duration) (left time.Duration) {
	w := s.silence()
	if w == nil {
		return 0
	}
	left = max(w.pause-(now-w.heardAt), 0)
	w.watched = left > 0
	return left
}

// EndBurst takes what is left of a burst as a frame: a Line or a Stranger, Wait if it comes too soon, or Done. If it waits, an LF keeps it apart from the next one.
func (s *Session) EndBurst(lines rate.Rate) Frame {
	w := s.silence()
	if w == nil {
		return Frame{Kind: Done}
	}
	if n := s.Waiting(); n > 0 {
		if s.hold != Nothing {
			s.few.tail.add([]byte{'\n'})
			return Frame{Kind: Done}
		}
		if at, early := s.tooEarly(lines, w.heardAt, func() bool { return false }); early {
			s.few.tail.add([]byte{'\n'})
			return Frame{Kind: Wait, At: at}
		}
		s.payFor(&Frame{Kind: Line}, n, lines, w.heardAt)
	}
	return s.flush(true)
}
