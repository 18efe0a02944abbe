package irc

import (
	"strconv"
	"strings"
	"time"

	"looproom/loop/room"
)

// What has been said (IRCv3 draft/chathistory).

const (
	historyBatch = "chathistory"
	targetsBatch = "draft/chathistory-targets"
)

// historyCommand is one of those behind CHATHISTORY: how many references to messages it has, and what it looks for with them. All but TARGETS have a target in front of them.
type historyCommand struct {
	refs   int
	bounds func(l *room.Look, refs []reference)
}

var historyCommands = map[string]historyCommand{
	"LATEST":  {1, lookLatest},
	"BEFORE":  {1, func(l *room.Look, refs []reference) { refs[0].before(l) }},
	"AFTER":   {1, func(l *room.Look, refs []reference) { refs[0].after(l) }},
	"AROUND":  {1, func(l *room.Look, refs []reference) { l.Around, l.AroundAt = refs[0].id, refs[0].at }},
	"BETWEEN": {2, lookBetween},
	"TARGETS": {2, lookBetween},
}

// lookLatest looks for the last messages, behind a reference if there is one.
func lookLatest(l *room.Look, refs []reference) {
	if l.Latest = true; refs[0] != (reference{}) {
		refs[0].after(l)
	}
}

// lookBetween looks for messages between two references, from the first on: backwards, if that is the later one.
func lookBetween(l *room.Look, refs []reference) {
	from, to := refs[0], refs[1]
	if l.Latest = from.id > to.id && to.id != 0 || from.at > to.at && to.at != 0; l.Latest {
		from, to = to, from
	}
	from.after(l)
	to.before(l)
}

// reference names a message, or a time in milliseconds of wall clock: one of them is not 0. The zero value is *.
type reference struct {
	id room.MsgID
	at int64
}

// referenceOf reads one: msgid=57024000-42, or timestamp=2026-11-27T12:00:00.000Z.
func referenceOf(param string) (r reference, ok bool) {
	kind, value, _ := strings.Cut(param, "=")
	switch kind {
	case "msgid":
		r.id, ok = room.ParseMsgID(value)
		r.id = max(r.id, 1)
	case "timestamp":
		r.at, ok = timeOf(value)
	}
	return r, ok
}

// timeOf reads a time as server-time has it, in milliseconds of wall clock, at least 1.
func timeOf(value string) (at int64, ok bool) {
	t, err := time.Parse(time.RFC3339, value)
	return max(t.UnixMilli(), 1), err == nil
}

func (r reference) before(l *room.Look) { l.Before, l.BeforeAt = r.id, r.at }

// after: what is said at the time itself isn't meant.
func (r reference) after(l *room.Look) {
	if l.After = r.id; r.at != 0 {
		l.AfterAt = r.at + 1
	}
}

func doHistory(a *asking) {
	if len(a.r.params) == 0 {
		historyFails(a, "NEED_MORE_PARAMS", "*", "Missing parameters")
		return
	}
	name := strings.ToUpper(a.param(0))
	sub, known := historyCommands[name]
	targets := name == "TARGETS"
	rest := a.r.params[1:]
	if !known {
		historyFails(a, "UNKNOWN_COMMAND", a.param(0), "Unknown command")
		return
	}
	cmd := a.command(room.Targets)
	if !targets && len(rest) > 0 {
		cmd = a.command(room.History)
		cmd.Name, rest = rest[0], rest[1:]
	}
	if len(rest) < sub.refs+1 {
		historyFails(a, "NEED_MORE_PARAMS", name, "Missing parameters")
		return
	}
	refs := make([]reference, sub.refs)
	for i := range refs {
		ok := false
		if refs[i], ok = referenceOf(rest[i]); ok && (!targets || refs[i].at != 0) || name == "LATEST" && rest[i] == "*" {
			continue
		}
		historyFails(a, "INVALID_PARAMS", name, rest[i], "Invalid message reference")
		return
	}
	n, err := strconv.Atoi(rest[sub.refs])
	if err != nil || n < 1 {
		historyFails(a, "INVALID_PARAMS", name, rest[sub.refs], "Invalid limit")
		return
	}
	cmd.N, cmd.Look = int64(min(n, maxHistory)), &room.Look{Events: a.c.has(eventPlayback)}
	sub.bounds(cmd.Look, refs)
	a.only(cmd)
}

func historyFails(a *asking, code string, about ...string) {
	a.say(func(_ *Client, w *writer) { w.fail("CHATHISTORY", code, about...) })
}

// refusedHistory is how who has asked for what was said reads that it isn't told.
func refusedHistory(c *Client, w *writer, r *request, e *room.Event) bool {
	code, about := "MESSAGE_ERROR", []string{strings.ToUpper(r.params[0])}
	if about[0] != "TARGETS" && len(r.params) > 1 {
		about = append(about, r.params[1])
	}
	words := c.wordsOf(e)
	switch e.Why {
	case room.HistoryOff, room.TooManyLooks, room.LookFailed:
	default:
		code, words = "INVALID_TARGET", "Messages could not be retrieved"
	}
	w.fail("CHATHISTORY", code, append(about, words)...)
	return true
}

// Defer says that what the client has asked for under that number is answered later than the room has it: the piece of its answer that no other follows ends it.
func (c *Client) Defer(tag uint32) {
	for i := range c.requests {
		if c.requests[i].tag == tag {
			c.requests[i].deferred = true
		}
	}
}

// historyIs tells what was said, as one batch, whose last piece nothing is behind.
func historyIs(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil {
		return
	}
	if !e.Continued {
		r.inner = openBatch(c, w, historyBatch, e.RoomName)
	}
	plays(c, w, r.inner, e.RoomName, e.List)
	if e.Rest == nil {
		closeBatch(c, w, r.inner)
	}
}

// targetsAre tells in which places something was said last.
func targetsAre(c *Client, w *writer, r *request, e *room.Event) {
	if r == nil {
		return
	}
	if !e.Continued {
		r.inner = openBatch(c, w, targetsBatch)
	}
	for i := range e.List {
		w.batch(r.inner)
		w.bare("CHATHISTORY", "TARGETS", e.List[i].Who, time.UnixMilli(e.List[i].At).UTC().Format(timeLayout))
	}
	if e.Rest == nil {
		closeBatch(c, w, r.inner)
	}
}

// openBatch opens a batch, for who knows of them. It returns its reference, "" for none.
func openBatch(c *Client, w *writer, params ...string) (batch string) {
	if !c.has(batches) {
		return ""
	}
	batch = c.newBatch()
	w.bare("BATCH", append([]string{"+" + batch}, params...)...)
	return batch
}

func closeBatch(c *Client, w *writer, batch string) {
	if batch != "" {
		w.bare("BATCH", "-"+batch)
	}
}

// plays tells what was said before, in a batch, if there is one: to a room, or to and by the client's user in a conversation; and what was done to a room.
func plays(c *Client, w *writer, batch, place string, rows []room.Row) {
	w.inBatch = batch
	defer func() { w.inBatch = "" }()
	for i := range rows {
		row := &rows[i]
		if row.Event {
			if is, ok := room.ParseRoomEvent(row.Text); ok {
				e := is.Event(place, row)
				shared[e.Kind](w, &e, c.tagSet())
			}
			continue
		}
		to := place
		if row.Own || place == "" {
			if to = c.nick; row.Own && row.Who != row.Name {
				to = row.Who
			}
		}
		said := room.Event{Kind: room.Said, Who: row.Name, Account: row.Account, Text: row.Text, ID: row.ID, At: row.At, Notice: row.Notice}
		w.message(&said, c.tagSet(), to, row.Action)
	}
}

// recalls says whether the client is told what was said before by itself: if it shows when that was, as irssi does, which knows no batches, and doesn't ask for what it wants.
func recalls(c *Client) bool { return c.has(serverTime) && !c.has(chatHistory) }

// recalled tells the last messages of a room that the client has come into. Each piece is a batch of its own.
func recalled(c *Client, w *writer, _ *request, e *room.Event) {
	if len(e.List) > 0 && recalls(c) {
		playsIn(c, w, e.RoomName, e.List)
	}
}

func playsIn(c *Client, w *writer, place string, rows []room.Row) {
	batch := openBatch(c, w, historyBatch, place)
	plays(c, w, batch, place, rows)
	closeBatch(c, w, batch)
}

// missed tells what was said while the client's user had no session. What was said to it alone it is told in any case, but if it asks for it itself.
func missed(c *Client, w *writer, r *request, e *room.Event) {
	switch {
	case e.RoomName != "":
		recalled(c, w, r, e)
	case recalls(c):
		for rows := e.List; len(rows) > 0; {
			n := 1
			for n < len(rows) && rows[n].Name == rows[0].Name {
				n++
			}
			batch := openBatch(c, w, historyBatch, rows[0].Name)
			plays(c, w, batch, "", rows[:n])
			closeBatch(c, w, batch)
			rows = rows[n:]
		}
	case !c.has(chatHistory):
		plays(c, w, "", "", e.List)
	}
}
