package irc

import "looproom/loop/room"

// What else changes of others is told to those who want to know (IRCv3 account-notify, setname, chghost, invite-notify, extended-monitor).

// isMe says whether e is about the client's own user.
func (c *Client) isMe(e *room.Event) bool { return e.Who == c.nick }

// mayHear says whether what e tells of somebody is for the client: what it is told for no room, but because it monitors the user, it has to have asked for.
func (c *Client) mayHear(e *room.Event) bool { return !e.Continued || c.has(extendedMonitor) }

// accountIs tells that somebody has logged in, or out.
func accountIs(c *Client, w *writer, _ *request, e *room.Event) {
	if c.isMe(e) {
		c.account = e.Text
	}
	if c.has(accountNotify) && c.mayHear(e) {
		w.head(e, c.tagSet())
		w.bare("ACCOUNT", orStar(e.Text))
	}
}

// realIs tells that somebody has another real name.
func realIs(c *Client, w *writer, _ *request, e *room.Event) {
	if c.isMe(e) {
		c.real = e.Text
	}
	if c.has(setName) && c.mayHear(e) {
		w.head(e, c.tagSet())
		w.send("SETNAME", e.Text)
	}
}

// hostIs tells that somebody comes from elsewhere.
func hostIs(c *Client, w *writer, _ *request, e *room.Event) {
	if c.has(changedHost) && c.mayHear(e) {
		w.head(e, c.tagSet())
		w.bare("CHGHOST", userShown(e.User), shownHost(e.Text))
	}
	if c.isMe(e) {
		c.conn.Host = e.Text
	}
}

// invitedBy tells who may invite into a room that another of them has.
func invitedBy(c *Client, w *writer, _ *request, e *room.Event) {
	if c.has(inviteNotify) {
		w.head(e, c.tagSet())
		w.bare("INVITE", e.Text, e.RoomName)
	}
}

// doSetName gives the client's user another real name.
func doSetName(a *asking) {
	if a.param(0) == "" {
		a.say(func(_ *Client, w *writer) { w.fail("SETNAME", "INVALID_REALNAME", "Realname is not valid") })
		return
	}
	cmd := a.command(room.SetReal)
	cmd.Real = within(a.param(0), maxReal)
	a.only(cmd)
}

func refusedSetName(c *Client, w *writer, _ *request, e *room.Event) bool {
	w.fail("SETNAME", "CANNOT_CHANGE_REALNAME", c.wordsOf(e))
	return true
}
