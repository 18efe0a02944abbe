//go:build linux

package delivery

// Join makes r a member of g, which it is not yet, and reads in the form. It hears what is published from now on.
func (w *Writer) Join(r *Receiver, g *Group, form uint8) {
	w.settle(r)
	s := g.stream(w, form)
	s.readers++
	*r.freeSeat() = seat{stream: s, at: s.end}
	g.insert(r)
	switch n := r.groupCount(); {
	case n == 2:
		for other := range r.Groups {
			other.shared++
		}
	case n > 2:
		g.shared++
	}
}

// Leave takes r out of g. It still gets what was published before.
func (w *Writer) Leave(r *Receiver, g *Group) {
	st := r.seatIn(g)
	if st == nil {
		return
	}
	w.settle(r)
	switch n := r.groupCount(); {
	case n == 2:
		for other := range r.Groups {
			other.shared--
		}
	case n > 2:
		g.shared--
	}
	g.leave(w, st.stream)
	*st = seat{}
	r.tidy()
	g.remove(r)
}

// Switch has r read g in another form from now on.
func (w *Writer) Switch(r *Receiver, g *Group, form uint8) {
	st := r.seatIn(g)
	if st == nil || st.stream.form == form {
		return
	}
	w.settle(r)
	s := g.stream(w, form)
	s.readers++
	g.leave(w, st.stream)
	*st = seat{stream: s, at: s.end}
}

// FormIn is the form in which r reads g, false if it is no member.
func (w *Writer) FormIn(r *Receiver, g *Group) (uint8, bool) {
	if st := r.seatIn(g); st != nil {
		return st.stream.form, true
	}
	return 0, false
}
