//go:build linux

package accounts

import (
	"strconv"

	"looproom/loop/meter"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// Answers answer the clients of one loop. They belong to its goroutine.
type Answers struct {
	*Accounts
	loop     Loop
	counters *meter.Counters
	guests   guests
	talks    conversations
}

// answers has what is done for each verb that leads to an Asked. Every one ends in Loop.Answered, at once or later.
var answers = [256]func(*Answers, room.ClientID, *room.Ask){
	room.Pass:         (*Answers).checkPass,
	room.Login:        (*Answers).checkLogin,
	room.LoginBy:      loginBy,
	room.Scram:        checkScram,
	room.Oper:         (*Answers).checkOper,
	room.KeepRoom:     (*Answers).keepRoom,
	room.Keep:         keepPerson,
	room.Register:     (*Answers).register,
	room.Unregister:   (*Answers).unregister,
	room.Forget:       forget,
	room.ClearRoom:    clearRoom,
	room.Redact:       redact,
	room.Trust:        (*Answers).trust,
	room.Distrust:     (*Answers).distrust,
	room.TrustCert:    trustCert,
	room.DistrustCert: distrustCert,
	room.Certs:        listCerts,
	room.Ban:          (*Answers).setBan,
	room.Shun:         (*Answers).setBan,
	room.Unban:        (*Answers).liftBan,
	room.Bans:         (*Answers).listBans,
	room.Stats:        (*Answers).listStats,
	room.Drain:        (*Answers).drain,
}

// Asked does what the client wants, at its place in the order of its answers. The ask is kept until it is answered.
func (a *Answers) Asked(id room.ClientID, ask *room.Ask) {
	if c, here := a.loop.Client(id); !here || c.Deaf {
		return
	}
	if ask.Refusal.Why != 0 {
		a.deny(id, ask.Refusal)
		return
	}
	answers[ask.Verb](a, id, ask)
}

// Rang is when the time of an alarm has come. It may be one that means nothing any more.
func (a *Answers) Rang(id room.ClientID, alarm Alarm) {
	switch alarm {
	case WrongAnswer:
		a.answerWrong(id)
	case PassOver:
		a.passMayBeOver(id)
	case SignInOver:
		a.signInsOver()
	case ScramOver:
		scramMayBeOver(a, id)
	}
}

// deny answers that what the client wants is not done.
func (a *Answers) deny(id room.ClientID, why room.Refusal) {
	no := why.Event()
	a.answer(id, &no)
}

// answer tells the client, and goes on with its input.
func (a *Answers) answer(id room.ClientID, e *room.Event) {
	a.loop.Tell(id, e)
	a.loop.Answered(id)
}

// conclude submits a command of the client's that follows from an answer, and goes on with its input.
func (a *Answers) conclude(id room.ClientID, verb room.Verb, name string) {
	a.submit(id, verb, name)
	a.loop.Answered(id)
}

func (a *Answers) submit(id room.ClientID, verb room.Verb, name string) {
	cmd := a.command(id, verb)
	cmd.Name = name
	a.loop.Submit(&cmd)
}

// command returns a command of the client, of now.
func (a *Answers) command(id room.ClientID, verb room.Verb) room.Command {
	now := a.cfg.Clock()
	return room.Command{Verb: verb, Client: id, At: now, Wall: a.wallAt(now), N: room.None}
}

// client is a client with where it comes from, false if that can't be told any more.
func (a *Answers) client(id room.ClientID) (c Client, from remote.Remote, ok bool) {
	if c, ok = a.loop.Client(id); ok {
		from, ok = remote.OfPeer(c.Address, c.Descriptor)
	}
	return c, from, ok
}

// addressOf is the client's address, for the log.
func (a *Answers) addressOf(id room.ClientID) string {
	c, _ := a.loop.Client(id)
	return c.Address
}

// atWork has work done beside the loop. What it returns, if it returns anything, is then done on the loop, if the client is still there.
func (a *Answers) atWork(w *workers, id room.ClientID, work func() (then func())) {
	if !a.passOn(w, id, work) {
		a.deny(id, room.Refusal{Why: room.DeskBusy})
	}
}

// passOn is atWork for any goroutine. It is false if too much is waiting there.
func (a *Answers) passOn(w *workers, id room.ClientID, work func() (then func())) bool {
	return w.give(func() {
		a.loop.Guard(id, func() {
			if then := work(); then != nil {
				a.loop.PostTo(id, then)
			}
		})
	})
}

// listStats answers STATS with the numbers that an operator looks at first; --admin has all of them.
func (a *Answers) listStats(id room.ClientID, _ *room.Ask) {
	stats := a.cfg.Stats()
	figures := stats.Figures()
	rows := make([]room.Row, len(figures))
	for i, f := range figures {
		rows[i] = room.Row{Name: f.Name, Text: strconv.FormatInt(f.Value, 10)}
	}
	a.answer(id, &room.Event{Kind: room.StatList, Count: len(rows), List: rows})
}

// drain ends the server for an operator.
func (a *Answers) drain(id room.ClientID, ask *room.Ask) {
	a.log.Warn().Str("operator", ask.Operator).Str("client", a.addressOf(id)).Msg("drain asked for")
	a.loop.Tell(id, &room.Event{Kind: room.Draining})
	if a.cfg.OnDrain != nil {
		go a.cfg.OnDrain(ask.Operator)
	}
	a.loop.Answered(id)
}
