package session

import (
	"slices"
	"strings"
)

// expected tells answers from lines that only look like them. It belongs to the link's reading goroutine.
type expected struct {
	arrived bool // the lobby's recent messages may follow, which nobody has asked for
	rows    rows // messages still to come. Cleared by the next PONG.
	calling bool // a room has got another name, and what belongs to that is still to come

	// The next ones hold for the rest of the connection.

	person bool // the client has logged in, or registered its name: it is told of the person's other connections
	ids    bool // the server puts ids in front of messages
}

// rows are lines of messages that were said before. Each of them is one, whatever is in it.
type rows struct {
	left   int64
	placed bool   // where it was said stands in front of each
	tag    string // of who has asked
}

// take makes e, the next of them, what it is.
func (r *rows) take(e *Event) {
	r.left--
	if r.placed && e.Kind == Recalled {
		if f := found(e); f.Kind == Found {
			*e = f
		} else {
			e.onlyShown()
		}
	}
	if e.Kind != Recalled && e.Kind != Found {
		e.onlyShown()
		return
	}
	e.Tag = r.tag
}

// asked are the kinds that mean something only in answer to a command.
var asked = []Kind{
	Named, Listed, Joined, Parted, TopicIs, IsAway, IsBack, RecentFollows, Recalled, FileFollows, Sent, RoomTold, FileTold,
	Registered, Unregistered, IDsAre, KeepIs, MissedFollows, SessionsFollow, SessionTold, SessionOver, RightsFollow, RightTold, RoomSet,
	HistoryFollows, SearchFollows, ExportFollows, Found, Forgotten,
}

// called are the kinds that follow Calling, up to Leaving.
var called = []Kind{Entering, Joined, TopicIs, Leaving}

// judge makes e, which comes while a is being answered, nil for nothing, words to be shown where it is no answer to that.
func (x *expected) judge(e *Event, a *ask) {
	if x.rows.left > 0 && strings.HasPrefix(e.Line, "= ") {
		x.rows.take(e)
		return
	}
	switch {
	case e.Kind == Welcomed:
		x.arrived = true
	case e.Kind == Calling, x.calling && slices.Contains(called, e.Kind):
		x.calling = e.Kind != Leaving
	case !x.believes(e, a):
		e.onlyShown()
	case e.Kind == ReadIs:
		e.Own = a != nil && a.own && slices.Contains(a.accepts, ReadIs)
	case !slices.Contains(asked, e.Kind):
	case x.arrived && e.Kind == RecentFollows && strings.EqualFold(e.Who, Lobby):
		// Also where a LOGIN is on its way already, whose answer has some, too.
		x.arrived = false
		x.follow(e)
	case a != nil && slices.Contains(a.accepts, e.Kind):
		e.Own, e.Tag = a.own, a.tag
		x.follow(e)
	default:
		e.onlyShown()
	}
	if e.Kind == Refused && a != nil {
		e.Own, e.Tag = a.own, a.tag
	}
}

// believes says whether e, if it is of the kinds that come unasked, can be what it says. Of other connections only a person has any, and marks
// only who has asked for ids; nobody else's words stand at the beginning of a line, but in an answer that is words.
func (x *expected) believes(e *Event, a *ask) bool {
	switch {
	case slices.Contains(personal, e.Kind) && !x.person:
		return false
	case e.Kind == ReadIs:
		return x.person && x.ids && (a == nil || !a.wordy)
	}
	return e.ID.None() || x.ids || e.Kind == Handled
}

// follow notes what e means for the lines behind it.
func (x *expected) follow(e *Event) {
	switch e.Kind {
	case RecentFollows, MissedFollows:
		x.rows = rows{left: e.Count}
	case HistoryFollows:
		x.rows = rows{left: e.Count, tag: e.Tag}
	case SearchFollows, ExportFollows:
		x.rows = rows{left: e.Count, placed: true, tag: e.Tag}
	case Named:
		x.arrived = false
		x.person = x.person || e.Person
	case Registered:
		x.person = true
	case IDsAre:
		x.ids = e.Count == 1
	}
}

// fenced says that all before a PONG has been told.
func (x *expected) fenced() { x.arrived, x.calling, x.rows = false, false, rows{} }

// onlyShown takes from e all but its words.
func (e *Event) onlyShown() {
	*e = Event{Room: e.Room, Text: strings.TrimPrefix(e.Line, "= "), Line: e.Line}
}
