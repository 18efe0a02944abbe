package line

import (
	"strings"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// roomWord is one row of the table of what may be said behind ROOM.
type roomWord struct {
	name  string // in upper case, as it is answered
	takes string // its arguments, for people
	help  string
	means room.Verb
	right room.RightKind
	off   bool
	// read fills in cmd from what stands behind the word; see verb.read.
	read func(v *verb, args string, cmd *room.Command) (complaint string)
}

// roomWords are in the order of HELP ROOM.
var roomWords = []roomWord{
	{"FOUNDER", "name", "gives the room to another person", room.Govern, room.RightFounder, false, readName},
	{"KEEP", "[OFF]", "the room stays when it is empty", room.KeepRoom, room.RightKept, false, readSwitch},
	{"OP", "name", "makes an operator of the room", room.Govern, room.RightOperator, false, readName},
	{"DEOP", "name", "unmakes one", room.Govern, room.RightOperator, true, readName},
	{"VOICE", "name", "lets speak while the room is muted", room.Govern, room.RightVoice, false, readName},
	{"DEVOICE", "name", "and no longer", room.Govern, room.RightVoice, true, readName},
	{"KICK", "name [words]", "puts out of the room", room.PutOutOf, 0, false, readNameAndWords},
	{"BAN", "target time [words]", "puts out and keeps out", room.Govern, room.RightBan, false, readRoomBan},
	{"UNBAN", "target", "lifts a ban", room.Govern, room.RightBan, true, readRoomTarget},
	{"MUTE", "[OFF]", "only operators and voices may speak", room.Govern, room.RightMuted, false, readSwitch},
	{"LOCK", "[OFF]", "only who is invited comes in", room.Govern, room.RightLocked, false, readSwitch},
	{"INVITE", "name", "lets a user come in all the same", room.Govern, room.RightInvite, false, readName},
	{"KEY", "[words]", "JOIN #room words needs them", room.Govern, room.RightKey, false, readKey},
	{"CLEAR", "", "forgets all that was said there", room.ClearRoom, 0, false, readNothing},
	{"TOPIC", "[OFF]", "only operators may set the topic", room.Govern, room.RightTopic, false, readSwitch},
}

// moreRoomWords are in that of HELP ROOM MORE.
var moreRoomWords = []roomWord{
	{"EXCEPT", "target", "no ban holds against it", room.Govern, room.RightExcept, false, readRoomTarget},
	{"UNEXCEPT", "target", "and bans hold again", room.Govern, room.RightExcept, true, readRoomTarget},
	{"INVEX", "target", "lets all whom it means in all the same", room.Govern, room.RightInvex, false, readRoomTarget},
	{"UNINVEX", "target", "and no longer", room.Govern, room.RightInvex, true, readRoomTarget},
	{"LIMIT", "n|OFF", "nobody comes in while n are there", room.Govern, room.RightLimit, false, readLimit},
	{"SECRET", "[OFF]", "only its members are told of the room", room.Govern, room.RightSecret, false, readSwitch},
	{"OPEN", "[OFF]", "who isn't in it may speak there", room.Govern, room.RightOutside, false, readSwitch},
	{"NOCTCP", "[OFF]", "IRC's CTCP is refused there", room.Govern, room.RightNoCTCP, false, readSwitch},
	{"RENAME", "#name [words]", "gives the room another name", room.RenameRoom, 0, false, readNameAndWords},
}

// byRoomWord finds them by name.
var byRoomWord = indexRoomWords()

func indexRoomWords() map[string]*roomWord {
	words := map[string]*roomWord{}
	for _, page := range [][]roomWord{roomWords, moreRoomWords} {
		for i := range page {
			words[page[i].name] = &page[i]
		}
	}
	return words
}

// offMark ends a rule, behind its word.
const offMark = "OFF"

// readRoom reads what stands behind ROOM: a room, and what is to be done with it, both of which may be missing.
func readRoom(v *verb, args string, cmd *room.Command) string {
	word, rest, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	if strings.HasPrefix(word, "#") {
		cmd.Room = word
		word, rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	}
	if word = strings.Trim(word, "\t"); word == "" {
		return ""
	}
	w := byRoomWord[strings.ToUpper(word)]
	if w == nil {
		return v.only("what HELP ROOM lists")
	}
	cmd.Verb, cmd.Right, cmd.Off = w.means, w.right, w.off
	return w.read(&verb{name: v.name + " " + w.name, takes: w.takes}, rest, cmd)
}

func readSwitch(v *verb, args string, cmd *room.Command) string {
	switch word := strings.Trim(args, " \t"); {
	case word == "":
	case strings.EqualFold(word, offMark):
		cmd.Off = true
	default:
		return v.only(offMark + " or nothing")
	}
	return ""
}

// readLimit reads how many members a room may have.
func readLimit(v *verb, args string, cmd *room.Command) string {
	word := strings.Trim(args, " \t")
	if cmd.Off = strings.EqualFold(word, offMark); cmd.Off {
		return ""
	}
	n, ok := number(word)
	if !ok || n < 1 || n > maxLimit {
		return v.lacks("a number of members, or " + offMark)
	}
	cmd.N = n
	return ""
}

// maxLimit is the most members that a room can be limited to: as IRC's clients read numbers.
const maxLimit = 1<<31 - 1

// readKey keeps of a room's key only a digest. Who says JOIN #go #rust wants two rooms, and gets a complaint.
func readKey(v *verb, args string, cmd *room.Command) string {
	words := strings.Trim(args, " \t")
	if strings.HasPrefix(words, "#") {
		return v.only("words that don't begin with #")
	}
	cmd.Text, cmd.Off = digestOf(words), words == ""
	return ""
}

// digestOf is what is kept of the words of a room's key, "" of none. They may be easy to guess for who has the digest, and must not stand in a log all the same.
func digestOf(words string) string {
	if words == "" {
		return ""
	}
	return room.KeyDigest(words)
}

// readJoin reads a room, and the words of its key.
func readJoin(v *verb, args string, cmd *room.Command) string {
	name, words, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	words = strings.Trim(words, " \t")
	if !strings.HasPrefix(name, "#") || strings.HasPrefix(words, "#") {
		return readName(v, args, cmd)
	}
	cmd.Name, cmd.Text = name, digestOf(words)
	return ""
}

func readRoomBan(v *verb, args string, cmd *room.Command) string {
	if complaint := readBan(v, args, cmd); complaint != "" {
		return complaint
	}
	return narrowTarget(cmd)
}

func readRoomTarget(v *verb, args string, cmd *room.Command) string {
	if complaint := readTarget(v, args, cmd); complaint != "" {
		return complaint
	}
	return narrowTarget(cmd)
}

// narrowTarget writes an address or a network as bans have it. What is neither is the room's to read: it knows names.
func narrowTarget(cmd *room.Command) (complaint string) {
	target, err := ban.ParseTarget(cmd.Name, cmd.Name)
	if err != nil {
		return err.Error()
	}
	if target.Name == "" {
		cmd.Name = target.String()
	}
	return ""
}

// governed is how what has been done to a room's rights reads to the others of it, by the kind of the right, and whether it is taken. {by} is who has done it, {name} whom it
// is about. The first is for who has been put out.
var governed = [...][2]string{
	0:                  {"{name} was put out of the room by {by}"},
	room.RightFounder:  {"{by} gave the room to {name}"},
	room.RightOperator: {"{by} made {name} an operator of the room", "{by} took from {name} the rights of an operator"},
	room.RightVoice:    {"{by} gave {name} a voice", "{by} took {name}'s voice"},
	room.RightBan:      {"{by} banned {name} until {end}", "{by} lifted the ban of {name}"},
	room.RightInvite:   {"{by} invited {name}"},
	room.RightKept:     {"{by} keeps the room", "{by} no longer keeps the room"},
	room.RightMuted:    {"{by} muted the room", "{by} unmuted the room"},
	room.RightLocked:   {"{by} locked the room", "{by} unlocked the room"},
	room.RightKey:      {"{by} set a key", "{by} removed the key"},
	room.RightTopic:    {"{by} lets only operators set the topic", "{by} lets all set the topic"},
	room.RightExcept:   {"{by} excepted {name} from bans", "{by} lifted the exception of {name}"},
	room.RightInvex:    {"{by} lets {name} in although the room is locked", "{by} no longer lets {name} in while the room is locked"},
	room.RightLimit:    {"{by} limited how many may be here", "{by} lifted the limit of how many may be here"},
	room.RightSecret:   {"{by} made the room secret", "{by} made the room public"},
	room.RightOutside:  {"{by} lets all speak here", "{by} lets only members speak here"},
	room.RightNoCTCP:   {"{by} refuses CTCP here", "{by} allows CTCP here"},
}

// mutedOne is how it reads that a ban is one that only mutes, or is lifted.
var mutedOne = map[bool]string{false: "{by} muted {name} until {end}", true: "{by} lifted the muting of {name}"}

// oneRight is the right that an event is about, an empty one if it has none.
func oneRight(e *room.Event) (row room.Row) {
	if len(e.List) > 0 && int(e.List[0].Right) < len(governed) {
		row = e.List[0]
	}
	return row
}

func appendGoverned(dst []byte, e *room.Event) []byte {
	row := oneRight(e)
	text := governed[row.Right][0]
	switch {
	case row.Right == room.RightBan && strings.HasPrefix(row.Name, "m:"):
		text = mutedOne[row.Off]
	case e.Verb == room.ClearRoom:
		text = "{by} cleared what was said here"
	case row.Off:
		text = governed[row.Right][1]
	}
	dst = append(dst, "> "...)
	for {
		before, rest, found := strings.Cut(text, "{")
		dst = append(dst, before...)
		if !found {
			break
		}
		part, behind, _ := strings.Cut(rest, "}")
		dst, text = appendGovernedPart(dst, part, &row), behind
	}
	if !row.Off {
		dst = appendBehind(dst, ": ", row.Text)
	}
	return append(dst, '\n')
}

func appendGovernedPart(dst []byte, part string, row *room.Row) []byte {
	switch {
	case part == "by":
		return appendText(dst, row.Who)
	case part == "end":
		return appendEnd(dst, endOf(row))
	case row.Name == "":
		return append(dst, "an address"...)
	}
	return appendText(dst, row.Name)
}

// endOf is when a right ends, in milliseconds of wall clock, 0 for never.
func endOf(row *room.Row) int64 { return 1000 * int64(row.Count) }

func appendInvited(dst []byte, e *room.Event) []byte {
	dst = append(appendText(append(dst, "> "...), e.Who), " invites you to "...)
	return append(appendText(dst, e.RoomName), '\n')
}

// appendGovernDone answers with the word behind ROOM and what it was given, but for a key's.
func appendGovernDone(dst []byte, e *room.Event) []byte {
	row := oneRight(e)
	dst = append(appendText(append(dst, "= ROOM "...), e.RoomName), ' ')
	switch e.Verb {
	case room.ClearRoom:
		return append(dst, "CLEAR\n"...)
	case room.RenameRoom:
		return append(appendText(append(dst, "RENAME "...), row.Name), '\n')
	}
	word, off := wordOf(row.Right, row.Off)
	dst = appendWords(append(dst, word...), row.Name)
	if off {
		dst = append(dst, ' ')
		dst = append(dst, offMark...)
	}
	if row.Right == room.RightBan && !row.Off {
		dst = appendEnd(append(dst, " until "...), endOf(&row))
	}
	if !row.Off {
		dst = appendWords(dst, row.Text)
	}
	return append(dst, '\n')
}

// wordOf is the word that gives or takes a right, and whether OFF stands behind it.
func wordOf(right room.RightKind, off bool) (word string, withOff bool) {
	for _, page := range [][]roomWord{roomWords, moreRoomWords} {
		for i := range page {
			switch w := &page[i]; {
			case w.right != right:
			case w.off == off:
				return w.name, false
			case word == "":
				word = w.name
			}
		}
	}
	return word, off
}

func appendRightList(dst []byte, e *room.Event) []byte {
	if !e.Continued {
		dst = append(appendText(append(dst, "= RIGHTS "...), e.RoomName), ' ')
		dst = append(appendInt(dst, e.Count), '\n')
	}
	for i := range e.List {
		dst = appendRight(dst, e.RoomName, &e.List[i])
	}
	return dst
}

func appendRight(dst []byte, roomName string, row *room.Row) []byte {
	dst = append(appendText(append(dst, "= RIGHT "...), roomName), ' ')
	dst = appendWords(append(dst, row.Right.String()...), row.Name)
	if row.Right == room.RightBan {
		dst = appendEnd(append(dst, " until "...), endOf(row))
	}
	dst = append(appendText(append(dst, " by "...), row.Who), " at "...)
	return append(appendWords(appendTime(dst, row.At), row.Text), '\n')
}
