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
		room.Welcomed: welcomed,
		room.Counted:  counted,
		room.Nicked:   nicked,
		room.Refused:  refused,
		room.Bye:      tellLeft,

		room.LoggedIn:   loggedIn,
		room.Challenged: challenged,
		room.CertList:   certsAre,
		room.Joined:     joined,
		room.JoinedToo:  joined,
		room.LeftToo:    leftToo,
		room.Done:       tellDone,
		room.TopicIs:    topicIs,
		room.NamesAre:   namesAre,
		room.Entered:    came,
		room.Invited:    invited,
		room.ModesAre:   modesAre,
		room.MarkedAs:   markedAs,
		room.InvitedTo:  invitedTo,
		room.GovernDone: governs,
		room.Tagged:     tellTagged,
		room.Sent:       tellSent,
		room.Whispered:  whispered,
		room.ToldToo:    toldToo,

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
		room.WentAway:    presence,
		room.CameBack:    presence,
		room.AccountIs:   accountIs,
		room.RealIs:      realIs,
		room.HostIs:      hostIs,
		room.InvitedBy:   invitedBy,
		room.RoomRenamed: roomRenamed,
		room.Walloped:    walloped,

		room.MetadataIs:     metadataIs,
		room.MetadataLater:  metadataLater,
		room.MetadataAre:    metadataAre,
		room.MetadataSynced: metadataSynced,
		room.MetadataSubbed: metadataSubbed,
	}
}

func itoa[T int | int64 | uint64](n T) string { return strconv.FormatInt(int64(n), 10) }

func nicked(c *Client, w *writer, _ *request, e *room.Event) {
	if e.Text != c.nick {
		c.does(w, e)
		w.send("NICK", e.Text)
	}
	c.nick, w.nick = e.Text, e.Text
}

// tellLeft is the last that a client is told which has said QUIT.
func tellLeft(c *Client, w *writer, _ *request, _ *room.Event) {
	c.hangsUp(w, "Quit")
}

func orStar(name string) string {
	if name == "" {
		return "*"
	}
	return name
}
