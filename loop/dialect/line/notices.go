package line

import (
	"looproom/codec/plain"
	"looproom/loop/room"
)

func appendSaid(dst []byte, e *room.Event) []byte {
	return append(appendMessage(dst, e.Who, e.Text, false), '\n')
}

func appendActed(dst []byte, e *room.Event) []byte {
	return append(appendMessage(dst, e.Who, e.Text, true), '\n')
}

// appendMessage writes a message to a room, as it is said and as RECENT repeats it.
func appendMessage(dst []byte, who, text string, action bool) []byte {
	if action {
		dst = append(appendText(append(dst, "* "...), who), ' ')
	} else {
		dst = append(appendText(append(dst, '['), who), "] "...)
	}
	return appendText(dst, text)
}

func appendWhispered(dst []byte, e *room.Event) []byte {
	if e.RoomName != "" { // not for e's reader alone, but for those in a room who may as much
		sign := byte('@')
		if room.RightKind(e.N) == room.RightVoice {
			sign = '+'
		}
		dst = append(appendText(append(dst, '*'), e.Who), "* ["...)
		dst = append(appendText(append(dst, sign), e.RoomName), "] "...)
		return append(appendText(dst, e.Text), '\n')
	}
	return append(appendPrivate(dst, e.Who, e.Text), '\n')
}

// appendPrivate writes a message to one user, as it is said and as MISSED repeats it.
func appendPrivate(dst []byte, who, text string) []byte {
	return appendText(append(appendText(append(dst, '*'), who), "* "...), text)
}

func appendWelcomed(dst []byte, e *room.Event) []byte {
	return appendOnline(append(dst, "> Connected to the chat server"...), e.Count)
}

func appendEntered(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> New user "...), e.Who), " entered"...)
	return appendOnline(dst, e.Count)
}

func appendLeft(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "< The user "...), e.Who), " left"...)
	return appendOnline(dst, e.Count)
}

func appendRenamed(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> "...), e.Who), " is now called "...)
	return append(appendText(dst, e.Text), '\n')
}

func appendWentAway(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> "...), e.Who), " is away"...)
	return append(appendBehind(dst, ": ", e.Text), '\n')
}

func appendCameBack(dst []byte, e *room.Event) []byte {
	return append(appendText(append(dst, "> "...), e.Who), " is back\n"...)
}

func appendRemoved(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> "...), e.Who), " was removed by an operator"...)
	return append(appendBehind(dst, ": ", e.Text), '\n')
}

// What a user's other sessions are told of what it does by one.
func appendJoinedToo(dst []byte, e *room.Event) []byte {
	return appendAnswer(dst, "> you joined ", e.RoomName)
}
func appendLeftToo(dst []byte, e *room.Event) []byte {
	return appendAnswer(dst, "> you left ", e.RoomName)
}

func appendToldToo(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> you told "...), e.Who), ": "...)
	return append(appendText(dst, e.Text), '\n')
}

func appendTopicSet(dst []byte, e *room.Event) []byte {
	dst = appendText(append(dst, "> "...), e.Who)
	if plain.IsBlank(e.Text) {
		return append(dst, " took the topic away\n"...)
	}
	return append(appendText(append(dst, " set the topic: "...), e.Text), '\n')
}

// appendRoomRenamed tells that a room has another name, and, to programs, that one is in the room of that name, and no more in the other.
func appendRoomRenamed(dst []byte, e *room.Event) []byte {
	return appendAnswer(appendRenamedTo(dst, e), "> you left ", e.RoomName)
}

// appendHereRenamed is appendRoomRenamed for those whose current room it is.
func appendHereRenamed(dst []byte, e *room.Event) []byte {
	is := &e.List[0]
	dst = appendJoined(appendRenamedTo(dst, e), &room.Event{RoomName: is.Name, Count: e.Count})
	if !plain.IsBlank(is.Text) {
		dst = appendTopicIs(dst, &room.Event{RoomName: is.Name, Text: is.Text})
	}
	return appendAnswer(dst, "> you left ", e.RoomName)
}

func appendRenamedTo(dst []byte, e *room.Event) []byte {
	is := &e.List[0]
	dst = append(appendText(append(dst, "> "...), e.Who), " renamed the room to "...)
	dst = append(appendBehind(appendText(dst, is.Name), ": ", e.Text), '\n')
	return appendAnswer(dst, "> you joined ", is.Name)
}

func appendDigest(dst []byte, e *room.Event) []byte {
	dst = append(dst, '>')
	t := &e.Tally
	separator := " "
	for _, part := range [...]struct {
		n    int
		what string
	}{
		{t.Entered, " entered"}, {t.SignedIn, " signed in"}, {t.Left, " left"}, {t.Away, " away"}, {t.Back, " back"}, {t.Removed, " removed"},
	} {
		if part.n == 0 {
			continue
		}
		dst = append(appendGrouped(append(dst, separator...), part.n), part.what...)
		separator = ", "
	}
	return appendOnline(dst, e.Count)
}
