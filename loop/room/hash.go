package room

import "math/bits"

// runningHash is a sum of all that a State has been told and has said since it is kept. Two that differ stay so, but for one time in 2^64. It isn't made to withstand who looks for two
// that don't.
type runningHash struct {
	kept bool
	sum  uint64
}

// KeepHash has Hash tell whether two States are the same, from now on. It begins with what the State is, which takes as long as to save it: next to nothing behind New. Some 20 ns are
// added to each command and each event. It belongs to the State's goroutine.
func (s *State) KeepHash() {
	if s.hash.kept {
		return
	}
	var begins runningHash
	_ = s.Save(&begins) // whose Write has no error
	s.hash = runningHash{kept: true, sum: begins.sum}
}

// Hash is a number that two States have in common which were the same at KeepHash, and have applied the same commands and given the same events since; it is another one, as good as surely, if any of that
// was different. It is saved, and goes on in a State that is restored. 0: it isn't kept. It belongs to the State's goroutine, and takes no time.
func (s *State) Hash() uint64 { return s.hash.sum }

// fold adds a command and what has followed from it.
func (h *runningHash) fold(cmd *Command, events []Event) {
	h.pair(uint64(cmd.Verb)|flag(cmd.Off)<<8|uint64(cmd.Right)<<16|uint64(cmd.Tag)<<32, uint64(cmd.Client))
	h.pair(uint64(cmd.At), uint64(cmd.Wall))
	h.pair(uint64(cmd.N), uint64(cmd.Msg))
	h.text(cmd.Name)
	if !cmd.Verb.HasSecret() {
		h.text(cmd.Text)
	}
	for i := range events {
		h.event(&events[i])
	}
}

// event adds one: what it is, whom it is for, and what they are told. What the server is asked to do is only known by its kind, as it may be a secret.
func (h *runningHash) event(e *Event) {
	flags := flag(e.Notice) | flag(e.Programs)<<1 | flag(e.Off)<<2 | flag(e.On)<<3 | flag(e.Current)<<4 | flag(e.Continued)<<5
	h.pair(uint64(e.Kind)|uint64(e.Scope)<<8|uint64(e.Why)<<16|flags<<24|uint64(e.Room)<<32, uint64(e.Client))
	h.pair(uint64(e.ID), uint64(e.At))
	h.pair(uint64(e.Count)^uint64(e.Place)<<32, uint64(e.N))
	h.text(e.Who)
	h.text(e.Text)
	for _, id := range e.Rooms {
		h.pair(uint64(id), 0)
	}
	for i := range e.List {
		row := &e.List[i]
		h.pair(uint64(row.ID), uint64(row.Count))
		h.text(row.Name)
		h.text(row.Text)
	}
	if t := &e.Tally; e.Kind == Digest {
		h.pair(uint64(t.Entered)<<32|uint64(t.SignedIn), uint64(t.Left))
		h.pair(uint64(t.Away)<<32|uint64(t.Back), uint64(t.Removed))
	}
}

func flag(is bool) uint64 {
	if is {
		return 1
	}
	return 0
}

// Numbers that are odd and have about as many bits of each kind.
const (
	hashOfPair = 0x9e3779b97f4a7c15
	hashOfText = 0xd1342543de82ef95
)

// pair adds two numbers: the product of two words has all their bits in each of its own.
func (h *runningHash) pair(a, b uint64) {
	high, low := bits.Mul64(a^h.sum, b^hashOfPair)
	h.sum = bits.RotateLeft64(h.sum, 23) + (high ^ low)
}

// text adds a string, sixteen bytes at a time.
func (h *runningHash) text(s string) {
	n := uint64(len(s))
	for ; len(s) > 16; s = s[16:] {
		h.pair(word(s), word(s[8:])^hashOfText)
	}
	var a, b uint64
	switch {
	case len(s) >= 8:
		a, b = word(s), word(s[len(s)-8:])
	default:
		for i := range len(s) {
			a = a<<8 | uint64(s[i])
		}
	}
	h.pair(a^n<<56, b^hashOfText)
}

// word is the first eight bytes of s.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// Write adds bytes. It has no error.
func (h *runningHash) Write(b []byte) (int, error) {
	h.text(string(b))
	return len(b), nil
}
