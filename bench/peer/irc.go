package peer

import (
	"bytes"
	"fmt"
	"strconv"

	"looproom/bench"
)

// irc is RFC 1459, as far as every server has it: a room is a channel, and room 0 is called as the lobby of looproom, where clients of its own protocol
// begin.
type irc struct {
	names names
}

var (
	_ Limited     = irc{}
	_ bench.Asker = irc{}
	_ bench.Rover = irc{}
)

func (irc) Name() string { return "irc" }

// MaxWords leaves 110 bytes of a message's 512 (RFC 1459 section 2.3) for what the server puts in front: the sender's nickname,
// user and host, the command and the channel.
func (irc) MaxWords() int { return 400 }

// Hello awaits whole replies with their target: a bare " 366 " is also how a server tells that 366 users are there.
func (d irc) Hello(client, room int) []bench.HelloStep {
	nick := d.names.of(client)
	refused := []byte("ERROR :")
	return []bench.HelloStep{
		{
			Send:    fmt.Appendf(nil, "NICK %s\r\nUSER lb 0 * :loopbench\r\n", nick),
			Await:   fmt.Appendf(nil, " 001 %s ", nick),
			Refused: refused,
		},
		{
			Send:    append(appendChannel([]byte("JOIN "), room), "\r\n"...),
			Await:   append(appendChannel(fmt.Appendf(nil, " 366 %s ", nick), room), ' '),
			Refused: refused,
		},
	}
}

// appendChannel appends the name of a room.
func appendChannel(dst []byte, room int) []byte {
	if room == 0 {
		return append(dst, "#lobby"...)
	}
	return strconv.AppendInt(append(dst, "#r"...), int64(room), 10)
}

func (irc) Say(dst []byte, _, room int, words []byte) []byte {
	dst = append(appendChannel(append(dst, "PRIVMSG "...), room), " :"...)
	return append(append(dst, words...), "\r\n"...)
}

// Tour enters one channel after the other. Most servers take words for a channel from its members only.
func (d irc) Tour(client, rooms int) []bench.HelloStep {
	steps := d.Hello(client, 0)
	for room := 1; room < rooms; room++ {
		steps = append(steps, d.Hello(client, room)[1])
	}
	return steps
}

func (d irc) SayIn(dst []byte, client, room int, words []byte) []byte {
	return d.Say(dst, client, room, words)
}

func (irc) Ask(dst []byte) []byte { return append(dst, "PING well\r\n"...) }

func (irc) Answer() []byte { return []byte(" PONG ") }

// Control answers each PING whose line is whole with a PONG of the same parameters.
func (irc) Control(dst, in []byte) []byte {
	for line, rest, ended := nextLine(in); ended; line, rest, ended = nextLine(rest) {
		if asked, ok := bytes.CutPrefix(withoutSource(withoutTags(line)), []byte("PING ")); ok {
			dst = append(append(append(dst, "PONG "...), asked...), "\r\n"...)
		}
	}
	return dst
}

func (irc) Goodbye(dst []byte, _ int) []byte { return append(dst, "QUIT\r\n"...) }

// withoutTags cuts off what IRCv3 may put in front of all.
func withoutTags(message []byte) []byte {
	if len(message) == 0 || message[0] != '@' {
		return message
	}
	_, rest, _ := bytes.Cut(message, []byte(" "))
	return rest
}

// withoutSource cuts off who a message is from, which a server may leave out.
func withoutSource(message []byte) []byte {
	if len(message) == 0 || message[0] != ':' {
		return message
	}
	_, command, _ := bytes.Cut(message, []byte(" "))
	return command
}

// nextLine returns the first line of in without its LF or CRLF, and what stands behind it. ended is false where no line ends.
func nextLine(in []byte) (line, rest []byte, ended bool) {
	line, rest, ended = bytes.Cut(in, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest, ended
}
