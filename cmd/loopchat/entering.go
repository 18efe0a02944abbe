package main

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// isDown is what a person sees when the connection is lost.
const isDown = "Server is down, join later once it is up!"

const (
	// retryName is how long to wait for a name that is still in use: by this client's own connection from before, as a rule, of whose end the
	// server hasn't heard yet. maxRetries is a little more than the two minutes after which it has.
	retryName  = 3 * time.Second
	maxRetries = 45
)

// signing is how far the window is with being who and where the person wants to be.
type signing struct {
	been    bool // it has been there, on an earlier connection
	taken   bool // the person's name is in use, says the server
	retries int  // of signing in by it
	round   int  // counts all attempts, so that an alarm knows its own
}

func (w *window) hearConnected(*pane, *session.Event) tea.Cmd {
	if w.state == down {
		w.tell(toneNotice, "Connected again.")
	}
	w.state, w.trouble = entering, ""
	w.signing.taken, w.signing.retries = false, 0
	return nil
}

func (w *window) hearWelcomed(at *pane, e *session.Event) tea.Cmd {
	if w.password.ServerPassword != "" {
		w.wish.ServerPassword = w.password.ServerPassword
	}
	at.open = true
	if !w.signing.been {
		w.put(at, entry{tone: toneNotice, text: words(e)})
	}
	w.signIn(&w.wish)
	return nil
}

func (w *window) signIn(wish *session.Wish) {
	w.signing.round++
	if link := w.session.Link(); link != nil {
		link.Enter(wish)
	}
}

func (w *window) hearReady(*pane, *session.Event) tea.Cmd {
	s := &w.signing
	if w.state != entering {
		return nil
	}
	if w.chat.Name == "" && w.wish.Name != "" && s.been && s.taken && s.retries < maxRetries {
		return w.waitForName()
	}
	if w.chat.Name == "" && w.wish.Name != "" {
		w.tell(toneAlarm, "You are a guest. /nick NAME signs you in by a name.")
		w.wish.Name, w.wish.Password = "", ""
	}
	w.state, s.been = up, true
	w.sendCommands()
	return nil
}

func (w *window) waitForName() tea.Cmd {
	s := &w.signing
	if s.retries == 0 {
		w.tell(toneNotice, w.wish.Name+" is still in use, perhaps by your connection from before; trying again.")
	}
	s.retries++
	s.taken = false
	n := s.round
	return tea.Tick(retryName, func(time.Time) tea.Msg { return retryMsg(n) })
}

func (w *window) retry(n int) {
	if n != w.signing.round || w.state != entering {
		return
	}
	again := session.Wish{} // who has signed in by hand meanwhile only has to know that all is ready
	if w.chat.Name == "" {
		again = session.Wish{Name: w.wish.Name, Password: w.wish.Password}
	}
	w.signIn(&again)
}

// sendCommands does what was left from the connection before, and lets go what was said meanwhile.
func (w *window) sendCommands() {
	link := w.session.Link()
	if link == nil {
		return
	}
	for _, line := range w.commands {
		link.Say(line)
	}
	w.commands = nil
	link.Open()
}

// lasting are the verbs of lines that are worth saying at the next connection, too.
var lasting = []string{"JOIN ", "PART ", "TOPIC "}

func (w *window) hearLost(_ *pane, e *session.Event) tea.Cmd {
	if w.leaving {
		return nil
	}
	w.keep(e.Lines)
	if w.state != down {
		w.tellDown(e)
	}
	w.state, w.trouble, w.moving = down, e.Text, ""
	w.listing, w.presence.away = false, false
	return nil
}

func (w *window) tellDown(e *session.Event) {
	said := isDown + " (loopchat does so by itself; " + e.Text + ")"
	switch {
	case w.held:
		said = "Disconnected. /reconnect connects again."
	case e.N == 1:
		said = e.Text
	}
	w.tell(toneAlarm, said)
}

// keep keeps the commands that were never sent, if they last.
func (w *window) keep(unsent []string) {
	for _, line := range unsent {
		for _, verb := range lasting {
			if strings.HasPrefix(line, verb) {
				w.commands = append(w.commands, line)
			}
		}
	}
}

// refusals has what the window does about some errors besides showing them.
var refusals = map[string]func(*window, *session.Event){
	"name-taken":          func(w *window, _ *session.Event) { w.signing.taken = true },
	"need-password":       (*window).enterPassword,
	"wrong-password":      (*window).forgetPasswords,
	"bad-password":        (*window).forgetPasswords,
	"no-room":             func(w *window, _ *session.Event) { w.listing = false },
	"logged-in-elsewhere": (*window).hold,
	"kicked":              (*window).hold,
	"banned":              (*window).hold,
}

func (w *window) hearRefused(_ *pane, e *session.Event) tea.Cmd {
	w.tell(toneAlarm, words(e))
	if do := refusals[e.Who]; do != nil {
		do(w, e)
	}
	return nil
}

// hold keeps the window from coming back by itself to where it is not wanted. An error of that kind ends the connection; where it doesn't,
// holding does no harm before the next loss.
func (w *window) hold(e *session.Event) {
	if e.Who == "banned" && w.state == up {
		return // a name was banned, not this client
	}
	w.held = true
	w.session.Pause()
}

// enterPassword says the server's password where it is known.
func (w *window) enterPassword(*session.Event) {
	link := w.session.Link()
	if w.state != entering || w.chat.Current() != nil || link == nil {
		return
	}
	if w.wish.ServerPassword == "" {
		w.tell(toneAlarm, "The server has a password: /pass PASSWORD")
		return
	}
	link.Say("PASS " + w.wish.ServerPassword)
}

func (w *window) forgetPasswords(*session.Event) {
	w.password = session.Wish{}
	if w.chat.Current() == nil {
		w.wish.ServerPassword = ""
	}
}
