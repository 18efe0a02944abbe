package irc

import (
	"strconv"
	"strings"

	"looproom/loop/room"
)

// Modes (Modern IRC, "MODE message").

// takes says when a mode has a parameter.
type takes uint8

const (
	never    takes = iota
	toSet          // and not to unset
	both           // to set and to unset
	asList         // both; without one it is a question
	ofMember       // both: a user
)

// mode is one of a room.
type mode struct {
	letter byte
	right  room.RightKind
	takes  takes
	turned bool // it holds where the right does not
}

// modes are those of rooms, in the order in which they are told.
var modes = []mode{
	{'C', room.RightNoCTCP, never, false},
	{'I', room.RightInvex, asList, false},
	{'b', room.RightBan, asList, false},
	{'e', room.RightExcept, asList, false},
	{'i', room.RightLocked, never, false},
	{'k', room.RightKey, both, false},
	{'l', room.RightLimit, toSet, false},
	{'m', room.RightMuted, never, false},
	{'n', room.RightOutside, never, true},
	{'o', room.RightOperator, ofMember, false},
	{'q', room.RightFounder, ofMember, false},
	{'s', room.RightSecret, never, false},
	{'t', room.RightTopic, never, false},
	{'v', room.RightVoice, ofMember, false},
}

func modeOf(letter byte) *mode {
	for i := range modes {
		if modes[i].letter == letter {
			return &modes[i]
		}
	}
	return nil
}

func modeOfRight(kind room.RightKind) *mode {
	for i := range modes {
		if modes[i].right == kind {
			return &modes[i]
		}
	}
	return nil
}

// lettersOf is the letter of the right whose kind has that name.
func letterOf(kind string) string {
	for i := range modes {
		if modes[i].right.String() == kind {
			return string(modes[i].letter)
		}
	}
	return "*"
}

func doMode(a *asking) {
	target := a.param(0)
	switch {
	case !strings.HasPrefix(target, "#"):
		doUserMode(a, target)
	case a.param(1) == "":
		a.rights(target)
	default:
		a.changes(target, a.param(1), a.r.params[2:])
	}
}

// rights asks for what holds in a room.
func (a *asking) rights(target string) {
	cmd := a.command(room.Modes)
	cmd.Room = target
	a.only(cmd)
}

// changes has the room change what the letters say, with the parameters behind them: what stands together is told together.
func (a *asking) changes(target, letters string, params []string) {
	var all []room.Change
	tell := func() {
		if len(all) > 0 {
			cmd := a.command(room.Govern)
			these := all
			cmd.Room, cmd.Changes = target, &these
			a.ask(cmd)
			all = nil
		}
	}
	off, withParams := false, 0
	for i := range len(letters) { // at most as many as a line has
		switch letters[i] {
		case '+':
			off = false
			continue
		case '-':
			off = true
			continue
		}
		m := modeOf(letters[i])
		if m == nil {
			tell()
			a.ask(a.refusesMode(target, letters[i:i+1], ""))
			continue
		}
		param := ""
		if m.takes != never && !(m.takes == toSet && off) && len(params) > 0 {
			param, params = params[0], params[1:]
			withParams++
		}
		if withParams > maxModes {
			break
		}
		x, no := a.change(target, m, off, param)
		if no != nil {
			tell()
			a.ask(no)
		}
		if x.Right != 0 {
			all = append(all, x)
		}
	}
	tell()
	a.end()
}

// refusesMode is asked for in the place of a letter that is none, or has no such parameter: it is refused at its place among the others.
func (a *asking) refusesMode(target, letter, param string) *room.Command {
	cmd := a.command(room.Refuse)
	cmd.Because(room.Refusal{Why: room.Misused, Who: letter, Text: param, Room: target, N: room.None})
	return cmd
}

// change is what one letter wants, of no right if that is nothing, or what is to be asked for instead.
func (a *asking) change(target string, m *mode, off bool, param string) (x room.Change, instead *room.Command) {
	x = room.Change{Right: m.right, Off: off != m.turned, N: room.None}
	switch m.takes {
	case asList:
		if param == "" {
			cmd := a.command(room.Modes)
			cmd.Room, cmd.Right = target, m.right
			return room.Change{}, cmd
		}
		x.Name, x.Stays = completeMask(param), true
		if x.N = 0; off {
			x.N = room.None
		}
	case ofMember:
		if param == "" {
			return room.Change{}, nil
		}
		x.Name = param
	case both, toSet:
		ok := off
		switch {
		case off:
		case m.right == room.RightKey:
			ok = param != "" && !strings.ContainsAny(param, " ,")
			a.saysKey(plainKey(param))
			x.Text, param = room.KeyDigest(plainKey(param)), "" // not even a bad key is repeated
		default:
			n, err := strconv.Atoi(param)
			ok, x.N = err == nil && n > 0, int64(n)
		}
		if !ok {
			return room.Change{}, a.refusesMode(target, string(m.letter), param)
		}
	}
	return x, nil
}

// plainKey is a room's key as the line protocol writes it.
func plainKey(key string) string { return strings.TrimSpace(key) }

// completeMask is a mask with what is left out of it: nick!user@host. Those of the extended kinds, and accounts, stay as they are.
func completeMask(mask string) string {
	if kind, rest, ok := strings.Cut(mask, ":"); ok && (kind == "m" || kind == "a") {
		if kind == "a" || strings.HasPrefix(rest, "a:") {
			return mask
		}
		return kind + ":" + completeMask(rest)
	}
	if strings.ContainsAny(mask, ".:") && !strings.ContainsAny(mask, "!@*?") {
		return "*!*@" + mask
	}
	return room.CompleteMask(mask)
}

// modesAre tells what holds in a room, or the masks of a list.
func modesAre(c *Client, w *writer, _ *request, e *room.Event) {
	if m := modeOfRight(room.RightKind(e.N)); m != nil {
		c.masks(w, m, e)
		return
	}
	letters, params := []byte{'+'}, []string(nil)
	for i := range modes {
		m := &modes[i]
		if m.takes == asList || m.takes == ofMember {
			continue
		}
		row := ruleIn(e.List, m.right)
		if (row != nil) == m.turned {
			continue
		}
		letters = append(letters, m.letter)
		switch m.right {
		case room.RightKey:
			params = append(params, c.keyOf(e.RoomName))
		case room.RightLimit:
			params = append(params, row.Text)
		}
	}
	w.bareNumeric(324, append([]string{e.RoomName, string(letters)}, params...)...)
	if e.At > 0 {
		w.bareNumeric(329, e.RoomName, itoa(e.At/1000))
	}
}

func ruleIn(rows []room.Row, kind room.RightKind) *room.Row {
	for i := range rows {
		if rows[i].Right == kind {
			return &rows[i]
		}
	}
	return nil
}

// masks tells a list, and where it ends.
func (c *Client) masks(w *writer, m *mode, e *room.Event) {
	code, end, words := 367, 368, "End of channel ban list"
	switch m.letter {
	case 'e':
		code, end, words = 348, 349, "End of channel exception list"
	case 'I':
		code, end, words = 346, 347, "End of channel invite list"
	}
	for i := range e.List {
		row := &e.List[i]
		w.bareNumeric(code, e.RoomName, row.Name, orStar(row.Who), itoa(row.At/1000))
	}
	if e.Rest == nil {
		w.numeric(end, e.RoomName, words)
	}
}

// governs tells what the client has changed in a room.
func governs(c *Client, w *writer, r *request, e *room.Event) {
	if len(e.List) == 0 {
		return
	}
	row := &e.List[0]
	if row.Right == 0 && e.On {
		return // it comes with what all are told
	}
	switch {
	case e.Current && row.Right == room.RightInvite:
		w.numeric(443, nickOf(row), e.RoomName, "is already on channel")
		return
	case e.Current: // as usual, nobody is told
		return
	case row.Right == room.RightInvite && !row.Off:
		if row.Of != nil && row.Of.Away {
			w.numeric(301, nickOf(row), orStar(row.Of.Words))
		}
		w.bareNumeric(341, nickOf(row), e.RoomName)
		return
	}
	c.notesKey(r, e)
	appendRights(w, c.asOwn(e), c.tagSet(), c.keyOf(e.RoomName))
}

// appendGoverned is what somebody has changed in a room, as all read it: one MODE, or as many as it takes.
func appendGoverned(w *writer, e *room.Event, as Set) { appendRights(w, e, as, hiddenKey) }

// appendRights is appendGoverned for who reads that as the room's key.
func appendRights(w *writer, e *room.Event, as Set, key string) {
	if len(e.List) == 0 {
		return
	}
	if row := &e.List[0]; row.Right == 0 {
		if e.Verb == room.ClearRoom {
			return
		}
		w.head(e, as)
		w.send("KICK", e.RoomName, nickOf(row), orNick(row.Text, e.Who))
		return
	}
	line := modeLine{w: w, e: e, as: as, key: key}
	for i := range e.List {
		row := &e.List[i]
		if m := modeOfRight(row.Right); m != nil && (m.takes != asList || row.Name != "") { // not an invitation, what is kept, or an address, which isn't told
			line.add(row.Off != m.turned, m, row)
		}
	}
	line.end()
}

// modeLine is a MODE that is put together. When it is full another one follows.
type modeLine struct {
	w       *writer
	e       *room.Event
	as      Set
	key     string // as it is told
	letters []byte
	params  []string
	off     bool // the sign of the last letter
	left    int  // how long it may still be
}

func (l *modeLine) add(off bool, m *mode, row *room.Row) {
	param := ""
	switch {
	case m.takes == ofMember:
		param = nickOf(row)
	case m.takes == asList:
		param = row.Name
	case m.right == room.RightKey && !off:
		param = l.key
	case m.right == room.RightKey:
		param = hiddenKey
	case m.right == room.RightLimit && !off:
		param = row.Text
	}
	size := len("+x") + len(" 0") + len(param) // at most
	if len(l.letters) > 0 && size > l.left {
		l.end()
	}
	if len(l.letters) == 0 {
		l.w.head(l.e, l.as)
		l.left = l.w.room("MODE", l.e.RoomName)
	}
	if l.left -= size; len(l.letters) == 0 || l.off != off {
		l.letters = append(l.letters, map[bool]byte{false: '+', true: '-'}[off])
	}
	if l.letters, l.off = append(l.letters, m.letter), off; param != "" {
		l.params = append(l.params, param)
	}
}

// end tells what has been put together. What follows is no event of its own.
func (l *modeLine) end() {
	if len(l.letters) == 0 {
		return
	}
	l.w.head(l.e, l.as)
	l.w.bare("MODE", append([]string{l.e.RoomName, string(l.letters)}, l.params...)...)
	rest := *l.e
	rest.ID = 0
	l.e, l.letters, l.params = &rest, nil, nil
}

// nickOf is what the user of a row is called now; its name there is that of its account.
func nickOf(row *room.Row) string {
	if row.Of != nil && row.Of.Name != "" {
		return row.Of.Name
	}
	return orStar(row.Name)
}

func orNick(words, nick string) string {
	if words == "" {
		return nick
	}
	return words
}

// doUserMode is MODE for a user, which can be but the client itself.
func doUserMode(a *asking, target string) {
	switch {
	case !strings.EqualFold(target, a.c.nick):
		cmd := a.command(room.Lookup)
		cmd.Text = target
		a.only(cmd)
	case a.param(1) == "":
		a.only(a.command(room.Mark))
	default:
		a.marks(a.param(1))
	}
}

// marks has the room change the user modes that the letters say.
func (a *asking) marks(letters string) {
	off, unknown := false, false
	for _, letter := range letters { // at most as many as a line has
		switch {
		case letter == '+' || letter == '-':
			off = letter == '-'
		case strings.ContainsRune(userModes, letter):
			cmd := a.command(room.Mark)
			cmd.Name, cmd.Off = string(letter), off
			a.ask(cmd)
		default:
			unknown = true
		}
	}
	if unknown {
		a.begin()
		a.mine().done = func(_ *Client, w *writer) { w.numeric(501, "Unknown MODE flag") }
	}
	a.end()
}

// markedAs tells the client's modes, or what has changed of them.
func markedAs(c *Client, w *writer, r *request, e *room.Event) {
	switch {
	case len(e.List) > 0:
		sign := "+"
		if e.Off {
			sign = "-"
		}
		c.does(w, e)
		w.bare("MODE", c.nick, sign+e.List[0].Name)
	case r != nil && len(r.params) < 2:
		w.bareNumeric(221, e.Text)
	}
}

// otherMode answers who asks for the modes of another.
func (c *Client) otherMode(w *writer, r *request, e *room.Event) {
	if r == nil || r.command != "MODE" {
		return
	}
	if len(e.List) == 0 {
		w.numeric(401, r.params[0], "No such nick/channel")
		return
	}
	w.numeric(502, "Can't change mode for other users")
}

func refusedMode(c *Client, w *writer, r *request, e *room.Event) bool {
	switch e.Why {
	case room.Misused:
		if e.Text == "" && len(e.Who) == 1 && modeOf(e.Who[0]) == nil {
			w.numeric(472, e.Who, "is unknown mode char to me")
			return true
		}
		w.numeric(696, r.params[0], e.Who, orStar(e.Text), "Invalid mode parameter")
		return true
	case room.RoomRightsFull:
		w.numeric(478, r.params[0], letterOf(e.Text), "Channel list is full")
		return true
	case room.NotATargetThere, room.LobbyStaysOpen, room.AddressesHidden:
		w.numeric(696, r.params[0], letterOf(e.Text), orStar(e.Who), c.wordsOf(e))
		return true
	case room.NotHere:
		if e.RoomName != "" {
			w.notOnChannel(e)
			return true
		}
		w.numeric(401, orStar(e.Who), "No such nick/channel")
		return true
	}
	return refusedRoom(c, w, r, e)
}
