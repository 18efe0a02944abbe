package irc

import (
	"fmt"
	"iter"
	"strconv"

	"looproom/loop/room"
)

// tokensPerLine is how many tokens one 005 has: with nick and words that makes the fifteen parameters of a line.
const tokensPerLine = 13

// supportWords end each 005.
const supportWords = "are supported by this server"

// token is one of what 005 promises.
type token struct {
	name  string
	value func(s *Server) string // nil: it has none; "" leaves a token out
}

func always(value string) func(*Server) string { return func(*Server) string { return value } }

func number(n int) func(*Server) string { return always(strconv.Itoa(n)) }

// tokens are all of them, in the order in which they are told.
var tokens = []token{
	{name: "NETWORK", value: func(s *Server) string { return escapeToken(s.Network) }},
	// Names are what PRECIS makes of them; of ASCII, that is lower case for upper case. {}|^ are no capitals of [].
	{name: "CASEMAPPING", value: always("ascii")},
	{name: "UTF8MAPPING", value: always("rfc8265")},
	{name: "UTF8ONLY"},
	{name: "CHANTYPES", value: always("#")},
	{name: "PREFIX", value: always("(qov)~@+")},
	{name: "CHANMODES", value: always("beI,k,l,Cimnst")},
	{name: "STATUSMSG", value: always("@+")},
	{name: "EXCEPTS"},
	{name: "INVEX"},
	{name: "EXTBAN", value: always(",am")},
	{name: "ACCOUNTEXTBAN", value: always("a")},
	{name: "BOT", value: always("B")},
	{name: "WHOX"},
	{name: "ELIST", value: always("CMNTU")},
	{name: "SAFELIST"},
	{name: "MONITOR", value: number(maxMonitor)},
	{name: "MODES", value: number(maxModes)},
	{name: "MAXLIST", value: always(fmt.Sprintf("b:%d,e:%d,I:%[2]d", room.MaxRoomBans, room.MaxExceptions))},
	{name: "TARGMAX", value: always(fmt.Sprintf("NAMES:1,KICK:%[1]d,PRIVMSG:%[1]d,NOTICE:%[1]d,TAGMSG:%[1]d,JOIN:,PART:", maxTargets))},
	{name: "CHANLIMIT", value: roomLimit},
	{name: "NICKLEN", value: number(room.MaxName)},
	{name: "CHANNELLEN", value: number(len("#") + room.MaxName)},
	{name: "USERLEN", value: number(maxUser)},
	{name: "TOPICLEN", value: number(room.MaxWords)},
	{name: "AWAYLEN", value: number(room.MaxWords)},
	{name: "KICKLEN", value: number(room.MaxWords)},
	{name: "NAMELEN", value: number(maxReal)},
	{name: "CHATHISTORY", value: ofHistory(strconv.Itoa(maxHistory))},
	{name: "MSGREFTYPES", value: ofHistory("msgid,timestamp")},
}

// ofHistory is a value that is told where what was said is kept.
func ofHistory(value string) func(*Server) string {
	return func(s *Server) string {
		if !s.History {
			return ""
		}
		return value
	}
}

// roomLimit is the value of CHANLIMIT: no number is no limit.
func roomLimit(s *Server) string {
	if s.Rooms <= 0 {
		return "#:"
	}
	return "#:" + strconv.Itoa(s.Rooms)
}

// appendSupport appends all 005.
func appendSupport(w *writer, s *Server) {
	for params := range supportLines(w, s) {
		w.numeric(5, params...)
	}
}

// supportLines gives the parameters of each 005, without the nick; a slice is borrowed until the next. No line of w may be open when it begins.
func supportLines(w *writer, s *Server) iter.Seq[[]string] {
	room := w.room("005", w.nick) - len(supportWords)
	return func(yield func([]string) bool) {
		line, length := make([]string, 0, tokensPerLine+1), 0
		for _, t := range tokens {
			text, promised := t.text(s)
			if !promised {
				continue
			}
			if n := len(line); n == tokensPerLine || n > 0 && length+len(" ")+len(text) > room {
				if !yield(append(line, supportWords)) {
					return
				}
				line, length = line[:0], 0
			}
			line, length = append(line, text), length+len(" ")+len(text)
		}
		if len(line) > 0 {
			yield(append(line, supportWords))
		}
	}
}

func (t token) text(s *Server) (text string, promised bool) {
	if t.value == nil {
		return t.name, true
	}
	value := t.value(s)
	return t.name + "=" + value, value != ""
}

// escapeToken returns value as it stands in a token (Modern IRC, RPL_ISUPPORT): \x20 for a space, and so for all that is no printable ASCII, and for what means something there.
func escapeToken(value string) string {
	escaped := make([]byte, 0, len(value))
	for i := range len(value) {
		if b := value[i]; b <= ' ' || b >= 0x7F || b == '=' || b == '\\' {
			escaped = fmt.Appendf(escaped, `\x%02X`, b)
		} else {
			escaped = append(escaped, b)
		}
	}
	return string(escaped)
}
