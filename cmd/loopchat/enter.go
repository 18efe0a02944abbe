package main

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// local has the commands that are the client's own, or that need something of it.
var local = map[string]func(w *window, args string) tea.Cmd{
	"/send":      func(w *window, args string) tea.Cmd { sendFile(w, args); return nil },
	"/get":       func(w *window, args string) tea.Cmd { getFile(w, args); return nil },
	"/quit":      func(w *window, _ string) tea.Cmd { return leave(w) },
	"/end":       func(w *window, _ string) tea.Cmd { return leave(w) },
	"/resend":    func(w *window, _ string) tea.Cmd { sayAgain(w); return nil },
	"/help":      func(w *window, args string) tea.Cmd { w.help(args); return nil },
	"/reconnect": func(w *window, _ string) tea.Cmd { w.entrance.again(w); return nil },
	"/clear":     func(w *window, _ string) tea.Cmd { w.clear(); return nil },
	"/invite":    func(w *window, args string) tea.Cmd { invite(w, args); return nil },

	"/history": remember,
	"/search":  searchFor,
	"/jump":    jump,
	"/query":   query,
	"/export":  exportTo,
	"/forget":  forget,
}

// enter takes the line that was typed.
func (w *window) enter() tea.Cmd {
	text := w.typing.input.text
	cmd, ok := understand(text)
	if !ok {
		return nil
	}
	w.shown().toEnd()
	w.typing.entered(!isSecret(&cmd) && secretFrom(text) == len(text))
	verb, args, _ := strings.Cut(safe(strings.TrimSpace(text)), " ")
	if do := local[strings.ToLower(verb)]; do != nil {
		return do(w, args)
	}
	return w.speak(text, &cmd)
}

// isSecret says whether a password stands in the line, or seems to.
func isSecret(cmd *room.Command) bool {
	switch cmd.Verb {
	case room.Pass, room.Login, room.Register, room.Trust, room.Distrust, room.Oper:
		return true
	}
	return cmd.Why == room.GivesAway
}

// spoken has what the window does itself about some verbs. The others go to the server as they were typed.
var spoken = map[room.Verb]func(w *window, text string, cmd *room.Command) tea.Cmd{
	room.Say:    func(w *window, _ string, cmd *room.Command) tea.Cmd { w.sayWords(cmd.Text); return nil },
	room.Tell:   (*window).whisper,
	room.Act:    (*window).act,
	room.List:   (*window).ofRoom,
	room.Topic:  (*window).ofRoom,
	room.Recent: (*window).ofRoom,
	room.Part:   (*window).part,
	room.Join:   (*window).join,
	room.Pass:   notePassword,
	room.Login:  notePassword,

	room.Register: notePassword,
	room.Sessions: slashed,
	room.Keep:     slashed,
	room.Read:     slashed,
	room.IDs:      slashed,
	room.KeepRoom: govern,
	room.Logout:   logOut,
	room.Govern:   govern,
	room.PutOutOf: govern,

	room.ClearRoom: govern,
	room.Nick:      noteName,
	room.SignIn:    noteName,
	room.Away:      (*window).away,
	room.Get:       func(w *window, _ string, cmd *room.Command) tea.Cmd { getFile(w, `"`+cmd.Name+`"`); return nil },
	room.Send:      func(w *window, _ string, _ *room.Command) tea.Cmd { sendFile(w, ""); return nil },
	room.End:       func(w *window, _ string, _ *room.Command) tea.Cmd { return leave(w) },
	room.Refuse:    (*window).complain,
}

func (w *window) speak(text string, cmd *room.Command) tea.Cmd {
	if do := spoken[cmd.Verb]; do != nil {
		return do(w, text, cmd)
	}
	w.send(text)
	return nil
}

// send sends a command now, or says that it can't be.
func (w *window) send(line string) bool {
	link := w.session.Link()
	if link == nil || w.entrance.state == connecting || w.entrance.state == down {
		w.tell(toneAlarm, "There is no connection; what you say is kept, but commands are not.")
		return false
	}
	link.Say(line)
	return true
}

// sayWords says words to the room in sight, whatever they look like.
func (w *window) sayWords(words string) {
	p := w.shown()
	if p.isResults() {
		lookFor(w, words)
		return
	}
	if p.room != "" && w.room() == nil && !p.isPrivate() && w.entrance.state == up {
		w.tell(toneAlarm, "You are not in "+p.room+"; /join "+p.room+" enters it.")
		return
	}
	to := p.room
	if to == "" {
		to = session.Lobby
	}
	say(w, p, entry{tone: toneMessage, who: you, text: words}, "TEXT", "TO "+to+" "+words, "")
}

func (w *window) whisper(text string, cmd *room.Command) tea.Cmd {
	words := "TO " + cmd.Name + " " + cmd.Text
	if p := w.find(cmd.Name); p != nil {
		say(w, p, entry{tone: toneMessage, who: you, text: cmd.Text}, "TEXT", words, "")
	} else {
		say(w, w.shown(), entry{tone: tonePrivate, who: you, to: cmd.Name, text: cmd.Text}, "TEXT", words, "")
	}
	return nil
}

func (w *window) act(_ string, cmd *room.Command) tea.Cmd {
	if isRoom(w) {
		act(w, w.shown(), cmd.Text)
	}
	return nil
}

// query is /query NAME [words].
func query(w *window, args string) tea.Cmd {
	name, words, _ := strings.Cut(strings.TrimSpace(args), " ")
	if words = strings.TrimSpace(words); converse(w, name) && words != "" {
		w.sayWords(words)
	}
	return nil
}

// inRoom sends a command that is about the current room of the server, which is made the one in sight.
func (w *window) inRoom(line string) bool {
	if link := w.session.Link(); link != nil {
		w.focus(link)
	}
	return w.send(line)
}

// ofRoom is a command about the room in sight.
func (w *window) ofRoom(text string, _ *room.Command) tea.Cmd {
	if isRoom(w) {
		w.inRoom(text)
	}
	return nil
}

func (w *window) part(_ string, cmd *room.Command) tea.Cmd {
	name := cmd.Name
	if name == "" && shut(w) {
		return nil
	}
	if name == "" {
		name = w.shown().room
	}
	w.send("PART " + name)
	return nil
}

func (w *window) join(text string, cmd *room.Command) tea.Cmd {
	if p := w.find(cmd.Name); p != nil && w.chat.Room(cmd.Name) != nil {
		w.show(slices.Index(w.panes.all, p))
		return nil
	}
	w.wanted = cmd.Name
	if _, key, ok := strings.Cut(strings.TrimSpace(afterVerb(text)), " "); ok {
		w.wish.Unlocks(cmd.Name, key)
	}
	w.send(text)
	return nil
}

// away is the person's own; it isn't ended by the next key.
func (w *window) away(text string, _ *room.Command) tea.Cmd {
	w.presence.away = false
	w.send(text)
	return nil
}

// complain tells what is wrong with a command without asking the server.
func (w *window) complain(_ string, cmd *room.Command) tea.Cmd {
	why := cmd.Refusal()
	w.tell(toneAlarm, string(line.Dialect{}.AppendRefusal([]byte("! "), &why)))
	return nil
}

func (w *window) help(args string) {
	text := keys
	if w.chat.IDs {
		text += "\n" + laterKeys
	}
	for line := range strings.Lines(text) {
		w.tell(toneAnswer, strings.TrimRight(line, "\n"))
	}
	w.send(strings.TrimSpace("HELP " + strings.ToUpper(args)))
}

// afterVerb is what stands behind the first word.
func afterVerb(text string) string {
	_, args, _ := strings.Cut(text, " ")
	return args
}

func (w *window) clear() {
	p := w.shown()
	w.lookups.drop(&p.strip)
	*p = pane{room: p.room, open: p.open, more: p.more}
}

// slashed sends a command with a slash in front: a server that doesn't have it says it to nobody.
func slashed(w *window, text string, _ *room.Command) tea.Cmd {
	w.send("/" + strings.TrimPrefix(strings.TrimSpace(text), "/"))
	return nil
}

// logOut is /logout [N]. Without a number it is this connection that ends, which would only be made again.
func logOut(w *window, _ string, cmd *room.Command) tea.Cmd {
	if cmd.N == room.None {
		return leave(w)
	}
	w.send("/logout " + strconv.FormatInt(cmd.N, 10))
	return nil
}
