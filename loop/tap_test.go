//go:build linux

package loop

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
	"looproom/loop/store"
)

// bucket is what is behind a tap.
type bucket struct {
	batches [][]store.Message
	changed []*room.Record
	leavers []string
}

func (b *bucket) tap() tap {
	return tap{
		say:     func(batch []store.Message) { b.batches = append(b.batches, batch) },
		changed: func(r *room.Record) { b.changed = append(b.changed, r) },
		leaving: func(account string) bool { return slices.Contains(b.leavers, account) },
	}
}

// said is what has come to the store, a word a message.
func (b *bucket) said() string {
	var words []string
	for _, batch := range b.batches {
		for _, m := range batch {
			word := fmt.Sprint(uint64(m.ID), m.Text)
			if l := m.To; l != nil {
				word = fmt.Sprint(uint64(m.ID), l.FromAccount, ">", l.ToAccount)
			}
			words = append(words, word)
		}
		words = append(words, "|")
	}
	return strings.Join(words, " ")
}

func letter(id room.MsgID, from, to string) room.Event {
	return room.Event{Kind: room.RecordChanged, Record: &room.Record{Letter: &room.Letter{ID: id, FromAccount: from, ToAccount: to}}}
}

func saidIn(place room.PlaceID, id room.MsgID, account string) room.Event {
	return room.Event{Kind: room.Said, ID: id, Place: place, Account: account, Text: "x"}
}

// TestTap: what is said comes to the store in order, at the end of a batch and not before; what is of nobody's place doesn't, nor what is of an account that is being erased, but for the other
// side of its private messages. Records go on at once.
func TestTap(t *testing.T) {
	mark := room.Event{Kind: room.RecordChanged, Record: &room.Record{Mark: &room.KeptMark{Key: "#go"}}}
	rows := []struct {
		name    string
		leavers []string
		events  []room.Event
		said    string
		changed int
	}{
		{"nothing", nil, nil, "", 0},
		{"what is no message", nil, []room.Event{{Kind: room.Entered}, {Kind: room.Ponged}, {Kind: room.Whispered, ID: 3}}, "", 0},
		{"in order", nil, []room.Event{saidIn(1, 5, ""), letter(6, "ana", ""), saidIn(9, 7, "ana")}, "5x 6ana> 7x |", 0},
		{"nobody's place", nil, []room.Event{saidIn(0, 5, ""), saidIn(1, 6, "")}, "6x |", 0},
		{"a record", nil, []room.Event{mark, saidIn(1, 5, ""), mark}, "5x |", 2},
		{"who leaves", []string{"ana"}, []room.Event{saidIn(1, 5, "ana"), saidIn(1, 6, "bob")}, "6x |", 0},
		{"letters of who leaves", []string{"ana"}, []room.Event{letter(5, "ana", ""), letter(6, "ana", "bob"), letter(7, "bob", "ana"), letter(8, "", "ana")}, "6>bob 7bob> |", 0},
		{"letters of two who leave", []string{"ana", "bob"}, []room.Event{letter(5, "ana", "bob")}, "", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			b := &bucket{leavers: row.leavers}
			tap := b.tap()
			waits := tap.take(row.events)
			if len(b.batches) > 0 {
				t.Error("the batch came to the store before its end")
			}
			if tap.send(); b.said() != row.said || waits != (row.said != "") || len(b.changed) != row.changed {
				t.Errorf("%q came to the store (waits: %v), and %d records; want %q, %d", b.said(), waits, len(b.changed), row.said, row.changed)
			}
			if tap.send(); b.said() != row.said {
				t.Errorf("sent once more: %q", b.said())
			}
		})
	}
}

// TestTapAllocatesNothing where nothing is kept, and for each message no more than its place in the slice that the store takes.
func TestTapAllocatesNothing(t *testing.T) {
	events := []room.Event{saidIn(1, 5, "ana")}
	var off tap
	if n := testing.AllocsPerRun(100, func() { off.take(events); off.send() }); n != 0 {
		t.Errorf("%v allocations for a message where nothing is kept, want none", n)
	}
	on := (&bucket{}).tap()
	on.say = func([]store.Message) {}
	if n := testing.AllocsPerRun(100, func() {
		for range 100 {
			on.take(events)
		}
		on.send()
	}); n > 1 {
		t.Errorf("%v allocations for a hundred messages, want one", n)
	}
}

func BenchmarkTap(b *testing.B) {
	events := []room.Event{saidIn(1, 5, "ana")}
	for _, each := range []int{1, 100} {
		b.Run(fmt.Sprint("batches of ", each), func(b *testing.B) {
			on := (&bucket{}).tap()
			on.say = func([]store.Message) {}
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if on.take(events); n%each == 0 {
					on.send()
				}
			}
		})
	}
}
