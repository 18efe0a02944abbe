package store

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// saidIn are the lines of an export that are of messages.
func saidIn(t *testing.T, s *Store) (all []string) {
	t.Helper()
	for line := range strings.Lines(mustExport(t, s)) {
		if strings.HasPrefix(line, `{"kind":"message"`) || strings.HasPrefix(line, `{"kind":"letter"`) {
			all = append(all, line)
		}
	}
	return all
}

// TestAnotherStoreCatchesUp has one store take pages of what another one has, some of them twice and in between what is said just now, while accounts and places end: then both have the same rows, and find the same.
func TestAnotherStoreCatchesUp(t *testing.T) {
	for seed := range int64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			catchUp(t, seed)
		})
	}
}

func catchUp(t *testing.T, seed int64) {
	dir := t.TempDir()
	from, to := reopen(t, nil, t.TempDir()), reopen(t, nil, dir)
	m := &model{gone: map[room.PlaceID]bool{}}
	talk := &talker{Rand: rand.New(rand.NewSource(seed)), places: []room.PlaceID{room.LobbyPlace, 12, 13, 14}}
	say := func(live bool) {
		var batch []Message
		for range talk.Intn(60) {
			batch = append(batch, talk.message())
		}
		m.said = append(m.said, batch...)
		if live {
			to.Say(slices.Clone(batch))
		}
		from.Say(batch)
		fence(t, from, nil)
	}
	for range 8 {
		say(false)
	}
	mustChange(t, from, ErasePlace(13))
	m.gone[13] = true
	talk.places = slices.DeleteFunc(talk.places, func(p room.PlaceID) bool { return p == 13 })
	mustChange(t, from, from.EndAccount(people[0])...)
	m.end(people[0])
	if _, err := from.Forget(people[1]); err != nil {
		t.Fatal(err)
	}
	m.forget(people[1])
	say(true)
	for after, more := room.MsgID(0), true; more; {
		n := 1 + talk.Intn(40)
		page, err := from.MessagesAfter(after, n)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(page, func(a, b Message) int { return int(a.ID) - int(b.ID) }) || len(page) > n+1 {
			t.Fatalf("a page of %d of %d is not in order", len(page), n)
		}
		if more = len(page) >= n; talk.Intn(4) == 0 {
			to.Say(slices.Clone(page))
		}
		if len(page) > 0 {
			after = page[len(page)-1].ID
		}
		to.Say(page)
		switch talk.Intn(4) {
		case 0:
			fence(t, to, func(l *ledger) error { _, err := l.index(); return err })
		case 1:
			if seed%2 == 0 {
				keepRooms(t, to, talk.places)
				to = reopen(t, to, dir)
			}
		case 2:
			say(true)
		default:
			fence(t, to, nil)
		}
	}
	fence(t, to, nil)
	if got, want := saidIn(t, to), saidIn(t, from); !slices.Equal(got, want) {
		t.Fatalf("the other store has %d rows, want %d:\n%s\nwant\n%s", len(got), len(want), strings.Join(got[:min(9, len(got))], ""), strings.Join(want[:min(9, len(want))], ""))
	}
	for range 200 {
		compare(t, to, m, talk.look())
	}
}

// TestIndexTakesWhatIsOlder: what comes behind what is indexed already is found, also if the process ends at once.
func TestIndexTakesWhatIsOlder(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	s.Say(lines(1000, 1010))
	fence(t, s, func(l *ledger) error { _, err := l.index(); return err })
	s.Say(lines(2000, 2003)) // waits
	s.Say(append(lines(1, 3), lines(1500, 1502)...))
	fence(t, s, func(l *ledger) error {
		if !slices.IsSortedFunc(l.waiting, byID) || len(l.waiting) != 7 {
			t.Errorf("%d rows wait for the index, want 7 in order", len(l.waiting))
		}
		return nil
	})
	s.Say(lines(1, 3)) // once more
	fence(t, s, nil)
	s = mustOpen(t, crash(t, dir))
	look := &room.Look{Verb: room.Search, Words: "line", Places: lobby, N: 30}
	want := []room.MsgID{2003, 2002, 2001, 2000, 1502, 1501, 1500, 1010, 1009, 1008, 1007, 1006, 1005, 1004, 1003, 1002, 1001, 1000, 3, 2, 1}
	wantFound(t, s, look, want...)
	eventually(t, s, "all is indexed", func(l *ledger) bool { more, err := l.index(); return !more && err == nil })
	wantFound(t, s, look, want...)
}

// TestNextOwnerIsAnotherAccount: what is said by whoever registers the name of an account that is being forgotten is not taken with it.
func TestNextOwnerIsAnotherAccount(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(append(lines(1, 50), letter(51, "ana", "bob", "old")))
	s.Later(s.Forgetting("ana")...)
	s.Say(append(lines(100, 105), letter(106, "ana", "bob", "new")))
	s.Later(PutName(Name{Key: "ana", Shown: "Ana", Hash: "hash"}))
	if n, err := s.EraseForgotten("ana"); n != 52 || err != nil {
		t.Fatalf("EraseForgotten = %d, %v, want 52: both copies of the letter among them", n, err)
	}
	wantFound(t, s, &room.Look{Verb: room.History, Places: lobby[:1], Account: "", N: 9}, 100, 101, 102, 103, 104, 105)
	wantFound(t, s, &room.Look{Verb: room.Export, Account: "ana", Places: lobby, N: 9}, 100, 101, 102, 103, 104, 105, 106)
	wantFound(t, s, &room.Look{Verb: room.History, Account: "bob", With: "ana", N: 9}, 106)
	if c := mustContents(t, s); len(c.Names) != 1 {
		t.Errorf("names are %v, want the new owner's", c.Names)
	}
}

// TestErasingMessage takes one message out, behind what was said before, and again.
func TestErasingMessage(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	s.Say(lines(1, 5))
	s.Later(s.ErasingMessage(room.LobbyPlace, 3), s.ErasingMessage(room.LobbyPlace, 4), s.ErasingMessage(room.LobbyPlace, 3), s.ErasingMessage(12, 1))
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	wantFound(t, s, &room.Look{Verb: room.History, Places: lobby[:1], N: 9}, 1, 2, 5)
	wantFound(t, s, &room.Look{Verb: room.Search, Words: "line", Places: lobby, N: 9}, 5, 2, 1)
}

// TestFlush: what came by Later is written when it returns, however much that is; and when the disk doesn't take it, it says so.
func TestFlush(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	for i := range 3*rowsAlong + 7 {
		s.Later(PutName(Name{Key: fmt.Sprintf("name%05d", i), Shown: "x", Hash: "hash"}))
	}
	if err := s.Flush(); err != nil {
		t.Fatal(err)
	}
	if n := len(mustContents(t, s).Names); n != 3*rowsAlong+7 {
		t.Errorf("%d names are kept, want %d", n, 3*rowsAlong+7)
	}
	mustClose(t, s)
	if err := s.Flush(); err != nil {
		t.Errorf("Flush of nothing = %v", err)
	}
}
