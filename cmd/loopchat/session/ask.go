package session

import "strings"

// ask is a command whose answer is waited for. A fence of its own stands behind it, so that what the server answers to it is exactly what
// comes between the PONG in front and its own: what reads like another answer in there, as the lines of HELP do, is only words.
type ask struct {
	accepts []Kind // the answers that mean something; all others are only shown
	own     bool   // the person has asked, and sees the answer
	tag     string // handed back with the answers
	fetch   *download
	wordy   bool                // the answer is words, in which anything may stand
	hear    func(e *Event) bool // takes what is for the link itself, and returns true for that; may be nil
	done    func()              // all of the answer has come; may be nil
	drop    func()              // there will be no answer, for the connection has ended; may be nil
}

// The tags of answers. LoggingIn has all that comes behind LOGIN: of the rooms that the person is in already, too.
const (
	LoggingIn = "logging in"
	Reading   = "reading"
)

// answersTo has the answers that each command may have. Commands without any stand here so that theirs can't be taken for another's.
var answersTo = map[string][]Kind{
	"ADD":    {Named},
	"NICK":   {Named},
	"LOGIN":  {Named, Joined, Parted, TopicIs, RecentFollows, MissedFollows},
	"LIST":   {Listed},
	"JOIN":   {Joined, TopicIs, RecentFollows},
	"PART":   {Parted},
	"TOPIC":  {TopicIs},
	"AWAY":   {IsAway},
	"BACK":   {IsBack},
	"RECENT": {RecentFollows},
	"SEND":   {Sent},
	"GET":    {FileFollows},
	"ROOMS":  {RoomTold},
	"FILES":  {FileTold},

	"REGISTER": {Registered},

	"UNREGISTER": {Unregistered},

	"IDS":      {IDsAre},
	"READ":     {ReadIs},
	"KEEP":     {KeepIs},
	"SESSIONS": {SessionsFollow, SessionTold},
	"LOGOUT":   {SessionOver},
	"ROOM":     {RightsFollow, RightTold, RoomSet},
	"HISTORY":  {HistoryFollows},
	"SEARCH":   {SearchFollows},
	"EXPORT":   {ExportFollows},
	"FORGET":   {Forgotten},

	"WHO": nil, "WHOIS": nil, "PASS": nil, "HELP": nil, "TRUST": nil, "OPER": nil, "KICK": nil, "BAN": nil, "SHUN": nil,
	"UNBAN": nil, "BANS": nil, "STATS": nil, "DRAIN": nil,
}

// askOf returns what the line asks, nil for one that is said, and for PING and END, behind which nothing needs to be told apart.
func askOf(line string) *ask {
	verb := verbOf(line)
	accepts, ok := answersTo[verb]
	if !ok {
		return nil
	}
	a := &ask{accepts: accepts, own: verb != "JOIN", wordy: verb == "HELP"} // the topic and the messages that come with a room haven't been asked for
	switch verb {
	case "LOGIN":
		a.own, a.tag = false, LoggingIn
	case "READ":
		a.tag = Reading
	}
	return a
}

// verbOf returns the first word as the server takes it for a verb: in upper case as it is, or in any case behind a slash.
func verbOf(line string) string {
	word, _, _ := strings.Cut(line, " ")
	if slash, ok := strings.CutPrefix(word, "/"); ok {
		return strings.ToUpper(slash)
	}
	return word
}
