package irc

import (
	"bytes"
	"slices"
	"strings"

	"looproom/loop/room"
)

// Conn is what is known of a client's connection.
type Conn struct {
	Host      string // what others are shown of where it comes from
	Secure    bool   // nobody on the way can read along
	Certified bool   // it has proved that it has the key of a certificate
}

// Client is one client's side of IRC: what it has told of itself, what it has asked for and is not answered yet, and what it wants to be told. It belongs to the goroutine of the client's loop.
// Lines go in by Hear and commands for the room come out; events come in by Append and lines come out. All that a client is told is made there, in the order of the room's events.
type Client struct {
	capabilities
	conn   Conn
	server func() *Server
	spares *Spares // nil: it shares none

	nick string // as others see it; "": it is no user yet
	user string // what it calls itself, "" as long as it hasn't said
	real string
	want string // the nick that it wants, before it is a user

	rooms   []string          // that it is in, as many as one may be in; for JOIN 0
	keys    map[string]string // of those, as it has said them itself
	account string            // by which it has logged in, "" for none
	absent  string            // the words with which it is away as soon as it is a user, "": it isn't
	now     int64             // the wall clock's time when it was last answered, in milliseconds
	enters  bool              // the room is asked whether it may enter
	secrets exchange
	over    bool // its connection is to end, behind what it has been told

	last     uint32    // the number of its last request
	requests []request // that are not answered yet, the oldest first: no more than lines that the loop has taken from it
	waiting  int       // of them, those without whose answers no further line is understood
	asks     int       // and those that the accounts are asked about
	batches  uint64    // that it has been told

	subscribed []string  // the keys of metadata of which it is told, at most room.MaxSubscriptions
	syncing    []syncing // at most one for each room, and each user that it monitors

	open *opened // the batch that it has begun and not ended, nil: none
	grew uint64  // how often one has begun, or grown
}

// NewClient returns the side of a client that has just come. server is asked each time: a reload makes another.
func NewClient(server func() *Server, c Conn) *Client { return &Client{server: server, conn: c} }

// Shares has the client use what others of its goroutine have used.
func (c *Client) Shares(s *Spares) { c.spares = s }

// Set is the tags that it reads on what is said in rooms.
func (c *Client) Set() Set { return c.tagSet() }

// Over says that the client's connection is to end behind what it has been told.
func (c *Client) Over() bool { return c.over }

// hangsUp has the connection end, and says so.
func (c *Client) hangsUp(w *writer, why string) {
	w.plain("ERROR", "Closing link: ("+orStar(c.nick)+") ["+why+"]")
	c.over = true
}

// Ping is a question whether the client is there: a line without its end.
func (c *Client) Ping() string { return "PING :" + c.server().Name }

// Waits says that no further line is to be heard until an event that Append is given makes it false: what it has asked for changes how lines are to be understood.
func (c *Client) Waits() bool {
	return c.waiting > 0
}

// request is a line that is not answered yet.
type request struct {
	tag     uint32
	command string
	row     *command
	params  []string
	label   string
	key     string // of a room, that it has said
	lines   []byte // of a labeled one, until it is known how many there are
	batch   string // the reference of the batch in which its lines are told, "" for none
	many    bool   // several commands of the room came of it
	inner   string // the reference of the batch that is its answer, "" for none
	// deferred says that its answer comes later than the room has it, see Defer.
	deferred bool
	open     int                        // how many answers of several pieces have still to end
	ended    bool                       // nothing else comes
	done     func(c *Client, w *writer) // makes what the server says itself. nil: nothing
}

// Hear reads a line without its end. do is given each command of the room that follows, in order; it is borrowed. line may be rewritten.
func (c *Client) Hear(line []byte, do func(*room.Command)) {
	m, why := parse(line)
	if why == tooLong {
		c.TooLong(do)
		return
	}
	if m.command == "" {
		return
	}
	command := m.command
	r := request{command: command, params: m.params, row: commands[command]}
	if label, has := m.tag("label"); has && c.has(labeledResponse) && len(label) <= maxLabel {
		r.label = label
	}
	switch {
	case r.row == nil:
		r.row = &talkRow
		c.own(r, do, func(c *Client, w *writer) { w.numeric(421, command, "Unknown command") })
	case !m.utf8:
		c.loses()
		c.own(r, do, func(c *Client, w *writer) {
			w.fail(command, "INVALID_UTF8", "Message rejected, your client must use UTF-8")
		})
	case c.nick == "" && !r.row.early:
		c.own(r, do, func(c *Client, w *writer) { w.numeric(451, "You have not registered") })
	case len(m.params) < r.row.needs:
		c.own(r, do, func(c *Client, w *writer) { w.lacks(command) })
	default:
		line := &heard{asking: asking{c: c, r: r, give: do}, m: m}
		line.asking.m = &line.m
		r.row.do(&line.asking)
	}
}

// TooLong is Hear for a line that was longer than any line may be, and has been dropped.
func (c *Client) TooLong(do func(*room.Command)) {
	c.loses()
	c.secrets.reset() // it may have been a part of them
	c.own(request{command: "*", row: &talkRow}, do, func(c *Client, w *writer) { w.numeric(417, "Input line was too long") })
}

// loses says that a line was not read.
func (c *Client) loses() {
	if c.open != nil {
		c.open.lost = true
	}
}

// own has the server answer by itself, at the request's place in the order of all that the client is told.
func (c *Client) own(r request, do func(*room.Command), done func(*Client, *writer)) {
	a := asking{c: c, r: r, give: do}
	a.say(done)
}

// asking is a line on its way to the room.
type asking struct {
	c     *Client
	m     *message
	r     request
	give  func(*room.Command)
	begun bool
	next  *room.Command // is given when it is known whether it is the last
}

// heard is an asking with its message.
type heard struct {
	asking
	m message
}

// param is the i-th parameter, "" if there is none.
func (a *asking) param(i int) string {
	if i < len(a.r.params) {
		return a.r.params[i]
	}
	return ""
}

// command is one for the room, to be filled in and asked.
func (a *asking) command(v room.Verb) *room.Command {
	cmd := a.c.spares.command()
	cmd.Verb, cmd.N = v, room.None
	return cmd
}

// gives gives the room a command, which is nobody's then.
func (a *asking) gives(cmd *room.Command) {
	a.give(cmd)
	a.c.spares.takeCommand(cmd)
}

// ask gives the room a command of the request. end follows behind the last.
func (a *asking) ask(cmd *room.Command) {
	a.begin()
	if a.next != nil {
		a.mine().many = true
		a.gives(a.next)
	}
	cmd.Tag = a.r.tag
	a.next = cmd
}

// mine is the request, which has begun, among those that are not answered.
func (a *asking) mine() *request {
	return &a.c.requests[slices.IndexFunc(a.c.requests, func(r request) bool { return r.tag == a.r.tag })]
}

// end ends the request.
func (a *asking) end() {
	if a.begin(); a.next == nil {
		a.next = a.command(room.Reply)
		a.next.Tag = a.r.tag
	}
	last := a.next
	a.next = nil
	last.Last = !last.Verb.Asks() // else the loop ends it, see Client.Asks
	a.gives(last)
}

// begin puts the request among those that are not answered.
func (a *asking) begin() {
	if a.begun {
		return
	}
	a.begun = true
	a.c.last++
	if a.c.last == 0 {
		a.c.last = 1
	}
	a.r.tag = a.c.last
	if a.c.requests == nil {
		a.c.requests = a.c.spares.request()
	}
	a.c.requests = append(a.c.requests, a.r)
	a.c.count(a.r.row, 1)
}

// count counts a request that has come, or is answered.
func (c *Client) count(row *command, n int) {
	if !row.goesOn {
		c.waiting += n
	}
	if row.asks {
		c.asks += n
	}
}

// only asks the room for one thing.
func (a *asking) only(cmd *room.Command) {
	a.ask(cmd)
	a.end()
}

// say has the server answer by itself.
func (a *asking) say(done func(*Client, *writer)) {
	a.r.done = done
	a.end()
}

// each has do carry a request out for each of its targets, a list with commas: each is a request of its own, but where all have one label.
func (a *asking) each(targets string, do func(a *asking, target string)) {
	if targets != "" && !strings.Contains(targets, ",") {
		do(a, targets)
		a.end()
		return
	}
	all := strings.Split(targets, ",") // at most as many as a line has bytes
	if a.r.label != "" {
		for _, target := range all {
			if target != "" {
				do(a, target)
			}
		}
		a.end()
		return
	}
	for _, target := range all {
		if target == "" {
			continue
		}
		one := asking{c: a.c, m: a.m, r: a.r, give: a.give}
		one.r.params = append([]string{target}, a.r.params[1:]...)
		do(&one, target)
		one.end()
	}
}

// answersAlone is say for a command that else asks the accounts.
func (a *asking) answersAlone(done func(*Client, *writer)) {
	a.r.row = &ownRow
	a.say(done)
}

// Asks is the number of the request that the server's accounts have been asked about, 0 if there is none: when they have answered, a room.Reply of that number, without Text and with
// Last set, ends it.
func (c *Client) Asks() uint32 {
	if c.asks == 0 {
		return 0
	}
	for i := range c.requests {
		if c.requests[i].row.asks {
			return c.requests[i].tag
		}
	}
	return 0
}

// requestOf is the request that e answers, nil if it is none.
func (c *Client) requestOf(e *room.Event) *request {
	if e.Kind == room.Whispered || e.Kind == room.Tagged { // to oneself: the label is on what has been Sent
		return nil
	}
	if e.Tag == 0 && (c.asks == 0 || !isAnswer(e.Kind)) {
		return nil
	}
	for i := range c.requests {
		r := &c.requests[i]
		if r.tag == e.Tag || e.Tag == 0 && r.row.asks { // most are the first
			return r
		}
	}
	return nil
}

// isAnswer says whether events of the kind answer what a client has asked for.
func isAnswer(k room.Kind) bool { return k >= room.Answered && k < room.FilesAsked }

// Append appends what e, which is for this client alone, says to it: whole lines that end in CRLF. e is borrowed.
func (c *Client) Append(dst []byte, e *room.Event) []byte {
	r := c.requestOf(e)
	if r == nil {
		w := c.writer(dst)
		c.hears(&w, nil, e)
		return w.dst
	}
	if e.Kind == room.Replied && e.Text == "" {
		return dst
	}
	if e.Kind != room.Answered {
		deferred := r.deferred
		if dst = c.answers(dst, r, e); deferred && e.Rest == nil {
			dst = c.finish(dst, r)
		}
		return dst
	}
	if r.deferred {
		return dst
	}
	c.now = e.At
	if r.ended = true; r.open > 0 {
		return dst
	}
	return c.ends(dst, r)
}

// ends tells what the server says itself behind all that answers r, and ends it.
func (c *Client) ends(dst []byte, r *request) []byte {
	if r.done != nil {
		dst = c.inside(dst, r, false, func(w *writer) { r.done(c, w) })
	}
	return c.finish(dst, r)
}

// answers appends what e answers to r.
func (c *Client) answers(dst []byte, r *request, e *room.Event) []byte {
	switch {
	case e.Rest != nil && !e.Continued:
		r.open++
	case e.Rest == nil && e.Continued:
		r.open--
	}
	dst = c.inside(dst, r, e.Rest != nil || e.Continued, func(w *writer) { c.hears(w, r, e) })
	if r.ended && r.open == 0 {
		return c.ends(dst, r)
	}
	return dst
}

// writer is one for the client.
func (c *Client) writer(dst []byte) writer {
	return writer{dst: dst, nick: c.nick, server: c.server().Name}
}

// hears appends what e says; r is what it answers, nil for nothing.
func (c *Client) hears(w *writer, r *request, e *room.Event) {
	if form := forms[e.Kind]; form != nil {
		form(c, w, r, e)
	}
}

// inside has lines told that answer r: with its label, if it has one. long says that there are many, and further ones come.
func (c *Client) inside(dst []byte, r *request, long bool, tell func(w *writer)) []byte {
	if r.label == "" {
		w := c.writer(dst)
		tell(&w)
		return w.dst
	}
	if r.batch == "" && (long || r.many) {
		r.batch = c.newBatch()
		w := c.writer(dst)
		w.tag("label", r.label)
		w.bare("BATCH", "+"+r.batch, "labeled-response")
		dst = appendTagged(w.dst, r.lines, "batch="+r.batch)
		r.lines = nil
	}
	w := c.writer(nil)
	tell(&w)
	if r.batch != "" {
		return appendTagged(dst, w.dst, "batch="+r.batch)
	}
	r.lines = append(r.lines, w.dst...)
	return dst
}

// newBatch is the reference of a batch that is about to be told.
func (c *Client) newBatch() string {
	c.batches++
	return "b" + itoa(c.batches)
}

// finish ends r: nothing more answers it.
func (c *Client) finish(dst []byte, r *request) []byte {
	w := c.writer(dst)
	switch n := bytes.Count(r.lines, []byte{'\n'}); {
	case r.label == "":
	case r.batch != "":
		w.bare("BATCH", "-"+r.batch)
	case n == 0:
		w.tag("label", r.label)
		w.bare("ACK")
	case n == 1 || isOneBatch(r.lines):
		first := bytes.IndexByte(r.lines, '\n') + 1
		w.dst = appendTagged(w.dst, r.lines[:first], "label="+string(appendEscaped(nil, r.label)))
		w.dst = append(w.dst, r.lines[first:]...)
	default:
		batch := c.newBatch()
		w.tag("label", r.label)
		w.bare("BATCH", "+"+batch, "labeled-response")
		w.dst = appendTagged(w.dst, r.lines, "batch="+batch)
		w.bare("BATCH", "-"+batch)
	}
	c.forget(r)
	return w.dst
}

// forget takes an answered request out: mostly the oldest.
func (c *Client) forget(r *request) {
	tag := r.tag
	c.count(r.row, -1)
	if len(c.requests) == 1 && cap(c.requests) == 1 {
		c.spares.takeRequest(c.requests)
		c.requests = nil
		return
	}
	if r == &c.requests[0] {
		*r = request{}
		c.requests = c.requests[1:]
	} else {
		c.requests = slices.DeleteFunc(c.requests, func(one request) bool { return one.tag == tag })
	}
	if len(c.requests) == 0 {
		c.requests = nil // most clients have none most of the time
	}
}

// elsewhere answers who asks another server than this one, by the i-th parameter, and says whether that is so.
func (a *asking) elsewhere(i int) bool {
	name := a.param(i)
	if name == "" || room.Matches(name, a.c.server().Name) || strings.EqualFold(name, a.c.nick) {
		return false
	}
	a.say(func(_ *Client, w *writer) { w.numeric(402, name, "No such server") })
	return true
}

// accountTold is the client's account as others are told it behind what it does, "" for none: as names are compared.
func (c *Client) accountTold() string {
	if c.account == "" {
		return ""
	}
	return room.NameKey(c.account)
}

// asOwn is e as what the client's own user does.
func (c *Client) asOwn(e *room.Event) *room.Event {
	own := *e
	own.Who, own.User, own.Host, own.Account = c.nick, c.user, c.conn.Host, c.accountTold()
	return &own
}

// does begins a line of what the client has done itself, with the tags that it reads.
func (c *Client) does(w *writer, e *room.Event) {
	done := c.asOwn(e)
	done.ID, done.Tags = 0, "" // it is no message
	w.head(done, c.tagSet())
}
