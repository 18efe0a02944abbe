package session

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"looproom/codec/plain"
)

// Kind says what a line of the server tells.
type Kind uint8

// The kinds of lines. PROTOCOL.md section 3 has how each reads.
const (
	// Other is an answer or a notice that needs no understanding: it is only shown.
	Other Kind = iota
	Welcomed
	Entered
	Left
	Renamed
	WentAway
	CameBack
	TopicSet
	Digest
	Said
	Acted
	Whispered
	Named
	Listed
	Joined
	Parted
	TopicIs
	IsAway
	IsBack
	RecentFollows
	Recalled
	FileFollows
	Sent
	RoomTold
	FileTold
	Handled
	Registered
	Unregistered
	Told     // a private message that the person has sent by another connection
	Entering // the person has entered a room by another connection
	Leaving  // or has left one
	Calling  // somebody has given a room another name: Entering and Leaving follow
	Invited  // somebody invites the client to a room
	IDsAre   // whether messages have ids from now on
	ReadIs   // how far a room or a conversation has been read, on whatever device
	KeepIs   // whether the person stays when the last connection ends
	MissedFollows
	SessionsFollow
	SessionTold
	SessionOver
	RightsFollow
	RightTold
	RoomSet
	// HistoryFollows: Count messages of Who, a room or a user, as Recalled; N is 1 where nothing stands before them, or behind them.
	HistoryFollows
	// SearchFollows and ExportFollows: Count messages, as Found; N is 1 where there is more.
	SearchFollows
	ExportFollows
	Found
	Forgotten // the account Who is gone, with Count messages
	Bye
	Ponged
	Refused

	// The next ones are told by a Link or a Session, not by the server.

	// Connected: a connection stands. It is the first event of each.
	Connected
	// Lost: the connection has ended, or there was none to be had; Text says why. Lines has the commands that were never sent. N is 1 where
	// the server isn't who it should be.
	Lost
	// Ready: all of Enter has been answered. N is 1 where the server has told in which rooms the person is already.
	Ready
	// Delivered: the server has what was said under Numbers, or has refused it. Where ID is one, it is that of the message N.
	Delivered
	// Doubted: nobody can know whether what was said under Numbers has arrived. It isn't sent again by itself.
	Doubted
	// Progress: N of Count bytes of the file Who have moved; Text says where to or where from.
	Progress
	// Stored: the file Who has been fetched to the path Text.
	Stored
	// Answered: all has come of the answer to what Look has asked with Tag, whether it was any.
	Answered
	// Exporting: N messages have been read of those that go to the path Who. Exported: all of them have been written, Count.
	Exporting
	Exported
	// Failed: something that the client itself was to do has failed; Text says what and why.
	Failed
)

// Event is one line of the server, or what has become of the connection. Its strings are clean: no control characters but TAB.
type Event struct {
	Kind   Kind
	ID     MessageID // of a message, where the client has asked for ids
	Room   string    // the room in front of the line; "" is the current room, or none
	Who    string    // a user, a room (where something is of one), a file, or an outbox (Handled)
	To     string    // whom a private message of the person's own went to (Told, Recalled)
	Place  string    // where Found was said: a room, or the user with whom in private
	Text   string    // what is said, a new name, a topic, a reason, the number of Handled
	Count  int64     // users, lines that follow, bytes, messages that haven't been read, or the number of a connection; 1 for ON
	N      int64     // bytes that have moved, for Progress; seconds without a word, for SessionTold; 1 for what a kind says of it
	Names  []string  // the users of Listed, as they come: with (away) behind those who are
	Action bool      // Recalled or Found is an action, not a message
	Direct bool      // Recalled or Found was private
	Person bool      // Named is by LOGIN: the client is a person's
	This   bool      // SessionTold is the connection that has asked
	When   time.Time // of Recalled and Found; the beginning, for SessionTold
	Own    bool      // it answers what the person has asked, not what the client asks by itself
	Tag    string    // of Sent: what Link.Send was given; of answers to Look: what that was given; or LoggingIn or Reading. Also of Refused
	Lines  []string  // of Lost
	Line   string    // the whole line

	Numbers []int64 // of Delivered and Doubted, in order
}

// Parse reads a line of the server without its end. It understands each line alone and never fails: what it doesn't know is Other.
func Parse(line string) Event {
	line = string(plain.Clean(nil, []byte(line)))
	id, rest := cutID(line)
	room, rest := cutRoom(rest)
	e := parseRest(rest)
	if (!id.None() && !slices.Contains(messages, e.Kind)) || (room != "" && slices.Contains(personal, e.Kind)) {
		return Event{Room: room, Text: rest, Line: line}
	}
	if !id.None() {
		e.ID = id
	}
	e.Room, e.Line = room, line
	return e
}

// messages are the kinds that may have an id in front of their line, personal those that are about no room.
var (
	messages = []Kind{Said, Acted, Whispered, Told}
	personal = []Kind{Told, Entering, Leaving}
)

// cutRoom takes the room in front of a line that is told of a room that isn't current.
func cutRoom(line string) (room, rest string) {
	if !strings.HasPrefix(line, "#") {
		return "", line
	}
	if room, rest, ok := strings.Cut(line, " "); ok {
		return room, rest
	}
	return "", line
}

func parseRest(line string) Event {
	mark, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "["), mark == "*":
		return parseMessage(line)
	case mark == ">":
		return parseArrival(rest)
	case mark == "<":
		return parseDeparture(rest)
	case mark == "=":
		return parseAnswer(rest)
	case mark == "!":
		code, words, _ := strings.Cut(rest, " ")
		return Event{Kind: Refused, Who: code, Text: words}
	case mark == "PONG":
		return Event{Kind: Ponged, Text: rest}
	}
	return parseWhisper(line)
}

// parseWhisper reads "*bob* psst".
func parseWhisper(line string) Event {
	if mark, rest, _ := strings.Cut(line, " "); len(mark) > 2 && mark[0] == '*' && strings.HasSuffix(mark, "*") {
		return Event{Kind: Whispered, Who: mark[1 : len(mark)-1], Text: rest}
	}
	return Event{Text: line}
}

// parseMessage reads "[ana] hello" and "* ana waves".
func parseMessage(line string) Event {
	if rest, ok := strings.CutPrefix(line, "* "); ok {
		who, words, _ := strings.Cut(rest, " ")
		return Event{Kind: Acted, Who: who, Text: words, Action: true}
	}
	// A guest's IPv6 address has brackets of its own, but no space behind one.
	if who, words, ok := strings.Cut(strings.TrimPrefix(line, "["), "] "); ok {
		return Event{Kind: Said, Who: who, Text: words}
	}
	return Event{Text: line}
}

func parseArrival(words string) Event {
	if e := parseOwn(words); e.Kind != Other {
		return e
	}
	f := strings.Fields(words)
	switch {
	case strings.HasPrefix(words, "Connected to the chat server ("):
		return Event{Kind: Welcomed, Count: online(words)}
	case len(f) >= 3 && f[1] == "is":
		return parseChange(f[0], words[len(f[0])+len(" is "):])
	case len(f) > 4 && f[0] == "New" && f[1] == "user" && f[3] == "entered":
		return Event{Kind: Entered, Who: f[2], Count: online(words)}
	case len(f) > 3 && strings.HasPrefix(words, f[0]+" set the topic: "):
		return Event{Kind: TopicSet, Who: f[0], Text: words[len(f[0])+len(" set the topic: "):]}
	case len(f) == 5 && strings.HasSuffix(words, f[0]+" invites you to "+f[4]) && strings.HasPrefix(f[4], "#"):
		return Event{Kind: Invited, Who: f[0], Text: f[4]}
	case len(f) > 4 && strings.HasPrefix(words, f[0]+" renamed the room to #"):
		return Event{Kind: Calling, Who: f[0], Text: words}
	case isDigest(words):
		return Event{Kind: Digest, Text: words, Count: online(words)}
	}
	return Event{Text: words}
}

// parseOwn reads what the person has done by another connection, Other for anything else. A user may be called you: of users other verbs are told.
func parseOwn(words string) Event {
	f := strings.Fields(words)
	if len(f) < 3 || f[0] != "you" {
		return Event{}
	}
	switch room := f[2]; {
	case words == "you joined "+room && room[0] == '#':
		return Event{Kind: Entering, Who: room}
	case words == "you left "+room && room[0] == '#':
		return Event{Kind: Leaving, Who: room}
	case f[1] == "told":
		// There is no space in a name.
		to, text, _ := strings.Cut(strings.TrimPrefix(words, "you told "), " ")
		if name, ok := strings.CutSuffix(to, ":"); ok && name != "" {
			return Event{Kind: Told, To: name, Text: text}
		}
	}
	return Event{}
}

// digested are what a digest counts.
var digested = []string{"entered", "signed in", "left", "away", "back", "removed"}

// isDigest says whether words are those of a digest, "37 entered, 12 left (19,412 users online)". A user's name may be a number, and what they
// say of others may end as a digest does.
func isDigest(words string) bool {
	counts, _, ok := strings.Cut(words, " (")
	if !ok || !strings.HasSuffix(words, " online)") {
		return false
	}
	for part := range strings.SplitSeq(counts, ", ") {
		number, what, _ := strings.Cut(part, " ")
		if !isNumber(number) || !slices.Contains(digested, what) {
			return false
		}
	}
	return true
}

// parseChange reads what follows "ana is ".
func parseChange(who, words string) Event {
	first, rest, _ := strings.Cut(words, " ")
	switch {
	case words == "back":
		return Event{Kind: CameBack, Who: who}
	case words == "away":
		return Event{Kind: WentAway, Who: who}
	case first == "away:":
		return Event{Kind: WentAway, Who: who, Text: rest}
	}
	if name, ok := strings.CutPrefix(words, "now called "); ok {
		return Event{Kind: Renamed, Who: who, Text: name}
	}
	return Event{Text: who + " is " + words}
}

func parseDeparture(words string) Event {
	f := strings.Fields(words)
	if len(f) > 4 && f[0] == "The" && f[1] == "user" && f[3] == "left" {
		return Event{Kind: Left, Who: f[2], Count: online(words)}
	}
	return Event{Text: words}
}

// online reads the number of "(1,234 users online)" at the end of words.
func online(words string) int64 {
	_, count, _ := strings.Cut(words[max(0, strings.LastIndexByte(words, '(')):], "(")
	count, _, _ = strings.Cut(count, " ")
	return number(strings.ReplaceAll(count, ",", ""))
}

func number(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789,") == ""
}
