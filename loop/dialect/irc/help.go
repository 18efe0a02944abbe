package irc

import (
	"maps"
	"slices"
	"strings"
)

// HELP (Modern IRC, "HELP message").

func doHelp(a *asking) {
	subject := strings.ToUpper(strings.TrimSpace(a.param(0)))
	a.say(func(_ *Client, w *writer) {
		text, known := helpTexts[subject]
		switch {
		case subject == "":
			w.help("*", helpIndex())
		case known:
			w.help(subject, strings.Split(text, "\n"))
		default:
			w.numeric(524, subject, "Help not found")
		}
	})
}

// help tells a subject: a head, and what is behind it.
func (w *writer) help(subject string, lines []string) {
	w.numeric(704, subject, lines[0])
	for _, line := range lines[1:] {
		w.numeric(705, subject, line)
	}
	w.numeric(706, subject, "End of /HELP")
}

// helpIndex is what is told without a subject.
func helpIndex() []string {
	lines := []string{"HELP <command> tells more of each of these:"}
	line := ""
	for _, name := range slices.Sorted(maps.Keys(helpTexts)) {
		if len(line)+1+len(name) > 70 {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + name)
	}
	return append(lines, line, "Nicks and rooms are those of all: clients of IRC, browsers, and nc.")
}

// helpTexts has what is told of each command: how it is written, and what it does.
var helpTexts = map[string]string{
	"ADMIN":        "ADMIN\nTells who runs the server, if that is told.",
	"AUTHENTICATE": "AUTHENTICATE <mechanism>\nLogs in to an account by SASL; your client does that.",
	"AWAY":         "AWAY [words]\nMarks you as away, with words for those who write to you; without words you are back.",
	"BATCH":        "BATCH +<name> draft/multiline <nick|#room>, or -<name>\nBegins and ends a message of several lines; your client does that.",
	"CAP":          "CAP LS|LIST|REQ|END\nWhat your client understands besides; it does that by itself.",
	"CERT":         "CERT ADD|DEL|LIST\nWhich client certificates open your account.",
	"CHATHISTORY":  "CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS ...\nShows what has been said; your client does that.",
	"HELP":         "HELP [command]\nTells how a command is written, and what it does.",
	"HELPOP":       "HELPOP [command]\nThe same as HELP.",
	"INFO":         "INFO\nTells what the server is.",
	"INVITE":       "INVITE <nick> <#room>, or INVITE\nInvites somebody into a room, or tells where you are invited.",
	"ISON":         "ISON <nick> [nick ...]\nTells which of these are here.",
	"ISUPPORT":     "ISUPPORT\nTells what the server has, as it does when you come.",
	"JOIN":         "JOIN <#room>[,<#room>] [key]\nEnters rooms, and opens those that aren't there. JOIN 0 leaves all.",
	"KICK":         "KICK <#room> <nick>[,<nick>] [words]\nPuts somebody out of a room.",
	"KILL":         "KILL <nick> [words]\nDisconnects somebody, for operators of the server.",
	"LINKS":        "LINKS\nTells which servers there are: this one.",
	"LIST":         "LIST [#room,...] [conditions]\nTells which rooms there are. Conditions: *mask*, !*mask*, >n and <n users, C>n C<n T>n T<n minutes since\nthe room was opened, or its topic set.",
	"LUSERS":       "LUSERS\nTells how many there are.",
	"MARKREAD":     "MARKREAD <nick|#room> [timestamp=...]\nNotes how far you have read; your client does that.",
	"METADATA":     "METADATA <*|nick|#room> <GET|LIST|SET|CLEAR|SYNC|SUB|UNSUB|SUBS> [key ...]\nTells, sets and watches what is known of you, others and rooms; your client does that.",
	"MODE":         "MODE <#room|nick> [letters [parameters]]\nTells or changes what holds in a room, or what you are. In rooms: b e I masks, k a key, l a limit, i invited only,\nm muted, n no messages from outside, s secret, t topic by operators, C no CTCP, o v for members.\nOf you: i hidden from strangers, w reads WALLOPS, B a bot, R read by registered nicks alone.",
	"MONITOR":      "MONITOR + <nick>[,<nick>], - <nick>[,<nick>], C, L or S\nHas you told when others come and go.",
	"MOTD":         "MOTD\nTells the message of the day.",
	"NAMES":        "NAMES <#room>\nTells who is in a room.",
	"NICK":         "NICK <nick>\nGives you another nick.",
	"NOTICE":       "NOTICE <nick|#room> <words>\nLike PRIVMSG, but no program answers.",
	"OPER":         "OPER <name> <password>\nMakes you an operator of the server.",
	"PART":         "PART <#room>[,<#room>] [words]\nLeaves rooms.",
	"PASS":         "PASS <password>\nSays the server's password, in front of NICK and USER.",
	"PERSISTENCE":  "PERSISTENCE GET, or SET ON|OFF\nHas you stay in your rooms without a connection.",
	"PING":         "PING <words>\nIs answered by PONG with these words.",
	"PONG":         "PONG <words>\nAnswers PING.",
	"PRIVMSG":      "PRIVMSG <nick|#room>[,...] <words>\nSays words to somebody, or in a room; to @#room for its operators alone, to +#room for who has a voice as well.",
	"QUIT":         "QUIT [words]\nEnds your connection.",
	"REDACT":       "REDACT <#room> <msgid> [words]\nTakes a message back.",
	"RENAME":       "RENAME <#room> <#name> [words]\nGives a room another name.",
	"REGISTER":     "REGISTER * * <password>\nMakes your nick an account, with that password.",
	"SETNAME":      "SETNAME <words>\nGives you another real name.",
	"STATS":        "STATS u\nTells how long the server has been up.",
	"TAGMSG":       "TAGMSG <nick|#room>\nSends tags alone; your client does that.",
	"TIME":         "TIME\nTells the server's time.",
	"TOPIC":        "TOPIC <#room> [words]\nTells or sets what a room is about.",
	"USER":         "USER <user> 0 * <real name>\nSays who you are, when you come.",
	"USERHOST":     "USERHOST <nick> [nick ...]\nTells from where these come.",
	"VERIFY":       "VERIFY <account> <code>\nAccounts here need not be verified.",
	"VERSION":      "VERSION\nTells which program the server is.",
	"WALLOPS":      "WALLOPS <words>\nTells all who want to hear it (MODE +w), for operators of the server.",
	"WHO":          "WHO <#room|mask> [o][%fields[,number]]\nTells who is in a room, or matches a mask; with o operators of the server alone.",
	"WHOIS":        "WHOIS <nick>\nTells who somebody is.",
	"WHOWAS":       "WHOWAS <nick> [count]\nTells who has been called so.",
}
