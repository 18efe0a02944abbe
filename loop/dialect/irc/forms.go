package irc

import (
	"strconv"

	"looproom/loop/room"
)

// form appends what an event says to one client; r is what it answers, nil for nothing.
type form = func(c *Client, w *writer, r *request, e *room.Event)

// forms has what events for one client alone say. Those without one say nothing.
var forms [256]form

func init() { // the functions lead back to the table
	forms = [256]form{
		room.Welcomed: (*Client).welcomed,
		room.Counted:  (*Client).counted,
		room.Nicked:   (*Client).nicked,
		room.Refused:  (*Client).refused,
		room.Bye:      (*Client).left,

		room.LoggedIn:   (*Client).loggedIn,
		room.Challenged: (*Client).challenged,
		room.Joined:     (*Client).joined,
		room.JoinedToo:  (*Client).joined,
		room.LeftToo:    (*Client).leftToo,
		room.Done:       (*Client).done,
		room.TopicIs:    (*Client).topicIs,
		room.NamesAre:   (*Client).namesAre,
		room.Entered:    (*Client).came,
		room.Invited:    (*Client).invited,
		room.ModesAre:   (*Client).modesAre,
		room.MarkedAs:   (*Client).markedAs,
		room.InvitedTo:  (*Client).invitedTo,
		room.GovernDone: (*Client).governs,
		room.Tagged:     (*Client).tagged,
		room.Sent:       (*Client).sent,
		room.Whispered:  (*Client).whispered,
		room.ToldToo:    (*Client).toldToo,

		room.HistoryList: historyIs,
		room.TargetList:  targetsAre,
		room.Recalled:    recalled,
		room.Redacted:    redacted,
		room.Keeping:     keeping,
		room.ReadUpTo:    readUpTo,
		room.Missed:      missed,

		room.WhoList:     whoAre,
		room.Portrayed:   portrayed,
		room.Was:         was,
		room.Found:       found,
		room.RoomList:    listed,
		room.Online:      online,
		room.Offline:     offline,
		room.Monitored:   monitored,
		room.MonitorFull: monitorFull,
		room.WentAway:    wentAway,
		room.CameBack:    cameBack,
		room.AccountIs:   accountIs,
		room.RealIs:      realIs,
		room.HostIs:      hostIs,
		room.InvitedBy:   invitedBy,
		room.Walloped:    walloped,
	}
}

func itoa[T int | int64 | uint64](n T) string { return strconv.FormatInt(int64(n), 10) }

// me begins a line that comes from the client itself.
func (c *Client) me(w *writer) { w.from(c.nick, c.user, c.conn.Host) }

func (c *Client) nicked(w *writer, _ *request, e *room.Event) {
	if e.Text != c.nick {
		c.me(w)
		w.send("NICK", e.Text)
	}
	c.nick, w.nick = e.Text, e.Text
}

// left is the last that a client is told which has said QUIT.
func (c *Client) left(w *writer, _ *request, _ *room.Event) {
	c.hangsUp(w, "Quit")
}

func orStar(name string) string {
	if name == "" {
		return "*"
	}
	return name
}
