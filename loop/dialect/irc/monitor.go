package irc

import (
	"strings"

	"looproom/loop/room"
)

// Who comes and goes of those whom a client names (IRCv3 monitor, extended-monitor).

func doMonitor(a *asking) {
	switch {
	case a.param(0) == "+" && a.param(1) != "":
		if a.c.has(extendedMonitor) {
			a.ask(a.command(room.MonitorMore))
		}
		a.monitor(room.MonitorAdd)
	case a.param(0) == "-" && a.param(1) != "":
		a.monitor(room.MonitorDrop)
	case strings.EqualFold(a.param(0), "C"):
		a.monitor(room.MonitorClear)
	case strings.EqualFold(a.param(0), "L"):
		a.monitor(room.MonitorList)
	case strings.EqualFold(a.param(0), "S"):
		a.monitor(room.MonitorStatus)
	default:
		a.say(func(_ *Client, w *writer) { w.lacks("MONITOR") })
	}
}

func (a *asking) monitor(v room.Verb) {
	cmd := a.command(v)
	cmd.Text = a.param(1)
	a.only(cmd)
}

// online tells which of them are there.
func online(c *Client, w *writer, _ *request, e *room.Event) {
	items := make([]string, 0, len(e.List)) // at most room.MaxMonitor
	for i := range e.List {
		of := e.List[i].Of
		items = append(items, of.Name+"!"+userShown(of.User)+"@"+shownHost(of.Host))
	}
	w.wrapped(730, items, ",")
}

// offline tells which of them are not.
func offline(c *Client, w *writer, _ *request, e *room.Event) { w.wrapped(731, namesOf(e), ",") }

// monitored tells whom the client monitors.
func monitored(c *Client, w *writer, _ *request, e *room.Event) {
	w.wrapped(732, namesOf(e), ",")
	if e.Rest == nil {
		w.numeric(733, "End of MONITOR list")
	}
}

func monitorFull(c *Client, w *writer, _ *request, e *room.Event) {
	w.numeric(734, itoa(e.N), e.Text, "Monitor list is full")
}

func namesOf(e *room.Event) []string {
	names := make([]string, 0, len(e.List))
	for i := range e.List {
		names = append(names, e.List[i].Name)
	}
	return names
}
