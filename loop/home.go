//go:build linux

package loop

import (
	"time"

	"looproom/loop/budget"
	"looproom/loop/cluster"
	"looproom/loop/door"
	"looproom/loop/meter"
	"looproom/loop/order"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// home is the room: its state, the order in which commands reach it, and what is done for it once a second. It belongs to the goroutine of one loop, the home loop,
// and knows no peers: what follows from a command goes to all loops by publish. What comes up while that is told waits for its turn, see package order.
type home struct {
	state *room.State
	order order.Order
	node  *cluster.Node // nil: the server is alone
	beat  func()        // what a node does once a second
	site  site

	server   *Server
	meter    *meter.Loop
	leaving  []room.Command // Disconnect, of clients whose connections have ended; see leave
	seen     time.Duration  // the clock, behind the last command
	history  historyWeight
	tidiness housekeeping
}

// site is what the home has of the loop that it lives on.
type site struct {
	index int
	// publish brings events to all loops, in order. They are the home's.
	publish func([]room.Event)
	// saw takes the time, which is not to be asked for again so soon.
	saw func(now time.Duration)
	// addressOf is the address of one of the loop's clients, for the log.
	addressOf func(room.ClientID) string
	// later has work go on when what has come is read, and goOn before the next letter.
	later, goOn func(work func())
}

// newHome returns a room with nobody in it, with these rules.
func newHome(s *Server, cfg room.Config, m *meter.Loop, on site) *home {
	h := &home{state: room.New(cfg), site: on, server: s, meter: m, history: historyWeight{gauge: s.budget.Gauge(budget.History), usual: cfg.RecentBytes}}
	h.order = order.New(h.apply)
	return h
}

// apply runs cmd through the room and publishes what follows.
func (h *home) apply(cmd *room.Command, waited bool) {
	began := h.server.clock()
	if !waited && h.node == nil && door.LoopOf(cmd.Client) == h.site.index {
		began = cmd.At // with its line
	}
	if cmd.Verb == room.Stored && h.node != nil {
		h.server.cluster.shared.stored(cmd)
	}
	events := h.applied(cmd)
	h.seen = h.server.clock()
	h.site.saw(h.seen)
	if line := h.meter.Applied(h.seen - began); line != nil {
		h.sayWhose(line, cmd)
	}
	h.site.publish(events)
	if h.mustSayDone(cmd) {
		h.site.publish([]room.Event{{Kind: commandDone, Scope: room.ToLoops, Client: cmd.Client}})
	}
}

// mustSayDone says whether the loop of the client has to know that cmd has been applied.
func (h *home) mustSayDone(cmd *room.Command) bool {
	if h.node != nil {
		return cmd.Client != room.NoClient && cmd.Client.Node() == h.server.doors.Node()
	}
	return cmd.Verb.AnswersLong() && door.LoopOf(cmd.Client) != h.site.index
}

// applyAll applies the commands of another loop, as a letter. It goes on piece by piece, before all letters behind it.
func (h *home) applyAll(commands []room.Command) {
	began := h.server.clock()
	for i := range commands {
		h.order.Submit(&commands[i])
		if h.seen-began >= reactor.MaxPiece && i+1 < len(commands) {
			h.site.goOn(func() { h.applyAll(commands[i+1:]) })
			return
		}
	}
}

// leave applies the Disconnect of a client whose connection has ended: at once, or in pieces when very many end at the same time, which busy says.
func (h *home) leave(cmd room.Command, busy bool) {
	if len(h.leaving) == 0 && !busy {
		h.order.Take(cmd)
		return
	}
	if h.leaving = append(h.leaving, cmd); len(h.leaving) == 1 { // one for each connection at most
		h.site.later(h.applyLeaving)
	}
}

// applyLeaving does what leave has put off, for the time of a piece.
func (h *home) applyLeaving() {
	began, done := h.server.clock(), 0
	for done < len(h.leaving) && (done == 0 || h.seen-began < reactor.MaxPiece) {
		h.order.Submit(&h.leaving[done])
		done++
	}
	if h.leaving = h.leaving[done:]; len(h.leaving) > 0 {
		h.site.later(h.applyLeaving)
		return
	}
	h.leaving = nil // a crowd is not kept in memory
}

// second is what the home does once a second.
func (h *home) second() {
	if h.node == nil {
		h.tick()
		h.weighHistory(h.server.budget.Most())
	} else {
		h.beat()
		h.history.gauge.Set(int64(h.state.HistoryBytes()))
	}
	if held := h.server.loud.Held(); held > 0 {
		h.server.log.Info().Int("clients", held).Msg("refused, too many to log each")
	}
	if h.tidiness.due(h.server.doors.Swing()) {
		h.tidiness.tidy()
	}
}

// configure has the room go by other rules, which nobody changes afterwards.
func (h *home) configure(cfg *room.Config) {
	h.history.usual = cfg.RecentBytes
	cmd := h.server.command(room.NoClient, room.Configure)
	cmd.Config = cfg
	h.order.Submit(&cmd)
}

// weighHistory counts what rooms keep, and has them keep less or more as there is memory.
func (h *home) weighHistory(memory int64) {
	if most, changed := h.history.weigh(h.state.HistoryBytes(), memory); changed {
		cmd := h.server.command(room.NoClient, room.LimitHistory)
		cmd.N = int64(most)
		h.order.Submit(&cmd)
	}
	h.history.gauge.Set(int64(h.state.HistoryBytes()))
}

// tick lets the room know that time has passed, until it has done all that follows from that.
func (h *home) tick() {
	cmd := h.server.command(room.NoClient, room.Tick)
	h.order.Submit(&cmd)
	if h.state.Behind() && !h.order.Held() {
		h.site.later(h.tick)
	}
}
