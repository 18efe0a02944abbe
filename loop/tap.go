//go:build linux

package loop

import (
	"looproom/loop/accounts"
	"looproom/loop/room"
	"looproom/loop/store"
)

// tap takes what is to be kept out of what the room emits: what is said goes on at the end of the batch, all of it at once, and what has changed of what outlives a restart right away.
// It belongs to the home loop's goroutine. The zero value keeps nothing.
type tap struct {
	say     func([]store.Message)     // has messages kept, takes the slice and waits for nothing; nil: none are
	changed func(*room.Record)        // has a record kept that is none of a private message, and waits for nothing; nil: none is
	leaving func(account string) bool // says whether all of an account's is being erased, so that nothing is to be kept of it any more
	batch   []store.Message           // bounded by what clients say until the batch ends
	usual   int                       // how many the last one had
}

// newTap hands on to a store, if there is one: by the answers what has changed.
func newTap(s *store.Store, a *accounts.Answers) (t tap) {
	if s == nil {
		return t
	}
	t.changed, t.leaving = a.RecordChanged, a.Leaves
	if s.KeepsMessages() {
		t.say = s.Say
	}
	return t
}

// mostUsual is for how many messages there is memory at once when a batch begins.
const mostUsual = 512

// take keeps what is to be kept of events, and says whether send is to be called.
func (t *tap) take(events []room.Event) (waits bool) {
	if t.changed == nil {
		return false
	}
	for i := range events {
		switch e := &events[i]; e.Kind {
		case room.Said, room.Acted:
			t.said(e)
		case room.TopicSet, room.Governed, room.Expelled:
			t.done(e)
		case room.RecordChanged:
			t.record(e.Record)
		}
	}
	return len(t.batch) > 0
}

// said keeps a message, unless it is of nobody's place, or for programs.
func (t *tap) said(e *room.Event) {
	if t.say == nil || e.Place == 0 || e.Programs || e.Account != "" && t.leaving(e.Account) {
		return
	}
	t.add(store.Message{ID: e.ID, Place: e.Place, Room: e.RoomName, Who: e.Who, Account: e.Account, Text: e.Text, At: e.At, Action: e.Kind == room.Acted, Notice: e.Notice})
}

// done keeps what was done to a room, if that is to be kept.
func (t *tap) done(e *room.Event) {
	if is, kept := room.RoomEventOf(e); kept && t.say != nil && (e.Account == "" || !t.leaving(e.Account)) {
		t.add(store.Message{ID: e.ID, Place: e.Place, Room: e.RoomName, Who: e.Who, Account: e.Account, Text: is.String(), At: e.At, Event: true})
	}
}

func (t *tap) record(r *room.Record) {
	switch {
	case r.Letter == nil:
		t.changed(r)
	case t.say != nil:
		t.letter(r.Letter)
	}
}

// letter keeps a private message for those sides that stay.
func (t *tap) letter(l *room.Letter) {
	if t.leaving(l.FromAccount) || t.leaving(l.ToAccount) {
		rest := *l
		if t.leaving(l.FromAccount) {
			rest.FromAccount = ""
		}
		if t.leaving(l.ToAccount) {
			rest.ToAccount = ""
		}
		if l = &rest; l.FromAccount == "" && l.ToAccount == "" {
			return
		}
	}
	t.add(store.Message{ID: l.ID, At: l.At, To: l})
}

func (t *tap) add(m store.Message) {
	if t.batch == nil {
		t.batch = make([]store.Message, 0, min(max(t.usual, 1), mostUsual))
	}
	t.batch = append(t.batch, m)
}

// send hands on what has been said since it was last called.
func (t *tap) send() {
	if n := len(t.batch); n > 0 {
		t.say(t.batch)
		t.batch, t.usual = nil, n
	}
}
