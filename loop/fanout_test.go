//go:build linux

package loop

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"looproom/loop/delivery"
	"looproom/loop/dialect"
	"looproom/loop/door"
	"looproom/loop/room"
)

// sink is a delivery.Host for receivers that take all and never end: the test sweeps.
type sink struct{ delivery.Host }

func (sink) Layout(uint8) delivery.Layout           { return delivery.Layout{Framing: delivery.Lines} }
func (sink) Now() time.Duration                     { return 0 }
func (sink) Wake()                                  {}
func (sink) WakeAt(time.Duration)                   {}
func (sink) Panicked(_ *delivery.Receiver, why any) { panic(why) }

// audience is a fanOut by itself, with peers on socket pairs.
type audience struct {
	t *testing.T
	fanOut
	ps     peers
	far    []int // the clients' descriptors, by slot
	failed []string
}

func newAudience(t *testing.T, count int) *audience {
	t.Helper()
	a := &audience{t: t}
	w := delivery.New(sink{}, delivery.Limits{SendQ: 1 << 20, HardSendQ: 1 << 24, Grace: time.Hour})
	a.fanOut = fanOut{writer: w, peers: &a.ps, doors: &door.Doors{}, mirror: newMirror(w), failed: func(p *peer, value any) {
		who := "nobody"
		if p != nil {
			who = fmt.Sprint(p.id().Slot())
		}
		a.failed = append(a.failed, fmt.Sprintf("%s: %v", who, value))
	}}
	for slot := range count {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fds[0]); unix.Close(fds[1]) })
		p := &peer{out: delivery.Unopened(uint64(room.NewClientID(uint32(slot), 1))), here: 1}
		w.Open(&p.out, uint64(p.id()), fds[0], p.here, false)
		a.ps.put(p)
		a.far = append(a.far, fds[1])
	}
	return a
}

// in makes clients members of a room, their current one.
func (a *audience) in(id room.RoomID, slots ...int) {
	for _, slot := range slots {
		a.deliver(&room.Event{Kind: room.MemberAdded, Scope: room.ToLoops, Client: a.ps[slot].id(), Room: id, Current: true})
	}
}

// hears checks what each client has heard since the last time.
func (a *audience) hears(want ...string) {
	a.t.Helper()
	for a.writer.Sweep() {
	}
	buf := make([]byte, 1<<16)
	for slot, fd := range a.far {
		n, err := unix.Read(fd, buf)
		if err != nil && err != unix.EAGAIN {
			a.t.Fatal(err)
		}
		if got := string(buf[:max(n, 0)]); got != want[slot] {
			a.t.Errorf("client %d hears %q, want %q", slot, got, want[slot])
		}
	}
}

// TestAudiences: an event is told to those that it is for, once, in the order of events.
func TestAudiences(t *testing.T) {
	a := newAudience(t, 4)
	a.in(1, 0, 1, 2)
	a.in(2, 2, 3)
	client := func(slot int) room.ClientID { return a.ps[slot].id() }
	said := func(id room.RoomID, text string) room.Event {
		return room.Event{Kind: room.Said, Scope: room.ToRoom, Client: client(0), Room: id, RoomName: fmt.Sprint("#r", id), Who: "ann", Text: text}
	}
	a.publish([]room.Event{said(1, "one")})
	a.hears("", "[ann] one\n", "#r1 [ann] one\n", "")
	pong := room.Event{Kind: room.Ponged, Scope: room.ToClient, Client: client(2), Text: "x"}
	a.publish([]room.Event{said(1, "two"), pong, said(2, "three")})
	a.hears("", "[ann] two\n", "#r1 [ann] two\nPONG x\n[ann] three\n", "[ann] three\n")
	rename := room.Event{Kind: room.Renamed, Scope: room.ToRooms, Client: client(0), Rooms: []room.RoomID{1, 2, 9}, Who: "ann", Text: "eve"}
	a.publish([]room.Event{rename})
	line := string(native.Append(nil, &rename, dialect.Reader{Here: true}))
	a.hears("", line, line, line)
	a.publish([]room.Event{ // of no room, or for clients who have gone
		said(9, "nobody"), {Kind: room.Ponged, Scope: room.ToClient, Client: room.NewClientID(1, 2), Text: "y"},
		{Kind: room.Ponged, Scope: room.ToClient, Client: room.NewClientID(77, 1), Text: "z"},
	})
	a.hears("", "", "", "")
}

// TestEffects: an event that means more than words is not told, but done, at its place; a panic in that costs nobody else anything.
func TestEffects(t *testing.T) {
	a := newAudience(t, 2)
	a.in(1, 0, 1)
	var done []string
	a.on[room.UploadAsked] = func(p *peer, e *room.Event) {
		done = append(done, fmt.Sprint(p.id().Slot(), e.Text))
		a.tell(p, &room.Event{Kind: room.Ponged, Text: "instead"})
		if e.Text == "bad" {
			panic("bad")
		}
	}
	a.on[room.Said] = func(*peer, *room.Event) { t.Error("what is said to a room means more than words") }
	ask := func(slot int, text string) room.Event {
		return room.Event{Kind: room.UploadAsked, Scope: room.ToClient, Client: a.ps[slot].id(), Text: text}
	}
	said := room.Event{Kind: room.Said, Scope: room.ToRoom, Who: "ann", Text: "behind", Room: 1}
	a.publish([]room.Event{ask(0, "good"), ask(1, "bad"), said, ask(0, "bad"), ask(1, "good")})
	a.hears("PONG instead\n[ann] behind\nPONG instead\n", "PONG instead\n[ann] behind\nPONG instead\n")
	if want := []string{"0good", "1bad", "0bad", "1good"}; !slices.Equal(done, want) {
		t.Errorf("done %q, want %q", done, want)
	}
	if want := []string{"1: bad", "0: bad"}; !slices.Equal(a.failed, want) {
		t.Errorf("failed %q, want %q", a.failed, want)
	}
}

// TestLongAnswerInPieces: what is behind the first piece of an answer comes as the client takes it, from the home loop or from here, and nothing passes by it.
func TestLongAnswerInPieces(t *testing.T) {
	for _, away := range []bool{false, true} {
		t.Run(fmt.Sprintf("away %v", away), func(t *testing.T) {
			a := newAudience(t, 1)
			var home []func() (then func())
			if away {
				a.atHome = func(work func() (then func())) { home = append(home, work) }
			}
			rows := make([]room.Row, 20)
			for i := range rows {
				rows[i] = room.Row{Name: fmt.Sprint("row", i), Text: "text"}
			}
			first, rest := room.Pages(slices.Clone(rows), 60)
			e := room.Event{Kind: room.BanList, Scope: room.ToClient, Client: a.ps[0].id(), Count: len(rows), List: first, Rest: rest}
			whole := e
			whole.List, whole.Rest = rows, nil
			want := string(native.Append(nil, &whole, dialect.Reader{Here: true})) + "PONG behind\n"
			a.publish([]room.Event{e, {Kind: room.Ponged, Scope: room.ToClient, Client: e.Client, Text: "behind"}})
			asked := 0
			for a.writer.Sweep() || len(home) > 0 {
				for _, work := range home {
					home = home[1:]
					asked++
					work()()
				}
			}
			a.hears(want)
			if away != (asked > 3) {
				t.Errorf("the home loop was asked %d times", asked)
			}
		})
	}
}

// TestLongAnswerThatSaysNothing: pieces of an answer that say nothing in the client's dialect hold nothing up.
func TestLongAnswerThatSaysNothing(t *testing.T) {
	for _, away := range []bool{false, true} {
		t.Run(fmt.Sprintf("away %v", away), func(t *testing.T) {
			a := newAudience(t, 1)
			var letters []func()
			a.soon = func(work func()) { letters = append(letters, work) }
			if away {
				a.atHome = func(work func() (then func())) { a.soon(func() { work()() }) }
			}
			first, rest := room.Pages(make([]room.Row, 20), 60)
			e := room.Event{Kind: room.NamesAre, Scope: room.ToClient, Client: a.ps[0].id(), Count: 20, List: first, Rest: rest}
			a.publish([]room.Event{e, {Kind: room.Ponged, Scope: room.ToClient, Client: e.Client, Text: "behind"}})
			steps := 0
			for a.writer.Sweep() || len(letters) > 0 {
				if len(letters) > 0 {
					letter := letters[0]
					letters = letters[1:]
					steps++
					letter()
				}
			}
			a.hears("PONG behind\n")
			if steps < 8 {
				t.Errorf("it came in %d steps", steps)
			}
		})
	}
}

// TestFanOutAllocatesNothing: a line said to a room costs no memory on its way from the event to the sockets.
func TestFanOutAllocatesNothing(t *testing.T) {
	a := newAudience(t, 3)
	a.in(1, 0, 1, 2)
	events := []room.Event{{Kind: room.Said, Scope: room.ToRoom, Client: a.ps[0].id(), Room: 1, Who: "ann", Text: "hello"}}
	buf := make([]byte, 1<<12)
	say := func() {
		a.publish(events)
		for a.writer.Sweep() {
		}
		for _, fd := range a.far[1:] {
			if n, err := unix.Read(fd, buf); err != nil || string(buf[:n]) != "[ann] hello\n" {
				t.Fatalf("a client hears %q, %v", buf[:max(n, 0)], err)
			}
		}
	}
	say() // the stream's memory
	if n := testing.AllocsPerRun(100, say); n != 0 {
		t.Errorf("a line allocates %v times, want 0", n)
	}
}
