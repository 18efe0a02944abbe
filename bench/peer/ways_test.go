//go:build linux

package peer

import (
	"bytes"
	"fmt"
	"testing"

	"looproom/bench"
)

// TestWays has members that read in different ways in one room: each hears what a member of each way says, and the bytes differ.
func TestWays(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			ways, err := Ways(s.dialect)
			if err != nil {
				t.Fatal(err)
			}
			if len(ways) == 1 {
				t.Skip("all read alike")
			}
			r := s.start(t)
			if p, err := FindPeer(s.name); err == nil && p.Ways > 0 {
				if _, err := enter(r.Addr, ways[p.Ways], 0, 3); err == nil {
					t.Errorf("a client that reads %s was let in, though the server has only the ways before that", ways[p.Ways].Name())
				}
				ways = ways[:p.Ways]
			}
			if len(ways) == 1 {
				return
			}
			var members []*member
			for i := range 2 * len(ways) {
				m, err := enter(r.Addr, ways[i%len(ways)], i, 3)
				if err != nil {
					t.Fatal(err)
				}
				defer m.conn.Close()
				members = append(members, m)
			}
			for speaker := range ways {
				together(t, len(members), func(i int) error {
					if i == speaker {
						return members[i].say(100*speaker, 100*speaker+100)
					}
					return members[i].hear(100*speaker, 100*speaker+100)
				})
			}
			if one, other := heardBy(t, members, 2), heardBy(t, members, 3); bytes.Equal(one, other) {
				t.Errorf("%s and %s read the same: %q", ways[0].Name(), ways[1].Name(), one)
			}
		})
	}
}

// heardBy is all that a member reads of one message that the first one says.
func heardBy(t *testing.T, members []*member, i int) []byte {
	t.Helper()
	m := members[i]
	m.in = nil
	words := fmt.Appendf(nil, "for-%d-alone", i)
	if err := members[0].write(members[0].dialect.Say(nil, 0, 3, words)); err != nil {
		t.Fatal(err)
	}
	var heard []byte
	err := m.readUntil(func() (bool, error) {
		at := bytes.Index(m.in, words)
		heard = bytes.Clone(m.in[:max(at, 0)])
		return at >= 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return heard
}

// TestWaysOfTheWeb is TestWays for browsers beside lines, as many ways as there are.
func TestWaysOfTheWeb(t *testing.T) {
	program, err := buildLooproom()
	if err != nil {
		t.Fatal(err)
	}
	argv := []string{program, "--listen", "line://127.0.0.1:0", "--listen", "http://127.0.0.1:0", "--lines-per-second", "0"}
	r, err := StartDoors(t.Context(), StartOptions{}, "looproom", argv, "line://", "http://")
	started(t, r, err)
	var members []*member
	for i, way := range []struct {
		name string
		door int
	}{{"line", 0}, {"ws", 1}} {
		ways, err := Ways(way.name)
		if err != nil {
			t.Fatal(err)
		}
		for j, d := range ways {
			m, err := enter(r.Doors[way.door], d, 10*i+j, 3)
			if err != nil {
				t.Fatal(err)
			}
			defer m.conn.Close()
			members = append(members, m)
		}
	}
	for speaker := range members {
		together(t, len(members), func(i int) error {
			if i == speaker {
				return members[i].say(100*speaker, 100*speaker+100)
			}
			return members[i].hear(100*speaker, 100*speaker+100)
		})
	}
}

// TestAnswers: what a member asks is answered to it alone, once.
func TestAnswers(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			asker, asks := find(t, s.dialect).(bench.Asker)
			if !asks {
				t.Skip("its dialect has no questions")
			}
			members := enterAll(t, s.start(t).Addr, asker, 2)
			var out []byte
			for i := range 10 {
				out = asker.Ask(asker.Say(out, 0, 3, message(i)))
			}
			if err := members[0].write(out); err != nil {
				t.Fatal(err)
			}
			if err := members[0].readUntil(func() (bool, error) { return bytes.Count(members[0].in, asker.Answer()) >= 10, nil }); err != nil {
				t.Errorf("%d of 10 answers: %v", bytes.Count(members[0].in, asker.Answer()), err)
			}
			if err := members[1].hear(0, 10); err != nil {
				t.Error(err)
			}
			if bytes.Contains(members[1].in, asker.Answer()) {
				t.Errorf("the other member reads an answer: %q", members[1].in)
			}
		})
	}
}

// TestTour: one client talks in several rooms by turns, and each hears what is said in its own.
func TestTour(t *testing.T) {
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			rover, roves := find(t, s.dialect).(bench.Rover)
			if !roves {
				t.Skip("its dialect has no rooms, or one for each connection")
			}
			addr := s.start(t).Addr
			const rooms = 3
			speaker, err := enter(addr, tour{rover, rooms}, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer speaker.conn.Close()
			var listeners []*member
			for room := range rooms {
				m, err := enter(addr, rover, 1+room, room)
				if err != nil {
					t.Fatal(err)
				}
				defer m.conn.Close()
				listeners = append(listeners, m)
			}
			var out []byte
			for i := range 10 {
				for room := range rooms {
					out = rover.SayIn(out, 0, room, message(100*room+i))
				}
			}
			if err := speaker.write(out); err != nil {
				t.Fatal(err)
			}
			together(t, rooms, func(room int) error { return listeners[room].hear(100*room, 100*room+10) })
		})
	}
}

// tour is a Rover whose hello is that of a client who talks in all rooms.
type tour struct {
	bench.Rover
	rooms int
}

func (d tour) Hello(client, _ int) []bench.HelloStep { return d.Tour(client, d.rooms) }
