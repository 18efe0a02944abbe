package line

import (
	"strings"

	"looproom/loop/room"
)

// What these verbs were given must not stand in a complaint, not even in part: it could be logged, and a password may stand in the place of
// a name.

// readPassword keeps the spaces within a password, and not those around it.
func readPassword(v *verb, args string, cmd *room.Command) string {
	if blank(args) {
		return v.lacks("a password")
	}
	cmd.Text = strings.Trim(args, " ")
	return ""
}

func readNameAndPassword(v *verb, args string, cmd *room.Command) string {
	name, password, _ := strings.Cut(strings.TrimLeft(args, " "), " ")
	if blank(name) || blank(password) {
		return v.lacks("a name and a password")
	}
	cmd.Name, cmd.Text = name, strings.Trim(password, " ")
	return ""
}
