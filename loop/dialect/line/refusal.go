package line

import (
	"strconv"
	"strings"
	"time"

	"looproom/loop/room"
)

// reasons is how each reason reads, for people. What stands in braces is filled in: see appendPart.
var reasons = [...]string{
	room.NameLength:      "a name has 1 to " + maxName + " characters",
	room.NameBegins:      "a name can't begin with one of < > # / ! * = ~ & @ % + $ - :",
	room.NameLikeAddress: "a name can't look like an address or a network",
	room.NameLikeAway:    "a name can't end in " + room.AwayMark,
	room.NameSeparates:   "a name can't have one of ! @ , * ? :",
	room.NameLetters:     "a name has letters, digits and punctuation, and no spaces",
	room.NameMarks:       "a name has at most two marks on a letter, and none in front",
	room.NameScripts:     "a name doesn't mix letters of scripts that aren't written together",
	room.NameWithoutHash: "the name of a room begins with #",
	room.RoomLooksLike:   "{who} looks like {text}, which is there; JOIN {text}",
	room.NameInUse:       "{who} is taken; choose another",
	room.NameLooksLike:   "{who} looks like {text}, who is here; choose another",
	room.NameLooksOwned:  "{who} looks like a name that belongs to someone; choose another",
	room.NameOwned:       "{who} belongs to someone: LOGIN {who} password",
	room.NameOfNobody:    "{who} belongs to nobody",
	room.NameOfNobodyYet: "{who} belongs to nobody; ADD takes a name",
	room.NameOfNobodyNow: "{who} is not registered",
	room.NameBanned:      "the name {who} is banned {until}{: text}",
	room.EndedByAnother:  "another connection of yours has ended this one",
	room.NoSessionOfThat: "you have no session {n}; SESSIONS lists them",
	room.NameLost:        "another connection has logged in as {who}",
	room.AlreadyCalled:   "you are already in the chat as {who}",

	room.EnterFirst:       "say who you are first",
	room.PasswordNeeded:   "this server needs a password: PASS password",
	room.NoPasswordNeeded: "no password is needed",
	room.NameFirst:        "sign in first: ADD name",
	room.LogInFirst:       "sign in first: LOGIN name password",
	room.AccountFirst:     "this is for registered names: LOGIN name password, or REGISTER password",
	room.GuestsRead:       "guests may only read here: ADD name",
	room.ReadOnly:         "an operator lets you read only",
	room.AddressBanned:    "{until}{: text}",
	room.KickedOut:        "by an operator{: text}",
	room.OperatorsOnly:    "this is for operators: OPER name password",
	room.NoOperators:      "this server has no operators",
	room.WrongSecret:      "the name or the password is wrong",

	room.NoRoomNow:          "you are in no room; JOIN #lobby",
	room.NotInRoom:          "you are not in {who}; JOIN it first",
	room.NotHere:            "{who} is not here; LIST shows who is",
	room.KnownOnly:          "{who} takes words from registered names only: LOGIN name password, or REGISTER password",
	room.InTooManyRooms:     "you are in {n} rooms, and that is the limit; PART one first",
	room.NoMoreRooms:        "there are as many rooms as there may be; ROOMS lists those that one can join",
	room.OpenedTooManyRooms: "your address has opened {n} rooms, and that is the limit; a room ends when everyone has left it",
	room.WordsTooLong:       "at most " + maxWords + " characters",

	room.FoundersOnly:      "this is for the founder of {room}",
	room.RoomOperatorsOnly: "this is for the operators of {room}",
	room.FounderStays:      "{room} has its founder until that gives it to another: ROOM FOUNDER name",
	room.MayAsMuch:         "{who} may do as much in {room} as you",
	room.PutOutOfRoom:      "of {room} by {who}{: text}",
	room.RoomIsBarred:      "you are banned from {room} {until}{: text}",
	room.RoomIsLocked:      "{room} is locked; only who is invited comes in",
	room.RoomHasKey:        "{room} has a key: JOIN {room} words",
	room.RoomIsMuted:       "{room} is muted; only its operators and voices may speak",
	room.MutedInRoom:       "you are muted in {room}",
	room.RoomHasNoCTCP:     "{room} takes no CTCP",
	room.RoomIsFull:        "{room} is limited to {n} members",
	room.RoomRightsFull:    "{room} has as many of these as it may",
	room.RoomBanNotThere:   "{text} is not banned from {room}; ROOM lists who is",
	room.NotATargetThere:   "{who} can't be banned from a room: a target is a name, or that of a guest",
	room.AddressesHidden:   "addresses are banned by the server's operators; write the name of a user",
	room.LobbyKeepsName:    "everyone begins in " + room.Lobby + "; it keeps its name",
	room.RoomNameInUse:     "{who} is there already; choose another name",
	room.RoomTooLarge:      "{room} has more than {n} members; only operators of the server rename it",
	room.RoomJustNamed:     "{room} has just been renamed; try again in a minute",
	room.LobbyStaysOpen:    "everyone begins in " + room.Lobby + "; it can't be locked, and nobody be banned from it",
	room.RoomOfNobody:      "{room} has no founder, and can't be kept",
	room.RoomsFull:         "this server keeps as many rooms as it may",
	room.RoomsNotKept:      "this server keeps no rooms",
	room.RoomNotWritten:    "the room is not kept: " + diskRefuses,
	room.RoomNotErased:     "the room stays kept: " + diskRefuses,
	room.KeepsTooManyRooms: "{who} keeps {n} rooms, and that is the limit",

	room.Misused:       "{text}",
	room.NoSuchCommand: "no such command; HELP lists them, and // begins a line that is said with one /",
	room.GivesAway:     "this was not said; {usage}, in upper case or with a slash, is the command, and TEXT in front says it all the same",
	room.LineOverLimit: "a line has at most {size}; it was dropped",

	room.FromAZone:        "connections from link-local addresses with a zone are not served",
	room.NoSlotLeft:       "no room for another connection; try again later",
	room.TooManyArriving:  "too many connections are just being made; try again",
	room.TooManyOfAddress: "your address has too many connections that are just being made, or idle; try again",
	room.AddressFull:      "your address has {n} connections, and that is the limit",
	room.NetworkFull:      "your network has {n} connections, and that is the limit",
	room.AddressTooFast:   "your address connects too often; try again later",
	room.NetworkTooFast:   "your network connects too often; try again later",
	room.AsksTooOften:     "your address asks too often; try again later",
	room.NoProxyHere:      "this door is for its proxies only",
	room.NoProxyHeader:    "no valid PROXY header",
	room.SpeaksClear:      "this door speaks TLS: {text}",
	room.NoHandshake:      "the TLS handshake failed",
	room.SpeaksHTTP:       "this door speaks lines of text, and no HTTP; a browser needs an http door",
	room.SpeaksSSH:        "this door speaks lines of text, and no SSH",
	room.SpeaksBinary:     "this door speaks lines of text, and that is none",
	room.NoNameInTime:     "sign in within {wait}: ADD name",
	room.NoPasswordInTime: "no password came in time",

	room.SendsTooFast:    "you send faster than {text}; slow down",
	room.TooMuchWaits:    "too much is waiting; disconnected",
	room.EmptyRecords:    "too many records of TLS with nothing in them; disconnected",
	room.ShortOfMemory:   "the server is short of memory; try again",
	room.HoldsTooMuch:    "the server is short of memory, and too much of yours is waiting; disconnected",
	room.DeskBusy:        "too much is waiting; try again",
	room.DiskBusy:        "too much is waiting for the disk; try again",
	room.TriesTooOften:   "try again in {wait}",
	room.MessagesSkipped: "{messages}",

	room.NoFiles:           "this server keeps no files",
	room.FilesNeedLines:    "files need a line door",
	room.FileOverLimit:     "a file has at most {size}",
	room.FileNotThere:      "there is no file {who}; FILES lists them",
	room.FileAway:          "the server that has {who} can't be reached ({text}); try again later",
	room.FilesNotLookedFor: "the files could not be looked for: {text}",
	room.FileNotKept:       "the file could not be kept: {text}",
	room.FileOverDisk:      "the file could not be kept: {text}",
	room.FileTooMany:       "the file could not be kept: {text}",
	room.AddressOverDay:    "that is more than your address may send in a day: {size}",
	room.NameOverDay:       "that is more than {who} may send in a day: {size}",
	room.AddressSentAll:    "your address has sent as much as it may for now; try again in {wait}",
	room.NameSentAll:       "{who} has sent as much as it may for now; try again in {wait}",

	room.NamesNotKept:   "this server registers no names",
	room.NamesFull:      "this server has as many names as it keeps",
	room.PasswordUnfit:  "{text}",
	room.NameNotWritten: "the name is not registered: " + diskRefuses,
	room.NameNotErased:  "the name stays registered: " + diskRefuses,
	room.KeyNotWritten:  "the key is not trusted: " + diskRefuses,
	room.KeyNotErased:   "the keys stay trusted: " + diskRefuses,

	room.NotAFingerprint: "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits",
	room.CertNotShown:    "your connection has shown no such certificate; that is for TLS with one of your own",
	room.CertNotThere:    "the certificate {text} does not open your account; TRUST CERT LIST tells which do",
	room.CertTaken:       "the certificate opens another account",
	room.CertsFull:       "{n} certificates open your account, and that is the limit; TRUST CERT OFF fingerprint ends one",
	room.CertNotWritten:  "the certificate is not trusted: " + diskRefuses,
	room.CertNotErased:   "the certificate stays trusted: " + diskRefuses,

	room.HistoryOff:      "this server keeps no messages; RECENT tells the last ones",
	room.LettersUnkept:   "messages to you are kept once you have an account: REGISTER password, or LOGIN name password",
	room.NothingToFind:   "SEARCH needs words, with letters or digits: SEARCH words",
	room.LookFailed:      "the messages could not be read; try again later",
	room.TooManyLooks:    "too many are looking; try again",
	room.RoomNotCleared:  "the room is not cleared: " + diskRefuses,
	room.MessageNotThere: "there is no such message any more",
	room.MessageNotTaken: "the message is not erased: " + diskRefuses,
	room.NotForgotten:    "nothing is forgotten: " + diskRefuses,

	room.PersonNotWritten: "you don't stay: " + diskRefuses,
	room.PersonNotErased:  "you stay as before: " + diskRefuses,

	room.NotAKey:           "{who} is no key of metadata: these have 1 to 32 of a-z, 0-9 and _ . / -",
	room.ValueTooLong:      "a value of metadata has at most {n} bytes",
	room.KeyNotSet:         "{who} is not set",
	room.KeysFull:          "{n} keys of metadata are set, and that is the limit",
	room.KeysOfAnother:     "only {who} sets that",
	room.SubscriptionsFull: "you subscribe to {n} keys of metadata, and that is the limit",

	room.NotATarget:    "{text}",
	room.OwnAddress:    "{text} is your own address, too",
	room.NothingToLift: "{text} is neither banned nor shunned; BANS lists who is",

	room.BanNotSet:    "nobody is banned: " + diskRefuses,
	room.BanNotKept:   "it holds only until the server ends: " + diskRefuses,
	room.BanNotErased: "it is back when the server starts again: " + diskRefuses,

	room.ShuttingDown: "the server is shutting down",
	room.LogWaits:     "the cluster is choosing a leader: what is said waits for that, and none of it is lost",
	room.LogGoesOn:    "the cluster goes on",
	room.LogIsAway:    "this server can't reach enough of the others: nothing can be said until it can",
	room.NodeWasGone:  "this server was cut off from the others, and has lost you: connect again",
}

const diskRefuses = "the server's disk refuses it"

// The numbers of room.MaxName and room.MaxWords, which a test compares.
const (
	maxName  = "32"
	maxWords = "390"
)

// AppendRefusal appends to dst the code of r and its words, as they stand behind the "! " of a line.
func (Dialect) AppendRefusal(dst []byte, r *room.Refusal) []byte {
	dst = append(append(dst, r.Why.Code()...), ' ')
	return appendReason(dst, r)
}

// Words says r to people.
func (Dialect) Words(r *room.Refusal) string { return string(appendReason(nil, r)) }

func appendReason(dst []byte, r *room.Refusal) []byte {
	if int(r.Why) >= len(reasons) {
		return dst
	}
	text := reasons[r.Why]
	for {
		before, rest, found := strings.Cut(text, "{")
		dst = append(dst, before...)
		if !found {
			return dst
		}
		part, behind, _ := strings.Cut(rest, "}")
		dst, text = appendPart(dst, part, r), behind
	}
}

// appendPart appends what r has for a part of its words.
func appendPart(dst []byte, part string, r *room.Refusal) []byte {
	switch part {
	case "who":
		return appendText(dst, r.Who)
	case "room":
		return appendText(dst, r.Room)
	case "text":
		return appendText(dst, r.Text)
	case ": text":
		return appendBehind(dst, ": ", r.Text)
	case "n":
		return strconv.AppendInt(dst, r.N, 10)
	case "size":
		return appendSize(dst, r.N)
	case "until":
		return appendUntil(dst, r.N)
	case "wait":
		return append(dst, time.Duration(r.N).String()...)
	case "messages":
		if r.N == 1 {
			return append(dst, "1 message"...)
		}
		return append(strconv.AppendInt(dst, r.N, 10), " messages"...)
	case "usage": // of the verb
		if v := byName[r.Text]; v != nil {
			dst = append(dst, v.usage()...)
		}
		return dst
	}
	return append(append(append(dst, '{'), part...), '}')
}

// appendUntil writes how long something holds, in seconds of wall clock, 0 for ever.
func appendUntil(dst []byte, unix int64) []byte {
	if unix == 0 {
		return append(dst, "for ever"...)
	}
	return appendTime(append(dst, "until "...), 1000*unix)
}

// appendSize writes a size in bytes for people.
func appendSize(dst []byte, n int64) []byte {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return append(strconv.AppendInt(dst, n>>20, 10), " MiB"...)
	case n >= 1<<10 && n%(1<<10) == 0:
		return append(strconv.AppendInt(dst, n>>10, 10), " KiB"...)
	}
	return append(strconv.AppendInt(dst, n, 10), " bytes"...)
}

// appendRefused says the refusal of an event.
func appendRefused(dst []byte, e *room.Event) []byte {
	dst = append(dst, "! "...)
	return append((Dialect{}).AppendRefusal(dst, &room.Refusal{Why: e.Why, Who: e.Who, Room: e.RoomName, Text: e.Text, N: e.N}), '\n')
}
