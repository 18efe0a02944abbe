//go:build linux

package delivery

// Publish tells the members of g but the speaker, who may be nil or no member. m is encoded once for each form that is read in the group; where it has no words, nobody is told.
func (w *Writer) Publish(g *Group, speaker *Receiver, m Message) {
	if len(g.members) == 0 {
		return
	}
	var st *seat
	if speaker != nil {
		if st = speaker.seatIn(g); st != nil {
			if len(g.members) == 1 {
				return
			}
			w.settle(speaker)
		}
	}
	w.published++
	said := false
	for _, s := range g.streams {
		w.scratch = m.Append(w.scratch[:0], s.form)
		if len(w.scratch) == 0 {
			continue
		}
		s.append(w, w.scratch)
		said = true
		w.Tally.Deliveries += uint64(s.readers)
		if st != nil && st.stream == s {
			w.Tally.Deliveries--
		}
	}
	if st != nil {
		st.at = st.stream.end
	}
	w.trimScratch()
	if said {
		w.pend(g)
	}
}

// Each calls tell with each member of the groups but one, nobody twice. tell may not change who is a member.
func Each(groups []*Group, but *Receiver, tell func(*Receiver)) {
	for i, g := range groups {
		for _, r := range g.members {
			if r != but && !r.isInOneOf(groups[:i]) {
				tell(r)
			}
		}
	}
}

// PublishOnce tells the members of all of groups but the speaker, nobody twice.
func (w *Writer) PublishOnce(groups []*Group, speaker *Receiver, m Message) {
	for i, g := range groups {
		w.twice = w.twice[:0]
		for _, r := range g.members {
			if i > 0 && r != speaker && r.isInOneOf(groups[:i]) {
				w.settle(r)
				w.twice = append(w.twice, r)
			}
		}
		w.Publish(g, speaker, m)
		for _, r := range w.twice {
			st := r.seatIn(g)
			if st.at != st.stream.end {
				w.Tally.Deliveries--
			}
			st.at = st.stream.end
		}
	}
	clear(w.twice)
}

// trimScratch doesn't keep the memory of an answer that was very long.
func (w *Writer) trimScratch() {
	if cap(w.scratch) > largestChunk {
		w.scratch = nil
	}
}
