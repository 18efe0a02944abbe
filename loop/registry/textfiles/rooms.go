package textfiles

import (
	"reflect"
	"slices"
	"time"

	"looproom/loop/room"
)

// roomLine is a room as it stands in the file.
type roomLine struct {
	Room    string      `json:"room"`
	Key     string      `json:"key"`
	Topic   string      `json:"topic,omitempty"`
	TopicBy string      `json:"topicBy,omitempty"`
	TopicAt string      `json:"topicAt,omitempty"`
	Rights  []rightLine `json:"rights"`
}

// rightLine is one right of a room.
type rightLine struct {
	Kind  string `json:"kind"`
	Of    string `json:"of,omitempty"`
	By    string `json:"by"`
	At    string `json:"at"`
	Until string `json:"until,omitempty"` // of a ban
	Text  string `json:"text,omitempty"`
}

// kindWords are the kinds of rights as they stand in the file.
var kindWords = []string{
	room.RightFounder: "founder", room.RightOperator: "op", room.RightVoice: "voice", room.RightBan: "ban", room.RightInvite: "invite", room.RightKept: "kept",
	room.RightMuted: "muted", room.RightLocked: "locked", room.RightKey: "key", room.RightTopic: "topic",
	room.RightExcept: "except", room.RightInvex: "invex", room.RightLimit: "limit", room.RightSecret: "secret", room.RightOutside: "open", room.RightNoCTCP: "noctcp",
}

func lineOfRoom(k *room.KeptRoom) roomLine {
	l := roomLine{Room: k.Name, Key: k.Key, Topic: k.Topic, TopicBy: k.TopicBy, Rights: make([]rightLine, len(k.Rights))}
	if k.TopicAt != 0 {
		l.TopicAt = momentOf(k.TopicAt)
	}
	for i := range k.Rights {
		h := &k.Rights[i]
		l.Rights[i] = rightLine{Kind: kindWords[h.Kind], Of: h.Target, By: h.By, At: momentOf(h.At), Text: h.Text}
		if h.Kind == room.RightBan {
			l.Rights[i].Until = endOf(h.Until)
		}
	}
	return l
}

func (l *roomLine) room() (k *room.KeptRoom, err error) {
	k = &room.KeptRoom{Key: l.Key, Name: l.Room, Topic: l.Topic, TopicBy: l.TopicBy}
	if l.TopicAt != "" {
		if k.TopicAt, err = millisecondOf(l.TopicAt); err != nil {
			return nil, err
		}
	}
	for i := range l.Rights {
		h, err := l.Rights[i].right()
		if err != nil {
			return nil, err
		}
		k.Rights = append(k.Rights, h)
	}
	return k, nil
}

func (l *rightLine) right() (h room.Right, err error) {
	h = room.Right{Kind: room.RightKind(max(slices.Index(kindWords, l.Kind), 0)), Target: l.Of, By: l.By, Text: l.Text}
	if h.At, err = millisecondOf(l.At); err == nil && l.Until != "" && l.Until != forever {
		h.Until, err = secondOf(l.Until)
	}
	return h, err
}

// readRoom reads one line; last is the one before it, nil for the first.
func readRoom(line []byte, last **room.KeptRoom) (*room.KeptRoom, error) {
	l, err := decode[roomLine](line)
	if err != nil {
		return nil, err
	}
	k, err := l.room()
	if err != nil || !isKept(k) || !reflect.DeepEqual(lineOfRoom(k), l) {
		return nil, errEntry
	}
	if last != nil && (*last).Key >= k.Key {
		return nil, errOrder
	}
	return k, nil
}

// isKept says whether it is one that could be kept.
func isKept(k *room.KeptRoom) bool {
	return k.InBounds() && k.Founder() != "" && len(k.Key) > 1 && len(k.Name) > 1
}

// moment is RFC 3339 with milliseconds.
const moment = "2006-01-02T15:04:05.000Z07:00"

// momentOf returns the millisecond of wall clock as people read it; one that can't be written so becomes the nearest that can.
func momentOf(millisecond int64) string {
	return time.UnixMilli(min(max(millisecond, 0), lastSecond*1000)).UTC().Format(moment)
}

func millisecondOf(written string) (int64, error) {
	t, err := time.Parse(moment, written)
	return t.UnixMilli(), err
}
