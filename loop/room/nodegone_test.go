package room

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// catchUp has time pass until nothing is left to be done at once.
func catchUp(s *State, at time.Duration, wall int64) (events []Event) {
	for first := true; first || s.Behind(); first = false {
		events = append(events, unfolded(s.Apply(&Command{Verb: Tick, Client: NoClient, At: at, Wall: wall}))...)
	}
	return events
}

// anyCommandOnNodes is anyCommand of clients on three nodes, without absences, which are for Ticks as well.
func anyCommandOnNodes(random *rand.Rand, step int, rounds []uint32, disk *keeper) Command {
	cmd := anyCommand(random, step, rounds, disk)
	cmd.Client = onNodes(cmd.Client)
	if cmd.Config != nil {
		cmd.Config.AwayAfter = 0
	}
	return cmd
}

// TestNodeGoneIsAsDisconnect: when a node is gone it is for all others as if each of its clients had gone, the last slot first.
func TestNodeGoneIsAsDisconnect(t *testing.T) {
	random, rounds, cfg := rand.New(rand.NewPCG(17, 18)), make([]uint32, 40), replayConfig
	cfg.AwayAfter = 0
	one, other, disk, ended := New(cfg), New(cfg), keeper{}, 0
	for step := range 20_000 {
		cmd := anyCommandOnNodes(random, step, rounds, &disk)
		want := unfolded(one.Apply(&cmd))
		if got := unfolded(other.Apply(&cmd)); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %+v gives\n%+v, want\n%+v", step, cmd, got, want)
		}
		disk.hear(want)
		if random.IntN(200) > 0 {
			continue
		}
		catchUp(one, cmd.At, cmd.Wall)
		catchUp(other, cmd.At, cmd.Wall)
		gone := Command{Verb: NodeGone, Client: NoClient, At: cmd.At, Wall: cmd.Wall, N: int64([]uint8{0, 7, 255}[random.IntN(3)]), Text: "The server n2 is gone"}
		var there []ClientID
		if int(gone.N) < len(other.people.slots) {
			for slot, u := range other.people.slots[gone.N] {
				if u != nil {
					for of := range u.sessions {
						if of.client.sharesSlot(NewClientID(uint32(slot), 0).On(uint8(gone.N))) {
							there = append(there, of.client)
						}
					}
				}
			}
		}
		got := append(unfolded(one.Apply(&gone)), catchUp(one, cmd.At, cmd.Wall)...)
		want = nil
		for n := len(there) - 1; n >= 0; n-- {
			ended++
			want = append(want, unfolded(other.Apply(&Command{Verb: Disconnect, Client: there[n], At: cmd.At, Wall: cmd.Wall, Text: gone.Text, N: lostWithNode}))...)
		}
		want = append(append(want, unfolded(other.Apply(&gone))...), catchUp(other, cmd.At, cmd.Wall)...)
		for i := range want {
			switch e := &want[i]; e.Kind {
			case Quit:
				e.Verb = NodeGone
			case Gone:
				e.On = true
			}
		}
		disk.hear(got)
		got, want = withoutRecords(got), withoutRecords(want) // which are told behind the other events of each command
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: node %d is gone, and that gives\n%+v, want\n%+v", step, gone.N, got, want)
		}
		if d := difference(one, other); d != "" {
			t.Fatalf("step %d: behind that, they differ:\n%s", step, d)
		}
		checkLinks(t, one)
	}
	if ended < 200 {
		t.Errorf("%d clients were on nodes that went: the test has lost its point", ended)
	}
}

func withoutRecords(events []Event) (others []Event) {
	for _, e := range events {
		if e.Kind != RecordChanged {
			others = append(others, e)
		}
	}
	return others
}

// TestNodesComeAndGo: whatever happens while clients of nodes have still to be ended, these send nothing any more, those that come meanwhile stay, and a State that is restored goes on so.
func TestNodesComeAndGo(t *testing.T) {
	random, rounds, disk := rand.New(rand.NewPCG(19, 20)), make([]uint32, 40), keeper{}
	s, other := New(replayConfig), New(replayConfig)
	here := map[ClientID]bool{} // those that are on a node that isn't gone
	pending, came, saves := 0, 0, 0
	for step := range 60_000 {
		cmd := anyCommand(random, step, rounds, &disk)
		cmd.Client = onNodes(cmd.Client)
		switch node := []uint8{0, 7, 255}[random.IntN(3)]; {
		case random.IntN(50) == 0:
			cmd = Command{Verb: NodeGone, Client: NoClient, At: cmd.At, Wall: cmd.Wall, N: int64(node), Text: "gone"}
			for id := range here {
				if id.Node() == node {
					delete(here, id)
				}
			}
		case cmd.Verb == Tick && random.IntN(4) > 0:
			cmd.Verb = Ping
		case random.IntN(20) == 0: // one that was on a node that is gone comes again as it was
			if len(s.people.gone) > 0 {
				g := &s.people.gone[0]
				last := len(g.slots) - 1
				if u := g.slots[last]; u != nil {
					cmd = Command{Verb: Connect, Client: u.first.client, At: cmd.At, Wall: cmd.Wall, Name: fmt.Sprint("10.7.0.1:", step)}
					came++
				}
			}
		}
		if len(s.people.gone) > 0 {
			pending++
		}
		was := here[cmd.Client]
		want := unfolded(s.Apply(&cmd))
		if got := unfolded(other.Apply(&cmd)); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %+v gives\n%+v, want\n%+v", step, cmd, got, want)
		}
		disk.hear(want)
		for _, e := range want {
			if e.Kind == Gone {
				if e.On == here[e.Client] {
					t.Fatalf("step %d: of %x it is told that its node is gone: %v", step, e.Client, e.On)
				}
				if !e.On {
					delete(here, e.Client)
				}
			}
		}
		if cmd.Verb == Connect {
			here[cmd.Client] = true
		} else if !was && cmd.Client != NoClient && len(of(Said, want))+len(of(Ponged, want)) > 0 {
			t.Fatalf("step %d: %x isn't there and does %+v", step, cmd.Client, want)
		}
		checkLinks(t, s)
		if random.IntN(200) == 0 {
			saves++
			again, file := restored(t, other)
			if !bytes.Equal(file, saved(s)) {
				t.Fatalf("step %d: they are saved differently", step)
			}
			if d := difference(s, again); d != "" {
				t.Fatalf("step %d: what is restored differs:\n%s", step, d)
			}
			other = again
		}
		if step%500 == 0 {
			checkHere(t, s, here)
		}
	}
	if pending < 1000 || came < 50 || saves < 100 {
		t.Errorf("clients had to be ended at %d commands, of them %d came anew, %d saves: the test has lost its point", pending, came, saves)
	}
}

// checkHere checks that those are there who should, and nobody else but those that have still to be ended.
func checkHere(t *testing.T, s *State, here map[ClientID]bool) {
	t.Helper()
	for id := range here {
		if s.people.of(id) == nil {
			t.Fatalf("%x is there no more", id)
		}
	}
	for _, of := range s.people.slots {
		for _, u := range of {
			if u != nil {
				for session := range u.sessions {
					if !here[session.client] && s.people.goneWith(session.client) == nil {
						t.Fatalf("%x of %q is still there", session.client, u.name)
					}
				}
			}
		}
	}
}

// TestNodeGoneIsToldOnce: what a room hears, and that who stays comes back to what its node may not have given it.
func TestNodeGoneIsToldOnce(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Recent: 10})
	for n := range uint32(2) {
		id := NewClientID(0, 1).On(uint8(n + 1))
		s.Apply(&Command{Verb: Connect, Client: id, Name: fmt.Sprint("10.0.0.1:", n)})
		s.Apply(&Command{Verb: SignIn, Client: id, Name: []string{"ann", "bob"}[n]})
		s.Apply(&Command{Verb: Join, Client: id, Name: "#go"})
	}
	ann, bob := NewClientID(0, 1).On(1), NewClientID(0, 1).On(2)
	s.Apply(&Command{Verb: Registered, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: Keep, Client: bob, N: 1})
	s.Apply(&Command{Verb: PersonKept, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: Say, Client: ann, Text: "did that reach you"})
	for _, none := range []int64{3, 0, None, 256, 1 << 40} {
		if events := s.Apply(&Command{Verb: NodeGone, Client: NoClient, N: none}); len(events) > 0 || s.Behind() {
			t.Errorf("node %d, which there isn't, is gone: %+v", none, events)
		}
	}
	if events := s.Apply(&Command{Verb: NodeGone, Client: NoClient, N: 2, Text: "The server n2 is gone"}); len(events) > 0 || !s.Behind() {
		t.Errorf("NodeGone gives %+v, want that there is more to do", events)
	}
	if events := s.Apply(&Command{Verb: Say, Client: bob, Text: "I am still here"}); len(events) > 0 {
		t.Errorf("who is on a node that is gone says something: %+v", events)
	}
	if quit := of(Quit, catchUp(s, 0, 0)); len(quit) > 0 || s.names.byName("bob") == nil {
		t.Errorf("bob stays, and is told to be gone: %+v", quit)
	}
	back := NewClientID(0, 1).On(2)
	s.Apply(&Command{Verb: Connect, Client: back, Name: "10.0.0.1:3"})
	missed := of(Missed, s.Apply(&Command{Verb: LogIn, Client: back, Name: "bob"}))
	if len(missed) != 1 || len(missed[0].List) != 1 || missed[0].List[0].Text != "did that reach you" {
		t.Errorf("bob comes back to %+v", missed)
	}
	s.Apply(&Command{Verb: NodeGone, Client: NoClient, N: 1, Text: "The server n1 is gone"})
	quit := of(Quit, catchUp(s, 0, 0))
	if len(quit) != 1 || quit[0].Who != "ann" || quit[0].Text != "The server n1 is gone" || quit[0].Verb != NodeGone || s.names.byName("ann") != nil || s.Behind() {
		t.Errorf("of ann it is told %+v", quit)
	}
}
