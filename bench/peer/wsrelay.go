package peer

import (
	"fmt"

	"looproom/bench"
	"looproom/codec"
)

// wsRelay is for servers of WebSocket that send whatever a client says to all others of its room, which its path names: the first chat server
// of most browsers.
type wsRelay struct{}

var _ bench.Asker = wsRelay{}

func (wsRelay) Name() string { return "ws-relay" }

func (wsRelay) Hello(_, room int) []bench.HelloStep {
	return []bench.HelloStep{{Send: upgradeAt(fmt.Sprintf("/r%d", room)), Await: []byte("\r\n\r\n"), Refused: []byte("HTTP/1.1 4")}}
}

func (wsRelay) Say(dst []byte, _, _ int, words []byte) []byte { return appendMessage(dst, words) }

// Ask is a ping of WebSocket itself.
func (wsRelay) Ask(dst []byte) []byte {
	return codec.AppendMaskedFrame(dst, codec.OpPing, mask, pinged)
}

func (wsRelay) Answer() []byte { return pinged }

// pinged is what comes back in a pong.
var pinged = []byte("pinged")

func (wsRelay) Control(dst, _ []byte) []byte { return dst }

func (wsRelay) Goodbye(dst []byte, _ int) []byte {
	return codec.AppendMaskedFrame(dst, codec.OpClose, mask, []byte{byte(codec.CloseNormal >> 8), byte(codec.CloseNormal & 0xff)})
}
