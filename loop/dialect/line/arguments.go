package line

import (
	"strconv"
	"strings"

	"looproom/loop/room"
)

// maxFileName is the longest name of a file in bytes. It is a label only: 255 is what most file systems have.
const maxFileName = 255

// morePage is what HELP takes for its second page.
const morePage = "MORE"

// roomPage is what it takes for that of ROOM.
const roomPage = "ROOM"

// moreRoomPage is what it takes for what else stands behind that.
const moreRoomPage = roomPage + " " + morePage

func readNothing(v *verb, args string, _ *room.Command) string {
	if !blank(args) {
		return v.only("nothing")
	}
	return ""
}

func readName(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("a name")
	}
	return readOptionalName(v, args, cmd)
}

func readOptionalName(v *verb, args string, cmd *room.Command) string {
	cmd.Name = strings.Trim(args, " ")
	if strings.Contains(cmd.Name, " ") {
		return v.only("one name")
	}
	return ""
}

// readWords keeps the words as they are, spaces in front and behind included.
func readWords(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("words")
	}
	cmd.Text = args
	return ""
}

func readOptionalWords(_ *verb, args string, cmd *room.Command) string {
	cmd.Text = strings.Trim(args, " \t")
	return ""
}

func readTell(v *verb, args string, cmd *room.Command) string {
	name, words, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	if blank(name) || blank(words) {
		return v.lacks("a name and words")
	}
	cmd.Name, cmd.Text = name, words
	return ""
}

func readOptionalNumber(v *verb, args string, cmd *room.Command) string {
	return v.readNumber(args, "a number", cmd)
}

// readNumber reads a number that may be missing. takes is what the verb takes, for the complaint.
func (v *verb) readNumber(args, takes string, cmd *room.Command) string {
	if blank(args) {
		return ""
	}
	n, ok := number(strings.Trim(args, " "))
	if !ok {
		return v.only(takes)
	}
	cmd.N = n
	return ""
}

// readRecent reads the name of a room, which begins with #, and a number; either may be missing.
func readRecent(v *verb, args string, cmd *room.Command) string {
	if args = strings.Trim(args, " "); strings.HasPrefix(args, "#") {
		cmd.Name, args, _ = strings.Cut(args, " ")
	}
	return v.readNumber(args, "the name of a room and a number", cmd)
}

// readOnOff reads ON or OFF.
func readOnOff(v *verb, args string, cmd *room.Command) string {
	switch on := strings.Trim(args, " "); {
	case strings.EqualFold(on, "ON"):
	case strings.EqualFold(on, offMark):
		cmd.Off = true
	case blank(on):
		return v.lacks("ON or OFF")
	default:
		return v.only("ON or OFF")
	}
	return ""
}

// readKeep reads ON or OFF into Off; N is None where neither is given.
func readKeep(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return ""
	}
	complaint := readOnOff(v, args, cmd)
	if complaint == "" {
		cmd.N = 1
	}
	return complaint
}

func readMark(v *verb, args string, cmd *room.Command) string {
	name, id, named := strings.Cut(strings.Trim(args, " "), " ")
	if name == "" {
		return v.lacks("a room or a name")
	}
	cmd.Name = name
	if named {
		ok := false
		if cmd.Msg, ok = room.ParseMsgID(strings.TrimLeft(id, " ")); !ok {
			return v.only("the id of a message, such as 57024000-42")
		}
	}
	return ""
}

// readSend sets N even where the name is missing or too long, as Parse says.
func readSend(v *verb, args string, cmd *room.Command) string {
	size, name, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	n, ok := number(size)
	if !ok {
		return v.lacks("a size in bytes and a name")
	}
	cmd.N = n
	return readFileName(v, name, cmd)
}

func readFileName(v *verb, args string, cmd *room.Command) string {
	name := strings.Trim(args, " ")
	switch {
	case blank(name):
		return v.lacks("the name of a file")
	case len(name) > maxFileName:
		return v.name + " takes a name of at most 255 bytes"
	}
	cmd.Name = name
	return ""
}

func readToken(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("a token")
	}
	cmd.Text = strings.Trim(args, " ")
	return ""
}

func readNameAndWords(v *verb, args string, cmd *room.Command) string {
	name, words, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	if blank(name) {
		return v.lacks("a name")
	}
	cmd.Name, cmd.Text = name, strings.Trim(words, " \t")
	return ""
}

func readTarget(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("a target")
	}
	return readOptionalName(v, args, cmd)
}

func readPage(v *verb, args string, cmd *room.Command) string {
	switch page := strings.Trim(args, " "); {
	case blank(page):
	case strings.EqualFold(page, morePage):
		cmd.Text = morePage
	case strings.EqualFold(page, roomPage):
		cmd.Text = roomPage
	case strings.EqualFold(strings.Join(strings.Fields(page), " "), moreRoomPage):
		cmd.Text = moreRoomPage
	default:
		return v.only(morePage + ", " + roomPage + " or nothing")
	}
	return ""
}

// number reads decimal digits without a sign.
func number(digits string) (n int64, ok bool) {
	u, err := strconv.ParseUint(digits, 10, 63)
	return int64(u), err == nil
}
