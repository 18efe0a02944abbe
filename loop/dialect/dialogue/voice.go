package dialogue

import (
	"errors"
	"slices"
	"strings"
)

// Voice is the language that a client of a dialogue speaks.
type Voice uint8

// The voices.
const (
	Line Voice = iota // the line protocol
	IRC
)

// voices are the words for those in a file, behind the name of a client that connects. Who has none speaks the line protocol.
var voices = map[string]Voice{"(irc)": IRC}

// ErrNoVoice says that nobody is listening at a stage for clients of that voice.
var ErrNoVoice = errors.New("the stage has no such voice")

// Has says whether a client of the dialogue has that voice.
func (d *Dialogue) Has(v Voice) bool {
	return slices.ContainsFunc(d.steps, func(st step) bool { return st.act == connect && st.voice == v })
}

// lineEnd is how a line ends that a client of the voice sends.
func (v Voice) lineEnd() string {
	if v == IRC {
		return "\r\n"
	}
	return "\n"
}

// greets says whether a server tells a client of the voice something before that has said anything.
func (v Voice) greets() bool { return v != IRC }

// leaves says whether a client that sends line wants no more answers.
func (v Voice) leaves(line string) bool {
	line = strings.TrimRight(line, " \r")
	if v == IRC {
		command, _, _ := strings.Cut(line, " ")
		return strings.EqualFold(command, "QUIT")
	}
	return line == "END" || line == "LOGOUT" || strings.EqualFold(line, "/end") || strings.EqualFold(line, "/quit")
}

// isPong says whether line answers a PING with that token.
func (v Voice) isPong(line, token string) bool {
	if v != IRC {
		return line == "PONG "+token
	}
	if strings.HasPrefix(line, "@") {
		_, line, _ = strings.Cut(line, " ")
	}
	if strings.HasPrefix(line, ":") {
		_, line, _ = strings.Cut(line, " ")
	}
	return strings.HasPrefix(line, "PONG ") && strings.HasSuffix(line, " :"+token)
}
