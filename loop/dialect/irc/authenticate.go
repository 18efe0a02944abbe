package irc

import "looproom/loop/room"

// Logging in (IRCv3 "SASL Authentication"), and registering an account.

func doAuthenticate(a *asking) {
	if !a.c.has(sasl) {
		a.answersAlone(func(_ *Client, w *writer) { w.numeric(421, "AUTHENTICATE", "Ask for the capability sasl first") })
		return
	}
	if a.c.account != "" && a.c.secrets.by == noMechanism && a.c.nick == "" {
		a.answersAlone(func(_ *Client, w *writer) { w.numeric(907, "You have already authenticated using SASL") })
		return
	}
	step, what := a.c.secrets.take(a.param(0), a.c.conn.Certified)
	a.r.params = nil // they may be secret
	if step != saslAsk {
		a.answersAlone(func(c *Client, w *writer) { w.authenticated(step, c.conn.Certified) })
		return
	}
	cmd := a.command(what.verb)
	cmd.Name, cmd.Text = what.name, what.text
	a.only(cmd)
}

// challenged tells what the client has to answer.
func challenged(c *Client, w *writer, _ *request, e *room.Event) {
	for piece := range saslPieces(e.Text) { // at most as many as a message of SCRAM has
		w.dst = append(append(append(w.dst, "AUTHENTICATE "...), piece...), "\r\n"...)
	}
}

// loggedIn tells the client by which account it is in the chat, or will be.
func loggedIn(c *Client, w *writer, r *request, e *room.Event) {
	c.account = e.Who
	if c.secrets.reset(); r != nil && r.row == &enterRow {
		return // Welcomed has told it
	}
	c.tellAccount(w)
	if r != nil && r.command == "AUTHENTICATE" {
		w.numeric(903, "SASL authentication successful")
	}
	if e.Host != "" && c.nick != "" {
		c.isShownAs(w, e)
	}
	if c.nick != "" && c.nick != e.Text { // it is one more client of somebody
		nicked(c, w, r, &room.Event{Text: e.Text, At: e.At})
	}
}

// isShownAs tells the client what it is shown as from now on, if that is another: it is one more client of somebody.
func (c *Client) isShownAs(w *writer, e *room.Event) {
	user, host := userShown(e.User), e.Host
	if user == c.user && host == c.conn.Host {
		return
	}
	if c.has(changedHost) {
		c.does(w, e)
		w.bare("CHGHOST", user, host)
	}
	c.user, c.conn.Host = user, host
}

// tellAccount tells the client by which account it is logged in.
func (c *Client) tellAccount(w *writer) {
	w.numeric(900, orStar(c.nick)+"!"+orStar(c.user)+"@"+c.conn.Host, c.account, "You are now logged in as "+c.account)
}

func refusedSASL(c *Client, w *writer, _ *request, e *room.Event) bool {
	c.secrets.reset()
	w.numeric(saslNumeric(e.Why), "SASL authentication failed: "+c.wordsOf(e))
	return true
}

func doRegister(a *asking) {
	nick := a.c.nick
	if nick == "" {
		nick = a.c.want
	}
	cmd, fail := registration(a.r.params, nick, a.c.account)
	name := a.param(0)
	a.r.params = nil // there is a password in it
	if fail != "" {
		a.answersAlone(func(c *Client, w *writer) { w.fail("REGISTER", fail, orStar(name), unregistered[fail]) })
		return
	}
	a.only(&cmd)
}

// doVerify is for who believes that an account is to be verified: none is.
func doVerify(a *asking) {
	name, code := repeated(a.param(0)), "INVALID_CODE"
	if a.c.account != "" {
		code = "ALREADY_AUTHENTICATED"
	}
	a.say(func(_ *Client, w *writer) { w.fail("VERIFY", code, name, "Accounts need not be verified") })
}

func refusedRegister(c *Client, w *writer, _ *request, e *room.Event) bool {
	name := c.nick
	if name == "" {
		name = c.want
	}
	w.fail("REGISTER", registrationFail(e.Why), orStar(name), c.wordsOf(e))
	return true
}

// registered tells the client that it has an account now.
func (c *Client) registered(w *writer, e *room.Event) {
	c.account = e.Who
	w.send("REGISTER", "SUCCESS", e.Who, "Your name is kept for you")
	c.tellAccount(w)
}
