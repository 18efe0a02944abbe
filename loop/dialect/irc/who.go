package irc

import (
	"strconv"
	"strings"

	"looproom/loop/room"
)

// Who is where (Modern IRC, "WHO message"; WHOX as ircu has it, and most servers since).

func doWho(a *asking) {
	cmd := a.command(room.WhoAre)
	if cmd.Name = a.param(0); cmd.Name == "" {
		a.r.params = []string{"*"}
		cmd.Name = "*"
	}
	flags, _, _ := strings.Cut(a.param(1), "%")
	cmd.Off = strings.Contains(flags, "o")
	a.only(cmd)
}

// whoFields are the fields that WHOX may be asked for, in the order in which they are told.
const whoFields = "tcuihsnfdlaor"

// hiddenAddress stands for an address that isn't told.
const hiddenAddress = "255.255.255.255"

// whox is what the second parameter of WHO asks for: the fields, and a number that the client knows its question by. Without a % the reply is the old one.
func whox(param string) (fields, token string, is bool) {
	_, asked, is := strings.Cut(param, "%")
	fields, token, _ = strings.Cut(asked, ",")
	if token == "" || len(token) > 3 {
		token = "0"
	}
	return fields, token, is
}

// whoAre tells who is in a room, or matches a mask.
func whoAre(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil {
		return
	}
	asked := ""
	if len(r.params) > 1 {
		asked = r.params[1]
	}
	fields, token, extended := whox(asked)
	for i := range e.List {
		row := &e.List[i]
		if extended {
			whoxRow(c, w, row, fields, token)
			continue
		}
		of := row.Of
		w.numeric(352, row.Who, userShown(of.User), shownHost(of.Host), w.server, of.Name, whoFlags(c, of), "0 "+realShown(of))
	}
	if e.Rest == nil {
		w.numeric(315, r.params[0], "End of WHO list")
	}
}

// whoFlags says of a user whether it is here, what it is, and what it may do in the room.
func whoFlags(c *Client, of *room.Portrait) string {
	flags := []byte{'H'}
	if of.Away {
		flags[0] = 'G'
	}
	if of.Operator {
		flags = append(flags, '*')
	}
	flags = appendPrefixes(flags, of, c.has(multiPrefix))
	if of.Bot {
		flags = append(flags, 'B')
	}
	return string(flags)
}

// whoxRow tells one user by the fields that were asked for.
func whoxRow(c *Client, w *writer, row *room.Row, fields, token string) {
	params := make([]string, 0, len(whoFields))
	of, words := row.Of, false
	for _, field := range whoFields {
		if !strings.ContainsRune(fields, field) {
			continue
		}
		value := ""
		switch field {
		case 't':
			value = token
		case 'c':
			value = row.Who
		case 'u':
			value = userShown(of.User)
		case 'i':
			if value = hostOfAddress(of.Address); value == "" {
				value = hiddenAddress
			}
		case 'h':
			value = shownHost(of.Host)
		case 's':
			value = w.server
		case 'n':
			value = of.Name
		case 'f':
			value = whoFlags(c, of)
		case 'd':
			value = "0"
		case 'l':
			value = strconv.Itoa(of.Idle)
		case 'a':
			if value = of.Account; value == "" {
				value = "0"
			}
		case 'o':
			value = "n/a"
		case 'r':
			value, words = realShown(of), true
		}
		params = append(params, value)
	}
	if words {
		w.numeric(354, params...)
		return
	}
	w.bareNumeric(354, params...)
}

// realShown is a user's real name. Who hasn't said one is called as it is.
func realShown(of *room.Portrait) string {
	if of.Real == "" {
		return of.Name
	}
	return of.Real
}

// hostOfAddress is an address without its port, "" for none, and for who comes by no network.
func hostOfAddress(address string) string {
	host, port, found := cutLast(address, ':')
	if _, err := strconv.Atoi(port); !found || err != nil {
		return ""
	}
	return strings.Trim(host, "[]")
}

// cutLast cuts s at the last sep.
func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
