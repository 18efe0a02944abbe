package room

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// hashOf is the hash of a State that is kept from its beginning, behind so many commands, of which it may be that others are done as turned has it.
func hashOf(t *testing.T, seed uint64, commands int, turned func(step int, cmd *Command) (leftOut bool), between func(step int, s *State) *State) []uint64 {
	t.Helper()
	random, rounds, disk := rand.New(rand.NewPCG(seed, 1)), make([]uint32, 30), keeper{}
	s := New(replayConfig)
	s.KeepHash()
	all := []uint64{s.Hash()}
	for step := range commands {
		cmd := anyCommand(random, step, rounds, &disk)
		if turned == nil || !turned(step, &cmd) {
			disk.hear(s.Apply(&cmd))
		}
		if all = append(all, s.Hash()); between != nil {
			s = between(step, s)
		}
	}
	return all
}

// TestHashIsThatOfTheState: two States with the same commands have the same hash behind each, also if one has been saved and restored in between; each command has another one.
func TestHashIsThatOfTheState(t *testing.T) {
	const commands = 3000
	one, seen := hashOf(t, 1, commands, nil, nil), map[uint64]bool{}
	other := hashOf(t, 1, commands, nil, func(step int, s *State) *State {
		if step%50 == 0 {
			s, _ = restored(t, s)
		}
		return s
	})
	for step := range one {
		if one[step] != other[step] {
			t.Fatalf("step %d: %x and %x of two that have applied the same commands", step, one[step], other[step])
		}
		if seen[one[step]] || one[step] == 0 {
			t.Fatalf("step %d has the hash of another one, %x", step, one[step])
		}
		seen[one[step]] = true
	}
}

// TestHashTellsOneCommand: it is another one for good when one command is left out, or is another one.
func TestHashTellsOneCommand(t *testing.T) {
	const commands = 300
	want := hashOf(t, 2, commands, nil, nil)
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		at := random.IntN(commands)
		how := random.IntN(7)
		got := hashOf(t, 2, commands, func(step int, cmd *Command) bool {
			if step != at {
				return false
			}
			switch how {
			case 0:
				return true
			case 1:
				cmd.At++
			case 2:
				cmd.Client ^= 1
			case 3:
				cmd.Name += "x"
			case 4:
				cmd.N++
			case 5:
				cmd.Wall++
			case 6:
				cmd.Off = !cmd.Off
			}
			return false
		}, nil)
		if got[at] != want[at] || got[commands] == want[commands] {
			t.Fatalf("command %d is another one (%d), and the hash is %x in front of it and %x at the end; of the others %x and %x", at, how, got[at], got[commands], want[at], want[commands])
		}
	}
}

// TestHashTellsOneEvent: each of what an event has counts, wherever it stands, but for what follows from the rest or may be secret.
func TestHashTellsOneEvent(t *testing.T) {
	said := func() Event {
		return Event{Kind: Said, Scope: ToRoom, Client: 7, Room: 3, Who: "ann", Text: strings.Repeat("what is said ", 5), Rooms: []RoomID{1, 2}, List: []Row{{Name: "bob", Text: "words"}, {}}}
	}
	sums := map[uint64]string{}
	note := func(what string, change func(e *Event)) {
		e, h := said(), runningHash{sum: 1}
		change(&e)
		h.event(&e)
		if other, is := sums[h.sum]; is {
			t.Errorf("%s is as %s", what, other)
		}
		sums[h.sum] = what
	}
	note("nothing", func(*Event) {})
	for what, change := range map[string]func(e *Event){
		"kind": func(e *Event) { e.Kind = Acted }, "scope": func(e *Event) { e.Scope = ToClient }, "client": func(e *Event) { e.Client++ }, "node": func(e *Event) { e.Client = e.Client.On(1) },
		"room": func(e *Event) { e.Room++ }, "why": func(e *Event) { e.Why++ }, "who": func(e *Event) { e.Who = "anm" }, "no who": func(e *Event) { e.Who = "" },
		"who in words": func(e *Event) { e.Who, e.Text = "", e.Who+e.Text }, "id": func(e *Event) { e.ID++ }, "at": func(e *Event) { e.At++ }, "place": func(e *Event) { e.Place++ },
		"count": func(e *Event) { e.Count++ }, "n": func(e *Event) { e.N++ }, "rooms": func(e *Event) { e.Rooms = []RoomID{2, 1} }, "less rooms": func(e *Event) { e.Rooms = e.Rooms[:1] },
		"rows": func(e *Event) { e.List = e.List[:1] }, "row": func(e *Event) { e.List[0].Name = "eve" }, "words of a row": func(e *Event) { e.List[0].Text = "w" },
		"notice": func(e *Event) { e.Notice = true }, "programs": func(e *Event) { e.Programs = true }, "off": func(e *Event) { e.Off = true }, "on": func(e *Event) { e.On = true },
		"current": func(e *Event) { e.Current = true }, "continued": func(e *Event) { e.Continued = true },
		"digest": func(e *Event) { e.Kind = Digest }, "tally": func(e *Event) { e.Kind, e.Tally = Digest, Tally{Left: 1} }, "other tally": func(e *Event) { e.Kind, e.Tally = Digest, Tally{Back: 1} },
	} {
		note(what, change)
	}
	for n := range 65 {
		note("words cut", func(e *Event) { e.Text = e.Text[:n] })
		note("a letter of the words", func(e *Event) { e.Text = e.Text[:n] + "X" + e.Text[n+1:] })
	}
}

// TestHashIsOff: who hasn't asked for it has none, and who asks later begins with what the State is.
func TestHashIsOff(t *testing.T) {
	one, other := lived(t, 500), lived(t, 500)
	if one.Hash() != 0 {
		t.Errorf("the hash is %x, and isn't kept", one.Hash())
	}
	other.Apply(&Command{Verb: Registered, Client: NoClient, Name: "newname", At: time.Hour})
	one.KeepHash()
	other.KeepHash()
	first := one.Hash()
	if one.KeepHash(); first == 0 || first != one.Hash() || first == other.Hash() {
		t.Errorf("of two that differ the hashes are %x and %x, and that at the second time", first, other.Hash())
	}
	same := lived(t, 500)
	if same.KeepHash(); same.Hash() != first {
		t.Errorf("of two that are the same the hashes are %x and %x", same.Hash(), first)
	}
}

func BenchmarkHashEvent(b *testing.B) {
	e := Event{Kind: Said, Scope: ToRoom, Client: NewClientID(5, 1), Room: 3, RoomName: "#room", Who: "somebody", Host: "10.0.0.1", Text: strings.Repeat("x", 100), ID: 7, At: 8, Place: 9}
	var h runningHash
	for b.Loop() {
		h.event(&e)
	}
}
