//go:build linux

package abuse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// lineLike are the dialects of looproom's protocol.
var lineLike = []string{"line", "ws"}

// burst is how many lines a client may say at once on a server that limits it: 50 on looproom by default, some of them said on the way in.
const burst = 44

// answers are the cases in which little is asked, much is answered, and nobody reads it.
func answers() []Case {
	return []Case{
		{
			Name: "recent", What: "the last 100 messages of 8 KB, as far as they are kept, asked for in a burst and not read",
			Small: Size{Clients: 10, Times: burst, For: 2 * time.Second}, Full: Size{Clients: 40, Times: burst, For: 5 * time.Second},
			attacks: []attack{
				{dialects: lineLike, prepare: history, strike: ask("RECENT 100")},
				{dialects: []string{"redis"}, strike: ask("COMMAND"), notes: "COMMAND, its longest answer"},
				{dialects: []string{"mqtt"}, prepare: retained, strike: subscribe, notes: "100 retained messages"},
			},
		},
		{
			Name: "files", What: "the list of all files, asked for in a burst and not read",
			Small: Size{Clients: 1, Times: burst, Crowd: 1000, For: 2 * time.Second}, Full: Size{Clients: 1, Times: burst, Crowd: 25_000, For: 5 * time.Second},
			Needs:   Needs{Files: true},
			attacks: []attack{{dialects: lineLike[:1], prepare: upload, strike: ask("FILES 1000000")}},
		},
		{
			Name: "rooms", What: "the list of rooms with long topics, asked for in a burst and not read",
			Small: Size{Clients: 4, Times: burst, Crowd: 400, For: 2 * time.Second}, Full: Size{Clients: 8, Times: burst, Crowd: 4000, For: 5 * time.Second},
			attacks: []attack{
				{dialects: lineLike, prepare: found(18, "JOIN #%s", "TOPIC %s"), strike: ask("ROOMS")},
				{dialects: []string{"irc"}, prepare: found(4, "JOIN #%s", "TOPIC #%s :%s"), strike: ask("LIST")},
				{dialects: []string{"redis"}, prepare: found(40, "SUBSCRIBE %s-%s", ""), strike: ask("PUBSUB CHANNELS"), notes: "PUBSUB CHANNELS"},
			},
		},
		{
			Name: "list", What: "the names of a crowd, asked for in a burst and not read",
			Small: Size{Clients: 10, Times: burst, Crowd: 1000, For: 2 * time.Second}, Full: Size{Clients: 20, Times: burst, Crowd: 15_000, For: 5 * time.Second},
			attacks: []attack{
				{dialects: lineLike, prepare: crowd, strike: ask("LIST")},
				{dialects: []string{"irc"}, prepare: crowd, strike: ask("NAMES #r1")},
				{dialects: []string{"redis"}, prepare: crowd, strike: ask("CLIENT LIST"), notes: "CLIENT LIST"},
			},
		},
		{
			Name: "join", What: "a room with 8 KB messages, entered and left again in a burst, and its greeting not read",
			Small: Size{Clients: 60, Times: burst / 2, For: 2 * time.Second}, Full: Size{Clients: 300, Times: burst / 2, For: 5 * time.Second},
			attacks: []attack{
				{dialects: lineLike, prepare: history, strike: ask("PART #r1", "JOIN #r1")},
				{dialects: []string{"irc"}, strike: ask("PART #r1", "JOIN #r1")},
			},
		},
		{
			Name: "history", What: "the last 500 messages of 8 KB that are kept on the disk, asked for in a burst and not read",
			Small: Size{Clients: 10, Times: burst, For: 2 * time.Second}, Full: Size{Clients: 40, Times: burst, For: 5 * time.Second},
			Needs:   Needs{State: true},
			attacks: []attack{{dialects: lineLike, prepare: chronicle(strings.Repeat("x", 8000)), strike: ask("HISTORY 500")}},
		},
		{
			Name: "search", What: "words that are in all messages, searched for in a burst by all, and in no message",
			Small: Size{Clients: 20, Times: burst / 2, For: 2 * time.Second}, Full: Size{Clients: 100, Times: burst / 2, For: 5 * time.Second},
			Needs:   Needs{State: true},
			attacks: []attack{{dialects: lineLike, prepare: chronicle("all that is said here has words in it"), strike: ask("SEARCH words that are here", "SEARCH words in it 100"), reads: true}},
		},
	}
}

// ask has each attacker say the lines in one burst.
func ask(texts ...string) func(f *field, attackers []*member) {
	return func(f *field, attackers []*member) {
		asked := f.times(f.size.Times, texts...)
		f.crew.send(attackers, func(int) []byte { return asked })
	}
}

// history fills the room with 100 messages of 8 KB, and stays in it.
func history(f *field) error {
	const fillers, each, size = 4, 25, 8000
	said := f.times(each, strings.Repeat("x", size))
	_, err := f.enter(fillers, room, true, func(int) []byte { return said })
	return err
}

// chronicle has 500 messages with those words said in the room.
func chronicle(words string) func(f *field) error {
	const tellers, each = 20, 25
	return func(f *field) error {
		said := f.times(each, words)
		_, err := f.enter(tellers, room, true, func(int) []byte { return said })
		return err
	}
}

// crowd is those whose names are a long list.
func crowd(f *field) error {
	_, err := f.enter(f.size.Crowd, room, true, nil)
	return err
}

// upload sends files of one byte.
func upload(f *field) error {
	const each = 40
	_, err := f.enter((f.size.Crowd+each-1)/each, room, true, func(i int) (sent []byte) {
		for n := range each {
			sent = append(sent, fmt.Sprintf("SEND 1 a-file-with-a-name-that-is-as-long-as-they-are-%d-%d.txt\nx", i, n)...)
		}
		return sent
	})
	return err
}

// found has founders make rooms with long topics, that many each. The line that makes one takes its name, the line for the topic what of name and topic it has room
// for.
func found(each int, makes, topics string) func(f *field) error {
	topic := strings.Repeat("t", 380)
	return func(f *field) error {
		_, err := f.enter((f.size.Crowd+each-1)/each, room, true, func(i int) (said []byte) {
			for n := range each {
				name := fmt.Sprintf("t%d-%d", i, n)
				said = append(said, f.line(fill(makes, name, topic))...)
				if topics != "" {
					said = append(said, f.line(fill(topics, name, topic))...)
				}
			}
			return said
		})
		return err
	}
}

// fill puts name and topic where the format has place: with one place, the name goes behind a '#', the topic elsewhere.
func fill(format, name, topic string) string {
	switch {
	case strings.Count(format, "%s") == 2:
		return fmt.Sprintf(format, name, topic)
	case strings.Contains(format, "#%s"):
		return fmt.Sprintf(format, name)
	default:
		return fmt.Sprintf(format, topic)
	}
}

// MQTT 3.1.1, sections 3.3 and 3.8.
const (
	mqttPublishRetained = 0x31
	mqttSubscribe       = 0x82
)

// retained leaves messages of 8 KB for whoever subscribes.
func retained(f *field) error {
	const messages, size = 100, 8000
	var published []byte
	for i := range messages {
		body := mqttString(nil, fmt.Sprintf("h/%d", i))
		body = append(body, strings.Repeat("x", size)...)
		published = append(binary.AppendUvarint(append(published, mqttPublishRetained), uint64(len(body))), body...)
	}
	_, err := f.enter(1, room, true, func(int) []byte { return published })
	return err
}

// subscribe asks for what is retained, again and again.
func subscribe(f *field, attackers []*member) {
	body := append(mqttString([]byte{0, 7}, "h/#"), 0)
	one := append(binary.AppendUvarint([]byte{mqttSubscribe}, uint64(len(body))), body...)
	asked := bytes.Repeat(one, f.size.Times)
	f.crew.send(attackers, func(int) []byte { return asked })
}

func mqttString(dst []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(text))), text...)
}
