package session

import (
	"slices"
	"testing"
)

// TestOutboxResync: what is sent again after a loss, and what isn't, as the server remembers or has forgotten.
func TestOutboxResync(t *testing.T) {
	rows := []struct {
		name      string
		written   int     // of five things, on the first connection, with numbers
		confirmed int64   // of these, there
		lost      int     // answers to the question
		answer    string  // to the last
		delivered []int64 // by that answer
		doubted   []int64
		left      int
	}{
		{"nothing was written", 0, 0, 0, "0", nil, nil, 5},
		{"nothing was written, and it has forgotten", 0, 0, 1, "-", nil, nil, 5},
		{"none has arrived", 3, 0, 0, "0", nil, nil, 5},
		{"some have arrived", 3, 0, 0, "2", []int64{1, 2}, nil, 3},
		{"all have arrived", 5, 0, 0, "5", []int64{1, 2, 3, 4, 5}, nil, 0},
		{"some had been confirmed, no more have arrived", 4, 2, 0, "2", nil, nil, 3},
		{"some had been confirmed, others have arrived", 4, 2, 0, "3", []int64{3}, nil, 2},
		{"it has forgotten", 3, 1, 0, "-", nil, []int64{2, 3}, 2},
		{"it has forgotten, and nothing had been confirmed", 3, 0, 0, "-", nil, []int64{1, 2, 3}, 2},
		{"it says less than it had confirmed", 4, 2, 0, "0", nil, []int64{3, 4}, 1},
		{"it says 0, but may have said - in an answer that was lost", 3, 0, 1, "0", nil, []int64{1, 2, 3}, 2},
		{"an answer was lost, and the next one says more than 0", 3, 0, 1, "1", []int64{1}, nil, 4},
		{"nonsense", 3, 0, 0, "x", nil, []int64{1, 2, 3}, 2},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			o := newOutbox()
			o.question()
			o.resync("-", 1)
			for range 5 {
				o.add("TEXT", "TO #lobby words", "")
			}
			for _, p := range o.unqueued(1)[:row.written] {
				o.write(p, 1, true)
			}
			if row.confirmed > 0 {
				o.said(row.confirmed)
			}
			if doubted := o.lost(1); doubted != nil {
				t.Errorf("lost() = %v, want none: they have numbers", doubted)
			}
			for range row.lost + 1 {
				o.question()
			}
			delivered, doubted := o.resync(row.answer, 2)
			left, unsure := o.left()
			if !slices.Equal(delivered, row.delivered) || !slices.Equal(doubted, row.doubted) || left != row.left || unsure != len(row.doubted) {
				t.Errorf("resync(%q) = %v, %v, and %d are left; want %v, %v and %d", row.answer, delivered, doubted, left, row.delivered, row.doubted, row.left)
			}
			if got := len(o.unqueued(2)); got != row.left {
				t.Errorf("%d are to be sent, want %d", got, row.left)
			}
		})
	}
}

// TestOutboxWithoutNumbers: what was written to a connection that is lost can't be sent again.
func TestOutboxWithoutNumbers(t *testing.T) {
	o := newOutbox()
	for range 4 {
		o.add("TEXT", "TO #lobby words", "")
	}
	queued := o.unqueued(1)
	for _, p := range queued[:3] {
		o.write(p, 1, false)
	}
	if got := o.handled([]sentLine{{parcel: queued[0]}, {}}); !slices.Equal(got, []int64{1}) {
		t.Errorf("handled() = %v, want 1", got)
	}
	if got := o.lost(1); !slices.Equal(got, []int64{2, 3}) {
		t.Errorf("lost() = %v, want 2 and 3", got)
	}
	if got := o.again(); len(got) != 2 || got[2] != 5 || got[3] != 6 {
		t.Errorf("again() = %v, want 2 as 5 and 3 as 6", got)
	}
	if waiting, doubtful := o.left(); waiting != 3 || doubtful != 0 {
		t.Errorf("left() = %d, %d; want 3 and 0", waiting, doubtful)
	}
	// Numbers of the first connection mean nothing to a client that comes back as a guest.
	for _, p := range o.unqueued(2) {
		o.write(p, 2, true)
	}
	if got := o.unmarked(3); !slices.Equal(got, []int64{4, 5, 6}) {
		t.Errorf("unmarked() = %v, want all", got)
	}
}

func TestOutboxIsBounded(t *testing.T) {
	o := newOutbox()
	for range maxParcels {
		if o.add("TEXT", "x", "") == nil {
			t.Fatal("add() = nil before the bound")
		}
	}
	if o.add("TEXT", "x", "") != nil {
		t.Error("add() beyond the bound is taken, want nil")
	}
}
