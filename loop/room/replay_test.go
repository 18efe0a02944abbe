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
	more := []Verb{Tick, Tick, Rooms, Who, Topic, Away, Back, Recent, IDs, Send, Files, Get, Ping, Help, Refuse, Stored, Pass, Oper, Shun, Unban, Stats, Drain, Admit, Sessions, Logout, Keep, Read, RenameRoom, RenameRoom}
	if random.IntN(3) == 0 && cmd.Verb != RoomKept && cmd.Verb != PersonKept {
		cmd.Verb = more[random.IntN(len(more))]
		cmd.Name = "ann"
		if cmd.Verb == RenameRoom {
			cmd.Name, cmd.Room = []string{"#one", "#two", "#Two", "#four"}[random.IntN(4)], ""
		}
		cmd.Off = random.IntN(3) == 0
		cmd.N, cmd.Msg = []int64{None, 0, 1, 2}[random.IntN(4)], MsgID(random.Uint64N(uint64(step)+1))
	}
	if random.IntN(50) == 0 && cmd.Verb != Connect {
		cmd = memory(random, step)
	}
	if cmd.Verb == Configure {
		cmd.Config = &Config{
			AnnounceMax: random.IntN(9), Recent: random.IntN(9), RecentBytes: random.IntN(2) * 500, AwayAfter: replayConfig.AwayAfter, Page: random.IntN(2) * 100,
			MaxRoomsPerUser: random.IntN(4), Sessions: random.IntN(5), GuestsRead: cmd.Config.GuestsRead, NeedPassword: random.IntN(4) == 0, Operators: cmd.Config.Operators,
		}
	}
	return cmd
}

// memory is what a server that starts tells of what was kept, or erases.
func memory(random *rand.Rand, step int) Command {
	names, rooms := []string{"ann", "bob", "cem", "ivy"}, []string{Lobby, "#one", "#two", "#four"}
	name, in := names[random.IntN(4)], rooms[random.IntN(4)]
	id := MsgID(random.Uint64N(uint64(step) + 1))
	past := &Past{
		Marks: []KeptMark{{Account: name, Key: in, Shown: in, Read: id}, {Account: name, Key: "bob", Shown: "bob", Read: id}},
		Rows:  []Row{{Name: "Ann", Account: "ann", Text: "before", ID: id, At: 7}, {Name: "zoe", Text: "before", ID: id + 1, At: 8, Action: true}},
	}
	cmd := Command{Client: NoClient, At: time.Duration(step) * time.Millisecond, Wall: int64(step) * 1000, Name: name, N: None}
	switch cmd.Verb = []Verb{RestoreRoom, Remember, RestorePerson, Restored, Forgotten, RoomCleared}[random.IntN(6)]; cmd.Verb {
	case RestoreRoom:
		cmd.Kept = &KeptRoom{Key: in, Name: in, Place: PlaceID(random.IntN(2) * (step + 2)), Topic: "as before", Rights: []Right{
			{Kind: RightFounder, Target: name, By: name}, {Kind: RightVoice, Target: "bob"}, {Kind: RightBan, Target: "10.0.0.3"}, {Kind: RightKept, By: name}}[random.IntN(3):]}
	case Remember:
		cmd.Name, cmd.Past = in, past
	case RestorePerson:
		cmd.Person = &KeptPerson{Account: name, Name: name, Keeps: true, Rooms: rooms[random.IntN(4):], Took: id, Since: 9, IsAway: random.IntN(2) == 0}
		cmd.Past = past
	case RoomCleared:
		cmd.Room = in
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
