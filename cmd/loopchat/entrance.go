package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
	"looproom/loop/room"
)

// isDown is what a person sees when the connection is lost.
const isDown = "Server is down, join later once it is up!"

const (
	// retryName is how long to wait for a name that is still in use: by this client's own connection from before, as a rule, of whose end the
	// server hasn't heard yet. maxRetries is a little more than the two minutes after which it has.
	retryName  = 3 * time.Second
	maxRetries = 45
)

// linkState is how the window stands with the server.
type linkState uint8

const (
	connecting linkState = iota
	entering             // connected, and not yet who and where the person wants to be
	up
	down
)

// entrance is how far the window is with being connected, and who and where the person wants to be.
type entrance struct {
	state    linkState
	held     bool         // there will be no connection by itself
	been     bool         // it has been there, on an earlier connection
	taken    bool         // the person's name is in use, says the server
	retries  int          // of signing in by it
	losses   int          // of connections, and attempts that failed, since it has been there
	round    int          // counts all attempts, so that an alarm knows its own
	password session.Wish // passwords that have been typed, until they are known to be right
	tried    string       // the name that was asked for last
	commands []string     // that a lost connection didn't take, for the next one; as many as were typed meanwhile
}

func hearConnected(w *window, _ *pane, _ *session.Event) tea.Cmd {
	if w.entrance.state == down {
		w.tell(toneNotice, connectedAgain(w))
	}
	w.entrance.state, w.reading.off = entering, false
	for _, p := range w.panes.all {
		p.filling = false
	}
	w.entrance.taken, w.entrance.retries = false, 0
	return nil
}

// connectedAgain says where to, where that can be another server.
func connectedAgain(w *window) string {
	if w.session.Servers() == 1 {
		return "Connected again."
	}
	return "Connected again, to " + w.session.Target() + "."
}

func hearWelcomed(w *window, at *pane, e *session.Event) tea.Cmd {
	if typed := w.entrance.password.ServerPassword; typed != "" {
		w.wish.ServerPassword = typed
	}
	at.open = true
	if !w.entrance.been {
		w.put(at, entry{tone: toneNotice, text: words(e)})
	}
	w.entrance.signIn(w, &w.wish)
	return nil
}

func (s *entrance) signIn(w *window, wish *session.Wish) {
	s.round++
	s.tried = cmp.Or(wish.Account, wish.Name)
	if link := w.session.Link(); link != nil {
		link.Enter(wish)
	}
}

func hearReady(w *window, _ *pane, e *session.Event) tea.Cmd {
	s := &w.entrance
	if s.state != entering {
		return nil
	}
	if w.chat.Name == "" && w.wish.Name != "" && s.been && s.taken && s.retries < maxRetries {
		return s.waitForName(w)
	}
	if w.chat.Name == "" && w.wish.Name != "" {
		w.tell(toneAlarm, "You are a guest. /nick NAME signs you in by a name.")
		w.wish.Knows("", "")
		w.wish.Name = ""
	}
	if e.N == 1 {
		w.wish.Stay(&w.chat)
		s.goIn(w)
	}
	s.state, s.been, s.losses, w.wish.Back = up, true, 0, true
	s.sendCommands(w)
	s.catchUp(w)
	return nil
}

// goIn shows, at first, a room that the person is in, for the lobby, where everybody else begins, may be none.
func (s *entrance) goIn(w *window) {
	current := w.chat.Current()
	if s.been || w.room() != nil || current == nil {
		return
	}
	if p := w.shown(); !slices.ContainsFunc(p.entries, func(e entry) bool { return isMessage(e.tone) }) {
		w.close(w.at)
	}
	w.show(slices.Index(w.panes.all, w.find(current.Name)))
}

// catchUp asks for the last messages of the lobby once more, for they have come before those had ids.
func (s *entrance) catchUp(w *window) {
	if link := w.session.Link(); link != nil && w.chat.Person && w.chat.IDs && w.chat.Room(session.Lobby) != nil {
		link.Ask("RECENT " + session.Lobby + " " + strconv.Itoa(newcomers))
	}
}

func (s *entrance) waitForName(w *window) tea.Cmd {
	if s.retries == 0 {
		w.tell(toneNotice, w.wish.Name+" is still in use, perhaps by your connection from before; trying again.")
	}
	s.retries++
	s.taken = false
	n := s.round
	return tea.Tick(retryName, func(time.Time) tea.Msg { return retryMsg(n) })
}

func (s *entrance) retry(w *window, n int) {
	if n != s.round || s.state != entering {
		return
	}
	again := session.Wish{} // who has signed in by hand meanwhile only has to know that all is ready
	if w.chat.Name == "" {
		again = session.Wish{Name: w.wish.Name, Password: w.wish.Password, Account: w.wish.Account}
	}
	s.signIn(w, &again)
}

// sendCommands does what was left from the connection before, and lets go what was said meanwhile.
func (s *entrance) sendCommands(w *window) {
	link := w.session.Link()
	if link == nil {
		return
	}
	for _, line := range s.commands {
		link.Say(line)
	}
	s.commands = nil
	link.Open()
}

// lasting are the verbs of lines that are worth saying at the next connection, too.
var lasting = []string{"JOIN ", "PART ", "TOPIC "}

func hearLost(w *window, _ *pane, e *session.Event) tea.Cmd {
	if w.leaving {
		return nil
	}
	w.entrance.keep(e.Lines)
	w.entrance.losses++
	if w.entrance.state != down || w.entrance.losses == w.session.Servers() {
		w.entrance.tellDown(w, e)
	}
	w.entrance.state, w.transfer.shown = down, ""
	w.list.under, w.presence.away = false, false
	w.lookups.lost(w)
	return nil
}

func (s *entrance) tellDown(w *window, e *session.Event) {
	said := isDown + " (loopchat does so by itself; " + e.Text + ")"
	switch {
	case s.held:
		said = "Disconnected. /reconnect connects again."
	case e.N == 1:
		said = e.Text
	case s.losses < w.session.Servers():
		said = "No connection (" + e.Text + "); loopchat goes to another server."
	}
	w.tell(toneAlarm, said)
}

// keep keeps the commands that were never sent, if they last.
func (s *entrance) keep(unsent []string) {
	for _, line := range unsent {
		for _, verb := range lasting {
			if strings.HasPrefix(line, verb) {
				s.commands = append(s.commands, line)
			}
		}
	}
}

func hearNamed(w *window, _ *pane, e *session.Event) tea.Cmd {
	s := &w.entrance
	if s.password.Password != "" && e.Person && sameName(s.password.Name, e.Who) {
		w.wish.Knows(e.Who, s.password.Password)
	}
	if !s.been || s.state == up {
		w.tell(toneNotice, "You are "+e.Who+" now.")
	}
	return nil
}

// refusals has what the window does about some errors besides showing them.
var refusals = map[string]func(*entrance, *window, *session.Event){
	"name-taken":          func(s *entrance, _ *window, _ *session.Event) { s.taken = true },
	"need-password":       (*entrance).enterPassword,
	"name-registered":     (*entrance).offerLogin,
	"room-key":            offerKey,
	"wrong-password":      (*entrance).forgetPasswords,
	"bad-password":        (*entrance).forgetPasswords,
	"no-room":             func(_ *entrance, w *window, _ *session.Event) { w.list.under = false },
	"logged-in-elsewhere": (*entrance).hold,
	"logged-out":          (*entrance).hold,
	"put-out":             func(_ *entrance, w *window, _ *session.Event) { refocus(w) },
	"kicked":              (*entrance).hold,
	"banned":              (*entrance).hold,
	"cluster-away":        goElsewhere,
}

// goElsewhere leaves a server that is cut off from the others of its cluster, if there is another one to go to.
func goElsewhere(_ *entrance, w *window, _ *session.Event) {
	if link := w.session.Link(); link != nil && w.session.Servers() > 1 {
		link.Close()
	}
}

func hearRefused(w *window, _ *pane, e *session.Event) tea.Cmd {
	if w.lookups.refused(e) {
		return nil
	}
	if e.Tag == session.Reading && !e.Own && !session.Aside(e.Who) {
		w.reading.off = e.Who == "unknown-command"
		return nil
	}
	w.tell(toneAlarm, words(e))
	if do := refusals[e.Who]; do != nil {
		do(&w.entrance, w, e)
	}
	return nil
}

// hold keeps the window from coming back by itself to where it is not wanted. An error of that kind ends the connection; where it doesn't,
// holding does no harm before the next loss.
func (s *entrance) hold(w *window, e *session.Event) {
	if e.Who == "banned" && s.state == up {
		return // a name was banned, not this client
	}
	s.held = true
	w.session.Pause()
}

// enterPassword says the server's password where it is known.
func (s *entrance) enterPassword(w *window, _ *session.Event) {
	link := w.session.Link()
	if s.state != entering || w.chat.Current() != nil || link == nil {
		return
	}
	if w.wish.ServerPassword == "" {
		w.tell(toneAlarm, "The server has a password: /pass PASSWORD")
		return
	}
	link.Say("PASS " + w.wish.ServerPassword)
}

func (s *entrance) forgetPasswords(w *window, _ *session.Event) {
	s.password = session.Wish{}
	switch {
	case w.chat.Current() == nil:
		w.wish.ServerPassword = ""
	case s.state == entering:
		s.offerLogin(w, nil)
	}
}

// offerLogin begins the line by which a name that belongs to someone can be had.
func (s *entrance) offerLogin(w *window, _ *session.Event) {
	if s.tried != "" {
		w.tell(toneNotice, "Type the password of "+s.tried+", and Enter.")
		w.typing.offer("/login " + s.tried + " ")
	}
}

// offerKey begins the line by which a room that has a key is entered.
func offerKey(_ *entrance, w *window, e *session.Event) {
	if name, _, _ := strings.Cut(e.Text, " "); strings.HasPrefix(name, "#") {
		w.tell(toneNotice, "Type the key of "+name+", and Enter.")
		w.typing.offer("/join " + name + " ")
	}
}

// again is /reconnect.
func (s *entrance) again(w *window) {
	if s.state != down {
		w.tell(toneNotice, "You are connected.")
		return
	}
	s.held = false
	w.tell(toneNotice, "Connecting to "+w.session.Target()+"...")
	w.session.Again()
}

// noteName keeps the name that is asked for.
func noteName(w *window, text string, cmd *room.Command) tea.Cmd {
	w.entrance.tried = cmd.Name
	w.send(text)
	return nil
}

// notePassword keeps a password until it is known to be right, for the next connection.
func notePassword(w *window, text string, cmd *room.Command) tea.Cmd {
	typed := &w.entrance.password
	switch cmd.Verb {
	case room.Pass:
		typed.ServerPassword = cmd.Text
	case room.Register:
		typed.Name, typed.Password = w.chat.Name, cmd.Text
	default:
		typed.Name, typed.Password = cmd.Name, cmd.Text
	}
	w.send(text)
	return nil
}
