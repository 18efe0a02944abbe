//go:build linux

package loop

import (
	"fmt"
	"testing"

	"looproom/loop/room"
)

// TestSetRoomHolds: the rules hold for every line that is read once SetRoom has returned.
func TestSetRoomHolds(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		ana, guest := dial(t, address), dial(t, address)
		ana.say("ADD ana")
		ana.until("= ADD ana")
		for range 3 {
			for _, reads := range []bool{true, false} {
				rules := cfg.Room
				rules.GuestsRead = reads
				if err := s.SetRoom(rules); err != nil {
					t.Fatal(err)
				}
				guest.say("hello\nPING said")
				if reads {
					guest.until("! need-name")
				} else {
					ana.until("[127.0.0.1:")
				}
				guest.until("PONG said")
			}
		}
		if got := s.roomConfig(); got.GuestsRead || got.Page != answerPage {
			t.Errorf("the rules are %+v, want those of the last SetRoom, by pages of %d", got, answerPage)
		}
	})
}

// TestRulesWaitTheirTurn: rules that change while events are told hold for the commands behind, and not for those before.
func TestRulesWaitTheirTurn(t *testing.T) {
	g := newLodging(t)
	g.connect(1)
	g.connect(2)
	say := func() { g.order.Submit(g.command(1, room.Say)) }
	g.told = nil
	g.on = func(e *room.Event) {
		if e.Kind == room.Ponged {
			say()
			g.configure(&room.Config{GuestsRead: true})
			say()
		}
	}
	g.order.Submit(g.command(2, room.Ping))
	said, refused := 0, 0
	for _, told := range g.told {
		switch told {
		case fmt.Sprint(1, room.Said):
			said++
		case fmt.Sprint(1, room.Refused):
			refused++
		}
	}
	if said != 1 || refused != 1 {
		t.Errorf("told %v, want one line of the guest said and one refused", g.told)
	}
}
