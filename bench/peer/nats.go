package peer

import (
	"fmt"
	"strconv"

	"looproom/bench"
)

// nats is the NATS client protocol: a room is a subject. The server doesn't send a client what it said itself.
type nats struct{}

var (
	_ bench.Asker = nats{}
	_ bench.Rover = nats{}
)

func (nats) Name() string { return "nats" }

func (nats) Hello(_, room int) []bench.HelloStep { return natsHello(room, 1) }

// natsHello subscribes by that number.
func natsHello(room, number int) []bench.HelloStep {
	return []bench.HelloStep{{
		Send:    fmt.Appendf(nil, natsConnect+"SUB r%d %d\r\nPING\r\n", room, number),
		Await:   []byte("PONG\r\n"),
		Refused: []byte("-ERR"),
	}}
}

// natsConnect switches off the +OK for each message, and one's own messages.
const natsConnect = `CONNECT {"verbose":false,"pedantic":false,"echo":false,"name":"loopbench","lang":"go","version":"1","protocol":1}` + "\r\n"

func (nats) Say(dst []byte, _, room int, words []byte) []byte {
	dst = append(dst, "PUB r"...)
	dst = strconv.AppendInt(dst, int64(room), 10)
	dst = append(dst, ' ')
	dst = strconv.AppendInt(dst, int64(len(words)), 10)
	dst = append(dst, "\r\n"...)
	return append(append(dst, words...), "\r\n"...)
}

// Tour hears room 0, and needs no more to talk in all.
func (d nats) Tour(client, _ int) []bench.HelloStep { return d.Hello(client, 0) }

func (d nats) SayIn(dst []byte, client, room int, words []byte) []byte {
	return d.Say(dst, client, room, words)
}

func (nats) Ask(dst []byte) []byte { return append(dst, "PING\r\n"...) }

func (nats) Answer() []byte { return []byte("PONG\r\n") }

// Control answers each PING whose line is whole.
func (nats) Control(dst, in []byte) []byte {
	for line, rest, ended := nextLine(in); ended; line, rest, ended = nextLine(rest) {
		if string(line) == "PING" {
			dst = append(dst, "PONG\r\n"...)
		}
	}
	return dst
}

func (nats) Goodbye(dst []byte, _ int) []byte { return dst }
