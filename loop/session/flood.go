package session

import (
	"time"

	"looproom/loop/rate"
)

// What says nothing costs less than a line, and counts as a part of one: so many empty lines, telnet commands, or frames of WebSocket without a line, as many records
// of TLS that end none, and so many bytes of the rest of a line that is too long. A line of usual length takes some microseconds of a loop, an empty one 0.03, a telnet command 0.14, a
// record 0.5, and 16 KiB that are read and dropped about 3.
const (
	emptyALine   = 250
	recordsALine = 20
	bytesALine   = 16 << 10
)

// spareRecords is how many lines a client may owe besides twice its burst.
const spareRecords = 20

// tooEarly says whether the next frame comes too soon, and then holds s. at is when it is time for it, 0 if LineIsDue is to be called until then anyway.
func (s *Session) tooEarly(lines rate.Rate, now time.Duration, announces func() bool) (at time.Duration, early bool) {
	if lines.Every == 0 || s.Skipping() {
		return 0, false
	}
	s.paid = lines.Forgive(s.paid, now)
	wait := lines.Wait(s.paid, now, 0)
	if wait > 0 && announces() {
		wait = lines.Wait(s.paid, now, lines.Ahead+lines.Every) // there is a limit all the same: where an upload is refused, none paces it
	}
	if wait == 0 {
		return 0, false
	}
	s.hold = ForRate
	return s.awaits(now + wait), true
}

// awaits notes that LineIsDue is to be called at that time, and returns it; or 0 where it will be called as soon: who waits is looked at anew at each change of the limits, and has
// one alarm however often that is.
func (s *Session) awaits(at time.Duration) time.Duration {
	more := s.more()
	if more.lineAt != 0 && more.lineAt <= at {
		return 0
	}
	more.lineAt = at
	return at
}

// LineIsDue is when the time of a Wait that was ForRate has come. It says whether that is so: another alarm may have replaced this one. Resume follows.
func (s *Session) LineIsDue(now time.Duration) bool {
	if s.few == nil || s.few.lineAt == 0 || now < s.few.lineAt {
		return false
	}
	s.few.lineAt = 0
	s.tidy()
	return true
}

// payFor has the client pay for a frame that took n bytes.
func (s *Session) payFor(f *Frame, n int, lines rate.Rate, now time.Duration) {
	switch {
	case lines.Every == 0 || f.file || f.free || f.Kind == Uncut:
	case f.Kind == Empty:
		cost := float64(lines.Every) * max(1.0/emptyALine, float64(n)/bytesALine)
		s.paid = lines.Forgive(max(s.paid, now)+time.Duration(cost), now)
	default:
		s.paid = lines.Pay(s.paid, now)
	}
}

// PayForRecord has the client pay for a record of TLS, if nothing in it has been paid for: paid was Paid before. What belongs to a file costs nothing.
func (s *Session) PayForRecord(paid time.Duration, lines rate.Rate, now time.Duration) {
	if s.paid == paid && lines.Every > 0 && s.hold != ForUpload && !s.Skipping() {
		s.paid = lines.PayPart(paid, now, recordsALine)
	}
}

// PayForNothing has the client pay for so many records of TLS that have brought nothing, KeyUpdates above all: each counts as a line. They have been handled already, and can't
// wait. So it says whether the client owes no more than other lines that wait could cost.
func (s *Session) PayForNothing(records int, lines rate.Rate, now time.Duration) (solvent bool) {
	if records > 0 {
		s.paid = max(s.paid, now) + time.Duration(records)*lines.Every
	}
	return s.paid-now <= 2*lines.Ahead+spareRecords*lines.Every
}

// Paid is until when the client's lines are paid for by the time that passes; see package rate.
func (s *Session) Paid() time.Duration { return s.paid }

// SetPaid is for what the client has paid elsewhere.
func (s *Session) SetPaid(paid time.Duration) { s.paid = paid }
