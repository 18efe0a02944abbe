//go:build linux

package transport

// records counts the records of TLS in a stream, whole or not, so that those can be told that bring nothing: a KeyUpdate costs a hundred times as much as a
// record with a line, and package crypto/tls takes any number of them as long as there is something between.
type records struct {
	begun int // less those that have brought something
	left  int // bytes of the last one that have not come yet
	head  int // bytes of the next one's header that have come
}

// recordHeader is the length of one, by RFC 8446 section 5.1: a kind, a version, and in two bytes the length of what follows.
const recordHeader = 5

// note takes the next bytes of the stream.
func (r *records) note(b []byte) {
	for len(b) > 0 {
		if r.head == recordHeader {
			n := min(r.left, len(b))
			r.left -= n
			b = b[n:]
			if r.left == 0 {
				r.head = 0
			}
			continue
		}
		r.left = (r.left<<8 | int(b[0])) & 0xffff // of all five, the last two stay
		if r.head++; r.head == recordHeader {
			r.begun++
		}
		b = b[1:]
	}
}

// brought notes that one has brought something.
func (r *records) brought() { r.begun-- }

// useless returns how many whole ones have brought nothing, and forgets them.
func (r *records) useless() int {
	whole := r.begun
	if r.head == recordHeader {
		whole--
	}
	r.begun -= whole
	return max(whole, 0)
}
