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
		"= A target is an address, a network such as 10.0.0.0/8, or a name.",
		"= A time is a number with s, m, h, d or w behind it, or forever.",
		"= Programs also say ADD name key, and TEXT ID=id:n words; see PROTOCOL.md.")
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

func appendHelped(dst []byte, e *room.Event) []byte {
	if e.Text != "" {
		return append(dst, moreText...)
	}
	return append(dst, helpText...)
}

func slashForms(slashes []string) string {
	if len(slashes) == 0 {
		return ""
	}
	return "/" + strings.Join(slashes, ", /")
}
