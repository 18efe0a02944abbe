package room

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestChangesAtOnce: what several changes in one command do is what they do one by one, and all of them is told by one event.
func TestChangesAtOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"ana", "bob", "nobody", "cat!*@*", "m:bob!*@*"}
	kinds := []RightKind{RightOperator, RightVoice, RightBan, RightExcept, RightInvex, RightMuted, RightLocked, RightKey, RightTopic, RightLimit, RightSecret, RightOutside, RightNoCTCP, RightFounder}
	together, ana := denOfAna()
	apart, _ := denOfAna()
	for _, s := range []*State{together, apart} { // whatever ana takes from herself, she goes on
		s.rights.operators[ana] = "ana"
	}
	told := 0
	for step := range 2000 {
		changes := make([]Change, 1+random.IntN(6))
		for i := range changes {
			changes[i] = Change{Right: kinds[random.IntN(len(kinds))], Off: random.IntN(3) == 0, Stays: true, Name: names[random.IntN(len(names))], Text: fmt.Sprint(random.IntN(2)), N: int64(1 + random.IntN(3))}
		}
		governs := Command{Verb: Govern, Client: ana, Tag: 7, N: None}
		whole := governs
		whole.Changes = &changes
		var lists, want []Row
		governed := 0
		for _, e := range together.Apply(&whole) {
			if e.Kind == Governed {
				governed, lists = governed+1, append(lists, e.List...)
			}
		}
		for _, x := range changes {
			one := governs
			one.Right, one.Off, one.Stays, one.Name, one.Text, one.N = x.Right, x.Off, x.Stays, x.Name, x.Text, x.N
			for _, e := range apart.Apply(&one) {
				if e.Kind == Governed {
					want = append(want, e.List...)
				}
			}
		}
		apart.messages.last = together.messages.last // one event has one id
		if governed > 1 || fmt.Sprint(rowsToldOf(lists)) != fmt.Sprint(rowsToldOf(want)) {
			t.Fatalf("step %d, %+v: told %v by %d events, want %v", step, changes, rowsToldOf(lists), governed, rowsToldOf(want))
		}
		told += governed
		for _, s := range []*State{together, apart} { // so that the next is kept as well
			s.hall.rooms["#den"].noted = 0
		}
		if !bytes.Equal(saved(together), saved(apart)) {
			t.Fatalf("step %d, %+v: the states differ", step, changes)
		}
	}
	if told < 500 {
		t.Errorf("%d of 2000 changed something: the test has lost its point", told)
	}
}

// rowsToldOf are rights as they are told.
func rowsToldOf(rows []Row) (all []string) {
	for i := range rows {
		all = append(all, fmt.Sprint(rows[i].Right, rows[i].Off, rows[i].Name, rows[i].Text))
	}
	return all
}
