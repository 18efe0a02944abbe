package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestAnswersInPieces: however long an answer is and whatever happens while it is taken, its rows are those that there were, in order, and as many as it says; and no
// piece is much longer than a page.
func TestAnswersInPieces(t *testing.T) {
	const page = 1 << 10
	for _, members := range []int{1, 60, orderFrom - 1, orderFrom, orderFrom + 1, 1000} {
		t.Run(fmt.Sprint(members), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(members)))
			whole, paged := New(Config{Recent: 100}), New(Config{Recent: 100, Page: page})
			do := func(cmd Command) (all, part *Event) {
				both := [2]*Event{}
				for i, s := range []*State{whole, paged} {
					for _, e := range s.Apply(&cmd) {
						if e.Scope == ToClient && e.Client == cmd.Client {
							both[i] = &e
						}
					}
				}
				return both[0], both[1]
			}
			join := func(n int) {
				id := NewClientID(uint32(n), 1)
				do(Command{Verb: Connect, Client: id, Name: fmt.Sprint("10.0.0.1:", n)})
				do(Command{Verb: SignIn, Client: id, Name: fmt.Sprintf("user%d", random.Uint32())})
				do(Command{Verb: Join, Client: id, Name: fmt.Sprint("#room", n%50)})
				do(Command{Verb: Join, Client: id, Name: Lobby})
				do(Command{Verb: Say, Client: id, Text: fmt.Sprint(n, " says ", string(make([]byte, n%300)))})
			}
			for n := range members {
				join(n)
			}
			disturb := func() {
				n := 1 + random.IntN(2*members)
				id := NewClientID(uint32(n), 1)
				switch random.IntN(3) {
				case 0:
					do(Command{Verb: Disconnect, Client: id})
				case 1:
					do(Command{Verb: Nick, Client: id, Name: fmt.Sprintf("user%d", random.Uint32())})
				default:
					join(n)
				}
			}
			for round := range 30 {
				for _, cmd := range []Command{{Verb: List}, {Verb: Rooms}, {Verb: Recent, N: 100}} {
					cmd.Client = NewClientID(0, 1)
					all, part := do(cmd)
					if all == nil || part == nil || all.Rest != nil || part.Count != len(all.List) || part.Count != all.Count {
						t.Fatalf("round %d: %+v in pieces is %+v", round, all, part)
					}
					if cmd.Verb == List && part.Rest != nil && !slices.IsSortedFunc(all.List, func(a, b Row) int { return strings.Compare(a.Name, b.Name) }) {
						t.Fatalf("round %d: not in order: %v", round, all.List)
					}
					rows, more := part.List, part.Rest != nil
					for more {
						for range 5 {
							disturb()
						}
						var next []Row
						next, more = part.Rest.Next()
						if len(next) == 0 || len(next) > page/minRow+1 {
							t.Fatalf("a piece of %d rows", len(next))
						}
						rows = append(rows, next...)
					}
					if len(rows) != part.Count {
						t.Fatalf("round %d: %d rows, want %d", round, len(rows), part.Count)
					}
					for i := range rows {
						if cmd.Verb == Recent && rows[i] != all.List[i] || cmd.Verb == Rooms && rows[i].Name != all.List[i].Name {
							t.Fatalf("round %d: row %d is %v, want %v", round, i, rows[i], all.List[i])
						}
					}
				}
			}
		})
	}
}
