package session

import (
	"strings"
	"time"
)

// answers has what each kind of answer tells, by its first word.
var answers = map[string]func(args string) Event{
	"ADD":    readNamed,
	"NICK":   readNamed,
	"LOGIN":  readNamed,
	"LIST":   readListed,
	"JOIN":   func(args string) Event { return readCounted(Joined, args) },
	"PART":   func(args string) Event { return Event{Kind: Parted, Who: args} },
	"TOPIC":  readTopic,
	"AWAY":   func(string) Event { return Event{Kind: IsAway} },
	"BACK":   func(string) Event { return Event{Kind: IsBack} },
	"RECENT": readRecent,
	"FILE":   readFile,
	"SENT":   readSent,
	"ROOM":   func(args string) Event { return readCounted(RoomTold, args) },
	"STORED": readStored,
	"SAID":   readHandled,
	"END":    func(string) Event { return Event{Kind: Bye} },
}

// parseAnswer reads an answer without the mark in front.
func parseAnswer(words string) Event {
	verb, args, _ := strings.Cut(words, " ")
	if when, err := time.Parse(time.RFC3339, verb); err == nil {
		e := parseMessage(args)
		e.Kind, e.When = Recalled, when
		return e
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

func readNamed(args string) Event { return Event{Kind: Named, Who: args} }

func readListed(args string) Event {
	count, names, _ := strings.Cut(args, " ")
	return Event{Kind: Listed, Count: number(count), Names: strings.Fields(names)}
}

// readCounted reads a room and the number of its members.
func readCounted(kind Kind, args string) Event {
	room, count, _ := strings.Cut(args, " ")
	return Event{Kind: kind, Who: room, Count: number(count)}
}

func readRecent(args string) Event {
	count, room, _ := strings.Cut(args, " ")
	return Event{Kind: RecentFollows, Who: room, Count: number(count)}
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

func readHandled(args string) Event {
	id, number, _ := strings.Cut(args, ":")
	return Event{Kind: Handled, Who: id, Text: number}
}
