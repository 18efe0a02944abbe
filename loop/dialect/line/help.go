package line

import (
	"fmt"
	"strings"

	"looproom/loop/room"
)

// helpText is the answer to HELP, moreText that to HELP MORE. Each fits a screen of 24 lines and 80 columns.
var (
	helpText = writeHelp("= What you can say, in upper case or with a slash; other lines go to the room.", daily,
		"= TEXT also says a line that begins with a verb, and // one that begins with /")
	moreText = writeHelp("= Passwords, and what operators can say (from KICK on):", further,
		"= A target is an address, a network (10.0.0.0/8) or a name; a time 90s, 10m,",
		"= 12h, 7d, 2w or forever. PROTOCOL.md has more, as ADD name key, for programs.")
)

func writeHelp(head string, verbs []verb, feet ...string) string {
	var b strings.Builder
	b.WriteString(head + "\n")
	wide, slashesWide := 0, 0
	for i := range verbs {
		wide, slashesWide = max(wide, len(verbs[i].usage())), max(slashesWide, len(slashForms(verbs[i].slashes)))
	}
	for i := range verbs {
		v := &verbs[i]
		fmt.Fprintf(&b, "= %-*s %-*s  %s\n", wide, v.usage(), slashesWide, slashForms(v.slashes), v.help)
	}
	for _, foot := range feet {
		b.WriteString(foot + "\n")
	}
	return b.String()
}

// roomText is the answer to HELP ROOM, moreRoomText that to HELP ROOM MORE. They fit a screen as well.
var roomText = writeHelp("= What can stand behind ROOM, or behind ROOM #room for another than the current:", behindRoom(roomWords),
	"= Alone it tells what holds. A time is as in HELP MORE. See HELP ROOM MORE, too.",
	"= Who has a registered name and makes a room is its founder, and makes others",
	"= operators of it, who may say all of this but FOUNDER, KEEP, OP, DEOP, CLEAR.")

var moreRoomText = writeHelp("= What else can stand behind ROOM:", behindRoom(moreRoomWords),
	"= A target is a name, the name of a guest, a mask such as *!*@host or bob!*@*,",
	"= or a:name for who has that account; m: in front of a mask or of a: means that",
	"= they may come in, and not speak. ? is one character, and * is any.")

// behindRoom is what may be said behind ROOM, as verbs.
func behindRoom(words []roomWord) []verb {
	rows := make([]verb, len(words))
	for i, w := range words {
		rows[i] = verb{name: "ROOM " + w.name, takes: w.takes, help: w.help}
	}
	return rows
}

func appendHelped(dst []byte, e *room.Event) []byte {
	switch e.Text {
	case "":
		return append(dst, helpText...)
	case roomPage:
		return append(dst, roomText...)
	case moreRoomPage:
		return append(dst, moreRoomText...)
	}
	return append(dst, moreText...)
}

func slashForms(slashes []string) string {
	if len(slashes) == 0 {
		return ""
	}
	return "/" + strings.Join(slashes, ", /")
}
