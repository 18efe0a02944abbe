package session

import (
	"slices"
	"strings"
	"time"
)

// answers has what each kind of answer tells, by its first word.
var answers = map[string]func(args string) Event{
	"ADD":    readNamed,
	"NICK":   readNamed,
	"LOGIN":  func(args string) Event { return Event{Kind: Named, Who: args, Person: true} },
	"LIST":   readListed,
	"JOIN":   func(args string) Event { return readCounted(Joined, args) },
	"PART":   func(args string) Event { return Event{Kind: Parted, Who: args} },
	"TOPIC":  readTopic,
	"AWAY":   func(string) Event { return Event{Kind: IsAway} },
	"BACK":   func(string) Event { return Event{Kind: IsBack} },
	"RECENT": func(args string) Event { return readFollowing(RecentFollows, args) },
	"FILE":   readFile,
	"SENT":   readSent,
	"ROOM":   readRoom,
	"STORED": readStored,
	"SAID":   readHandled,
	"END":    func(string) Event { return Event{Kind: Bye} },

	"REGISTER":   func(args string) Event { return Event{Kind: Registered, Who: args} },
	"UNREGISTER": func(args string) Event { return Event{Kind: Unregistered, Who: args} },

	"IDS":      func(args string) Event { return readSwitch(IDsAre, args) },
	"KEEP":     func(args string) Event { return readSwitch(KeepIs, args) },
	"READ":     readRead,
	"MISSED":   func(args string) Event { return readFollowing(MissedFollows, args) },
	"SESSIONS": func(args string) Event { return Event{Kind: SessionsFollow, Count: number(args)} },
	"SESSION":  readSession,
	"LOGOUT":   func(args string) Event { return Event{Kind: SessionOver, Count: number(args)} },
	"RIGHTS":   func(args string) Event { return readCounted(RightsFollow, args) },
	"RIGHT":    readRight,

	"HISTORY": readHistory,
	"SEARCH":  func(args string) Event { return readMore(SearchFollows, args) },
	"EXPORT":  func(args string) Event { return readMore(ExportFollows, args) },
	"FORGET":  readForgotten,
}

// parseAnswer reads an answer without the mark in front.
func parseAnswer(words string) Event {
	id, stamped := cutID(words)
	verb, args, _ := strings.Cut(stamped, " ")
	if when, err := time.Parse(time.RFC3339, verb); err == nil {
		e := parseRecalled(args)
		e.Kind, e.When, e.ID = Recalled, when, id
		return e
	}
	if !id.None() {
		return Event{Text: words}
	}
	if read := answers[verb]; read != nil {
		e := read(args)
		if e.Text == "" {
			e.Text = words
		}
		return e
	}
	return Event{Text: words}
}

// parseRecalled reads what stands behind the time: a message, or one of those that were for the person alone.
func parseRecalled(line string) Event {
	e := parseWhisper(line)
	if words, ok := strings.CutPrefix(line, "> "); ok {
		e = parseOwn(words)
	}
	if e.Kind == Whispered || e.Kind == Told {
		e.Direct = true
		return e
	}
	return parseMessage(line)
}

// found makes of a Recalled one with its place in front, as rows of SEARCH and EXPORT have it. It is Other where there is none.
func found(e *Event) Event {
	id, rest := cutID(strings.TrimPrefix(e.Line, "= "))
	_, rest, _ = strings.Cut(rest, " ") // the time
	place, rest, _ := strings.Cut(rest, " ")
	f := parseRecalled(rest)
	if f.Who == "" || place == "" {
		return Event{}
	}
	f.Kind, f.ID, f.When, f.Place, f.Line = Found, id, e.When, place, e.Line
	return f
}

func readNamed(args string) Event { return Event{Kind: Named, Who: args} }

func readListed(args string) Event {
	count, names, _ := strings.Cut(args, " ")
	return Event{Kind: Listed, Count: number(count), Names: strings.Fields(names)}
}

// readCounted reads a room and a number of its members, or of what else it has. What stands behind is for people.
func readCounted(kind Kind, args string) Event {
	room, rest, _ := strings.Cut(args, " ")
	count, _, _ := strings.Cut(rest, " ")
	return Event{Kind: kind, Who: room, Count: number(count)}
}

// readRoom reads a room of the list of rooms, or what has been set there, which is no number.
func readRoom(args string) Event {
	room, words, _ := strings.Cut(args, " ")
	if first, _, _ := strings.Cut(words, " "); first != "" && !isNumber(first) {
		return Event{Kind: RoomSet, Who: room, Text: words}
	}
	return readCounted(RoomTold, args)
}

// readFollowing reads the number of lines that follow, and where they were said.
func readFollowing(kind Kind, args string) Event {
	count, room, _ := strings.Cut(args, " ")
	return Event{Kind: kind, Who: room, Count: number(count)}
}

// readHistory reads the number of lines that follow, where they were said, and whether there are no others on that side.
func readHistory(args string) Event {
	count, rest, _ := strings.Cut(args, " ")
	where, end, _ := strings.Cut(rest, " ")
	e := Event{Kind: HistoryFollows, Who: where, Count: number(count)}
	if end == "first" || end == "last" {
		e.N = 1
	}
	return e
}

// readMore reads the number of lines that follow, and whether there are more.
func readMore(kind Kind, args string) Event {
	count, more, _ := strings.Cut(args, " ")
	e := Event{Kind: kind, Count: number(count)}
	if more == "more" {
		e.N = 1
	}
	return e
}

func readForgotten(args string) Event {
	who, count, _ := strings.Cut(args, " ")
	return Event{Kind: Forgotten, Who: who, Count: number(count)}
}

func readSwitch(kind Kind, args string) Event {
	switch args {
	case "ON":
		return Event{Kind: kind, Count: 1}
	case "OFF":
		return Event{Kind: kind}
	}
	return Event{}
}

// readRead reads a room or a user, the last message that has been read there, and how many there are behind it. Nothing else than a mark is one: it
// comes unasked.
func readRead(args string) Event {
	f := strings.Split(args, " ")
	if len(f) != 3 || f[0] == "" || !isNumber(f[2]) {
		return Event{}
	}
	id, ok := parseID(f[1])
	if !ok && f[1] != "-" { // nothing has been read
		return Event{}
	}
	return Event{Kind: ReadIs, Who: f[0], ID: id, Count: number(f[2])}
}

// readSession reads number, beginning, seconds without a word and address of a connection.
func readSession(args string) Event {
	f := strings.Fields(args)
	if len(f) < 7 || f[1] != "since" || f[3] != "idle" || f[5] != "from" {
		return Event{}
	}
	when, err := time.Parse(time.RFC3339, f[2])
	if err != nil {
		return Event{}
	}
	return Event{Kind: SessionTold, Count: number(f[0]), When: when, N: number(f[4]), Who: f[6], This: slices.Contains(f[7:], "this")}
}

func readRight(args string) Event {
	room, words, _ := strings.Cut(args, " ")
	return Event{Kind: RightTold, Who: room, Text: words}
}

// readTopic sets N to 1 where there is a topic.
func readTopic(args string) Event {
	room, words, ok := strings.Cut(args, " ")
	if !ok {
		return Event{Kind: TopicIs, Who: room, Text: "no topic"}
	}
	return Event{Kind: TopicIs, Who: room, Text: words, N: 1}
}

func readFile(args string) Event {
	size, name, _ := strings.Cut(args, " ")
	return Event{Kind: FileFollows, Who: name, Count: number(size)}
}

// readSent finds the name between the size and the sum, for it may hold spaces.
func readSent(args string) Event {
	size, rest, _ := strings.Cut(args, " ")
	end := strings.LastIndexByte(rest, ' ')
	if end < 0 {
		return Event{}
	}
	return Event{Kind: Sent, Who: rest[:end], Count: number(size)}
}

// readStored reads size, time, sender, sum and name, which may hold spaces. Text is the sender.
func readStored(args string) Event {
	f := strings.SplitN(args, " ", 5)
	if len(f) < 5 {
		return Event{}
	}
	when, err := time.Parse(time.RFC3339, f[1])
	if err != nil {
		return Event{}
	}
	return Event{Kind: FileTold, Who: f[4], Text: f[2], Count: number(f[0]), When: when}
}

// readHandled reads an outbox and a number, behind which may stand the id of the message that the number is for.
func readHandled(args string) Event {
	which, rest, _ := strings.Cut(args, " ")
	id, number, _ := strings.Cut(which, ":")
	message, _ := cutID(rest)
	return Event{Kind: Handled, Who: id, Text: number, ID: message}
}
