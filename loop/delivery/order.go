//go:build linux

package delivery

// run is a range of a stream.
type run struct {
	stream     *stream
	start, end uint64
}

// ordering puts what is pending in several groups into the order in which it was published.
type ordering struct {
	cursors []cursor
	out     []run
}

// cursor stands in a stream before its message next.
type cursor struct {
	stream *stream
	at     uint64
	next   int
}

// runs returns what is pending for r, in order. It is valid until the next call. The work is bounded by the messages that are pending times the groups that r is in.
func (o *ordering) runs(r *Receiver) []run {
	o.cursors, o.out = o.cursors[:0], o.out[:0]
	for st := range r.seats {
		if st.at != st.stream.end {
			o.cursors = append(o.cursors, cursor{st.stream, st.at, st.stream.markAfter(st.at)})
		}
	}
	for len(o.cursors) > 0 {
		o.step()
	}
	return o.out
}

// step takes the oldest message, and those of the same stream that were published before any other.
func (o *ordering) step() {
	oldest, until := 0, ^uint64(0)
	for i := range o.cursors {
		if o.cursors[i].seq() < o.cursors[oldest].seq() {
			oldest = i
		}
	}
	for i := range o.cursors {
		if i != oldest {
			until = min(until, o.cursors[i].seq())
		}
	}
	c := &o.cursors[oldest]
	start := c.at
	for c.next < len(c.stream.marks) && c.seq() < until {
		c.at = c.stream.marks[c.next].end
		c.next++
	}
	o.out = append(o.out, run{c.stream, start, c.at})
	if c.at == c.stream.end {
		o.cursors[oldest] = o.cursors[len(o.cursors)-1]
		o.cursors = o.cursors[:len(o.cursors)-1]
	}
}

func (c *cursor) seq() uint64 { return c.stream.marks[c.next].seq }
