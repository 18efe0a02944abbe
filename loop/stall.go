//go:build linux

package loop

import (
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/room"
)

// stallAfter is from when on a loop that does one thing has kept everyone else waiting so long that the log says so.
const stallAfter = 100 * time.Millisecond

// stallQuiet is how long a loop logs no further stall after one.
const stallQuiet = time.Second

// stallKind is what a loop was at when it stalled.
type stallKind uint8

const (
	stallApply stallKind = iota // one command
	stallFlush                  // the writes of a batch
	stallBatch                  // a batch as a whole
	stallTimer                  // nothing: it was not run in time
	stallKinds
)

var stallNames = [stallKinds]string{"apply", "flush", "batch", "timer"}

// watch is how a loop looks after its own lag.
type watch struct {
	began    time.Duration // of the batch at hand; 0: there is none
	told     bool          // a stall within the batch has been noted
	notedAt  time.Duration // when the last stall was noted
	loggedAt time.Duration // when one was last logged
	unlogged int           // stalls noted since then
}

// begin notes that the loop is at work since now, if it wasn't.
func (l *eventLoop) begin(now time.Duration) {
	if l.watch.began == 0 {
		l.watch.began = now
	}
}

// beginNow is begin where the time isn't known.
func (l *eventLoop) beginNow() {
	if l.watch.began == 0 {
		l.watch.began = l.server.clock()
	}
}

// mayRest ends a batch that no flush will end.
func (l *eventLoop) mayRest() {
	switch {
	case l.flushAsked:
	case l.watch.began != 0:
		l.rest(l.server.clock())
	default:
		l.takeTally()
	}
}

// rest notes that all is done that had come.
func (l *eventLoop) rest(now time.Duration) {
	took := now - l.watch.began
	l.meters.lag.observe(took)
	if took >= stallAfter && !l.watch.told {
		l.noteStall(stallBatch, took).Uint64("lines", l.tally.lines).Uint64("deliveries", l.tally.deliveries).Msg("stall")
	}
	l.watch.began, l.watch.told = 0, false
	l.takeTally()
	l.meters.logBytes.Store(int64(l.writer.Held()))
}

// noteStall returns the beginning of a log line, nil if there have been too many. A nil event takes all that a real one does.
func (l *eventLoop) noteStall(kind stallKind, took time.Duration) *zerolog.Event {
	l.meters.stalls[kind].Add(1)
	now, w := l.server.clock(), &l.watch
	w.told, w.notedAt = true, now
	if w.loggedAt != 0 && now-w.loggedAt < stallQuiet {
		w.unlogged++
		return nil
	}
	line := l.server.log.Warn().Int("loop", l.index).Str("what", stallNames[kind]).Stringer("took", took.Round(time.Millisecond))
	if w.unlogged > 0 {
		line.Int("not_logged", w.unlogged)
	}
	w.loggedAt, w.unlogged = now, 0
	return line
}

// flushTook looks at what a turn of the sweep has taken.
func (l *eventLoop) flushTook(took time.Duration) {
	if took >= stallAfter {
		l.noteStall(stallFlush, took).Uint64("writes", l.writer.Tally.Writes).Msg("stall")
	}
}

// watched is State.Apply, and how long it took since began. Home loop only.
func (l *eventLoop) watched(cmd *room.Command, began time.Duration) []room.Event {
	events := l.applied(cmd)
	l.round.seen = l.server.clock()
	took := l.round.seen - began
	l.meters.apply.observe(took)
	if took >= stallAfter {
		l.applyTook(took, cmd.Client, cmd.Verb)
	}
	return events
}

// applyTook says whose command took long. Only the loop of a client knows its address.
func (l *eventLoop) applyTook(took time.Duration, id room.ClientID, verb room.Verb) {
	line := l.noteStall(stallApply, took).Str("verb", verbName(verb))
	switch theirs := loopOf(id); {
	case line == nil:
	case id == room.NoClient || theirs >= len(l.server.loops):
		line.Msg("stall")
	case theirs == l.index:
		line.Str("client", l.addressOf(id)).Msg("stall")
	default:
		other := l.server.loops[theirs]
		other.post(func() { line.Str("client", other.addressOf(id)).Msg("stall") })
	}
}

// addressOf is the client's address, for the log.
func (l *eventLoop) addressOf(id room.ClientID) string {
	if p := l.peer(id); p != nil {
		return p.address
	}
	return "gone"
}

// startOf is when the work on cmd began: with its line, or now if it came by mail or had to wait.
func (l *eventLoop) startOf(cmd *room.Command) time.Duration {
	if loopOf(cmd.Client) == l.index {
		return cmd.At
	}
	return l.server.clock()
}

// checkTimer is called when the timer has rung. If that comes late, the process didn't run: it was stopped, or the machine had no
// time for it. No client can help that, so the time doesn't count against those who have to make progress.
func (l *eventLoop) checkTimer() {
	late := l.server.clock() - l.timerAt
	if l.timerAt == 0 || late < stallAfter {
		return
	}
	if l.watch.notedAt < l.timerAt {
		l.meters.lag.observe(late)
		l.noteStall(stallTimer, late).Msg("stall: the process was stopped, or the machine is too busy")
	}
	l.writer.Forgive(late)
}

// verbNames are the verbs for the log.
var verbNames = map[room.Verb]string{
	room.Connect: "connect", room.Disconnect: "disconnect", room.Tick: "tick", room.Refuse: "refuse", room.Stored: "stored", room.Reply: "telnet",
	room.SignIn: "ADD", room.Nick: "NICK", room.Say: "TEXT", room.Plea: "TEXT", room.Tell: "TEXT TO", room.Act: "ME", room.List: "LIST",
	room.Rooms: "ROOMS", room.Who: "WHO", room.Join: "JOIN", room.Part: "PART", room.Topic: "TOPIC", room.Away: "AWAY",
	room.Back: "BACK", room.Recent: "RECENT", room.Send: "SEND", room.Files: "FILES", room.Get: "GET", room.Ping: "PING",
	room.Pass: "PASS", room.Register: "REGISTER", room.Login: "LOGIN", room.Unregister: "UNREGISTER", room.Oper: "OPER", room.Kick: "KICK",
	room.Ban: "BAN", room.Shun: "SHUN", room.Unban: "UNBAN", room.Bans: "BANS", room.Stats: "STATS", room.Drain: "DRAIN",
	room.Admit: "admit", room.Grant: "grant", room.LogIn: "log in", room.Registered: "registered", room.Unregistered: "unregistered",
	room.SetBan: "set ban", room.SetShun: "set shun", room.BanClient: "ban client", room.ShunClient: "shun client",
	room.Confirm: "TEXT ID", room.Help: "HELP", room.End: "END",
}

func verbName(v room.Verb) string {
	if name, ok := verbNames[v]; ok {
		return name
	}
	return "other"
}
