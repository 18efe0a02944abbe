package session

import (
	"slices"
	"strings"
)

// expected tells answers from lines that only look like them. It belongs to the link's reading goroutine.
type expected struct {
	arrived  bool  // the lobby's recent messages may follow, which nobody has asked for
	recalled int64 // lines of recent messages still to come; each of them is one, whatever is in it. Cleared by the next PONG.
}

// asked are the kinds that mean something only in answer to a command.
var asked = []Kind{
	Named, Listed, Joined, Parted, TopicIs, IsAway, IsBack, RecentFollows, Recalled, FileFollows, Sent, RoomTold, FileTold,
}

// judge makes e, which comes while a is being answered, nil for nothing, words to be shown where it is no answer to that.
func (x *expected) judge(e *Event, a *ask) {
	if x.recalled > 0 && strings.HasPrefix(e.Line, "= ") {
		x.recalled--
		if e.Kind != Recalled {
			e.onlyShown()
		}
		return
	}
	switch {
	case e.Kind == Welcomed:
		x.arrived = true
	case !slices.Contains(asked, e.Kind):
	case a != nil && slices.Contains(a.accepts, e.Kind):
		e.Own, e.Tag = a.own, a.tag
		x.follow(e)
	case x.arrived && e.Kind == RecentFollows && strings.EqualFold(e.Who, Lobby):
		x.arrived = false
		x.follow(e)
	default:
		e.onlyShown()
	}
	if e.Kind == Refused && a != nil {
		e.Own = a.own
	}
}

// follow notes how many lines belong to e.
func (x *expected) follow(e *Event) {
	if e.Kind == RecentFollows {
		x.recalled = e.Count
	}
}

// fenced says that all before a PONG has been told.
func (x *expected) fenced() { *x = expected{} }

// onlyShown takes from e all but its words.
func (e *Event) onlyShown() {
	*e = Event{Room: e.Room, Text: strings.TrimPrefix(e.Line, "= "), Line: e.Line}
}
