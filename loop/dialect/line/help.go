package line

import (
	"fmt"
	"strings"
)

// helpText is the answer to HELP. It fits a screen of 24 lines and 80 columns.
var helpText = writeHelp(verbs)

func writeHelp(verbs []verb) string {
	var b strings.Builder
	b.WriteString("= What you can say, in upper case or with a slash; other lines go to the room.\n")
	for i := range verbs {
		v := &verbs[i]
		row := fmt.Sprintf("= %-19s %-12s  %s", v.usage(), slashForms(v.slashes), v.help)
		b.WriteString(row + "\n")
	}
	b.WriteString("= TEXT also says a line that begins with a verb, and // one that begins with /\n")
	return b.String()
}

func slashForms(slashes []string) string {
	if len(slashes) == 0 {
		return ""
	}
	return "/" + strings.Join(slashes, ", /")
}
