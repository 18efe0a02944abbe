package main

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"looproom/cmd/loopchat/session"
)

// tone says how an entry of the history looks.
type tone uint8

const (
	toneNotice  tone = iota // quieter than what people say
	toneMessage             // who and text
	toneAction
	tonePrivate // to whom, too
	toneAnswer
	toneAlarm
	toneFound // a message as a row of what was found
)

// you is how a person sees their own name in front of what they said.
const you = "You"

// entry is one thing in the history of a room. Its strings hold no control characters.
type entry struct {
	at   time.Time
	tone tone
	who  string // you for one's own
	to   string // of a private message
	text string

	id     session.MessageID // of a message, where the server gives it one
	called string            // the person's name, where others have said it
	number int64             // of what the person has said
	mark   mark

	again bool     // it stands there already
	hits  []string // the words for which it was found, folded
	aimed bool     // it is what the person wanted to see
	rank  int      // of toneFound: by which the person can go there
	place string   // of toneFound: a room, or the user of a conversation
	act   bool     // of toneFound: it is an action
}

// styled is the entry with its colors, in one line.
func (e *entry) styled() string {
	switch e.tone {
	case toneMessage:
		return e.name().Render("["+e.who+"]") + " " + e.words()
	case toneAction:
		return e.name().Render("* "+e.who) + " " + e.words()
	case tonePrivate:
		return e.name().Render("["+e.who+" → "+e.to+"]") + " " + privateStyle.Render(e.text)
	case toneFound:
		return e.found()
	case toneAnswer:
		return e.text
	case toneAlarm:
		return alarmStyle.Render(e.text)
	}
	return quietStyle.Render(e.text)
}

// words are the text with what is to be seen in it.
func (e *entry) words() string {
	if len(e.hits) > 0 {
		return markHits(e.text, e.hits)
	}
	return colorCalls(e.text, e.called)
}

// found is the entry as a row of what was found.
func (e *entry) found() string {
	who := "[" + e.who + "]"
	if e.to != "" {
		who = "[" + e.who + " → " + e.to + "]"
	} else if e.act {
		who = "* " + e.who
	}
	where := ""
	if e.to == "" {
		where = e.place + " "
	}
	return privateStyle.Render(fmt.Sprintf("%2d", e.rank)) + " " + quietStyle.Render(where) + e.name().Render(who) + " " + e.words()
}

func (e *entry) name() lipgloss.Style {
	if e.who == you {
		return ownStyle
	}
	return nameStyle(e.who)
}

// clockWidth is the width of "15:04 ".
const clockWidth = 6

// marks stand between the clock and what the person has said.
var marks = [...]string{arrived: " ", sending: quietStyle.Render("…"), doubtful: alarmStyle.Render("?")}

// aimMark stands there in front of what the person has gone to.
var aimMark = calledStyle.Render("→")

// rows cuts the entry into lines of that width. In a very narrow window the time is left out. The mark changes no width.
func (e *entry) rows(width int) []string {
	mark := marks[e.mark]
	if e.aimed {
		mark = aimMark
	}
	clock, indent := quietStyle.Render(e.at.Format("15:04"))+mark, strings.Repeat(" ", clockWidth)
	if width < 4*clockWidth {
		clock, indent = "", ""
	}
	space := max(1, width-len(indent))
	rows := strings.Split(lipgloss.Wrap(e.styled(), space, ""), "\n")
	for i, row := range rows {
		// In two or three columns a hyphen may stand over the edge.
		if lipgloss.Width(row) > space {
			row = clipHard(row, space)
		}
		if i == 0 {
			rows[i] = clock + row
		} else {
			rows[i] = indent + row
		}
	}
	return rows
}

// shown makes text of others fit for one line: the width of a TAB depends on where it stands.
func shown(text string) string { return strings.ReplaceAll(text, "\t", "    ") }

func isMessage(t tone) bool { return t == toneMessage || t == toneAction }
