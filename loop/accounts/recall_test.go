//go:build linux

package accounts

import (
	"fmt"
	"slices"
	"syscall"
	"testing"

	"looproom/loop/room"
	"looproom/loop/store"
)

// recalled has the loop told of what is kept, and returns what it was told.
func (h *house) recalled(recent, bytes int) []room.Command {
	h.t.Helper()
	kept, err := h.accounts.Recollect(recent, bytes)
	if err != nil {
		h.t.Fatal(err)
	}
	f := h.loops[0]
	f.on(func() { f.answers.Recall(&kept) })
	return slices.Concat(kept.rooms, kept.persons)
}

// keeps has the store make changes.
func (h *house) keeps(changes ...store.Change) {
	h.t.Helper()
	if err := h.store.Change(changes...); err != nil {
		h.t.Fatal(err)
	}
}

// TestRecall: the room is told of all names, then of the rooms that are theirs and what was said there, then of who stays in them, and of those bans that are of names.
func TestRecall(t *testing.T) {
	h := newHouse(t, 1)
	registered(h)
	den, lobby := roomOf("#den", ""), roomOf(room.Lobby, "")
	den.Place, lobby.Place = 7, room.LobbyPlace
	for _, k := range []*room.KeptRoom{den, lobby} {
		if err := h.putRoom(k); err != nil {
			t.Fatal(err)
		}
	}
	both(banned("eve", false), both(banned("mal", true), banned("10.0.0.0/8", false)))(h)
	h.store.Say([]store.Message{
		{ID: 11, Place: 7, Room: "#den", Who: "Bob", WhoKey: "bob", Account: "bob", Text: "one", At: 1}, {ID: 12, Place: 7, Room: "#den", Who: "Bob", WhoKey: "bob", Text: "two", At: 2},
		{ID: 13, At: 3, To: &room.Letter{ID: 13, At: 3, Text: "psst", From: "Ann", FromKey: "ann", To: "Bob", ToKey: "bob", ToAccount: "bob"}},
	})
	mark := room.KeptMark{Account: "bob", Key: "#den", Shown: "#den", Read: 11}
	h.keeps(store.PutPerson(&room.KeptPerson{Account: "bob", Name: "Bob", Keeps: true, Rooms: []string{"#den"}, Took: 5}), store.PutMark(mark))

	h.reopen() // it reads once who stays
	told := h.recalled(100, 0)
	h.loops[0].want("nobody> registered Bob", "nobody> restore room #den", "nobody> remember #den", "nobody> restore room #lobby", "nobody> restore person Bob",
		"nobody> set ban eve until 0: spam", "nobody> set shun mal until 0: spam", "nobody> restored")
	if said := told[1].Past.Rows; len(said) != 2 || said[0].Text != "one" || said[0].Account != "bob" || said[1].ID != 12 {
		t.Errorf("was said in #den: %+v, want both messages", said)
	}
	bob := told[3]
	if bob.Person.Took != 5 || !slices.Equal(bob.Past.Marks, []room.KeptMark{mark}) || len(bob.Past.Rows) != 1 || bob.Past.Rows[0].Text != "psst" {
		t.Errorf("of Bob is kept %+v, %+v; want his mark and what Ann has said to him", bob.Person, bob.Past)
	}
}

// TestRecallIsFair: where there are more messages than are read each room has as many, and what one doesn't need the others have.
func TestRecallIsFair(t *testing.T) {
	h := newHouse(t, 1)
	const rooms, each = 3, 9
	for n := range rooms {
		k := roomOf(fmt.Sprint("#room", n), "")
		k.Place = room.PlaceID(100 + n)
		if err := h.putRoom(k); err != nil {
			t.Fatal(err)
		}
		var said []store.Message
		for i := range each {
			if n > 0 || i < 2 {
				said = append(said, store.Message{ID: room.MsgID(1000*n + i + 1), Place: k.Place, Room: k.Name, Who: "Bob", WhoKey: "bob", Text: "words", At: 1})
			}
		}
		h.store.Say(said)
	}
	h.keeps(store.PutStart(1)) // all is written that was said before
	counts := func(most, recent, bytes int) (n []int) {
		t.Helper()
		kept, err := recollect(h.accounts, most, recent, bytes)
		if err != nil {
			t.Fatal(err)
		}
		for i, cmd := range kept.rooms {
			if cmd.Verb == room.RestoreRoom {
				n = append(n, 0)
			} else if n[len(n)-1] = len(cmd.Past.Rows); kept.rooms[i-1].Kept.Key != cmd.Name {
				t.Errorf("what was said in %s stands behind %s", cmd.Name, kept.rooms[i-1].Kept.Key)
			}
		}
		return n
	}
	rows := []struct {
		name                string
		most, recent, bytes int
		want                []int
	}{
		{"all", 1000, 100, 0, []int{2, 9, 9}},
		{"as many as a room keeps", 1000, 4, 0, []int{2, 4, 4}},
		{"as many bytes", 1000, 100, 16, []int{2, 3, 3}},
		{"not all", 10, 100, 0, []int{2, 4, 4}},
		{"none are kept", 1000, 0, 0, []int{0, 0, 0}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := counts(row.most, row.recent, row.bytes); !slices.Equal(got, row.want) {
				t.Errorf("%v messages are read of the rooms, want %v", got, row.want)
			}
		})
	}
}

// TestRecollectFails: what can't be read is said by name.
func TestRecollectFails(t *testing.T) {
	h := newHouse(t, 1)
	k := roomOf("#go", "")
	k.Place = 7
	if err := h.putRoom(k); err != nil {
		t.Fatal(err)
	}
	h.accounts.cfg.Store = unreadable{h.store}
	if _, err := h.accounts.Recollect(100, 0); err == nil || err.Error() != "read the last messages of #go: input/output error" {
		t.Errorf("error = %v, want what can't be read, and why", err)
	}
}

// unreadable is a store with a disk that can't be read.
type unreadable struct{ Store }

func (unreadable) Recent(room.PlaceID, int, int) ([]room.Row, error) { return nil, syscall.EIO }
