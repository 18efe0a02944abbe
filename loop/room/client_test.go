package room

import (
	"bytes"
	"math/rand/v2"
	"os"
	"reflect"
	"testing"
)

func TestClientsOfNodes(t *testing.T) {
	for _, row := range []struct {
		slot, tag uint32
		node      uint8
	}{{0, 0, 0}, {7, 1, 0}, {MaxSlots - 1, 1<<32 - 1, 255}, {7, 1, 3}} {
		alone := NewClientID(row.slot, row.tag)
		id := alone.On(row.node)
		if id.Slot() != row.slot || id.Tag() != row.tag || id.Node() != row.node || alone.Node() != 0 || id.On(0) != alone || id.sharesSlot(alone) != (row.node == 0) {
			t.Errorf("slot %d, tag %d on node %d are told as %d, %d on %d", row.slot, row.tag, row.node, id.Slot(), id.Tag(), id.Node())
		}
	}
}

// onNodes is a client elsewhere: as many slots are on three nodes, each of which has a third of them.
func onNodes(id ClientID) ClientID {
	if id == NoClient {
		return id
	}
	return NewClientID(id.Slot()/3, id.Tag()).On([]uint8{0, 7, 255}[id.Slot()%3])
}

// TestNodesMakeNoDifference: clients that are on several nodes are told the same, also by a State that is restored.
func TestNodesMakeNoDifference(t *testing.T) {
	random, rounds, disk := rand.New(rand.NewPCG(7, 8)), make([]uint32, 40), keeper{}
	alone, nodes := New(replayConfig), New(replayConfig)
	for step := range 30_000 {
		cmd := anyCommand(random, step, rounds, &disk)
		there := cmd
		there.Client = onNodes(cmd.Client)
		want := unfolded(alone.Apply(&cmd))
		disk.hear(want)
		for i := range want {
			want[i].Client = onNodes(want[i].Client)
		}
		if got := unfolded(nodes.Apply(&there)); !reflect.DeepEqual(got, want) {
			t.Fatalf("step %d: %+v gives\n%+v, want\n%+v", step, there, got, want)
		}
		if step%1000 == 0 {
			again, _ := restored(t, nodes)
			if d := difference(nodes, again); d != "" {
				t.Fatalf("step %d: what is restored differs:\n%s", step, d)
			}
			nodes = again
		}
		checkLinks(t, nodes)
	}
	if len(nodes.people.slots) != 256 || len(nodes.people.slots[7]) == 0 || nodes.people.slots[8] != nil {
		t.Errorf("there are %d nodes with slots of their own", len(nodes.people.slots))
	}
}

// TestFormat1IsRead: what looproom wrote before there were nodes is a State with all clients on node 0. testdata/state-1 is of stage.
func TestFormat1IsRead(t *testing.T) {
	file, err := os.ReadFile("testdata/state-1")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Restore(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	checkLinks(t, s)
	if bytes.HasPrefix(saved(s), []byte("looproom state 1\n")) {
		t.Error("format 1 is still written: the test has lost its point")
	}
	again, _ := restored(t, s)
	if d := difference(s, again); d != "" {
		t.Errorf("as it is written now it differs:\n%s", d)
	}
	if u := s.people.of(NewClientID(100, 1)); u == nil || u.name != "Zed" || len(s.people.slots) != 1 {
		t.Errorf("in slot 100 is %+v, on %d nodes", u, len(s.people.slots))
	}
	said := of(Said, s.Apply(&Command{Verb: Say, Client: NewClientID(101, 1), Room: "#stage", Text: "hello"}))
	if len(said) != 1 || said[0].Who != "yan" || said[0].RoomName != "#Stage" {
		t.Errorf("who was in slot 101 says %+v", said)
	}
}
