package room

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// checkRoll compares the roll that r keeps, if that is as much as nothing has changed since, with who shows there, and has it keep one. It counts those that were kept.
func checkRoll(t *testing.T, r *chatRoom, step int, cmd *Command) (kept int) {
	t.Helper()
	if r.kept != nil && r.shown == nil {
		t.Fatalf("step %d, %+v: %s, where all show, keeps a roll", step, *cmd, r.name)
	}
	if r.kept != nil && r.kept.changes == r.rights.changed() {
		kept = 1
	}
	next := r.shows(r.nameRow)
	want := make([]Row, r.shownCount())
	for i := range want {
		want[i], _ = next()
	}
	if got := r.roll().rows; !slices.EqualFunc(got, want, func(a, b Row) bool { return a.Name == b.Name && reflect.DeepEqual(a.Of, b.Of) }) {
		t.Fatalf("step %d, %+v: the roll of %s is\n%v, want\n%v", step, *cmd, r.name, rolled(got), rolled(want))
	}
	return kept
}

func rolled(rows []Row) (all []string) {
	for _, row := range rows {
		all = append(all, fmt.Sprintf("%+v", *row.Of))
	}
	return all
}

// hallOf has so many be in a room before it is large, one who doesn't show there, and one more who is about to come in.
func hallOf(talkers int) (s *State, listener Command) {
	s = New(Config{AnnounceMax: talkers, Page: 16 << 10})
	for n := range talkers + 2 {
		enterNamed(s, uint32(n), fmt.Sprintf("user%05d", n))
		listener = Command{Verb: Join, Client: NewClientID(uint32(n), 1), Name: "#hall"}
		if n <= talkers {
			s.Apply(&listener)
		}
	}
	return s, listener
}

func enterNamed(s *State, slot uint32, name string) {
	id := NewClientID(slot, 1)
	s.Apply(&Command{Verb: Connect, Client: id, Off: true, Name: fmt.Sprint("10.0.0.1:", slot)})
	s.Apply(&Command{Verb: Enter, Client: id, Name: name, User: "u", Real: "r"})
}

// comeAndGo has a client come into the room and leave it again, and take all that it is told of the names.
func comeAndGo(s *State, join Command) (names int) {
	for _, e := range s.Apply(&join) {
		if e.Kind != NamesAre {
			continue
		}
		names += len(e.List)
		for more := e.Rest != nil; more; {
			var rows []Row
			rows, more = e.Rest.Next()
			names += len(rows)
		}
	}
	s.Apply(&Command{Verb: Part, Client: join.Client, Name: join.Name})
	return names
}

// TestWhoComesCostsNoRows: what is allocated for one who comes into a large room is as much however many show there.
func TestWhoComesCostsNoRows(t *testing.T) {
	var allocated [2]float64
	for i, talkers := range []int{100, 900} {
		s, join := hallOf(talkers)
		if n := comeAndGo(s, join); n != talkers {
			t.Fatalf("%d names, want %d", n, talkers)
		}
		allocated[i] = testing.AllocsPerRun(100, func() { comeAndGo(s, join) })
	}
	if allocated[1] > allocated[0]+5 {
		t.Errorf("%v allocations with 100 names, %v with 900", allocated[0], allocated[1])
	}
}

// BenchmarkJoinLarge is one who comes into a large room and leaves it, for each number of those who show there.
func BenchmarkJoinLarge(b *testing.B) {
	for _, talkers := range []int{100, 300, 900} {
		b.Run(fmt.Sprint(talkers), func(b *testing.B) {
			s, join := hallOf(talkers)
			b.ReportAllocs()
			for b.Loop() {
				comeAndGo(s, join)
			}
		})
	}
}
