package peer

import (
	"fmt"
	"strconv"

	"looproom/bench"
)

// line is looproom's own protocol. Room 0 is the lobby, where everybody begins.
type line struct {
	names names
}

var (
	_ Limited     = line{}
	_ bench.Asker = line{}
	_ bench.Rover = line{}
)

func (line) Name() string { return "line" }

// MaxWords is a line of looproom's default --max-line, 8 KiB, without its end.
func (line) MaxWords() int { return 8<<10 - 1 }

func (l line) Hello(client, room int) []bench.HelloStep {
	send := fmt.Appendf(nil, "ADD %s\n", l.names.of(client))
	if room > 0 {
		send = fmt.Appendf(send, "JOIN #r%d\nPART #lobby\n", room)
	}
	// Names have no spaces and words neither, so "! " is an error and nothing else.
	return []bench.HelloStep{{Send: append(send, "PING ready\n"...), Await: []byte("PONG ready\n"), Refused: []byte("! ")}}
}

func (line) Say(dst []byte, _, _ int, words []byte) []byte { return appendLine(dst, words) }

// Tour makes no room current but the lobby, which it is already.
func (l line) Tour(client, rooms int) []bench.HelloStep {
	send := fmt.Appendf(nil, "ADD %s\n", l.names.of(client))
	for room := 1; room < rooms; room++ {
		send = fmt.Appendf(send, "JOIN #r%d\n", room)
	}
	return []bench.HelloStep{{Send: append(send, "PING ready\n"...), Await: []byte("PONG ready\n"), Refused: []byte("! ")}}
}

func (line) SayIn(dst []byte, _, room int, words []byte) []byte {
	return appendLine(appendTo(dst, room), words)
}

// appendTo appends what stands before words that are said in a room by its name.
func appendTo(dst []byte, room int) []byte {
	dst = append(dst, "TEXT TO #"...)
	if room == 0 {
		return append(dst, "lobby "...)
	}
	return append(strconv.AppendInt(append(dst, 'r'), int64(room), 10), ' ')
}

func (line) Ask(dst []byte) []byte { return append(dst, "PING well\n"...) }

func (line) Answer() []byte { return []byte("PONG well") }

func (line) Control(dst, _ []byte) []byte { return dst }

func (line) Goodbye(dst []byte, _ int) []byte { return append(dst, "END\n"...) }

func appendLine(dst, words []byte) []byte {
	return append(append(dst, words...), '\n')
}
