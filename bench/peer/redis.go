package peer

import (
	"fmt"
	"strconv"

	"looproom/bench"
)

// redis is publish and subscribe in RESP3, in which one connection may do both. A room is a channel. A client gets its own messages
// back.
type redis struct{}

var (
	_ bench.Asker = redis{}
	_ bench.Rover = redis{}
)

func (redis) Name() string { return "redis" }

func (redis) Hello(_, room int) []bench.HelloStep {
	channel := fmt.Sprintf("r%d", room)
	bulk := fmt.Sprintf("$%d\r\n%s\r\n", len(channel), channel)
	refused := []byte("-ERR")
	return []bench.HelloStep{
		{Send: []byte("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"), Await: []byte("proto\r\n:3\r\n"), Refused: refused},
		{
			Send:    []byte("*2\r\n$9\r\nSUBSCRIBE\r\n" + bulk),
			Await:   []byte("subscribe\r\n" + bulk + ":1\r\n"),
			Refused: refused,
		},
	}
}

func (redis) Say(dst []byte, _, room int, words []byte) []byte {
	dst = append(dst, "*3\r\n$7\r\nPUBLISH\r\n$"...)
	dst = strconv.AppendInt(dst, int64(len("r")+digits(room)), 10)
	dst = append(dst, "\r\nr"...)
	dst = strconv.AppendInt(dst, int64(room), 10)
	dst = append(dst, "\r\n$"...)
	dst = strconv.AppendInt(dst, int64(len(words)), 10)
	dst = append(dst, "\r\n"...)
	return append(append(dst, words...), "\r\n"...)
}

// Tour hears room 0, and needs no more to talk in all.
func (d redis) Tour(client, _ int) []bench.HelloStep { return d.Hello(client, 0) }

func (d redis) SayIn(dst []byte, client, room int, words []byte) []byte {
	return d.Say(dst, client, room, words)
}

func (redis) Ask(dst []byte) []byte { return append(dst, "*1\r\n$4\r\nPING\r\n"...) }

func (redis) Answer() []byte { return []byte("+PONG\r\n") }

func (redis) Control(dst, _ []byte) []byte { return dst }

func (redis) Goodbye(dst []byte, _ int) []byte { return append(dst, "*1\r\n$4\r\nQUIT\r\n"...) }

// digits is how many decimal digits n has, which is not negative.
func digits(n int) (count int) {
	for count = 1; n >= 10; n /= 10 {
		count++
	}
	return count
}
