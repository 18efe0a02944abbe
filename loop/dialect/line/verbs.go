package line

import "looproom/loop/room"

// verb is one row of the table of commands.
type verb struct {
	name    string   // as it stands at the beginning of a line
	takes   string   // its arguments, for people
	slashes []string // its other forms, without the slash
	help    string
	means   room.Verb
	// numbered says that a number may stand in front of the arguments: ID=id:n.
	numbered bool
	// read fills in cmd from the arguments. What is wrong with them comes back as a complaint, for people; "" when all is well.
	read func(v *verb, args string, cmd *room.Command) (complaint string)
	// answer appends to "= NAME" what a room.Done of the verb says; nil for a verb whose answers have kinds of their own.
	answer func(dst []byte, e *room.Event) []byte
}

// daily are the verbs of every day, in the order of HELP.
var daily = []verb{
	{"ADD", "name", []string{"add"}, "signs you in", room.SignIn, false, readNameAndKey, nil},
	{"NICK", "name", []string{"nick"}, "changes your name, or signs you in", room.Nick, false, readName, nil},
	{"TEXT", "words", []string{"text", "say"}, "says any words to the room", room.Say, true, readSaid, nil},
	{"TEXT TO", "name words", []string{"msg"}, "says them to one user, or to #room", room.Tell, true, readTell, nil},
	{"ME", "words", []string{"me"}, "says what you do: * ana waves", room.Act, true, readWords, nil},
	{"LIST", "", []string{"list"}, "who is in the room", room.List, false, readNothing, nil},
	{"ROOMS", "", []string{"rooms"}, "all rooms", room.Rooms, false, readNothing, nil},
	{"WHO", "name", []string{"who", "whois"}, "tells of one user", room.Who, false, readName, nil},
	{"JOIN", "#room [key]", []string{"join"}, "enters a room, or goes back to it", room.Join, false, readJoin, nil},
	{"PART", "[#room]", []string{"part"}, "leaves a room", room.Part, false, readOptionalName, thatRoom},
	{"TOPIC", "[words]", []string{"topic"}, "tells or sets what the room is about", room.Topic, false, readOptionalWords, nil},
	{"AWAY", "[words]", []string{"away"}, "tells the others that you are away", room.Away, false, readOptionalWords, nothing},
	{"BACK", "", []string{"back"}, "and that you are back", room.Back, false, readNothing, nothing},
	{"RECENT", "[#room] [n]", []string{"recent"}, "the last messages of a room", room.Recent, false, readRecent, nil},
	{"HISTORY", "[#room|name] [n]", []string{"history"}, "further back: before or after an id", room.History, false, readHistory, nil},
	{"SEARCH", "words", []string{"search"}, "finds messages: in #room, by name", room.Search, false, readSearch, nil},
	{"SEND", "size name", nil, "a file: size bytes follow", room.Send, false, readSend, nil},
	{"FILES", "[n]", []string{"files"}, "the newest files", room.Files, false, readOptionalNumber, nil},
	{"GET", "name", []string{"get"}, "the newest file of that name", room.Get, false, readFileName, nil},
	{"PING", "token", []string{"ping"}, "is answered with PONG token", room.Ping, false, readToken, nil},
	{"HELP", "[MORE]", []string{"help"}, "this page; MORE has the other verbs", room.Help, false, readPage, nil},
	{"END", "", []string{"end", "quit"}, "leaves", room.End, false, readNothing, nil},
}

// further are the verbs of passwords and operators, in the order of HELP MORE.
var further = []verb{
	{"PASS", "password", []string{"pass"}, "opens a server that has a password", room.Pass, false, readPassword, nil},
	{"REGISTER", "password", []string{"register"}, "keeps your name for you", room.Register, false, readPassword, thatName},
	{"LOGIN", "name password", []string{"login"}, "signs in by a registered name", room.Login, false, readLogin, nil},
	{"SESSIONS", "", []string{"sessions"}, "your connections", room.Sessions, false, readNothing, nil},
	{"LOGOUT", "[n]", []string{"logout"}, "ends one of them", room.Logout, false, readOptionalNumber, thatNumber},
	{"KEEP", "[ON|OFF]", []string{"keep"}, "keeps you here without a connection", room.Keep, false, readKeep, nil},
	{"READ", "name [id]", []string{"read"}, "how far you have read a room or a user", room.Read, false, readMark, nil},
	{"UNREGISTER", "[name]", []string{"unregister"}, "gives a registered name up", room.Unregister, false, readOptionalName, thatName},
	{"EXPORT", "[after id] [n]", []string{"export"}, "all that you have said", room.Export, false, readExport, nil},
	{"FORGET", "ME", []string{"forget"}, "erases that, and your account, for ever", room.Forget, false, readMe, forgotten},
	{"TRUST", "key|OFF [key]", []string{"trust"}, "lets a device log in by a key", room.Trust, false, readTrust, thatName},
	{"OPER", "name password", []string{"oper"}, "makes you an operator", room.Oper, false, readNameAndPassword, thatName},
	{"IDS", "ON|OFF", []string{"ids"}, "shows the ids of messages, to programs", room.IDs, false, readOnOff, nil},
	{"ROOM", "[#room] [what]", []string{"room"}, "a room's rights; see HELP ROOM", room.Govern, false, readRoom, nil},
	{"KICK", "name [words]", []string{"kick"}, "disconnects a user", room.Kick, false, readNameAndWords, nil},
	{"BAN", "target time [words]", []string{"ban"}, "keeps out an address or a name", room.Ban, false, readBan, nil},
	{"SHUN", "target time [words]", []string{"shun"}, "lets them read only", room.Shun, false, readBan, nil},
	{"UNBAN", "target", []string{"unban"}, "lifts the ban and the shun", room.Unban, false, readTarget, nil},
	{"BANS", "", []string{"bans"}, "all bans and shuns", room.Bans, false, readNothing, nil},
	{"STATS", "", []string{"stats"}, "how the server is", room.Stats, false, readNothing, nil},
	{"DRAIN", "", []string{"drain"}, "ends the server", room.Drain, false, readNothing, nil},
}

// byName finds verbs by name, bySlash by the other forms in lower case, byMeaning by what they are to the room.
var byName, bySlash, byMeaning = indexVerbs(daily, further)

func indexVerbs(pages ...[]verb) (byName, bySlash map[string]*verb, byMeaning [256]*verb) {
	byName, bySlash = map[string]*verb{}, map[string]*verb{}
	for _, verbs := range pages {
		for i := range verbs {
			v := &verbs[i]
			byName[v.name], byMeaning[v.means] = v, v
			for _, slash := range v.slashes {
				bySlash[slash] = v
			}
		}
	}
	return byName, bySlash, byMeaning
}

// usage shows how v is used.
func (v *verb) usage() string {
	if v.takes == "" {
		return v.name
	}
	return v.name + " " + v.takes
}

// lacks is the complaint that what v needs is missing.
func (v *verb) lacks(what string) string {
	return v.name + " needs " + what + ": " + v.usage()
}

// only is the complaint of a verb that was given something else than it takes: maybe a line that was meant to be said.
func (v *verb) only(what string) string {
	return v.name + " takes " + what + "; say it with TEXT " + v.name + " ..."
}
