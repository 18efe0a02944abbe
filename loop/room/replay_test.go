package room

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"testing"
	"time"
)

// record applies random commands, ticks and replies of every kind among them, and returns the log of the commands and the events.
func record(t *testing.T, commands int) (log, events bytes.Buffer) {
	t.Helper()
	random := rand.New(rand.NewPCG(9, 10))
	state := New(replayConfig)
	rounds := make([]uint32, 40)
	toLog, toEvents := json.NewEncoder(&log), json.NewEncoder(&events)
	var disk keeper
	for step := range commands {
		cmd := anyCommand(random, step, rounds, &disk)
		encode(t, toLog, cmd)
		followed := state.Apply(&cmd)
		disk.hear(followed)
		encode(t, toEvents, followed)
	}
	return log, events
}

// anyCommand is randomCommand, and also ticks, what a disk that has heard the events answers, and what the model knows nothing of.
func anyCommand(random *rand.Rand, step int, rounds []uint32, disk *keeper) Command {
	cmd := randomCommand(random, step, rounds)
	disk.settle(&cmd, random)
	more := []Verb{Tick, Tick, Rooms, Who, Topic, Away, Back, Recent, IDs, Send, Files, Get, Ping, Help, Refuse, Stored, Pass, Oper, Shun, Unban, Stats, Drain, Admit, Sessions, Logout, Keep, Read}
	if random.IntN(3) == 0 && cmd.Verb != RoomKept && cmd.Verb != PersonKept {
		cmd.Verb = more[random.IntN(len(more))]
		cmd.Name = "ann"
		cmd.Off = random.IntN(3) == 0
		cmd.N, cmd.Msg = []int64{None, 0, 1, 2}[random.IntN(4)], MsgID(random.Uint64N(uint64(step)+1))
	}
	if cmd.Verb == Configure {
		cmd.Config = &Config{
			AnnounceMax: random.IntN(9), Recent: random.IntN(9), RecentBytes: random.IntN(2) * 500, AwayAfter: replayConfig.AwayAfter, Page: random.IntN(2) * 100,
			MaxRoomsPerUser: random.IntN(4), Sessions: random.IntN(5), GuestsRead: cmd.Config.GuestsRead, NeedPassword: random.IntN(4) == 0, Operators: cmd.Config.Operators,
		}
	}
	return cmd
}

// replayConfig has small limits, so that digests, absences and full histories come up often.
var replayConfig = Config{AnnounceMax: 5, Recent: 7, AwayAfter: 100 * time.Millisecond, Sessions: 3, Operators: []string{"ops"}}

func encode(t *testing.T, to *json.Encoder, v any) {
	t.Helper()
	if err := to.Encode(v); err != nil {
		t.Fatal(err)
	}
}

// TestReplayGivesTheSameEvents reads a recorded log of commands into a new State, which learns the first settings by a command as well.
func TestReplayGivesTheSameEvents(t *testing.T) {
	log, want := record(t, 20_000)
	state := New(Config{})
	state.Apply(&Command{Verb: Configure, Config: &replayConfig})
	var got bytes.Buffer
	toGot, fromLog := json.NewEncoder(&got), json.NewDecoder(&log)
	for {
		var cmd Command
		err := fromLog.Decode(&cmd)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		encode(t, toGot, state.Apply(&cmd))
		checkLinks(t, state)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("the events of the replay (%d bytes) differ from the recorded ones (%d bytes)", got.Len(), want.Len())
	}
	if !bytes.Contains(want.Bytes(), []byte(`"Tally":{"Entered":`)) {
		t.Error("no digest came up: the test has lost its point")
	}
}
