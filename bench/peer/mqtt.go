package peer

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"looproom/bench"
)

// mqtt is MQTT 3.1.1 with QoS 0: a room is a topic. A client gets its own messages back. With a keep-alive of 0 there are no
// pings.
type mqtt struct {
	names names
}

var (
	_ bench.Asker = mqtt{}
	_ bench.Rover = mqtt{}
)

// Control packets, section 2.2 of the standard: the type in the upper four bits, flags in the lower.
const (
	mqttConnect    = 0x10
	mqttConnAck    = 0x20
	mqttPublish    = 0x30
	mqttSubscribe  = 0x82
	mqttSubAck     = 0x90
	mqttPing       = 0xc0
	mqttPong       = 0xd0
	mqttDisconnect = 0xe0
)

func (mqtt) Name() string { return "mqtt" }

// Hello knows one refusal of a connection, that it isn't authorized (5). With the others the server closes the connection,
// too.
func (m mqtt) Hello(client, room int) []bench.HelloStep {
	return []bench.HelloStep{
		{
			Send:    m.connect(client),
			Await:   []byte{mqttConnAck, 2, 0, 0},
			Refused: []byte{mqttConnAck, 2, 0, 5},
		},
		{
			Send:    subscribe(room),
			Await:   []byte{mqttSubAck, 3, 0, 1, 0},
			Refused: []byte{mqttSubAck, 3, 0, 1, 0x80},
		},
	}
}

func (m mqtt) connect(client int) []byte {
	const level, cleanSession, keepAlive = 4, 2, 0
	body := appendString(nil, "MQTT")
	body = append(body, level, cleanSession, 0, keepAlive)
	body = appendString(body, m.names.of(client))
	return append(appendLength([]byte{mqttConnect}, len(body)), body...)
}

func subscribe(room int) []byte {
	const packet, qos = 1, 0
	body := appendString([]byte{0, packet}, fmt.Sprintf("r/%d", room))
	body = append(body, qos)
	return append(appendLength([]byte{mqttSubscribe}, len(body)), body...)
}

func (mqtt) Say(dst []byte, _, room int, words []byte) []byte {
	topic := len("r/") + digits(room)
	dst = appendLength(append(dst, mqttPublish), 2+topic+len(words))
	dst = binary.BigEndian.AppendUint16(dst, uint16(topic))
	dst = append(dst, "r/"...)
	dst = strconv.AppendInt(dst, int64(room), 10)
	return append(dst, words...)
}

// Tour hears room 0, and needs no more to talk in all.
func (m mqtt) Tour(client, _ int) []bench.HelloStep { return m.Hello(client, 0) }

func (m mqtt) SayIn(dst []byte, client, room int, words []byte) []byte {
	return m.Say(dst, client, room, words)
}

func (mqtt) Ask(dst []byte) []byte { return append(dst, mqttPing, 0) }

// Answer stands in no other packet: words are ASCII, and no length has a last byte of 0.
func (mqtt) Answer() []byte { return []byte{mqttPong, 0} }

func (mqtt) Control(dst, _ []byte) []byte { return dst }

func (mqtt) Goodbye(dst []byte, _ int) []byte { return append(dst, mqttDisconnect, 0) }

// appendString appends the length in two bytes and the text, section 1.5.3.
func appendString(dst []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(text))), text...)
}

// appendLength appends a remaining length: seven bits a byte, the lowest first, section 2.2.3. That is how encoding/binary has its
// unsigned varints.
func appendLength(dst []byte, n int) []byte {
	return binary.AppendUvarint(dst, uint64(n))
}
