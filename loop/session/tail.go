package session

// tail is input that has been kept. What has been gone through of it stays in front until it is half of all: each byte is moved once at most for each that is gone
// through, however little is gone through at a time.
type tail struct {
	bytes []byte
	done  int // at the front of bytes: gone through
}

func (t *tail) rest() []byte { return t.bytes[t.done:] }

func (t *tail) add(b []byte) { t.bytes = append(t.bytes, b...) }

// keep goes on to the last n bytes, and says how many it has moved.
func (t *tail) keep(n int) (moved int) {
	t.done = len(t.bytes) - n
	if t.done <= n {
		return 0
	}
	moved = copy(t.bytes, t.rest())
	t.bytes, t.done = t.bytes[:n], 0
	return moved
}

// take takes the first n bytes out. The memory that they are in is no longer t's.
func (t *tail) take(n int) []byte {
	taken, rest := t.rest()[:n:n], t.rest()[n:]
	*t = tail{}
	t.add(rest)
	return taken
}
