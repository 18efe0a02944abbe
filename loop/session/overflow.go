package session

// Overflow is what is to be done about input that waits.
type Overflow uint8

// What there is to be done.
const (
	Fits  Overflow = iota
	Much           // the client is to be told that it sends too fast, once
	Spill          // it is too much: the client is to be disconnected
)

const (
	// pauseAt is from how many bytes of waiting input on nothing more is read of who must wait for its answers. What one read brings comes on top.
	pauseAt = 32 << 10
	// mostAside is how many bytes of one client wait for its turn at most: what has been read at once, 64 KiB, and a frame that was not whole. No more is read until then.
	mostAside = 128 << 10
)

// MayPause says whether so much waits that nothing more is to be read for now.
func (s *Session) MayPause() bool { return s.hold.Pausable() && s.Waiting() > pauseAt }

// Overflow says whether more than most bytes wait because the client sends too fast. Of one that waits for its answers nothing more is read, if that can be: paused says so. It need
// not know that it has to wait.
func (s *Session) Overflow(most int, paused bool) Overflow {
	switch n := s.Waiting(); {
	case !s.hold.Keeps() || paused || s.hold == ForTurn && n <= mostAside: // this came before
	case n > most:
		return Spill
	case n > most/2 && !s.few.warned:
		s.few.warned = true
		return Much
	}
	return Fits
}
