package irc

import (
	"cmp"
	"strings"

	"looproom/loop/room"
)

// Rooms: coming, going, and what they are about (Modern IRC, "Channel Operations").

func doJoin(a *asking) {
	if a.param(0) == "0" {
		doPartAll(a)
		return
	}
	keys := strings.Split(a.param(1), ",")
	n := 0
	a.each(a.param(0), func(a *asking, name string) {
		cmd := a.command(room.Join)
		if cmd.Name = name; n < len(keys) {
			cmd.Text = room.KeyDigest(plainKey(keys[n]))
			a.saysKey(plainKey(keys[n]))
		}
		n++
		a.ask(cmd)
	})
}

// doPartAll is JOIN 0.
func doPartAll(a *asking) {
	for _, name := range a.c.rooms {
		cmd := a.command(room.Part)
		cmd.Name = name
		a.ask(cmd)
	}
	a.end()
}

func doPart(a *asking) {
	words := a.param(1)
	a.each(a.param(0), func(a *asking, name string) {
		cmd := a.command(room.Part)
		cmd.Name, cmd.Text = name, fitting(words)
		a.ask(cmd)
	})
}

func doNames(a *asking) {
	name, _, _ := strings.Cut(a.param(0), ",") // TARGMAX promises one
	if name == "" {
		a.say(func(c *Client, w *writer) { w.numeric(366, "*", "End of /NAMES list") })
		return
	}
	cmd := a.command(room.Names)
	cmd.Name = name
	a.only(cmd)
}

func doTopic(a *asking) {
	cmd := a.command(room.Topic)
	cmd.Room = a.param(0)
	if len(a.r.params) > 1 {
		if cmd.Text = fitting(a.param(1)); cmd.Text == "" {
			cmd.Off = true
		}
	}
	a.only(cmd)
}

func doInvite(a *asking) {
	switch len(a.r.params) {
	case 1:
		a.say(func(_ *Client, w *writer) { w.lacks("INVITE") })
		return
	case 0:
		a.only(a.command(room.Invitations))
		return
	}
	cmd := a.command(room.Govern)
	cmd.Right, cmd.Name, cmd.Room = room.RightInvite, a.param(0), a.param(1)
	a.only(cmd)
}

func doKick(a *asking) {
	rooms, names := strings.Split(a.param(0), ","), strings.Split(a.param(1), ",")
	words := fitting(a.param(2))
	for i, name := range names[:min(len(names), maxTargets)] {
		cmd := a.command(room.PutOutOf)
		cmd.Room, cmd.Name, cmd.Text = rooms[min(i, len(rooms)-1)], name, words
		a.ask(cmd)
	}
	a.end()
}

// joined tells the client that it is in a room.
func joined(c *Client, w *writer, r *request, e *room.Event) {
	if e.On { // it has been there before
		return
	}
	if r != nil && !r.many {
		c.knowsKey(e.RoomName, r.key)
	}
	c.enterRoom(w, e)
}

func (c *Client) enterRoom(w *writer, e *room.Event) {
	c.rooms = append(c.rooms, e.RoomName)
	c.does(w, e)
	if c.has(extendedJoin) {
		w.send("JOIN", e.RoomName, orStar(c.accountTold()), c.real)
		return
	}
	w.bare("JOIN", e.RoomName)
}

// partedFrom notes that the client is in a room no longer.
func (c *Client) partedFrom(name string) {
	for i, one := range c.rooms {
		if strings.EqualFold(one, name) {
			delete(c.keys, one)
			c.rooms = append(c.rooms[:i], c.rooms[i+1:]...)
			return
		}
	}
}

func leftToo(c *Client, w *writer, _ *request, e *room.Event) {
	c.partedFrom(e.RoomName)
	c.does(w, e)
	w.bare("PART", e.RoomName)
}

// kicked tells the client that it has been put out of a room.
func (c *Client) kicked(w *writer, e *room.Event) {
	c.partedFrom(e.RoomName)
	w.head(e, c.tagSet())
	w.send("KICK", e.RoomName, c.nick, orNick(e.Text, e.Who))
}

// tellDone tells that something without an answer of its own is done.
func tellDone(c *Client, w *writer, r *request, e *room.Event) {
	switch e.Verb {
	case room.Part:
		c.partedFrom(e.RoomName)
		c.does(w, e)
		if r != nil && r.command == "PART" && len(r.params) > 1 && r.params[1] != "" {
			w.send("PART", e.RoomName, r.params[1])
			return
		}
		w.bare("PART", e.RoomName)
	case room.Register:
		c.registered(w, e)
	case room.Trust:
		c.trusts(w, e.Who)
	case room.Away, room.Back:
		if r == nil || r.row != &enterRow { // else it has been told before
			c.tellAbsence(w, e.Verb == room.Away)
		}
	case room.Oper:
		w.numeric(381, "You are now an IRC operator")
		c.does(w, e)
		w.bare("MODE", c.nick, "+o")
	}
}

// topicIs tells what a room is about: who asked, or who has just come.
func topicIs(c *Client, w *writer, r *request, e *room.Event) {
	if r != nil && r.command == "TOPIC" && len(r.params) > 1 {
		if e.Current { // as usual, nobody is told
			return
		}
		appendTopic(w, c.asOwn(e), c.tagSet())
		return
	}
	if e.Text == "" {
		w.numeric(331, e.RoomName, "No topic is set")
		return
	}
	w.numeric(332, e.RoomName, e.Text)
	if e.Who != "" && e.At != 0 {
		w.bareNumeric(333, e.RoomName, e.Who, itoa(e.At/1000))
	}
}

// namesAre tells who is in a room (Modern IRC, "NAMES").
func namesAre(c *Client, w *writer, r *request, e *room.Event) {
	if c.has(noImplicitNames) && (r == nil || r.command != "NAMES") {
		return
	}
	if e.Verb == room.RenameRoom && c.knowsRenamed(e.Text, e.RoomName) {
		return
	}
	name := e.RoomName
	if e.Off && r != nil && r.command == "NAMES" {
		name = r.params[0]
	}
	kind := "="
	if e.Current { // the room is secret
		kind = "@"
	}
	l := namesLines{writer: w, kind: kind, name: name, all: c.has(multiPrefix), whole: c.has(userhostInNames)}
	if e.Who != "" && !e.Continued { // the client itself, which doesn't show
		l.add(&room.Portrait{Name: e.Who, User: e.User, Host: e.Host})
	}
	for i := range e.List {
		l.add(e.List[i].Of)
	}
	l.end()
	if e.Rest == nil {
		w.numeric(366, name, "End of /NAMES list")
	}
}

// namesLines puts names into as few lines of 353 as they fit into. It allocates nothing but a larger dst of its writer.
type namesLines struct {
	*writer
	kind, name string
	all, whole bool // with all signs of what each may do, with user and host
	open       bool // a line is, which has names
}

// add appends a member as NAMES has it.
func (l *namesLines) add(of *room.Portrait) {
	first := !l.open
	if first {
		l.begins()
	}
	begin := len(l.dst)
	if !first {
		l.dst = append(l.dst, ' ')
	}
	l.dst = appendPrefixes(l.dst, of, l.all)
	l.dst = appendWords(l.dst, of.Name)
	if l.whole {
		l.dst = appendWords(append(l.dst, '!'), userShown(of.User))
		l.dst = appendWords(append(l.dst, '@'), shownHost(of.Host))
	}
	if l.left() >= 0 {
		return
	}
	if l.dst = l.dst[:begin]; !first { // no name is as long as a line
		l.end()
		l.add(of)
	}
}

func (l *namesLines) begins() {
	l.command("353")
	l.middle(l.nick)
	l.middle(l.kind)
	l.middle(l.name)
	l.dst, l.open = append(l.dst, " :"...), true
}

// end ends the line that is open, if one is.
func (l *namesLines) end() {
	if l.open {
		l.writer.end()
		l.open = false
	}
}

// appendPrefixes appends the signs of what a member may do: all of them, or the first.
func appendPrefixes(dst []byte, of *room.Portrait, all bool) []byte {
	n := len(dst)
	for _, sign := range [...]struct {
		has  bool
		sign byte
	}{{of.Founds, '~'}, {of.Operates, '@'}, {of.Speaks, '+'}} {
		if sign.has && (all || len(dst) == n) {
			dst = append(dst, sign.sign)
		}
	}
	return dst
}

// came tells that another has come into a room.
func came(c *Client, w *writer, _ *request, e *room.Event) {
	w.head(e, c.tagSet())
	if c.has(extendedJoin) {
		w.send("JOIN", e.RoomName, orStar(e.Account), e.Text)
	} else {
		w.bare("JOIN", e.RoomName)
	}
	if len(e.List) > 0 && c.has(awayNotify) {
		w.head(e, c.tagSet())
		w.send("AWAY", awayWords(e.List[0].Text))
	}
}

// invited tells that somebody invites the client.
func invited(c *Client, w *writer, _ *request, e *room.Event) {
	w.head(e, c.tagSet())
	w.bare("INVITE", c.nick, e.RoomName)
}

// invitedTo tells to which rooms the client is invited.
func invitedTo(c *Client, w *writer, _ *request, e *room.Event) {
	for i := range e.List {
		w.bareNumeric(336, e.List[i].Name)
	}
	if e.Rest == nil {
		w.numeric(337, "End of /INVITE list")
	}
}

// roomAsked is the room that the request names, "" if it names none.
func (r *request) roomAsked() string {
	switch {
	case len(r.params) == 0:
		return ""
	case r.command == "INVITE":
		return r.params[len(r.params)-1]
	}
	return r.params[0]
}

// refusedRoom is how JOIN, PART and what else names a room reads that it is not done.
func refusedRoom(c *Client, w *writer, r *request, e *room.Event) bool {
	name, asked := e.RoomName, r.roomAsked()
	if name == "" && (strings.HasPrefix(e.Who, "#") || e.Why == room.NotInRoom) {
		name = e.Who
	}
	name = cmp.Or(name, asked)
	code, words := 0, ""
	switch e.Why {
	case room.NameWithoutHash, room.NameLetters, room.NameLength, room.NameBegins, room.NameLikeAddress, room.NameLikeAway, room.NameMarks, room.NameScripts:
		code, words = 403, "No such channel"
		if r.command == "JOIN" && e.Why != room.NameLength {
			code, words = 476, "Bad channel name"
		}
		name = cmp.Or(e.Who, name)
	case room.RoomLooksLike:
		code, words = 476, "It looks like "+e.Text
	case room.InTooManyRooms, room.NoMoreRooms, room.OpenedTooManyRooms:
		code, words, name = 405, "You have joined too many channels", cmp.Or(e.Who, name)
	case room.RoomIsBarred:
		code, words = 474, "Cannot join channel (+b)"
	case room.RoomIsLocked:
		code, words = 473, "Cannot join channel (+i)"
	case room.RoomHasKey:
		code, words = 475, "Cannot join channel (+k)"
	case room.RoomIsFull:
		code, words = 471, "Cannot join channel (+l)"
	case room.NotInRoom:
		if code, words = 442, "You're not on that channel"; e.RoomName == "" || r.command == "MODE" && len(r.params) < 2 {
			code, words = 403, "No such channel"
		}
	case room.RoomIsMuted, room.MutedInRoom, room.ReadOnly, room.RoomHasNoCTCP, room.GuestsRead:
		code, words = 404, "Cannot send to channel"
	case room.MayAsMuch, room.FounderStays:
		code, words = 482, c.wordsOf(e)
	case room.FoundersOnly, room.RoomOperatorsOnly:
		code, words = 482, "You're not channel operator"
	default:
		return false
	}
	w.numeric(code, name, words)
	return true
}

// refusedKick and refusedInvite are refusedRoom for what names a user as well.
func refusedKick(c *Client, w *writer, r *request, e *room.Event) bool {
	if e.Why == room.NotHere {
		w.notOnChannel(e)
		return true
	}
	return refusedRoom(c, w, r, e)
}

// notOnChannel tells that who is meant is not in the room.
func (w *writer) notOnChannel(e *room.Event) {
	w.numeric(441, orStar(e.Who), e.RoomName, "They aren't on that channel")
}

func refusedInvite(c *Client, w *writer, r *request, e *room.Event) bool {
	if e.Why == room.NotHere {
		w.numeric(401, orStar(e.Who), "No such nick/channel")
		return true
	}
	return refusedRoom(c, w, r, e)
}
