package irc

import "looproom/loop/room"

// Registering an account, see the IRCv3 draft "account-registration": REGISTER <account> {<email> | "*"} <password>. An account has the name that the client has, or wants.

// registrationKeys is what stands behind the capability.
const registrationKeys = "before-connect"

// thisNick stands for the client's own nick in the place of an account, and noEmail for no address.
const (
	thisNick = "*"
	noEmail  = "*"
)

// unregistered are the words of a FAIL that nobody is asked for.
var unregistered = map[string]string{
	"ALREADY_AUTHENTICATED":     "You are logged in already",
	"NEED_NICK":                 "Say by NICK what you want to be called",
	"BAD_ACCOUNT_NAME":          "Nobody can be called that",
	"ACCOUNT_NAME_MUST_BE_NICK": "An account has the name of its nick: NICK first",
	"UNACCEPTABLE_EMAIL":        "No address is kept: * stands in its place",
}

// registration is what a REGISTER asks, or the code of the FAIL that answers it. nick is what the client is called, or wants to be; account what it is logged in to, "" for nothing.
func registration(params []string, nick, account string) (cmd room.Command, fail string) {
	name, email, password := params[0], params[1], passwordAsSaid(params[2])
	switch {
	case account != "":
		return cmd, "ALREADY_AUTHENTICATED"
	case nick == "":
		return cmd, "NEED_NICK"
	case name != thisNick && room.NameKey(name) == "":
		return cmd, "BAD_ACCOUNT_NAME"
	case name != thisNick && room.NameKey(name) != room.NameKey(nick):
		return cmd, "ACCOUNT_NAME_MUST_BE_NICK"
	case email != noEmail:
		return cmd, "UNACCEPTABLE_EMAIL"
	}
	return room.Command{Verb: room.Register, Name: nick, Text: password, N: room.None}, ""
}

// registrationFails has the code of the FAIL by which a client reads why it has no account; others are TEMPORARILY_UNAVAILABLE.
var registrationFails = map[room.Reason]string{
	room.NameOwned: "ACCOUNT_EXISTS", room.NameInUse: "ACCOUNT_EXISTS", room.NameLooksOwned: "ACCOUNT_EXISTS", room.NameLooksLike: "ACCOUNT_EXISTS",
	room.NameLength: "BAD_ACCOUNT_NAME", room.NameBegins: "BAD_ACCOUNT_NAME", room.NameLikeAddress: "BAD_ACCOUNT_NAME", room.NameLikeAway: "BAD_ACCOUNT_NAME", room.NameLetters: "BAD_ACCOUNT_NAME", room.NameSeparates: "BAD_ACCOUNT_NAME",
	room.NameMarks: "BAD_ACCOUNT_NAME", room.NameScripts: "BAD_ACCOUNT_NAME", room.NameBanned: "BAD_ACCOUNT_NAME", room.NameFirst: "NEED_NICK",
	room.PasswordUnfit: "WEAK_PASSWORD", room.AlreadyCalled: "ALREADY_AUTHENTICATED",
}

// registrationFail is the code for a reason.
func registrationFail(why room.Reason) string {
	if code, known := registrationFails[why]; known {
		return code
	}
	return "TEMPORARILY_UNAVAILABLE"
}
