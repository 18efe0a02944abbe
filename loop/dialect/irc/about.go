package irc

import (
	"fmt"
	"time"

	"looproom/loop/room"
)

// What the server is (Modern IRC, "Server Queries and Commands"; RFC 2812, 3.4 and 4).

func doVersion(a *asking) {
	if a.elsewhere(0) {
		return
	}
	a.say(func(c *Client, w *writer) {
		s := c.server()
		w.numeric(351, s.Version, s.Name, "IRC beside lines and browsers")
		c.support(w)
	})
}

func doTime(a *asking) {
	if a.elsewhere(0) {
		return
	}
	a.say(func(c *Client, w *writer) {
		now := time.UnixMilli(c.now).UTC()
		w.numeric(391, c.server().Name, itoa(now.Unix()), "0", now.Format(time.RFC1123))
	})
}

func doInfo(a *asking) {
	if a.elsewhere(0) {
		return
	}
	a.say(func(c *Client, w *writer) {
		s := c.server()
		for _, words := range []string{
			s.Version,
			"The same rooms are open to clients of IRC, to browsers, and to nc.",
			"On-line since " + s.Began.UTC().Format(time.RFC1123),
		} {
			w.numeric(371, words)
		}
		w.numeric(374, "End of INFO list")
	})
}

// doLinks: there is one server.
func doLinks(a *asking) {
	mask := a.param(max(len(a.r.params)-1, 0))
	a.say(func(c *Client, w *writer) {
		s := c.server()
		if mask == "" || room.Matches(mask, s.Name) {
			w.numeric(364, s.Name, s.Name, "0 "+s.Network)
		}
		w.numeric(365, orStar(mask), "End of /LINKS list")
	})
}

// doAdmin: who runs the server is told by its message of the day, if at all.
func doAdmin(a *asking) {
	if !a.elsewhere(0) {
		a.say(func(c *Client, w *writer) { w.numeric(423, c.server().Name, "No administrative info available") })
	}
}

// doStats tells how long the server has been up. All else is for its operators, by other means.
func doStats(a *asking) {
	if a.elsewhere(1) {
		return
	}
	letter := a.param(0)
	a.say(func(c *Client, w *writer) {
		if letter == "u" {
			up := time.UnixMilli(c.now).Sub(c.server().Began)
			up = max(up, 0)
			w.numeric(242, fmt.Sprintf("Server Up %d days %d:%02d:%02d", int(up.Hours())/24, int(up.Hours())%24, int(up.Minutes())%60, int(up.Seconds())%60))
		}
		w.numeric(219, orStar(letter), "End of /STATS report")
	})
}

func doUsers(a *asking) {
	a.say(func(_ *Client, w *writer) { w.numeric(446, "USERS has been disabled") })
}

func doSummon(a *asking) {
	a.say(func(_ *Client, w *writer) { w.numeric(445, "SUMMON has been disabled") })
}

// doSupport tells what the server has once more, or before the client is a user (IRCv3 draft "extended-isupport").
func doSupport(a *asking) { a.say(func(c *Client, w *writer) { c.support(w) }) }
