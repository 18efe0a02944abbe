package peer

import (
	"fmt"
	"strconv"

	"looproom/bench"
)

// Ways are the ways in which members of one room can read in a dialect, that itself first: the same message is other bytes in each. Where there
// is only one, the protocol has no other, or none that ends in other bytes: ws-relay, plain and echo. Not every server of a dialect has all.
//
//	line, ws  another room is current, so that the room's name stands before each message
//	irc       with server-time (IRCv3), so that a time does; with message-tags, account-tag and that; and with two smaller sets of these
//	nats      a longer subscription number
//	redis     a pattern in the place of a channel, which stands in each message
//	mqtt      version 5, whose messages have properties
//
// The error of an unknown name tells the known ones.
func Ways(name string) ([]bench.Dialect, error) {
	first, err := FindDialect(name)
	if err != nil {
		return nil, err
	}
	ways := []bench.Dialect{first}
	switch d := first.(type) {
	case line:
		ways = append(ways, lineAside{d})
	case webSocket:
		ways = append(ways, webSocketAside{d, lineAside(d)})
	case irc:
		for _, set := range tagSets {
			ways = append(ways, ircTagged{d, set})
		}
	case nats:
		ways = append(ways, natsElse{d})
	case redis:
		ways = append(ways, redisPattern{d})
	case mqtt:
		ways = append(ways, mqtt5{d})
	}
	return ways, nil
}

// lineAside is line by a client for which another room is current.
type lineAside struct{ line }

func (lineAside) Name() string { return "line, another room being current" }

// MaxWords leaves what stands before the words.
func (l lineAside) MaxWords() int { return l.line.MaxWords() - len("TEXT TO #r4294967295 ") }

func (l lineAside) Hello(client, room int) []bench.HelloStep {
	send := fmt.Appendf(nil, "ADD %s\n", l.names.of(client))
	if room > 0 {
		send = fmt.Appendf(send, "JOIN #r%d\nPART #lobby\n", room)
	}
	return []bench.HelloStep{{Send: append(send, "JOIN #aside\nPING ready\n"...), Await: []byte("PONG ready\n"), Refused: []byte("! ")}}
}

func (l lineAside) Say(dst []byte, client, room int, words []byte) []byte {
	return l.SayIn(dst, client, room, words)
}

// webSocketAside is ws by a client for which another room is current.
type webSocketAside struct {
	webSocket
	aside lineAside
}

func (webSocketAside) Name() string { return "ws, another room being current" }

func (w webSocketAside) MaxWords() int { return w.aside.MaxWords() }

func (w webSocketAside) Hello(client, room int) []bench.HelloStep {
	return overWebSocket(w.aside.Hello(client, room))
}

func (w webSocketAside) Say(dst []byte, client, room int, words []byte) []byte {
	return w.SayIn(dst, client, room, words)
}

// natsElse is nats by a client whose subscription has a longer number.
type natsElse struct{ nats }

func (natsElse) Name() string { return "nats with another subscription" }

func (natsElse) Hello(_, room int) []bench.HelloStep { return natsHello(room, 1_000_000) }

// redisPattern is redis by a client that has subscribed to a pattern.
type redisPattern struct{ redis }

func (redisPattern) Name() string { return "redis by a pattern" }

func (d redisPattern) Hello(client, room int) []bench.HelloStep {
	pattern := "[r]" + strconv.Itoa(room)
	bulk := fmt.Sprintf("$%d\r\n%s\r\n", len(pattern), pattern)
	steps := d.redis.Hello(client, room)
	steps[1].Send = []byte("*2\r\n$10\r\nPSUBSCRIBE\r\n" + bulk)
	steps[1].Await = []byte("psubscribe\r\n" + bulk + ":1\r\n")
	return steps
}

// mqtt5 is mqtt of version 5.
type mqtt5 struct{ mqtt }

func (mqtt5) Name() string { return "mqtt 5" }

// Hello awaits the beginning of what the server answers: its properties are its own affair. Of its refusals only that to authorize is known.
func (m mqtt5) Hello(client, room int) []bench.HelloStep {
	const level, cleanStart, keepAlive, noProperties = 5, 2, 0, 0
	body := append(appendString(nil, "MQTT"), level, cleanStart, 0, keepAlive, noProperties)
	body = appendString(body, m.names.of(client))
	connect := append(appendLength([]byte{mqttConnect}, len(body)), body...)

	body = append([]byte{0, 1, noProperties}, appendString(nil, fmt.Sprintf("r/%d", room))...)
	body = append(body, 0)
	subscribe := append(appendLength([]byte{mqttSubscribe}, len(body)), body...)
	return []bench.HelloStep{
		{Send: connect, Await: []byte{mqttConnAck}},
		{Send: subscribe, Await: []byte{mqttSubAck, 4, 0, 1, noProperties, 0}, Refused: []byte{mqttSubAck, 4, 0, 1, noProperties, 0x80}},
	}
}

func (mqtt5) Say(dst []byte, _, room int, words []byte) []byte {
	topic := len("r/") + digits(room)
	dst = appendLength(append(dst, mqttPublish), 2+topic+1+len(words))
	dst = append(dst, 0, byte(topic))
	dst = append(dst, "r/"...)
	dst = strconv.AppendInt(dst, int64(room), 10)
	return append(append(dst, 0), words...)
}

func (m mqtt5) Tour(client, _ int) []bench.HelloStep { return m.Hello(client, 0) }

func (m mqtt5) SayIn(dst []byte, client, room int, words []byte) []byte {
	return m.Say(dst, client, room, words)
}
