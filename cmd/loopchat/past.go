package main

// detach makes a past of the older half of the entries, which is in sight then as it was.
func (p *pane) detach() {
	edge := p.edge()
	past := &strip{head: p.head, width: p.width}
	past.entries = append(past.entries, p.entries[:len(p.entries)/2]...)
	past.recut()
	past.showAt(min(edge, len(past.entries)-1))
	p.past, p.above, p.head = past, 0, head{}
}

// inFront puts rows in front of the past. What is far behind it goes, and can be had again.
func (p *pane) inFront(rows []entry) {
	s := p.past
	s.put(0, rows...)
	if len(s.entries) > maxEntries {
		s.drop(maxEntries, len(s.entries))
	}
}

// behindPast puts rows behind the past. What is far in front goes.
func (p *pane) behindPast(rows []entry) {
	s := p.past
	before := len(s.rows)
	s.put(len(s.entries), rows...)
	if s.above == 0 {
		s.above = len(s.rows) - before
	}
	if n := len(s.entries) - maxEntries; n > 0 {
		s.drop(0, n)
		s.head = head{}
	}
}

// maxJoined is how much of the past is put in front of the end where they meet. The rest can be had again.
const maxJoined = maxEntries / 5

// join puts the past in front of the end, which it has met, and keeps in sight what is.
func (p *pane) join() {
	past := p.past
	edge := past.edge()
	if edge >= len(past.entries) {
		edge = len(past.entries) - 1
	}
	p.past, p.unread = nil, 0
	p.head = head{}
	if past.head.end {
		p.head = past.head
	}
	rows := past.entries
	if n := len(rows) - maxJoined; n > 0 {
		rows, p.head = rows[n:], head{}
	}
	if edge < 0 {
		return
	}
	at := past.entries[edge].id
	var messages []entry
	for _, e := range rows {
		if isRemembered(&e) {
			messages = append(messages, e)
		}
	}
	p.merge(messages, false)
	p.showAt(max(0, p.find(at)))
}

// showPast brings a part of the past in sight, which ends, or begins, what is to be seen.
func (p *pane) showPast(entries []entry, h head) *strip {
	s := &strip{entries: entries, head: h, width: p.width}
	s.recut()
	p.past = s
	return s
}
