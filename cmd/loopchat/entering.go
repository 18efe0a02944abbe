package main

import (
	"strconv"
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

func (w *window) hearConnected(*pane, *session.Event) tea.Cmd {
	if w.state == down {
		w.tell(toneNotice, "Connected again.")
	}
	w.state, w.trouble, w.nameInUse, w.retries = entering, "", false, 0
	return nil
}

func (w *window) hearWelcomed(at *pane, e *session.Event) tea.Cmd {
	if w.password.ServerPassword != "" {
		w.wish.ServerPassword = w.password.ServerPassword
	}
	at.open = true
	if !w.hopeful {
		w.put(at, entry{tone: toneNotice, text: words(e)})
	}
	w.beReady(w.wish.Lines())
	return nil
}

// beReady sends lines, and a PING behind them by which the window knows that they have been answered.
func (w *window) beReady(lines []string) {
	link := w.session.Link()
	if link == nil {
		return
	}
	for _, line := range lines {
		link.Say(line)
	}
	w.readies++
	w.ready = "ready-" + strconv.Itoa(w.readies)
	link.Say("PING " + w.ready)
}

func (w *window) hearPonged(_ *pane, e *session.Event) tea.Cmd {
	if e.Text != w.ready || w.state != entering {
		w.tell(toneAnswer, e.Line)
		return nil
	}
	if w.chat.Name == "" && w.wish.Name != "" && w.hopeful && w.nameInUse && w.retries < maxRetries {
		return w.waitForName()
	}
	if w.chat.Name == "" && w.wish.Name != "" {
		w.tell(toneAlarm, "You are a guest. /nick NAME signs you in by a name.")
		w.wish.Name, w.wish.Password = "", ""
	}
	w.state, w.hopeful = up, true
	w.sendPending()
	return nil
}

func (w *window) waitForName() tea.Cmd {
	if w.retries == 0 {
		w.tell(toneNotice, w.wish.Name+" is still in use, perhaps by your connection from before; trying again.")
	}
	w.retries++
	w.nameInUse = false
	n := w.readies
	return tea.Tick(retryName, func(time.Time) tea.Msg { return retryMsg(n) })
}

func (w *window) retry(n int) {
	if n != w.readies || w.state != entering {
		return
	}
	if w.chat.Name != "" {
		w.beReady(nil)
		return
	}
	w.beReady([]string{w.wish.SignIn()})
}

// sendPending says what was typed while there was no connection.
func (w *window) sendPending() {
	link := w.session.Link()
	if link == nil {
		return
	}
	for _, line := range w.pending {
		link.Say(line)
	}
	w.pending = nil
}

// lasting are the verbs of lines that are worth saying at the next connection, too.
var lasting = []string{"TEXT ", "ME ", "JOIN ", "PART ", "TOPIC "}

func (w *window) hearLost(_ *pane, e *session.Event) tea.Cmd {
	if w.leaving {
		return nil
	}
	w.keep(e.Lines)
	if w.state != down {
		w.tellDown(e)
	}
	if e.Unsure > 0 {
		w.tell(toneAlarm, plural(e.Unsure, "line")+" may not have arrived.")
	}
	w.state, w.trouble, w.moving = down, e.Text, ""
	w.lists, w.awayByUs, w.topicsAsked, w.recentsAsked = nil, false, 0, 0
	return nil
}

func (w *window) tellDown(e *session.Event) {
	said := isDown + " (" + e.Text + "; trying again)"
	switch {
	case w.held:
		said = "Disconnected. /reconnect connects again."
	case e.N == 1:
		said = e.Text
	}
	w.tell(toneAlarm, said)
}

// keep puts the lines that were never sent before those that have been typed since.
func (w *window) keep(unsent []string) {
	var kept []string
	for _, line := range unsent {
		for _, verb := range lasting {
			if strings.HasPrefix(line, verb) {
				kept = append(kept, line)
			}
		}
	}
	w.pending = append(kept, w.pending...)
}

// refusals has what the window does about some errors besides showing them.
var refusals = map[string]func(*window, *session.Event){
	"name-taken":          func(w *window, _ *session.Event) { w.nameInUse = true },
	"need-password":       (*window).enterPassword,
	"wrong-password":      (*window).forgetPasswords,
	"bad-password":        (*window).forgetPasswords,
	"no-room":             func(w *window, _ *session.Event) { w.lists = nil },
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
