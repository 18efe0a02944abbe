//go:build linux

package abuse

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"time"
)

// chunk is how much noise is sent at once, in bytes.
const chunk = 64 << 10

// noise are the cases in which what is sent counts for nothing, or costs more than it counts.
func noise() []Case {
	return []Case{
		{
			Name: "empty", What: "lines without anything in them, without end",
			Small: Size{Clients: 20, For: 2 * time.Second}, Full: Size{Clients: 200, For: 5 * time.Second},
			attacks: []attack{
				{dialects: []string{"line", "ws", "irc", "redis", "nats", "ws-relay"}, reads: true, strike: flood(func(f *field) []byte { return f.line("") })},
				{dialects: []string{"mqtt"}, reads: true, strike: flood(func(*field) []byte { return []byte{0xc0, 0} }), notes: "PINGREQ, its smallest packet"},
			},
		},
		{
			Name: "telnet", What: "IAC NOP of telnet, without end",
			Small: Size{Clients: 20, For: 2 * time.Second}, Full: Size{Clients: 200, For: 5 * time.Second},
			attacks: []attack{{dialects: []string{"line"}, reads: true, strike: flood(func(*field) []byte { return []byte{0xff, 0xf1} })}},
		},
		{
			Name: "fragments", What: "fragments of a WebSocket message without anything in them, without end",
			Small: Size{Clients: 20, For: 2 * time.Second}, Full: Size{Clients: 200, For: 5 * time.Second},
			attacks: []attack{{dialects: []string{"ws", "ws-relay"}, reads: true, strike: fragments}},
		},
		{
			Name: "names", What: "names of 8 KB",
			Small: Size{Clients: 20, Times: 40, For: 2 * time.Second}, Full: Size{Clients: 200, Times: 40, For: 5 * time.Second},
			attacks: []attack{
				{dialects: lineLike, reads: true, strike: longNames(8000)},
				{dialects: []string{"irc"}, reads: true, strike: longNames(480), notes: "names of 480 bytes: a line has 512"},
			},
		},
		{
			Name: "echo", What: "what is sent to an echo service and not read when it comes back",
			Small: Size{Clients: 60, For: 3 * time.Second}, Full: Size{Clients: 300, For: 8 * time.Second},
			Needs:   Needs{Echo: true},
			attacks: []attack{{dialects: []string{"echo"}, strike: flood(func(f *field) []byte { return f.line(strings.Repeat("x", 1000)) })}},
		},
	}
}

// flood has each attacker send the same bytes without end.
func flood(what func(f *field) []byte) func(f *field, attackers []*member) {
	return func(f *field, attackers []*member) { f.crew.flood(attackers, repeated(what(f))) }
}

// repeated is the piece so often that it is worth a write.
func repeated(piece []byte) []byte { return bytes.Repeat(piece, max(1, chunk/len(piece))) }

// fragments begins a message that has no end.
func fragments(f *field, attackers []*member) {
	const text, more, masked = 0x01, 0x00, 0x80
	key := binary.BigEndian.AppendUint32(nil, mask)
	first := slices.Concat([]byte{text, masked}, key)
	f.crew.send(attackers, func(int) []byte { return first })
	f.crew.flood(attackers, repeated(slices.Concat([]byte{more, masked}, key)))
}

// longNames has each attacker ask for a name that can't be, of letters that have to be looked at.
func longNames(size int) func(f *field, attackers []*member) {
	return func(f *field, attackers []*member) {
		asked := f.times(f.size.Times, "NICK "+strings.Repeat("é", size/len("é")))
		f.crew.send(attackers, func(int) []byte { return asked })
	}
}
