package irc

import "looproom/loop/room"

// Being away (Modern IRC, "AWAY message"; IRCv3 draft "pre-away").

// doAway: before it is a user, a client says what is to be told of it as soon as it is one.
func doAway(a *asking) {
	words := fitting(a.param(0))
	if a.c.nick == "" {
		a.c.absent = words
		a.say(func(c *Client, w *writer) { c.tellAbsence(w, words != "") })
		return
	}
	a.only(a.absence(words))
}

// absence is the command by which a client is away with these words, or none.
func (a *asking) absence(words string) *room.Command {
	if words == "" {
		return a.command(room.Back)
	}
	cmd := a.command(room.Away)
	if cmd.Text = words; words == unsaid {
		cmd.Text = awayWords("")
	}
	return cmd
}

// unsaid is what a client says that its user is away of which it knows no more (pre-away).
const unsaid = "*"

// awayWords are the words of who is away, which has to have some.
func awayWords(words string) string {
	if words == "" {
		return "Away"
	}
	return words
}

// tellAbsence tells the client whether it is away.
func (c *Client) tellAbsence(w *writer, away bool) {
	if away {
		w.numeric(306, "You have been marked as being away")
		return
	}
	w.numeric(305, "You are no longer marked as being away")
}

// presence tells that somebody is away, or back.
func presence(c *Client, w *writer, _ *request, e *room.Event) {
	away := e.Kind == room.WentAway
	switch {
	case c.isMe(e):
		c.tellAbsence(w, away)
		return
	case !c.has(awayNotify) || !c.mayHear(e):
		return
	}
	if w.head(e, c.tagSet()); away {
		w.send("AWAY", awayWords(e.Text))
	} else {
		w.bare("AWAY")
	}
}
