package main

import (
	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// mark says what has become of something that the person has said.
type mark uint8

const (
	arrived  mark = iota // or it is nothing that the person has said
	sending              // the server isn't known to have it
	doubtful             // nobody knows whether it has arrived
)

// said knows in which panes stands what has not arrived yet, or only perhaps.
type said struct {
	panes map[int64]*pane // by number; at most as many as the session keeps
}

func (s *said) note(number int64, p *pane) {
	if s.panes == nil {
		s.panes = map[int64]*pane{}
	}
	s.panes[number] = p
}

// settle marks what stands under the numbers. What has arrived is forgotten.
func (s *said) settle(numbers []int64, m mark) {
	changes := map[*pane]map[int64]int64{}
	for _, n := range numbers {
		s.change(changes, n, n)
		if m == arrived {
			delete(s.panes, n)
		}
	}
	for p, of := range changes {
		p.mark(of, m)
	}
}

// renumber gives what is said again its new numbers.
func (s *said) renumber(numbers map[int64]int64) {
	changes := map[*pane]map[int64]int64{}
	for from, to := range numbers {
		s.change(changes, from, to)
		if p := s.panes[from]; p != nil {
			delete(s.panes, from)
			s.panes[to] = p
		}
	}
	for p, of := range changes {
		p.mark(of, sending)
	}
}

func (s *said) change(changes map[*pane]map[int64]int64, from, to int64) {
	p := s.panes[from]
	if p == nil {
		return
	}
	if changes[p] == nil {
		changes[p] = map[int64]int64{}
	}
	changes[p][from] = to
}

// say says words, and shows them in p as being on their way.
func say(w *window, p *pane, e entry, verb, words, room string) {
	number, ok := w.session.Say(verb, words, room)
	if !ok {
		w.tell(toneAlarm, "Too much is waiting to be said; that was not kept: "+e.text)
		return
	}
	e.number, e.mark = number, sending
	w.said.note(number, p)
	w.put(p, e)
}

// act says what the person does, in the room of p.
func act(w *window, p *pane, words string) {
	room := ""
	if len(w.panes.all) > 1 {
		room = p.room
	}
	say(w, p, entry{tone: toneAction, who: you, text: words}, "ME", words, room)
}

func hearDelivered(w *window, _ *pane, e *session.Event) tea.Cmd {
	if p := w.said.panes[e.N]; p != nil && !e.ID.None() {
		p.name(e.N, e.ID)
	}
	w.said.settle(e.Numbers, arrived)
	return w.departure.check(w)
}

func hearDoubted(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.said.settle(e.Numbers, doubtful)
	w.tell(toneAlarm, plural(len(e.Numbers), "line")+" perhaps not delivered, with a ? in front; /resend says all such lines again.")
	return w.departure.check(w)
}

// sayAgain says once more what has perhaps not arrived.
func sayAgain(w *window) {
	numbers := w.session.SayAgain()
	if len(numbers) == 0 {
		w.tell(toneNotice, "There is nothing that has perhaps not arrived.")
		return
	}
	w.said.renumber(numbers)
}
