package irc

import (
	"fmt"
	"testing"

	"looproom/loop/room"
)

// saidEvent is a message of 64 bytes to a room.
func saidEvent() *room.Event {
	return &room.Event{
		Kind: room.Said, Scope: room.ToRoom, Who: "ann", User: "lb", Host: "127.0.0.1", Account: "ann", RoomName: "#lobby", At: 1764288000123, ID: 123<<34 + 42,
		Text: "It takes sixty-four bytes to say this, so that is what is said.",
	}
}

// sets are all of them.
var sets = []Set{NoTags, Time, Account, TimeAccount, AllTags}

// BenchmarkAppendSaid lays a message out once for a set of tags, and once for each of five.
func BenchmarkAppendSaid(b *testing.B) {
	e := saidEvent()
	dst := make([]byte, 0, 4<<10)
	for _, as := range sets {
		b.Run(fmt.Sprint(as), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dst = Append(dst[:0], e, as, "irc.test")
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e.At++
			e.ID++
			for _, as := range sets {
				dst = Append(dst[:0], e, as, "irc.test")
			}
		}
	})
}

// TestSaidIsLaidOutInPlace: a message to a room costs no memory, whatever set of tags it is laid out for.
func TestSaidIsLaidOutInPlace(t *testing.T) {
	e := saidEvent()
	dst := make([]byte, 0, 4<<10)
	for _, as := range sets {
		if n := testing.AllocsPerRun(100, func() { dst = Append(dst[:0], e, as, "irc.test") }); n != 0 {
			t.Errorf("set %d: %v allocations, want 0", as, n)
		}
	}
}

// talker is a client that says a line, and is answered.
type talker struct {
	*Client
	line  []byte
	sent  room.Event
	ended room.Event
	dst   []byte
}

func newTalker() *talker {
	server := &Server{Name: "irc.test", Network: "Test"}
	c := NewClient(func() *Server { return server }, Conn{Host: "127.0.0.1"})
	c.Shares(&Spares{})
	c.nick = "ann"
	return &talker{Client: c, line: []byte("PRIVMSG #lobby :" + saidEvent().Text), sent: room.Event{Kind: room.Sent, RoomName: "#lobby"}, ended: room.Event{Kind: room.Answered}}
}

func (c *talker) says() {
	c.Hear(c.line, func(cmd *room.Command) { c.sent.Tag, c.ended.Tag = cmd.Tag, cmd.Tag })
	c.dst = c.Append(c.dst[:0], &c.sent)
	c.dst = c.Append(c.dst[:0], &c.ended)
}

// TestSayingCostsLittle: of a message there are its words, its target, the slice that has both, and what it is while it is read and answered.
func TestSayingCostsLittle(t *testing.T) {
	c := newTalker()
	if n := testing.AllocsPerRun(100, c.says); n > 6 {
		t.Errorf("%v allocations, want at most 6", n)
	}
	if c.requests != nil {
		t.Errorf("%d requests are not answered", len(c.requests))
	}
}

// BenchmarkHearSaid reads a message of 64 bytes, and answers it.
func BenchmarkHearSaid(b *testing.B) {
	c := newTalker()
	b.ReportAllocs()
	for b.Loop() {
		c.says()
	}
}
