package irc

import (
	"strings"

	"looproom/loop/room"
)

// Messages (Modern IRC, "Sending Messages").

func doSpeak(a *asking, manner room.Manner) {
	switch {
	case a.param(0) == "":
		a.complains(manner, 411, "No recipient given ("+a.r.command+")")
		return
	case a.param(1) == "":
		a.complains(manner, 412, "No text to send")
		return
	case strings.Count(a.param(0), ",") >= maxTargets:
		a.complains(manner, 407, a.param(0), "Too many recipients")
		return
	}
	a.speaks(a.param(1), manner, a.m.clientTags())
}

// speaks says words to all whom the first parameter names.
func (a *asking) speaks(words string, manner room.Manner, tags string) {
	a.each(a.param(0), func(a *asking, target string) {
		if a.isService(target) || manner == room.Plainly && a.isDCC(words) {
			return
		}
		a.ask(a.message(target, words, manner, tags))
	})
}

// complains answers that a message can't be one; nothing does that to a NOTICE.
func (a *asking) complains(manner room.Manner, code int, params ...string) {
	if manner == room.AsNotice {
		a.say(nil)
		return
	}
	a.say(func(c *Client, w *writer) { w.numeric(code, params...) })
}

// message is what the client says to a room or a user.
func (a *asking) message(target, words string, manner room.Manner, tags string) *room.Command {
	cmd := a.command(room.Tell)
	cmd.Right, target = levelOf(target)
	cmd.Name, cmd.Text, cmd.Manner, cmd.Tags = target, words, manner, tags
	if action, is := actionOf(words); is && manner == room.Plainly {
		cmd.Text, cmd.Manner = action, room.AsAction
	} else {
		cmd.Programs = isCTCP(words)
	}
	return cmd
}

// levelOf is what those of a room have at least for whom alone a message is, by the sign in front of the room (STATUSMSG); 0 if there is none.
func levelOf(target string) (room.RightKind, string) {
	switch {
	case strings.HasPrefix(target, "@#"):
		return room.RightOperator, target[1:]
	case strings.HasPrefix(target, "+#"):
		return room.RightVoice, target[1:]
	}
	return 0, target
}

// statusTarget is the room that e was said in, with the sign if it was for some there alone.
func statusTarget(e *room.Event) string {
	switch room.RightKind(e.N) {
	case room.RightOperator:
		return "@" + e.RoomName
	case room.RightVoice:
		return "+" + e.RoomName
	}
	return e.RoomName
}

// actionOf is what somebody does, of the words of a message that is a CTCP ACTION.
func actionOf(words string) (action string, is bool) {
	action, is = strings.CutPrefix(words, actionHead)
	return strings.TrimSuffix(action, actionTail), is
}

// isCTCP says whether words are what a program asks or answers another (CTCP).
func isCTCP(words string) bool { return len(words) > 2 && words[0] == 1 }

// services are names by which people look for what keeps their names elsewhere. What they say to them may be a password, and is told to nobody.
var services = map[string]bool{"nickserv": true, "chanserv": true, "authserv": true, "memoserv": true, "hostserv": true, "saslserv": true}

// isService answers who talks to a service that isn't there.
func (a *asking) isService(target string) bool {
	name, _, _ := strings.Cut(strings.ToLower(target), "@")
	if !services[name] {
		return false
	}
	r := a.r
	r.params = nil // there may be a password in it
	r.command = "NOTICE"
	r.done = func(c *Client, w *writer) {
		for _, words := range [...]string{
			"There is no " + target + " here, and nobody has read what you said.",
			"To log in, give your client an account name and a password for SASL.",
			"To keep your name, say: /quote REGISTER * * password",
			"What you may do in a room is kept with your account: see /mode.",
		} {
			w.from(target, "service", c.server().Name)
			w.send("NOTICE", c.nick, words)
		}
	}
	a.r = r
	return true
}

// isDCC answers who offers a file to another's program, which would need that other's address.
func (a *asking) isDCC(words string) bool {
	if !strings.HasPrefix(words, "\x01DCC ") {
		return false
	}
	a.r.done = func(_ *Client, w *writer) {
		w.send("NOTICE", orStar(a.c.nick), "DCC is not passed on, as it tells your address: send files by the server's page")
	}
	return true
}

// tellSent tells the client that its message has been told, if it wants to know.
func tellSent(c *Client, w *writer, r *request, e *room.Event) {
	if len(e.List) > 0 && !e.Notice { // who it is for is away
		w.numeric(301, e.Who, awayWords(e.List[0].Text))
	}
	if !c.has(echoMessage) {
		return
	}
	to := statusTarget(e)
	if to == "" {
		to = e.Who
	}
	own := c.asOwn(e)
	if e.Text == "" {
		w.tagmsg(own, c.tagSet(), to)
		return
	}
	w.message(own, c.tagSet(), to, e.On)
}

// whispered tells what somebody says to the client alone.
func whispered(c *Client, w *writer, _ *request, e *room.Event) {
	to := c.nick
	if e.RoomName != "" {
		to = statusTarget(e)
	}
	w.message(e, c.tagSet(), to, e.On)
}

// toldToo tells what the client's user has said to another by a session of its own.
func toldToo(c *Client, w *writer, _ *request, e *room.Event) {
	w.message(c.asOwn(e), c.tagSet(), e.Who, e.On)
}

// refusedMessage is how who has said something reads that it was not told. Of a NOTICE nothing is ever said.
func refusedMessage(c *Client, w *writer, r *request, e *room.Event) bool {
	switch {
	case r.command == "NOTICE":
		return true
	case e.Why == room.NotInRoom && e.RoomName == "":
		w.numeric(403, e.Who, "No such channel")
		return true
	case e.Why == room.NotInRoom:
		w.numeric(404, e.Who, "Cannot send to channel")
		return true
	}
	return refusedRoom(c, w, r, e)
}
