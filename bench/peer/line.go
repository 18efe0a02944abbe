package peer

import (
	"fmt"

	"looproom/bench"
)

// line is looproom's own protocol. Room 0 is the lobby, where everybody begins.
type line struct {
	names names
}

var _ Limited = line{}

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

func (line) Control(dst, _ []byte) []byte { return dst }

func (line) Goodbye(dst []byte, _ int) []byte { return append(dst, "END\n"...) }

func appendLine(dst, words []byte) []byte {
	return append(append(dst, words...), '\n')
}
