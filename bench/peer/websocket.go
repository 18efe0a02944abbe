package peer

import (
	"looproom/bench"
	"looproom/codec"
)

// webSocket is looproom's protocol as a browser speaks it: each line is a text message.
type webSocket struct {
	line
}

var (
	_ Limited     = webSocket{}
	_ bench.Asker = webSocket{}
	_ bench.Rover = webSocket{}
)

func (webSocket) Name() string { return "ws" }

// upgradeAt is the request that makes a connection one of WebSocket. Nobody looks at the answer to its key.
func upgradeAt(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bG9vcGJlbmNoIHNheXMgaA==\r\n\r\n")
}

func (w webSocket) Hello(client, room int) []bench.HelloStep {
	return overWebSocket(w.line.Hello(client, room))
}

func (w webSocket) Tour(client, rooms int) []bench.HelloStep {
	return overWebSocket(w.line.Tour(client, rooms))
}

// overWebSocket is a hello of lines behind the one of WebSocket.
func overWebSocket(lines []bench.HelloStep) []bench.HelloStep {
	steps := []bench.HelloStep{{Send: upgradeAt("/ws"), Await: []byte("\r\n\r\n"), Refused: []byte("HTTP/1.1 4")}}
	for _, step := range lines {
		await := step.Await[:len(step.Await)-1] // a message has no line end
		steps = append(steps, bench.HelloStep{Send: appendMessage(nil, step.Send[:len(step.Send)-1]), Await: await, Refused: step.Refused})
	}
	return steps
}

func (webSocket) Say(dst []byte, _, _ int, words []byte) []byte { return appendMessage(dst, words) }

func (webSocket) SayIn(dst []byte, _, room int, words []byte) []byte {
	return appendMessage(dst, append(appendTo(nil, room), words...))
}

func (webSocket) Ask(dst []byte) []byte { return appendMessage(dst, question) }

// question is line's.
var question = []byte("PING well")

func (webSocket) Goodbye(dst []byte, _ int) []byte { return appendMessage(dst, []byte("END")) }

// mask is that of all messages; the server can't tell that it is not drawn anew for each.
const mask = 0x5a17c3e9

// appendMessage appends a text message of a client's.
func appendMessage(dst, text []byte) []byte {
	return codec.AppendMaskedFrame(dst, codec.OpText, mask, text)
}
