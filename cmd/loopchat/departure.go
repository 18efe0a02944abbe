package main

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
)

// departure is a person's wish to leave, which waits for what is still to arrive.
type departure struct{ wanted bool }

// leave leaves as soon as all has arrived that was said, or at once when it is called again.
func leave(w *window) tea.Cmd {
	waiting, _ := w.session.Undelivered()
	if w.departure.wanted || waiting == 0 {
		return w.departure.now(w)
	}
	w.departure.wanted = true
	w.tell(toneAlarm, plural(waiting, "line")+" still to go, which loopchat waits for; Ctrl-C again leaves without.")
	return nil
}

// check leaves if that is wanted and nothing is waiting any more.
func (d *departure) check(w *window) tea.Cmd {
	if waiting, _ := w.session.Undelivered(); !d.wanted || waiting > 0 || w.leaving {
		return nil
	}
	return d.now(w)
}

// hurry is leave for a signal, which doesn't wait for long.
func (d *departure) hurry(w *window) tea.Cmd {
	cmd := leave(w)
	if w.leaving {
		return cmd
	}
	return tea.Tick(leaveWindow, func(time.Time) tea.Msg { return leaveMsg{} })
}

// now says END and ends the program when the server has answered, or soon in any case. A second time it ends at once.
func (d *departure) now(w *window) tea.Cmd {
	d.wanted = true
	if w.leaving || !w.session.Leave() {
		w.leaving = true
		return tea.Quit
	}
	w.leaving = true
	return tea.Tick(leaveWindow, func(time.Time) tea.Msg { return endedMsg{} })
}

// undelivered is the error of leaving before all has arrived, nil where it has.
func undelivered(waiting, doubtful int) error {
	switch {
	case waiting == 0 && doubtful == 0:
		return nil
	case doubtful == 0:
		return fmt.Errorf("%s not delivered", plural(waiting, "line"))
	case waiting == 0:
		return fmt.Errorf("%s perhaps not delivered", plural(doubtful, "line"))
	}
	return fmt.Errorf("%s not delivered, and %d perhaps not", plural(waiting, "line"), doubtful)
}
