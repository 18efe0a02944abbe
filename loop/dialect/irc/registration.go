package irc

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"looproom/loop/room"
)

// What happens until a client is a user (Modern IRC, "Connection Registration").

func doCap(a *asking) {
	a.say(func(c *Client, w *writer) { c.handle(w, a.r.params, c.server(), c.conn.Secure) })
	if a.c.nick != "" && strings.EqualFold(a.param(0), "REQ") && slices.Contains(strings.Fields(strings.Join(a.r.params[1:], " ")), offers[metadata].name) {
		a.c.wantsOwn(a.give)
	}
	a.entersIfReady()
}

// doPass: a PASS where none is wanted, and one that comes too late, do no harm.
func doPass(a *asking) {
	if a.c.nick != "" {
		a.r.row = &talkRow
		a.say(func(c *Client, w *writer) { w.numeric(462, "You may not reregister") })
		return
	}
	cmd := a.command(room.Pass)
	cmd.Text = a.param(0)
	a.only(cmd)
}

func wrongPass(c *Client, w *writer, _ *request, e *room.Event) bool {
	if e.Why.Code() == room.WrongPassword {
		w.numeric(464, "Password incorrect")
		c.hangsUp(w, "Password incorrect")
		return true
	}
	return false
}

func doNick(a *asking) {
	name := a.param(0)
	switch {
	case name == "":
		a.say(func(c *Client, w *writer) { w.numeric(431, "No nickname given") })
	case a.c.nick == "":
		a.c.want = name
		a.say(nil)
		a.entersIfReady()
	default:
		cmd := a.command(room.Nick)
		cmd.Name = name
		a.only(cmd)
	}
}

func doUser(a *asking) {
	user := strings.TrimLeft(a.param(0), "~")
	switch {
	case a.c.nick != "" || a.c.user != "":
		a.say(func(c *Client, w *writer) { w.numeric(462, "You may not reregister") })
	case user == "":
		a.say(func(c *Client, w *writer) { w.lacks("USER") })
	default:
		a.c.user, a.c.real = userOf(user), within(a.param(3), maxReal)
		a.say(nil)
		a.entersIfReady()
	}
}

// userOf is the name that a client gives itself, as it is shown: nothing in it could be taken for a part of nick!user@host.
func userOf(said string) string {
	shown := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F || strings.ContainsRune("!@:*?,", r) {
			return -1
		}
		return r
	}, said)
	runes := []rune(shown)
	if len(runes) > maxUser {
		runes = runes[:maxUser]
	}
	if len(runes) == 0 {
		return "user"
	}
	return string(runes)
}

// entersIfReady has the client become a user, as soon as it has said who it is and negotiates no more. It is the request's affair, whose own answer comes first.
func (a *asking) entersIfReady() {
	c := a.c
	if c.nick != "" || c.enters || c.want == "" || c.user == "" || c.negotiating && !a.endsCap() {
		return
	}
	c.enters = true
	if c.secrets.open() { // and the client goes on without it: while it waits for an answer, nothing else of it is heard
		c.secrets.reset()
		c.own(request{command: "AUTHENTICATE", row: &ownRow}, a.give, func(_ *Client, w *writer) { w.authenticated(saslAborted, false) })
	}
	enter := asking{c: c, m: a.m, r: request{command: "NICK", params: []string{c.want}, row: &enterRow}, give: a.give}
	cmd := enter.command(room.Enter)
	cmd.Name, cmd.User, cmd.Real = c.want, c.user, c.real
	enter.ask(cmd)
	if c.absent != "" {
		enter.ask(a.absence(c.absent))
	}
	enter.end()
}

// endsCap says whether the line at hand ends the negotiation. Its answer may not have come yet.
func (a *asking) endsCap() bool { return a.r.command == "CAP" && strings.EqualFold(a.param(0), "END") }

func doQuit(a *asking) {
	cmd := a.command(room.End)
	cmd.Text = a.param(0)
	a.only(cmd)
}

func doPing(a *asking) {
	token := a.param(0)
	a.say(func(c *Client, w *writer) {
		if token == "" {
			w.numeric(409, "No origin specified")
			return
		}
		w.send("PONG", c.server().Name, token)
	})
}

// doPong is heard by the loop, as all that comes is. Nothing is said but to who has put a label before it.
func doPong(a *asking) {
	if a.r.label != "" {
		a.say(nil)
	}
}

func doMOTD(a *asking) {
	if !a.elsewhere(0) {
		a.say(func(c *Client, w *writer) { c.motd(w) })
	}
}

func doLusers(a *asking) { a.only(a.command(room.Count)) }

// welcomed tells a client that it is a user now, all that one is told then (Modern IRC, "Connection Registration").
func welcomed(c *Client, w *writer, _ *request, e *room.Event) {
	c.nick, w.nick = e.Who, e.Who
	if c.enters = false; e.Account != "" {
		c.account = e.Account
	}
	c.user, c.conn.Host = cmp.Or(e.User, c.user), cmp.Or(e.Host, c.conn.Host) // it may be one more client of somebody
	s := c.server()
	w.numeric(1, "Welcome to the "+s.Network+" network, "+e.Who+"!"+c.user+"@"+c.conn.Host)
	w.numeric(2, "Your host is "+s.Name+", running version "+s.Version)
	w.numeric(3, "This server was created "+s.Began.UTC().Format(time.RFC1123))
	w.bare("004", c.nick, s.Name, s.Version, userModes, roomModes, roomModesWithParam)
	c.support(w)
	c.lusers(w, e.Census)
	c.motd(w)
	w.numeric(221, "+i")
}

// The modes that there are, for 004.
const (
	userModes          = "BRiow"
	roomModes          = "CIbeiklmnoqstv"
	roomModesWithParam = "Ibekloqv"
)

// support tells what the server has.
func (c *Client) support(w *writer) {
	if !c.has(extendedSupport) {
		appendSupport(w, c.server())
		return
	}
	batch := c.newBatch()
	w.bare("BATCH", "+"+batch, "draft/isupport")
	lines := writer{nick: w.nick, server: w.server}
	appendSupport(&lines, c.server())
	w.dst = appendTagged(w.dst, lines.dst, "batch="+batch)
	w.bare("BATCH", "-"+batch)
}

func counted(c *Client, w *writer, _ *request, e *room.Event) { c.lusers(w, e.Census) }

// lusers tells how many there are (Modern IRC, "LUSERS").
func (c *Client) lusers(w *writer, n *room.Census) {
	if n == nil {
		return
	}
	visible := strconv.Itoa(n.Visible)
	w.numeric(251, "There are "+visible+" users and "+strconv.Itoa(n.Users-n.Visible)+" invisible on 1 servers")
	if n.Operators > 0 {
		w.numeric(252, strconv.Itoa(n.Operators), "operator(s) online")
	}
	if n.Newcomers > 0 {
		w.numeric(253, strconv.Itoa(n.Newcomers), "unknown connection(s)")
	}
	w.numeric(254, strconv.Itoa(n.Rooms), "channels formed")
	w.numeric(255, "I have "+strconv.Itoa(n.Users)+" clients and 0 servers")
	now, most := strconv.Itoa(n.Users), strconv.Itoa(n.Most)
	w.numeric(265, now, most, "Current local users "+now+", max "+most)
	w.numeric(266, now, most, "Current global users "+now+", max "+most)
}

// motd tells the message of the day.
func (c *Client) motd(w *writer) {
	s := c.server()
	if len(s.MOTD) == 0 {
		w.numeric(422, "There is no message of the day")
		return
	}
	w.numeric(375, "- "+s.Name+" Message of the day -")
	for _, line := range s.MOTD { // at most as many as --motd may have
		w.numeric(372, "- "+line)
	}
	w.numeric(376, "End of message of the day")
}
