package room

import "strings"

// RoomEvent is what somebody has done to a room, as it is kept among what is said there: the topic is set, rights are given or taken, or somebody is put out.
type RoomEvent struct {
	// Kind is TopicSet or Governed.
	Kind Kind
	// Topic is that.
	Topic string
	// Rights are what is given or taken, or who was put out.
	Rights []RightEvent
}

// RightEvent is a right that is given or taken.
type RightEvent struct {
	// Right is its kind, 0 where somebody was put out; Off says that it was taken.
	Right RightKind
	Off   bool
	// Of is the user whose right it is, as it was called then, or who was put out; or what a right is set for, "" for all of the room.
	Of string
	// Text is words.
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
		return RoomEvent{Kind: TopicSet, Topic: e.Text}, true
	case Governed, Expelled:
		is.Kind = Governed
		for i := range e.List {
			row := &e.List[i]
			x := RightEvent{Right: row.Right, Off: row.Off, Of: row.Name, Text: row.Text}
			if row.Of != nil {
				x.Of = row.Of.Name
			}
			is.Rights = append(is.Rights, x)
		}
		return is, true
	}
	return RoomEvent{}, false
}

// Event is what it tells, by whom and when row says, in the room of that name.
func (is RoomEvent) Event(name string, row *Row) Event {
	e := Event{Kind: is.Kind, RoomName: name, Who: row.Name, Account: row.Account, ID: row.ID, At: row.At, Text: is.Topic}
	for _, x := range is.Rights {
		e.List = append(e.List, Row{Right: x.Right, Off: x.Off, Name: x.Of, Who: row.Name, Text: x.Text})
	}
	return e
}

// The first words of a RoomEvent's text, but for rights: those begin with the sign, each on a line.
const (
	topicWord  = "topic"
	putOutWord = "kick"
	newRight   = "\n"
)

// String is how it is kept; ParseRoomEvent reads that.
func (is RoomEvent) String() string {
	if is.Kind == TopicSet {
		return topicWord + " " + is.Topic
	}
	all := make([]string, len(is.Rights))
	for i, x := range is.Rights {
		all[i] = x.string()
	}
	return strings.Join(all, newRight)
}

func (x RightEvent) string() string {
	word := putOutWord
	switch {
	case x.Right != 0 && x.Off:
		word = "-" + x.Right.String()
	case x.Right != 0:
		word = "+" + x.Right.String()
	}
	return word + " " + x.Of + " " + strings.ReplaceAll(x.Text, newRight, " ")
}

// ParseRoomEvent reads what String has written, and says whether it is that.
func ParseRoomEvent(text string) (is RoomEvent, ok bool) {
	if topic, is := strings.CutPrefix(text, topicWord+" "); is {
		return RoomEvent{Kind: TopicSet, Topic: topic}, true
	}
	is.Kind = Governed
	for line := range strings.SplitSeq(text, newRight) {
		x, ok := parseRight(line)
		if !ok {
			return RoomEvent{}, false
		}
		is.Rights = append(is.Rights, x)
	}
	return is, true
}

func parseRight(line string) (x RightEvent, ok bool) {
	word, rest, _ := strings.Cut(line, " ")
	if word != putOutWord {
		name, given := strings.CutPrefix(word, "+")
		if !given {
			if name, x.Off = strings.CutPrefix(word, "-"); !x.Off {
				return RightEvent{}, false
			}
		}
		if x.Right = rightNamed(name); x.Right == 0 {
			return RightEvent{}, false
		}
	}
	x.Of, x.Text, ok = strings.Cut(rest, " ")
	return x, ok
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
