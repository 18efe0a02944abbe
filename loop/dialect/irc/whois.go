package irc

import (
	"strconv"
	"strings"
	"time"

	"looproom/loop/room"
)

// Who somebody is, or was (Modern IRC, "WHOIS message", "WHOWAS message", "USERHOST message"; RFC 2812, 4.9, for ISON).

// doWhois: with two parameters the first is the server that is asked, which is always this one.
func doWhois(a *asking) {
	if len(a.r.params) > 1 {
		a.r.params = a.r.params[1:]
	}
	name, _, _ := strings.Cut(a.param(0), ",")
	if name == "" {
		a.say(func(_ *Client, w *writer) { w.numeric(431, "No nickname given") })
		return
	}
	a.r.params = []string{name}
	cmd := a.command(room.Whois)
	cmd.Name = name
	a.only(cmd)
}

// refusedWhois: there is nobody of that name.
func refusedWhois(_ *Client, w *writer, r *request, e *room.Event) bool {
	if e.Why != room.NotHere {
		return false
	}
	w.numeric(401, r.params[0], "No such nick/channel")
	w.numeric(318, r.params[0], "End of /WHOIS list")
	return true
}

// portrayed tells who a user is: itself in front, and its rooms behind that.
func portrayed(c *Client, w *writer, r *request, e *room.Event) {
	rooms := e.List
	if !e.Continued && len(e.List) > 0 {
		whoisUser(c, w, e.List[0].Of)
		rooms = e.List[1:]
	}
	nick := e.Who
	in := make([]string, 0, len(rooms)) // a page at most
	for i := range rooms {
		in = append(in, string(appendPrefixes(nil, rooms[i].Of, c.has(multiPrefix)))+rooms[i].Name)
	}
	w.wrapped(319, in, " ", nick)
	if e.Rest == nil {
		w.numeric(318, nick, "End of /WHOIS list")
	}
}

// whoisUser tells all but the rooms.
func whoisUser(c *Client, w *writer, of *room.Portrait) {
	nick := of.Name
	w.numeric(311, nick, userShown(of.User), shownHost(of.Host), "*", realShown(of))
	w.numeric(312, nick, w.server, c.server().Network)
	if of.Operator {
		w.numeric(313, nick, "is an IRC operator")
	}
	if of.Away {
		w.numeric(301, nick, awayWords(of.Words))
	}
	if of.Bot {
		w.numeric(335, nick, "is a bot on "+c.server().Network)
	}
	if of.Account != "" {
		w.numeric(330, nick, of.Account, "is logged in as")
	}
	if address := hostOfAddress(of.Address); address != "" {
		w.numeric(338, nick, address, "is actually using host")
	}
	if of.Sealed {
		w.numeric(671, nick, "is using a secure connection")
	}
	if of.Modes != "" {
		w.numeric(379, nick, "is using modes "+of.Modes)
	}
	w.numeric(317, nick, strconv.Itoa(of.Idle), itoa(of.Since), "seconds idle, signon time")
}

// doWhowas: a count that is none is that of all.
func doWhowas(a *asking) {
	name, _, _ := strings.Cut(a.param(0), ",")
	if name == "" {
		a.say(func(_ *Client, w *writer) { w.numeric(431, "No nickname given") })
		return
	}
	cmd := a.command(room.Whowas)
	cmd.Name = name
	if n, err := strconv.ParseInt(a.param(1), 10, 32); err == nil && n > 0 {
		cmd.N = n
	}
	a.only(cmd)
}

// was tells who has been called so, the last first.
func was(c *Client, w *writer, _ *request, e *room.Event) {
	if e.Count == 0 {
		w.numeric(406, e.Who, "There was no such nickname")
	}
	for i := range e.List {
		row := &e.List[i]
		of := row.Of
		w.numeric(314, of.Name, userShown(of.User), shownHost(of.Host), "*", realShown(of))
		w.numeric(312, of.Name, w.server, time.UnixMilli(row.At).UTC().Format(time.RFC1123))
	}
	if e.Rest == nil {
		w.numeric(369, e.Who, "End of WHOWAS")
	}
}

// doLookup is for USERHOST and ISON: the names may be parameters, or words of the last.
func doLookup(a *asking) {
	cmd := a.command(room.Lookup)
	cmd.Text = strings.Join(a.r.params, " ")
	a.only(cmd)
}

// found tells which users there are of those that were asked for.
func found(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil {
		return
	}
	items := make([]string, 0, len(e.List)) // at most room.MaxLookup
	code := 303
	for i := range e.List {
		of := e.List[i].Of
		if r.command == "USERHOST" {
			code = 302
			items = append(items, userhost(of))
			continue
		}
		items = append(items, of.Name)
	}
	switch {
	case r.command == "MODE":
		c.otherMode(w, r, e)
	case len(items) == 0 && r.command == "USERHOST":
		w.numeric(302, "")
	case len(items) == 0:
		w.numeric(303, "")
	default:
		w.wrapped(code, items, " ")
	}
}

// userhost is a user as USERHOST has it: with * for an operator, and - for who is away.
func userhost(of *room.Portrait) string {
	s := of.Name
	if of.Operator {
		s += "*"
	}
	s += "="
	if of.Away {
		s += "-"
	} else {
		s += "+"
	}
	return s + userShown(of.User) + "@" + shownHost(of.Host)
}
