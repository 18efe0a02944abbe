package irc

import "looproom/loop/room"

// Those who run the server (Modern IRC, "Operator Messages").

func doOper(a *asking) {
	cmd := a.command(room.Oper)
	cmd.Name, cmd.Text = a.param(0), a.param(1)
	a.r.params = nil // a password is among them
	a.only(cmd)
}

func refusedOper(_ *Client, w *writer, _ *request, e *room.Event) bool {
	if e.Why.Code() == room.WrongPassword {
		w.numeric(464, "Password incorrect")
		return true
	}
	return false
}

func doKill(a *asking) {
	cmd := a.command(room.Kick)
	cmd.Name, cmd.Text = a.param(0), fitting(a.param(1))
	a.only(cmd)
}

// operatorWords are those of an operator, who may have said none.
func operatorWords(words string) string {
	if words == "" {
		return "no reason given"
	}
	return words
}

func doWallops(a *asking) {
	cmd := a.command(room.Wallops)
	cmd.Text = fitting(a.param(0))
	a.only(cmd)
}

// walloped tells what an operator says to all who want to hear that.
func walloped(c *Client, w *writer, _ *request, e *room.Event) {
	w.head(e, c.tagSet())
	w.send("WALLOPS", e.Text)
}

// doRunServer is for what other servers let their operators do from afar. This one is run from its own machine.
func doRunServer(a *asking) {
	a.say(func(_ *Client, w *writer) {
		w.numeric(481, "Permission Denied- the server is run from its own machine")
	})
}
