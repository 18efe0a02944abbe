package line

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"looproom/loop/room"
)

// command is what Parse sets of a room.Command, with N for numbers only.
func command(v room.Verb, name, text string) room.Command {
	return room.Command{Verb: v, Name: name, Text: text, N: room.None}
}

func numbered(v room.Verb, n int64, name string) room.Command {
	return room.Command{Verb: v, Name: name, N: n}
}

func refuse(why room.Reason, words string) room.Command {
	return room.Command{Verb: room.Refuse, Why: why, Text: words, N: room.None}
}

// withNumber is cmd as the n-th of annsphone.
func withNumber(n int64, cmd room.Command) room.Command {
	cmd.ID, cmd.Seq = "annsphone", n
	return cmd
}

func banning(v room.Verb, target string, seconds int64, words string) room.Command {
	return room.Command{Verb: v, Name: target, N: seconds, Text: words}
}

// governs is a ROOM about a right.
func governs(roomName string, right room.RightKind, off bool, name, text string) room.Command {
	return room.Command{Verb: room.Govern, Room: roomName, Right: right, Off: off, Name: name, Text: text, N: room.None}
}

// bars is a ban from a room.
func bars(roomName, target string, seconds int64, words string) room.Command {
	return room.Command{Verb: room.Govern, Room: roomName, Right: room.RightBan, Name: target, Text: words, N: seconds}
}

// digestSesame is the SHA-256 of open sesame, by sha256sum.
const digestSesame = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb"

const noTime = "BAN needs a time of at most 100 years such as 90s, 10m, 12h, 7d, 2w or forever: BAN target time [words]"

// digest16 is the SHA-256 of 0123456789abcdef, by sha256sum.
const digest16 = "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f"

func badArgument(words string) room.Command { return refuse(room.Misused, words) }

// used is a command as an earlier line left it: Parse must not leave any of that.
var used = room.Command{
	Verb: room.Get, Client: 7, At: 8, Wall: 9, Name: "old", Text: "old", N: 10, Why: room.NotHere, ID: "old", Seq: 11, Right: room.RightBan, Off: true, Room: "old",
}

func TestParse(t *testing.T) {
	long := strings.Repeat("x", 256)
	tests := []struct {
		frame string
		want  room.Command
	}{
		// Said.
		{"hello", command(room.Say, "", "hello")},
		{"Hello World", command(room.Say, "", "Hello World")},
		{"  two in front, two behind  ", command(room.Say, "", "  two in front, two behind  ")},
		{"a\ttab", command(room.Say, "", "a\ttab")},
		{"cr at the end\r", command(room.Say, "", "cr at the end")},
		{"esc\x1b[31mred", command(room.Say, "", "esc\x1b[31mred")},
		{"nul\x00bell\a", command(room.Say, "", "nulbell\a")},
		{"\x02bold\x0f \xff\rend\x03", command(room.Say, "", "\x02bold\x0f \uFFFDend\x03")},
		{"latin \xe9", command(room.Say, "", "latin \uFFFD")},
		{"over\u202eride", command(room.Say, "", "over\u202eride")},
		{"//list", command(room.Say, "", "/list")},
		{"//", command(room.Say, "", "/")},
		{"///", command(room.Say, "", "//")},
		{"LISTEN", command(room.Say, "", "LISTEN")},
		{"List", command(room.Say, "", "List")},
		{" LIST", command(room.Say, "", " LIST")},
		{"LIST\tx", command(room.Say, "", "LIST\tx")},
		{"ZEBRA", command(room.Say, "", "ZEBRA")},
		{"привет", command(room.Say, "", "привет")},

		// Verbs, with their slash forms.
		{"ADD ana", command(room.SignIn, "ana", "")},
		{"ADD  ana ", command(room.SignIn, "ana", "")},
		{"/add ana", command(room.SignIn, "ana", "")},
		{"ADD", badArgument("ADD needs a name: ADD name")},
		{"ADD ", badArgument("ADD needs a name: ADD name")},
		{"ADD ana maria", badArgument("ADD takes one name; say it with TEXT ADD ...")},
		{"NICK bea", command(room.Nick, "bea", "")},
		{"/nick bea", command(room.Nick, "bea", "")},
		{"/NiCk Bea", command(room.Nick, "Bea", "")},
		{"/nick", badArgument("NICK needs a name: NICK name")},
		{"TEXT LIST is a verb", command(room.Say, "", "LIST is a verb")},
		{"TEXT  spaces ", command(room.Say, "", " spaces ")},
		{"TEXT /list", command(room.Say, "", "/list")},
		{"TEXT", badArgument("TEXT needs words: TEXT words")},
		{"TEXT   ", badArgument("TEXT needs words: TEXT words")},
		{"/text LIST", command(room.Say, "", "LIST")},
		{"/say LIST", command(room.Say, "", "LIST")},
		{"/say TO bob hi", command(room.Say, "", "TO bob hi")},
		{"TEXT TO bob hi  there ", command(room.Tell, "bob", "hi  there ")},
		{"TEXT TO  bob hi", command(room.Tell, "bob", "hi")},
		{"TEXT TO #go hi", command(room.Tell, "#go", "hi")},
		{"TEXT TOM hi", command(room.Say, "", "TOM hi")},
		{"TEXT To bob hi", command(room.Say, "", "To bob hi")},
		{"TEXT TO", badArgument("TEXT TO needs a name and words: TEXT TO name words")},
		{"TEXT TO bob", badArgument("TEXT TO needs a name and words: TEXT TO name words")},
		{"TEXT TO bob  ", badArgument("TEXT TO needs a name and words: TEXT TO name words")},
		{"/msg bob hi", command(room.Tell, "bob", "hi")},
		{"/msg #go hi", command(room.Tell, "#go", "hi")},
		{"/msg bob", badArgument("TEXT TO needs a name and words: TEXT TO name words")},
		{"ME waves", command(room.Act, "", "waves")},
		{"/me waves", command(room.Act, "", "waves")},
		{"ME", badArgument("ME needs words: ME words")},
		{"LIST", command(room.List, "", "")},
		{"LIST ", command(room.List, "", "")},
		{"LIST\r", command(room.List, "", "")},
		{"L\x1bIST", command(room.List, "", "")},
		{"/list", command(room.List, "", "")},
		{"LIST of things", badArgument("LIST takes nothing; say it with TEXT LIST ...")},
		{"ROOMS", command(room.Rooms, "", "")},
		{"/rooms", command(room.Rooms, "", "")},
		{"ROOMS x", badArgument("ROOMS takes nothing; say it with TEXT ROOMS ...")},
		{"WHO ana", command(room.Who, "ana", "")},
		{"WHO 10.0.0.5:51234", command(room.Who, "10.0.0.5:51234", "")},
		{"/who ana", command(room.Who, "ana", "")},
		{"/whois ana", command(room.Who, "ana", "")},
		{"WHO", badArgument("WHO needs a name: WHO name")},
		{"WHO is there", badArgument("WHO takes one name; say it with TEXT WHO ...")},
		{"JOIN #go", command(room.Join, "#go", "")},
		{"/join #go", command(room.Join, "#go", "")},
		{"JOIN", badArgument("JOIN needs a name: JOIN #room [key]")},
		{"JOIN #go  open sesame ", command(room.Join, "#go", digestSesame)},
		{"JOIN us for lunch", badArgument("JOIN takes one name; say it with TEXT JOIN ...")},
		{"PART", command(room.Part, "", "")},
		{"PART #go", command(room.Part, "#go", "")},
		{"/part #go", command(room.Part, "#go", "")},
		{"PART #a #b", badArgument("PART takes one name; say it with TEXT PART ...")},
		{"TOPIC", command(room.Topic, "", "")},
		{"TOPIC  all about Go ", command(room.Topic, "", "all about Go")},
		{"/topic all about Go", command(room.Topic, "", "all about Go")},
		{"AWAY", command(room.Away, "", "")},
		{"AWAY at lunch", command(room.Away, "", "at lunch")},
		{"/away", command(room.Away, "", "")},
		{"BACK", command(room.Back, "", "")},
		{"/back", command(room.Back, "", "")},
		{"BACK to work", badArgument("BACK takes nothing; say it with TEXT BACK ...")},
		{"RECENT", command(room.Recent, "", "")},
		{"RECENT 5", numbered(room.Recent, 5, "")},
		{"/recent 0", numbered(room.Recent, 0, "")},
		{"RECENT #go", command(room.Recent, "#go", "")},
		{"RECENT  #go  5 ", room.Command{Verb: room.Recent, Name: "#go", N: 5}},
		{"RECENT -5", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
		{"RECENT +5", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
		{"RECENT 5 6", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
		{"RECENT 5 #go", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
		{"RECENT 9223372036854775808", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
		{"IDS ON", command(room.IDs, "", "")},
		{"IDS off", room.Command{Verb: room.IDs, N: room.None, Off: true}},
		{"/ids on", command(room.IDs, "", "")},
		{"IDS", badArgument("IDS needs ON or OFF: IDS ON|OFF")},
		{"IDS yes", badArgument("IDS takes ON or OFF; say it with TEXT IDS ...")},
		{"IDS ON OFF", badArgument("IDS takes ON or OFF; say it with TEXT IDS ...")},
		{"SEND 1234 notes.txt", numbered(room.Send, 1234, "notes.txt")},
		{"SEND 0  my notes.txt ", numbered(room.Send, 0, "my notes.txt")},
		{"SEND 7 " + long[1:], numbered(room.Send, 7, long[1:])},
		{"/send 1 a", refuse(room.NoSuchCommand, "")},
		{"SEND", badArgument("SEND needs a size in bytes and a name: SEND size name")},
		{"SEND notes.txt 1234", badArgument("SEND needs a size in bytes and a name: SEND size name")},
		{"SEND -1 notes.txt", badArgument("SEND needs a size in bytes and a name: SEND size name")},
		{"FILES", command(room.Files, "", "")},
		{"FILES 3", numbered(room.Files, 3, "")},
		{"/files 3", numbered(room.Files, 3, "")},
		{"FILES x", badArgument("FILES takes a number; say it with TEXT FILES ...")},
		{"GET my notes.txt", command(room.Get, "my notes.txt", "")},
		{"/get notes.txt", command(room.Get, "notes.txt", "")},
		{"GET", badArgument("GET needs the name of a file: GET name")},
		{"GET " + long, badArgument("GET takes a name of at most 255 bytes")},
		{"PING 1 2", command(room.Ping, "", "1 2")},
		{"/ping x", command(room.Ping, "", "x")},
		{"PING", badArgument("PING needs a token: PING token")},
		{"HELP", command(room.Help, "", "")},
		{"/help", command(room.Help, "", "")},
		{"HELP room", command(room.Help, "", "ROOM")},
		{"HELP MORE", command(room.Help, "", "MORE")},
		{"/help more", command(room.Help, "", "MORE")},
		{"HELP me", badArgument("HELP takes MORE, ROOM or nothing; say it with TEXT HELP ...")},
		{"END", command(room.End, "", "")},
		{"/end", command(room.End, "", "")},
		{"/QUIT", command(room.End, "", "")},
		{"END of story", badArgument("END takes nothing; say it with TEXT END ...")},

		// Pleas.
		{"help", command(room.Plea, "HELP", "help")},
		{" Help ", command(room.Plea, "HELP", " Help ")},
		{"?", command(room.Plea, "HELP", "?")},
		{"quit", command(room.Plea, "END", "quit")},
		{"exit\r", command(room.Plea, "END", "exit")},
		{"help me", command(room.Say, "", "help me")},
		{"quite", command(room.Say, "", "quite")},
		{"//help", command(room.Say, "", "/help")},
		{"TEXT help", command(room.Say, "", "help")},

		// Numbers.
		{"TEXT ID=annsphone:7 hello", withNumber(7, command(room.Say, "", "hello"))},
		{"TEXT ID=annsphone:7  hello ", withNumber(7, command(room.Say, "", " hello "))},
		{"TEXT ID=annsphone:9007199254740991 hi", withNumber(9007199254740991, command(room.Say, "", "hi"))},
		{"TEXT ID=annsphone:7 TO bob hi", withNumber(7, command(room.Tell, "bob", "hi"))},
		{"TEXT ID=annsphone:7 TO bob", withNumber(7, badArgument("TEXT TO needs a name and words: TEXT TO name words"))},
		{"TEXT ID=annsphone:7 TO", withNumber(7, badArgument("TEXT TO needs a name and words: TEXT TO name words"))},
		{"TEXT ID=annsphone:7 TOM hi", withNumber(7, command(room.Say, "", "TOM hi"))},
		{"TEXT ID=annsphone:7 ID=annsphone:8 hi", withNumber(7, command(room.Say, "", "ID=annsphone:8 hi"))},
		{"ME ID=annsphone:7 waves", withNumber(7, command(room.Act, "", "waves"))},
		{"/me ID=annsphone:7 waves", withNumber(7, command(room.Act, "", "waves"))},
		{"/text ID=annsphone:7 hi", withNumber(7, command(room.Say, "", "hi"))},
		{"/say ID=annsphone:7 TO bob hi", withNumber(7, command(room.Say, "", "TO bob hi"))},
		{"/msg ID=annsphone:7 bob hi", withNumber(7, command(room.Tell, "bob", "hi"))},
		{"/msg ID=annsphone:7 bob", withNumber(7, badArgument("TEXT TO needs a name and words: TEXT TO name words"))},
		{"TEXT ID=annsphone:0", withNumber(0, command(room.Confirm, "", ""))},
		{"TEXT ID=annsphone:0 ", withNumber(0, command(room.Confirm, "", ""))},
		{"/say ID=annsphone:0", withNumber(0, command(room.Confirm, "", ""))},
		{"TEXT TO ID=annsphone:7 hi", command(room.Tell, "ID=annsphone:7", "hi")},
		{"TEXT  ID=annsphone:7 hi", command(room.Say, "", " ID=annsphone:7 hi")},
		{"TEXT ID=annsphone:0 hi", command(room.Say, "", "ID=annsphone:0 hi")},
		{"TEXT ID=annsphone:7", command(room.Say, "", "ID=annsphone:7")},
		{"TEXT ID=annsphone:7  ", command(room.Say, "", "ID=annsphone:7  ")},
		{"ME ID=annsphone:0", command(room.Act, "", "ID=annsphone:0")},
		{"TEXT ID=annspho:7 hi", command(room.Say, "", "ID=annspho:7 hi")},
		{"TEXT ID=" + long[:64] + ":7 hi", room.Command{Verb: room.Say, Text: "hi", N: room.None, ID: long[:64], Seq: 7}},
		{"TEXT ID=" + long[:65] + ":7 hi", command(room.Say, "", "ID="+long[:65]+":7 hi")},
		{"TEXT ID=anns.phone:7 hi", command(room.Say, "", "ID=anns.phone:7 hi")},
		{"TEXT ID=annsphone:+7 hi", command(room.Say, "", "ID=annsphone:+7 hi")},
		{"TEXT ID=annsphone:07 hi", command(room.Say, "", "ID=annsphone:07 hi")},
		{"TEXT ID=annsphone: hi", command(room.Say, "", "ID=annsphone: hi")},
		{"TEXT ID=annsphone:9007199254740992 hi", command(room.Say, "", "ID=annsphone:9007199254740992 hi")},
		{"TEXT ID=annsphone:99999999999999999999 hi", command(room.Say, "", "ID=annsphone:99999999999999999999 hi")},
		{"TEXT ID=:7 hi", command(room.Say, "", "ID=:7 hi")},

		// Keys.
		{"ADD ana 0123456789abcdef", command(room.SignIn, "ana", digest16)},
		{"ADD  ana  0123456789abcdef ", command(room.SignIn, "ana", digest16)},
		{"/add ana 0123456789abcdef", command(room.SignIn, "ana", digest16)},
		{"ADD ana 0123456789abcde", badArgument("ADD takes one name; say it with TEXT ADD ...")},
		{"ADD ana " + long[:65], badArgument("ADD takes one name; say it with TEXT ADD ...")},
		{"ADD ana 0123456789abcde?", badArgument("ADD takes one name; say it with TEXT ADD ...")},
		{"ADD ana 0123456789abcdef 0123456789abcdef", badArgument("ADD takes one name; say it with TEXT ADD ...")},
		{"NICK ana 0123456789abcdef", badArgument("NICK takes one name; say it with TEXT NICK ...")},

		// Passwords: spaces within are kept, those around are not.
		{"PASS open sesame", command(room.Pass, "", "open sesame")},
		{"PASS  two  spaces  ", command(room.Pass, "", "two  spaces")},
		{"/pass open", command(room.Pass, "", "open")},
		{"PASS", badArgument("PASS needs a password: PASS password")},
		{"PASS  ", badArgument("PASS needs a password: PASS password")},
		{"REGISTER open sesame", command(room.Register, "", "open sesame")},
		{"/register open", command(room.Register, "", "open")},
		{"REGISTER", badArgument("REGISTER needs a password: REGISTER password")},
		{"LOGIN ana open sesame", command(room.Login, "ana", "open sesame")},
		{"LOGIN  ana  open ", command(room.Login, "ana", "open")},
		{"/login ana open", command(room.Login, "ana", "open")},
		{"TRUST abcdefghijklmno_", command(room.Trust, "", room.KeyDigest("abcdefghijklmno_"))},
		{"/trust  abcdefghijklmno_ ", command(room.Trust, "", room.KeyDigest("abcdefghijklmno_"))},
		{"TRUST OFF", command(room.Distrust, "", "")},
		{"/trust off ", command(room.Distrust, "", "")},
		{"TRUST off  abcdefghijklmno_", command(room.Distrust, "", room.KeyDigest("abcdefghijklmno_"))},
		{"TRUST", badArgument("TRUST needs a key of 16 to 64 letters, digits, - and _, or OFF: TRUST key|OFF [key]")},
		{"TRUST abcdefghijklmno", badArgument("TRUST needs a key of 16 to 64 letters, digits, - and _, or OFF: TRUST key|OFF [key]")},
		{"TRUST abcdefgh ijklmnop", badArgument("TRUST needs a key of 16 to 64 letters, digits, - and _, or OFF: TRUST key|OFF [key]")},
		{"TRUST OFF abcdefgh ijklmnop", badArgument("TRUST needs a key of 16 to 64 letters, digits, - and _, or OFF: TRUST key|OFF [key]")},
		{"TRUST OFFabcdefghijklmno_", command(room.Trust, "", room.KeyDigest("OFFabcdefghijklmno_"))},
		{"LOGIN", badArgument("LOGIN needs a name and a password: LOGIN name password")},
		{"LOGIN opensesame", badArgument("LOGIN needs a name and a password: LOGIN name password")},
		{"LOGIN opensesame  ", badArgument("LOGIN needs a name and a password: LOGIN name password")},
		{"OPER ann open sesame", command(room.Oper, "ann", "open sesame")},
		{"/oper ann open", command(room.Oper, "ann", "open")},
		{"OPER opensesame", badArgument("OPER needs a name and a password: OPER name password")},
		{"UNREGISTER", command(room.Unregister, "", "")},
		{"UNREGISTER ana", command(room.Unregister, "ana", "")},
		{"/unregister ana", command(room.Unregister, "ana", "")},
		{"UNREGISTER ana opensesame", badArgument("UNREGISTER takes one name; say it with TEXT UNREGISTER ...")},

		// Operators.
		{"KICK bob", command(room.Kick, "bob", "")},
		{"KICK  bob  stop that ", command(room.Kick, "bob", "stop that")},
		{"/kick bob", command(room.Kick, "bob", "")},
		{"KICK", badArgument("KICK needs a name: KICK name [words]")},
		{"BAN bob 90s", banning(room.Ban, "bob", 90, "")},
		{"BAN 10.0.0.0/8 2m", banning(room.Ban, "10.0.0.0/8", 120, "")},
		{"BAN bob 12h spam, spam", banning(room.Ban, "bob", 12*3600, "spam, spam")},
		{"BAN  bob  7d  spam ", banning(room.Ban, "bob", 7*24*3600, "spam")},
		{"BAN bob 2w", banning(room.Ban, "bob", 14*24*3600, "")},
		{"BAN bob forever", banning(room.Ban, "bob", 0, "")},
		{"BAN bob 3153600000s", banning(room.Ban, "bob", 100*365*24*3600, "")},
		{"BAN bob 36500d", banning(room.Ban, "bob", 100*365*24*3600, "")},
		{"/ban bob 1s", banning(room.Ban, "bob", 1, "")},
		{"SHUN bob 1h", banning(room.Shun, "bob", 3600, "")},
		{"/shun bob forever", banning(room.Shun, "bob", 0, "")},
		{"BAN", badArgument("BAN needs a target and a time: BAN target time [words]")},
		{"BAN bob", badArgument("BAN needs a target and a time: BAN target time [words]")},
		{"SHUN bob ", badArgument("SHUN needs a target and a time: SHUN target time [words]")},
		{"BAN bob spam", badArgument(noTime)},
		{"BAN bob 0s", badArgument(noTime)},
		{"BAN bob -1s", badArgument(noTime)},
		{"BAN bob 90", badArgument(noTime)},
		{"BAN bob s", badArgument(noTime)},
		{"BAN bob 1h30m", badArgument(noTime)},
		{"BAN bob 3153600001s", badArgument(noTime)},
		{"BAN bob 36501d", badArgument(noTime)},
		{"BAN bob 9223372036854775807w", badArgument(noTime)},
		{"BAN bob 9223372036854775808s", badArgument(noTime)},
		{"UNBAN 10.0.0.0/8", command(room.Unban, "10.0.0.0/8", "")},
		{"/unban bob", command(room.Unban, "bob", "")},
		{"UNBAN", badArgument("UNBAN needs a target: UNBAN target")},
		{"UNBAN bob eve", badArgument("UNBAN takes one name; say it with TEXT UNBAN ...")},
		{"ROOM", governs("", 0, false, "", "")},
		{"ROOM  #go ", governs("#go", 0, false, "", "")},
		{"/room", governs("", 0, false, "", "")},
		{"ROOM OP bob", governs("", room.RightOperator, false, "bob", "")},
		{"/room #go deop bob", governs("#go", room.RightOperator, true, "bob", "")},
		{"ROOM #go VOICE bob", governs("#go", room.RightVoice, false, "bob", "")},
		{"ROOM DEVOICE bob", governs("", room.RightVoice, true, "bob", "")},
		{"ROOM FOUNDER bob", governs("", room.RightFounder, false, "bob", "")},
		{"ROOM INVITE bob", governs("", room.RightInvite, false, "bob", "")},
		{"ROOM KEEP", room.Command{Verb: room.KeepRoom, Right: room.RightKept, N: room.None}},
		{"/room #go keep off", room.Command{Verb: room.KeepRoom, Room: "#go", Right: room.RightKept, Off: true, N: room.None}},
		{"ROOM MUTE", governs("", room.RightMuted, false, "", "")},
		{"ROOM MUTE off", governs("", room.RightMuted, true, "", "")},
		{"ROOM LOCK OFF", governs("", room.RightLocked, true, "", "")},
		{"ROOM TOPIC", governs("", room.RightTopic, false, "", "")},
		{"ROOM KEY  open sesame ", governs("", room.RightKey, false, "", digestSesame)},
		{"ROOM KEY #go", badArgument("ROOM KEY takes words that don't begin with #; say it with TEXT ROOM KEY ...")},
		{"ROOM KEY", governs("", room.RightKey, true, "", "")},
		{"ROOM UNBAN 2001:db8::7", governs("", room.RightBan, true, "2001:db8::/64", "")},
		{"ROOM UNBAN 10.0.0.5:51234", governs("", room.RightBan, true, "10.0.0.5:51234", "")},
		{"ROOM #go BAN eve 1h spam, spam", bars("#go", "eve", 3600, "spam, spam")},
		{"ROOM BAN ::ffff:10.0.0.7/104 forever", bars("", "10.0.0.0/8", 0, "")},
		{"ROOM #go KICK bob stop that", room.Command{Verb: room.PutOutOf, Room: "#go", Name: "bob", Text: "stop that", N: room.None}},
		{"ROOM OP", badArgument("ROOM OP needs a name: ROOM OP name")},
		{"ROOM OP bob and eve", badArgument("ROOM OP takes one name; say it with TEXT ROOM OP ...")},
		{"ROOM BAN eve", badArgument("ROOM BAN needs a target and a time: ROOM BAN target time [words]")},
		{"ROOM BAN 0.0.0.0/0 1h", badArgument("that is everyone; a target is one address, a smaller network, or the name of a user")},
		{"ROOM UNBAN", badArgument("ROOM UNBAN needs a target: ROOM UNBAN target")},
		{"ROOM UNBAN fe80::1%eth0", badArgument("an address with a zone can't be a target, for nobody comes from one")},
		{"ROOM MUTE on", badArgument("ROOM MUTE takes OFF or nothing; say it with TEXT ROOM MUTE ...")},
		{"ROOM for one more", badArgument("ROOM takes what HELP ROOM lists; say it with TEXT ROOM ...")},

		{"BANS", command(room.Bans, "", "")},
		{"/bans", command(room.Bans, "", "")},
		{"BANS bob", badArgument("BANS takes nothing; say it with TEXT BANS ...")},
		{"STATS", command(room.Stats, "", "")},
		{"/stats", command(room.Stats, "", "")},
		{"DRAIN", command(room.Drain, "", "")},
		{"/drain", command(room.Drain, "", "")},
		{"DRAIN now", badArgument("DRAIN takes nothing; say it with TEXT DRAIN ...")},

		{"/", refuse(room.NoSuchCommand, "")},
		{"/ list", refuse(room.NoSuchCommand, "")},
		{"/dance", refuse(room.NoSuchCommand, "")},
		{"/text to", command(room.Say, "", "to")},

		// Words as they came, behind what is read of what shows.
		{"\x02TE\x02XT\x02 \x02hi\x0f", command(room.Say, "", "\x02hi\x0f")},
		{"/\x02me \x01waves\x01 ", command(room.Act, "", "\x01waves\x01 ")},
		{"TEXT TO b\x02ob \x02hi", command(room.Tell, "bob", "\x02hi")},
		{"TEXT ID=annsph\x02one:7 \x02hi", withNumber(7, command(room.Say, "", "\x02hi"))},
		{"TEXT ID=annsphone:7 \x02", command(room.Say, "", "ID=annsphone:7 \x02")},
		{"//\x02list", command(room.Say, "", "/\x02list")},
		{"he\x02lp\x02", command(room.Plea, "HELP", "he\x02lp\x02")},
		{"TOPIC \x02all about\x02 Go\x0f ", command(room.Topic, "", "\x02all about\x02 Go\x0f")},
		{"TOPIC \x02 all\x02 about \x0f ", command(room.Topic, "", "all\x02 about")},
		{"TOPIC \x02 \u202e", command(room.Topic, "", "")},
		{"TOPIC\x02", command(room.Topic, "", "")},
		{"AWAY \x02lunch", command(room.Away, "", "\x02lunch")},
		{"AWAY\x02", command(room.Away, "", "")},
		{"KICK b\x02ob \x02spam", command(room.Kick, "bob", "\x02spam")},
		{"KICK bob \x02", command(room.Kick, "bob", "")},
		{"BAN bob \x029\x020s \x02spam", banning(room.Ban, "bob", 90, "\x02spam")},
		{"SHUN bob 90s \x02spam spam", banning(room.Shun, "bob", 90, "\x02spam spam")},
		{"ROOM #g\x02o KICK bob \x02spam", room.Command{Verb: room.PutOutOf, Room: "#go", Name: "bob", Text: "\x02spam", N: room.None}},
		{"ROOM BAN bob 90s \x02spam\x0f", bars("", "bob", 90, "\x02spam\x0f")},
		{"ROOM KEY open\x02 sesame", governs("", room.RightKey, false, "", digestSesame)},
		{"JOIN #go op\x02en sesame", command(room.Join, "#go", digestSesame)},
		{"AWAY " + strings.Repeat("\x02", maxHidden) + "x", command(room.Away, "", strings.Repeat("\x02", maxHidden)+"x")},
		{"AWAY " + strings.Repeat("\x02", maxHidden) + "x\x02", command(room.Away, "", "x")},
		{"ME " + strings.Repeat("\x02", maxHidden) + "x\x02", command(room.Act, "", strings.Repeat("\x02", maxHidden)+"x\x02")},
		{"ADD a\x02na", command(room.SignIn, "ana", "")},
		{"ADD ana 01234567\x0289abcdef", command(room.SignIn, "ana", digest16)},
		{"JOIN #\x02go", command(room.Join, "#go", "")},
		{"RECENT \x025", numbered(room.Recent, 5, "")},
		{"SEND 1\x0234 no\x02tes.txt", numbered(room.Send, 134, "notes.txt")},
		{"PING 1\x02 2", command(room.Ping, "", "1 2")},
		{"PASS open\x02 sesame", command(room.Pass, "", "open sesame")},
		{"LOGIN a\x02na open\x02 sesame", command(room.Login, "ana", "open sesame")},
		{"/da\x02nce", refuse(room.NoSuchCommand, "")},
		{"RECENT \x02x", badArgument("RECENT takes the name of a room and a number; say it with TEXT RECENT ...")},
	}
	for _, tt := range tests {
		t.Run(tt.frame, func(t *testing.T) {
			want := tt.want
			want.Client, want.At, want.Wall = used.Client, used.At, used.Wall
			got := used
			if !(Dialect{}).Parse([]byte(tt.frame), &got) || got != want {
				t.Errorf("Parse(%q) = %+v, want %+v", tt.frame, got, want)
			}
		})
	}
}

func TestParseOfNothing(t *testing.T) {
	for _, frame := range []string{"", " ", "   ", "\t ", "\r", "\x00", "\x1b", " \u202e "} {
		got := used
		if (Dialect{}).Parse([]byte(frame), &got) {
			t.Errorf("Parse(%q) = true (%+v), want false", frame, got)
		}
	}
}

// The bytes of a refused file come all the same, and must not be read as lines.
func TestParseKeepsTheSizeOfARefusedSend(t *testing.T) {
	for _, frame := range []string{"SEND 1234", "SEND 1234  ", "SEND 1234 " + strings.Repeat("x", 256)} {
		got := used
		(Dialect{}).Parse([]byte(frame), &got)
		if got.Verb != room.Refuse || got.Why != room.Misused || got.N != 1234 || got.Name != "" {
			t.Errorf("Parse(%.20q) = %+v, want a Refuse of bad-argument with N 1234 and no Name", frame, got)
		}
	}
}

func TestParseKeepsCopies(t *testing.T) {
	for _, line := range []string{"hello there", "TEXT TO bob hello", "ADD ana", "//x"} {
		frame := []byte(line)
		var got room.Command
		(Dialect{}).Parse(frame, &got)
		want := room.Command{Name: strings.Clone(got.Name), Text: strings.Clone(got.Text)}
		for i := range frame {
			frame[i] = '?'
		}
		if got.Name != want.Name || got.Text != want.Text {
			t.Errorf("Parse(%q): the command changed with the frame to %+v, want %+v", line, got, want)
		}
	}
}

func TestParseOfTalkAllocatesTheWordsAlone(t *testing.T) {
	frame := []byte("I say so, and it is nothing but plain talk to the room")
	var cmd room.Command
	if n := testing.AllocsPerRun(100, func() { (Dialect{}).Parse(frame, &cmd) }); n > 1 {
		t.Errorf("Parse(%q): %v allocations, want 1", frame, n)
	}
}

// What stands behind the last words may be the same once more, as far as words go.
func TestParseKeepsTheRightWords(t *testing.T) {
	for _, words := range []string{"a", "a a", "aa a", "TO a a", " a", "\x02a", "a\x02a"} {
		for _, verb := range []string{"TEXT TO a ", "ME ", "AWAY ", "KICK a ", "BAN a 9s "} {
			var got room.Command
			(Dialect{}).Parse([]byte("\x0f"+verb+words), &got)
			want := words
			if !strings.HasPrefix(verb, "TEXT") && verb != "ME " {
				want = strings.TrimLeft(words, " ")
			}
			if got.Text != want {
				t.Errorf("Parse(%q) gives %q, want %q", "\x0f"+verb+words, got.Text, want)
			}
		}
	}
}

// A string is fit to be shown when plain.Clean has nothing to do on it; said anew here, so that a fault there shows, too.
func fitToBeShown(s string) bool {
	for _, r := range s {
		bidi := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		if unicode.IsControl(r) && r != '\t' || bidi || r == 0x2028 || r == 0x2029 {
			return false
		}
	}
	return utf8.ValidString(s)
}

// FuzzParseReadsWhatShows: a line means what it means without all that doesn't show; only its words, if it has any, are what they were.
func FuzzParseReadsWhatShows(f *testing.F) {
	for _, seed := range []string{
		"hello", "ADD a\x1bna", "TEXT TO b\u202eob \xff", "/msg #go \x00hi", "SEND 12 no\u2066tes", "TOPIC \u2028", "/\u009b", "AWAY \x7f",
		"LIST \xe2\x80", "PING \t\x85", "\x02ME \x02 x\x0f ", "AWAY \x02 \x03", "//\x02//", "\x02help ", "ME " + strings.Repeat("\x02", maxHidden) + "x\x02", "BAN a\u202e 9w \x1b", "LOGIN a\x00 \u2066b", "KICK \u0085 x",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		line := string(frame)
		cmd := room.Command{}
		said := (Dialect{}).Parse(frame, &cmd)
		for _, s := range []string{cmd.Name, cmd.ID, string(cmd.Why.Code())} {
			if !fitToBeShown(s) {
				t.Errorf("Parse(%q) gives %q, want no control or bidirectional characters and valid UTF-8", line, s)
			}
		}
		if !utf8.ValidString(cmd.Text) || strings.ContainsAny(cmd.Text, "\x00\r\n") {
			t.Errorf("Parse(%q) gives the words %q, want valid UTF-8 without NUL, CR and LF", line, cmd.Text)
		}
		shown := room.Command{}
		as := (Dialect{}).Parse([]byte(clean(line)), &shown)
		if read := cmd; as != said {
			t.Errorf("Parse(%q) = %v, and %v without what doesn't show", line, said, as)
		} else if read.Text = clean(cmd.Text); read != shown {
			t.Errorf("Parse(%q) = %+v, and %+v without what doesn't show", line, cmd, shown)
		}
		if said != (cmd.Verb != 0) {
			t.Errorf("Parse(%q) = %v with verb %d, want true exactly for a command", line, said, cmd.Verb)
		}
		if cmd.N < room.None {
			t.Errorf("Parse(%q) gives N = %d, want %d or more", line, cmd.N, room.None)
		}
	})
}

// Whatever stands behind a verb of passwords, a complaint about it repeats none of it.
func FuzzComplaintsTellNoSecret(f *testing.F) {
	for _, args := range []string{"", " ", "opensesame", "\t opensesame", "opensesame ", "opensesame\topensesame"} {
		f.Add(args)
	}
	f.Fuzz(func(t *testing.T, args string) {
		for _, verb := range []string{"PASS", "REGISTER", "LOGIN", "OPER", "TRUST", "/pass", "/register", "/login", "/oper", "/trust"} {
			var cmd room.Command
			if (Dialect{}).Parse([]byte(verb+" "+args), &cmd); cmd.Verb != room.Refuse {
				continue
			}
			// A complaint says the same whatever it is about.
			if want := byName[strings.ToUpper(strings.TrimPrefix(verb, "/"))].usage(); !strings.HasSuffix(cmd.Text, ": "+want) {
				t.Errorf("Parse(%q) complains %q, want the usage %q and nothing of the arguments", verb+" "+args, cmd.Text, want)
			}
		}
	})
}

func TestEveryVerbOfTheProtocolIsInTheTable(t *testing.T) {
	said, _, _ := strings.Cut(protocol(t), "## 3.")
	rows := regexp.MustCompile("(?m)^\\| `([A-Z]+)[^`]*` \\| ([^|]*) \\|").FindAllStringSubmatch(said, -1)
	if len(rows) < 34 {
		t.Fatalf("PROTOCOL.md has %d verbs, want 34 or more", len(rows))
	}
	for _, row := range rows {
		if byName[row[1]] == nil {
			t.Errorf("PROTOCOL.md has the verb %s, the table hasn't", row[1])
		}
		for _, slash := range regexp.MustCompile("/([a-z]+)").FindAllStringSubmatch(row[2], -1) {
			if bySlash[slash[1]] == nil {
				t.Errorf("PROTOCOL.md has /%s, the table hasn't", slash[1])
			}
			if !strings.Contains(helpText+moreText, "/"+slash[1]) {
				t.Errorf("PROTOCOL.md has /%s, no page of HELP has", slash[1])
			}
		}
	}
}

func BenchmarkParseSaid(b *testing.B) {
	frame := []byte(strings.Repeat("sixteen bytes... ", 4))
	cmd := room.Command{}
	b.ReportAllocs()
	for b.Loop() {
		(Dialect{}).Parse(frame, &cmd)
	}
}

func BenchmarkParseTell(b *testing.B) {
	frame := []byte("TEXT TO #go " + strings.Repeat("sixteen bytes... ", 4))
	cmd := room.Command{}
	b.ReportAllocs()
	for b.Loop() {
		(Dialect{}).Parse(frame, &cmd)
	}
}
