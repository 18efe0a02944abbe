//go:build linux

package loop

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/meter"
	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/store"
)

// lodging is a home by itself: what its loop would do is noted.
type lodging struct {
	*home
	told  []string
	later []func()
	goOn  []func()
	on    func(*room.Event) // is told each event, and may submit
}

func newLodging(t *testing.T) *lodging {
	t.Helper()
	s := &Server{began: time.Now(), cfg: Config{Room: room.Config{Recent: 10}}}
	var err error
	if s.registry, err = registry.Open(nil); err != nil {
		t.Fatal(err)
	}
	if s.accounts, err = s.newAccounts(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.accounts.Close)
	g := &lodging{on: func(*room.Event) {}}
	g.home = newHome(s, s.roomConfig(), meter.NewLoop(0, s.clock, zerolog.Nop()), site{
		publish: func(events []room.Event) {
			for i := range events {
				g.told = append(g.told, fmt.Sprint(events[i].Client.Slot(), events[i].Kind))
				g.on(&events[i])
			}
		},
		saw: func(time.Duration) {}, addressOf: func(room.ClientID) string { return "" },
		later: func(work func()) { g.later = append(g.later, work) }, goOn: func(work func()) { g.goOn = append(g.goOn, work) },
	})
	return g
}

func (g *lodging) command(slot uint32, verb room.Verb) *room.Command {
	cmd := g.server.command(room.NewClientID(slot, 0), verb)
	if verb == room.Say {
		cmd.Text = "hello"
	}
	return &cmd
}

func (g *lodging) connect(slot uint32) {
	cmd := g.command(slot, room.Connect)
	cmd.Name = fmt.Sprint("guest-", slot)
	g.order.Submit(cmd)
}

// TestEventsAreNotMixed: what comes up while events are told follows when all of them have been.
func TestEventsAreNotMixed(t *testing.T) {
	g := newLodging(t)
	g.connect(1)
	g.connect(2)
	g.told = nil
	done := false
	g.on = func(e *room.Event) {
		if !done {
			done = true
			g.order.Submit(g.command(2, room.Ping))
			g.order.Submit(g.command(1, room.Disconnect))
		}
	}
	cmd := g.command(1, room.SignIn)
	cmd.Name = "ann"
	g.order.Submit(cmd)
	ping, gone := fmt.Sprint(2, room.Ponged), fmt.Sprint(1, room.Gone)
	if at := slices.Index(g.told, ping); at < 1 || slices.Index(g.told, gone) < at || slices.Index(g.told, fmt.Sprint(1, room.SignedIn)) > at {
		t.Errorf("told %v, want all of the sign-in, %s, and the end of 1 behind that", g.told, ping)
	}
}

// TestCrowdLeavesInPieces: who leaves while the loop is busy does so later, in order, and nobody twice.
func TestCrowdLeavesInPieces(t *testing.T) {
	const crowd = 3000
	g := newLodging(t)
	for slot := range uint32(crowd) {
		g.connect(slot)
	}
	var gone []uint32
	g.on = func(e *room.Event) {
		if e.Kind == room.Gone {
			gone = append(gone, e.Client.Slot())
		}
	}
	g.leave(*g.command(0, room.Disconnect), false)
	if len(gone) != 1 || len(g.later) != 0 {
		t.Fatalf("%d have left and %d pieces are to come, want 1, 0: the loop has time", len(gone), len(g.later))
	}
	for slot := uint32(1); slot < crowd; slot++ {
		g.leave(*g.command(slot, room.Disconnect), slot == 1) // behind the first that waits, all do
	}
	if len(gone) != 1 || len(g.later) != 1 {
		t.Fatalf("%d have left and %d pieces are to come, want 1, 1", len(gone), len(g.later))
	}
	pieces := 0
	for ; len(g.later) > 0; pieces++ {
		before, work := len(gone), g.later[0]
		g.later = g.later[1:]
		work()
		if len(gone) == before {
			t.Fatal("a piece has nobody leave")
		}
	}
	if len(gone) != crowd || !slices.IsSorted(gone) || g.leaving != nil {
		t.Errorf("%d have left in %d pieces and %d are remembered, want all %d in order", len(gone), pieces, len(g.leaving), crowd)
	}
}

// TestCommandsInPieces: the letter with another loop's commands goes on where it stopped.
func TestCommandsInPieces(t *testing.T) {
	const count = 3000
	g := newLodging(t)
	for slot := range uint32(count) {
		g.connect(slot)
	}
	var answered []uint32
	g.on = func(e *room.Event) {
		if e.Kind == room.Ponged {
			answered = append(answered, e.Client.Slot())
		}
	}
	commands := make([]room.Command, count)
	for i := range commands {
		commands[i] = *g.command(uint32(i), room.Ping)
	}
	g.applyAll(commands)
	for len(g.goOn) > 0 {
		work := g.goOn[0]
		g.goOn = g.goOn[1:]
		work()
	}
	if len(answered) != count || !slices.IsSorted(answered) {
		t.Errorf("%d commands are answered, want %d, in order", len(answered), count)
	}
}

// TestHistoryWeight: rooms keep less while what they keep is more than its share, and again as much as they may when it is little.
func TestHistoryWeight(t *testing.T) {
	g := newLodging(t)
	g.connect(1)
	cmd := g.command(1, room.SignIn)
	cmd.Name = "ann"
	g.order.Submit(cmd)
	for range 10 {
		cmd := g.command(1, room.Say)
		cmd.Text = strings.Repeat("x", 2000)
		g.order.Submit(cmd)
	}
	kept := g.state.HistoryBytes()
	if kept < 20_000 {
		t.Fatalf("rooms keep %d bytes, want ten messages", kept)
	}
	weigh := func(memory int64) int {
		g.weighHistory(memory)
		return g.history.most
	}
	const usual = 64 << 10
	g.configure(&room.Config{Recent: 10, RecentBytes: usual})
	steps := []struct {
		name   string
		memory int64
		want   int
	}{
		{"no limit", 0, 0},
		{"enough", historyShare * 30_000, 0},
		{"too little", historyShare * 10_000, usual / 2},
		{"too little still", historyShare * 10_000, usual / 4},
		{"and still", historyShare * 10_000, usual / 8},
		{"enough for what is left", historyShare * 20_000, usual / 8},
		{"much", historyShare * 1_000_000, usual / 4},
		{"much", historyShare * 1_000_000, usual / 2},
		{"much", historyShare * 1_000_000, usual},
		{"much", historyShare * 1_000_000, usual},
		{"nearly none", historyShare, usual / 2},
	}
	for _, step := range steps {
		if got := weigh(step.memory); got != step.want {
			t.Errorf("%s: each room keeps %d bytes at most, want %d", step.name, got, step.want)
		}
	}
	for range 10 {
		weigh(historyShare)
	}
	if g.history.most != leastHistory || g.state.HistoryBytes() > leastHistory {
		t.Errorf("rooms keep %d bytes of at most %d, want at most %d", g.state.HistoryBytes(), g.history.most, leastHistory)
	}
}

// TestStartsAreNumbered: messages of a later start have greater ids, also if the clock has gone back meanwhile.
func TestStartsAreNumbered(t *testing.T) {
	dir := t.TempDir()
	last := room.MsgID(0)
	for _, began := range []string{"2026-11-21T09:30:00Z", "2026-11-21T09:30:00Z", "2026-11-20T09:30:00Z", "1970-01-01T00:00:00Z", "2026-11-21T09:30:02Z", "2026-11-22T09:30:00Z"} {
		disk, err := store.Open(dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := registry.Open(disk)
		if err != nil {
			t.Fatal(err)
		}
		when, err := time.Parse(time.RFC3339, began)
		if err != nil {
			t.Fatal(err)
		}
		cmd := room.Command{Verb: room.Start, Client: room.NoClient, Wall: when.UnixMilli()}
		(&Server{registry: kept}).number(&cmd)
		if err := disk.Close(); err != nil {
			t.Fatal(err)
		}
		g := newLodging(t)
		g.order.Submit(&cmd)
		g.on = func(e *room.Event) {
			if e.Kind == room.Said && e.ID <= last {
				t.Errorf("began %s: a message has the id %v, want one after %v", began, e.ID, last)
			}
			last = max(last, e.ID)
		}
		g.connect(1)
		for range 3 {
			g.order.Submit(g.command(1, room.Say))
		}
	}
	if want := "59650200-3"; last.String() != want {
		t.Errorf("the last id is %v, want %s", last, want)
	}
}
