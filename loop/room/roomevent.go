package room

import "strings"

// RoomEvent is what somebody has done to a room, as it is kept among what is said there: the topic is set, a right is given or taken, or somebody is put out.
type RoomEvent struct {
	// Kind is TopicSet or Governed.
	Kind Kind
	// Right is the kind of a right, 0 where somebody was put out; Off says that it was taken.
	Right RightKind
	Off   bool
	// Of is the user whose right it is, as it was called then, or who was put out; or what a right is set for, "" for all of the room.
	Of string
	// Text is the topic, or words.
	Text string
}

// mostNoted is how many events of a room are kept behind each message, so that a page of what is said is never far.
const mostNoted = 50

// note has e, which happens to r now, be kept. Not all is that happens while nobody says anything.
func note(s *State, r *chatRoom, e *Event) {
	if r.noted < mostNoted {
		r.noted++
		e.ID, e.Place = s.messages.next(), r.place
	}
}

// RoomEventOf is what e tells, and whether that is to be kept: whoever emits it has said so.
func RoomEventOf(e *Event) (is RoomEvent, kept bool) {
	if e.Place == 0 {
		return RoomEvent{}, false
	}
	switch e.Kind {
	case TopicSet:
		return RoomEvent{Kind: TopicSet, Text: e.Text}, true
	case Governed, Expelled:
		row := &e.List[0]
		is = RoomEvent{Kind: Governed, Right: row.Right, Off: e.Off, Of: row.Name, Text: row.Text}
		if row.Of != nil {
			is.Of = row.Of.Name
		}
		return is, true
	}
	return RoomEvent{}, false
}

// Event is what it tells, by whom and when row says, in the room of that name.
func (is RoomEvent) Event(name string, row *Row) Event {
	e := Event{Kind: is.Kind, RoomName: name, Who: row.Name, Account: row.Account, ID: row.ID, At: row.At, Off: is.Off}
	if is.Kind == TopicSet {
		e.Text = is.Text
		return e
	}
	e.List = []Row{{Right: is.Right, Name: is.Of, Who: row.Name, Text: is.Text}}
	return e
}

// The first words of a RoomEvent's text, but for rights: those begin with the sign.
const (
	topicWord  = "topic"
	putOutWord = "kick"
)

// String is how it is kept; ParseRoomEvent reads that.
func (is RoomEvent) String() string {
	if is.Kind == TopicSet {
		return topicWord + " " + is.Text
	}
	word := putOutWord
	switch {
	case is.Right != 0 && is.Off:
		word = "-" + is.Right.String()
	case is.Right != 0:
		word = "+" + is.Right.String()
	}
	return word + " " + is.Of + " " + is.Text
}

// ParseRoomEvent reads what String has written, and says whether it is that.
func ParseRoomEvent(text string) (is RoomEvent, ok bool) {
	word, rest, ok := strings.Cut(text, " ")
	if word == topicWord {
		return RoomEvent{Kind: TopicSet, Text: rest}, ok
	}
	is.Kind = Governed
	if word != putOutWord {
		name, given := strings.CutPrefix(word, "+")
		if !given {
			if name, is.Off = strings.CutPrefix(word, "-"); !is.Off {
				return RoomEvent{}, false
			}
		}
		if is.Right = rightNamed(name); is.Right == 0 {
			return RoomEvent{}, false
		}
	}
	is.Of, is.Text, ok = strings.Cut(rest, " ")
	return is, ok
}

// rightNamed is the kind of right that String calls so, 0 if there is none.
func rightNamed(name string) RightKind {
	for k := range RightKinds {
		if k.String() == name {
			return k
		}
	}
	return 0
}
