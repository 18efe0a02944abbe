package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"looproom/loop/room"
)

// TestTurnsAtTheDesk has addresses take turns, by the time that their questions have taken.
func TestTurnsAtTheDesk(t *testing.T) {
	d := newTurns()
	add := func(whom string, n int) {
		for range n {
			if !d.add(whom, question{}) {
				t.Fatalf("a question of %s is not taken", whom)
			}
		}
	}
	next := func(n int, takes map[string]time.Duration) (order []string) {
		for range n {
			a, _ := d.next()
			d.took(a, takes[a.whom])
			order = append(order, a.whom)
		}
		return order
	}
	add("ann", 3)
	add("bob", 3)
	if got := next(6, nil); !slices.Equal(got, []string{"ann", "bob", "ann", "bob", "ann", "bob"}) {
		t.Errorf("who takes nothing: %v", got)
	}
	add("slow", 4)
	add("fast", 8)
	takes := map[string]time.Duration{"slow": 50 * time.Millisecond, "fast": 10 * time.Millisecond}
	got := next(9, takes)
	if n := turnsOf(got, "slow"); n != 2 {
		t.Errorf("who takes five times as long had %d of 9 turns, want 2: %v", n, got)
	}
	next(3, takes)
	add("slow", 1)
	add("new", 1)
	if got := next(2, nil); got[0] != "new" {
		t.Errorf("who has taken long is before who comes: %v", got)
	}
	if d.waiting != 0 || len(d.line) != 0 {
		t.Errorf("%d questions of %d addresses wait, want none", d.waiting, len(d.line))
	}
}

func turnsOf(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// TestBoundsOfTheDesk takes so many questions of one address, and so many in all, and remembers so many addresses.
func TestBoundsOfTheDesk(t *testing.T) {
	d := newTurns()
	for n := range maxWaitingOfOne + 1 {
		if got, want := d.add("one", question{}), n < maxWaitingOfOne; got != want {
			t.Fatalf("question %d of one address: %v, want %v", n+1, got, want)
		}
	}
	for n := maxWaitingOfOne; n <= maxWaiting; n++ {
		if got, want := d.add(fmt.Sprint(n), question{}), n < maxWaiting; got != want {
			t.Fatalf("question %d: %v, want %v", n+1, got, want)
		}
	}
	for d.waiting > 0 {
		a, _ := d.next()
		d.took(a, time.Hour)
	}
	for n := range 3 * maxAddresses {
		d.add(fmt.Sprint("another", n), question{})
		a, _ := d.next()
		d.took(a, time.Hour)
	}
	if len(d.addresses) > maxAddresses {
		t.Errorf("%d addresses are remembered, want at most %d", len(d.addresses), maxAddresses)
	}
}

// TestClosingTheDesk answers all who wait, and takes no more.
func TestClosingTheDesk(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(lines(1, 100))
	fence(t, s, nil)
	const asked = 60
	answers := make(chan error, asked)
	begun, goOn := make(chan struct{}), make(chan struct{})
	look := &room.Look{Verb: room.History, Places: lobby, N: 5}
	for n := range asked {
		taken := s.Ask("one", look, func(f Found, err error) {
			if n == 0 {
				close(begun)
				<-goOn
			}
			if err == nil && len(f.Rows) != 5 {
				err = fmt.Errorf("%d rows", len(f.Rows))
			}
			answers <- err
		})
		if !taken {
			t.Fatalf("question %d is not taken", n)
		}
	}
	<-begun
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	for deadline := time.Now().Add(time.Minute); s.Ask("late", look, func(Found, error) {}); {
		if time.Now().After(deadline) {
			t.Fatal("a desk that closes takes questions")
		}
	}
	close(goOn)
	for range asked {
		if err := <-answers; err != nil && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// TestSearchEndsInTime ends with what it has found when its time is over, and says that there may be more.
func TestSearchEndsInTime(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(lines(1, 3000))
	eventually(t, s, "all is indexed", func(l *ledger) bool { more, err := l.index(); return !more && err == nil && l.follows })
	conn, err := s.reader()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := reader{conn: conn}
	look := &room.Look{Verb: room.Search, Words: "many", Places: lobby, N: 100}
	for _, over := range []bool{true, false} {
		late := make(chan struct{})
		if over {
			close(late)
		}
		var found Found
		err := r.snapshot(func() (err error) {
			found, err = r.searchUntil(look, late, time.Now().Add(time.Minute))
			return err
		})
		if err != nil || over && found.End || !over && len(found.Rows) != 100 {
			t.Errorf("over %v: %d rows, end %v, %v", over, len(found.Rows), found.End, err)
		}
	}
}
