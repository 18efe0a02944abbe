package peer

import (
	"fmt"
	"strings"

	"looproom/bench"
)

// ircTagged is irc by a client that wants tags in front of each message: https://ircv3.net/specs/extensions/message-tags
type ircTagged struct {
	irc
	capabilities string // what it asks for, with spaces between them
}

// tagSets are what clients of today ask for that puts tags before messages: one has other bytes for each of these, and for who asks for nothing.
var tagSets = []string{
	"server-time",
	"message-tags server-time account-tag",
	"account-tag",
	"server-time account-tag",
}

func (d ircTagged) Name() string {
	return "irc with " + strings.ReplaceAll(d.capabilities, " ", ", ")
}

// Hello is refused where the server doesn't have all of them, or knows no CAP at all.
func (d ircTagged) Hello(client, room int) []bench.HelloStep {
	return withCapabilities(d.irc.Hello(client, room), d.capabilities)
}

// Tour is one of a client that has asked for them as well.
func (d ircTagged) Tour(client, rooms int) []bench.HelloStep {
	return withCapabilities(d.irc.Tour(client, rooms), d.capabilities)
}

func withCapabilities(steps []bench.HelloStep, capabilities string) []bench.HelloStep {
	asked := bench.HelloStep{Send: fmt.Appendf(nil, "CAP REQ :%s\r\n", capabilities), Await: []byte(" ACK "), Refused: []byte(" NAK ")}
	steps[0].Send = append(steps[0].Send, "CAP END\r\n"...)
	return append([]bench.HelloStep{asked}, steps...)
}

// ircMixed is irc by clients who ask for all of these sets by turns: the first for nothing.
type ircMixed struct{ irc }

func (ircMixed) Name() string { return "irc-mixed" }

func (d ircMixed) of(client int) bench.Rover {
	if n := client % (1 + len(tagSets)); n > 0 {
		return ircTagged{d.irc, tagSets[n-1]}
	}
	return d.irc
}

func (d ircMixed) Hello(client, room int) []bench.HelloStep { return d.of(client).Hello(client, room) }
func (d ircMixed) Tour(client, rooms int) []bench.HelloStep { return d.of(client).Tour(client, rooms) }
