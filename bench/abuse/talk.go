//go:build linux

package abuse

import (
	"fmt"
	"time"

	"looproom/bench"
)

// everyRoom are the dialects with rooms and questions.
var everyRoom = []string{"line", "ws", "irc", "nats", "redis", "mqtt", "ws-relay"}

// talk are the cases in which all do what each may do.
func talk() []Case {
	return []Case{
		{
			Name: "nick", What: "all members of a room change their names in a burst; each is told to all",
			Small: Size{Clients: 150, Times: 40, For: 2 * time.Second}, Full: Size{Clients: 500, Times: 40, For: 8 * time.Second},
			attacks: []attack{{dialects: []string{"line", "ws", "irc"}, reads: true, strike: rename}},
		},
		{
			Name: "burst", What: "all members of a room talk at once, a question to the server behind each message",
			Small: Size{Clients: 200, Times: 20, For: 2 * time.Second}, Full: Size{Clients: 600, Times: 20, For: 8 * time.Second},
			attacks: []attack{{dialects: everyRoom, reads: true, strike: chatter}},
		},
		{
			Name: "nine", What: "all members of a room say nine lines a second, every other one a question to the server",
			Small: Size{Clients: 200, For: 2 * time.Second}, Full: Size{Clients: 900, For: 8 * time.Second},
			attacks: []attack{{dialects: everyRoom, reads: true, strike: nine}},
		},
	}
}

// rename has each attacker go from one name to another and on.
func rename(f *field, attackers []*member) {
	f.crew.send(attackers, func(i int) (said []byte) {
		for n := range f.size.Times {
			said = append(said, f.line(fmt.Sprintf("NICK n%dx%d", i, n))...)
		}
		return said
	})
}

// word is what is said, as short as the chat of people who are in a hurry.
var word = []byte("well, well")

// chatter has each attacker say words and ask by turns, in one burst.
func chatter(f *field, attackers []*member) {
	asker := f.door.Dialect.(bench.Asker)
	f.crew.send(attackers, func(i int) (said []byte) {
		for range f.size.Times {
			said = asker.Ask(asker.Say(said, i, room, word))
		}
		return said
	})
}

// nine has all talk and ask by turns at an even pace.
func nine(f *field, attackers []*member) {
	const each = 9 // of the 10 a second that looproom lets through
	asker := f.door.Dialect.(bench.Asker)
	f.crew.keepPace(attackers, each, asker.Say(nil, 0, room, word), asker.Ask(nil))
}
