//go:build linux

package main_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// keptTopic is the number in the topic of #go that is on the disk, 0 if there is none. No server runs.
func keptTopic(t *testing.T, state string) int {
	t.Helper()
	for _, k := range inState(t, state).Rooms {
		if k.Key != "#go" || k.Topic == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimPrefix(k.Topic, "topic "))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 0
}

// TestKilledWhileRoomsChange kills the server while a room that is kept changes all the time, again and again: it starts with the room whole, and with nothing older than what was on
// the disk before.
func TestKilledWhileRoomsChange(t *testing.T) {
	state := t.TempDir()
	random := rand.New(rand.NewPCG(15, 1))
	s := guarded(t, state)
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	said, least := 0, 0
	for round := range 5 {
		delay := time.After(time.Duration(random.IntN(1500)) * time.Millisecond)
		for killed := false; !killed; {
			said++
			ana.says(fmt.Sprint("TOPIC topic ", said), fmt.Sprint("= TOPIC #go topic ", said))
			select {
			case <-delay:
				ana.says("TRUST "+deviceKey+fmt.Sprint(round), "= TRUST") // when that is on the disk, so is all that was before it
				least = said
				said += 1000 // what is said now may be lost
				ana.write(fmt.Sprintf("TOPIC topic %d\nROOM MUTE\nROOM MUTE OFF\n", said))
				kill(t, s)
				killed = true
			default:
			}
		}
		kept := keptTopic(t, state)
		if kept < least {
			t.Errorf("round %d: topic %d is on the disk, want %d, behind which another change was acknowledged, or a later one", round, kept, least)
		}
		s = guarded(t, state)
		ana = comesBack(t, s, "127.0.0.2", "ana")
		ana.says("JOIN #go", "= JOIN #go 1")
		ana.expect(fmt.Sprint("= TOPIC #go topic ", kept))
		ana.fence()
		if got, want := rightsOf(ana, "#go"), "founder ana by ana, kept by ana"; !strings.HasPrefix(got, want) {
			t.Fatalf("round %d: the rights are %q, want %q", round, got, want)
		}
	}
}

// TestLastTopicOutlivesAnOrderlyEnd: what has changed a moment before SIGTERM is not lost.
func TestLastTopicOutlivesAnOrderlyEnd(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	ana.says("TOPIC topic 7", "= TOPIC #go topic 7")
	s.stop()
	if got := keptTopic(t, state); got != 7 {
		t.Errorf("on the disk is topic %d, want 7", got)
	}
}

// TestDamagedRooms: rooms are looked at as all else is.
func TestDamagedRooms(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	s.stop()
	damage(t, state, `"of":"ana"`, `"of":"eve"`)
	expectDamaged(t, state, `table rooms: "#go"`)
}

// TestRoomsKeptByOneFounder: so many, and no more; and they stay where there are as many rooms as may be.
func TestRoomsKeptByOneFounder(t *testing.T) {
	const most = 20
	state := t.TempDir()
	s := guarded(t, state, "--max-rooms", fmt.Sprint(2*(most+2))) // of which half may be kept
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("PART", "= PART #lobby")
	for n := range most {
		ana.says(fmt.Sprintf("JOIN #room%d", n), "= JOIN #room")
		ana.says("ROOM KEEP", "= ROOM #room")
		ana.says("PART", "= PART #room")
	}
	ana.says("JOIN #more", "= JOIN #more 1")
	ana.says("ROOM KEEP", "! too-many-rooms ")
	s.stop()

	s = guarded(t, state, "--max-rooms", "5")
	ana = comesBack(t, s, "127.0.0.2", "ana")
	ana.says("ROOMS", fmt.Sprint("= ROOMS ", most+1))
	ana.says("JOIN #more", "! too-many-rooms ")
	ana.says("JOIN #room7", "= JOIN #room7 1")
	ana.says("ROOM KEEP OFF", "= ROOM #room7 KEEP OFF")
	ana.says("PART", "= PART #room7")
	ana.says("ROOMS", fmt.Sprint("= ROOMS ", most))
}
