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

// The key that may stand behind a new name.
const (
	minKey = 16
	maxKey = 64
)

// readNameAndKey keeps of a client's key only a digest: nothing behind here could give the key away.
func readNameAndKey(v *verb, args string, cmd *room.Command) string {
	name, key, _ := strings.Cut(strings.Trim(args, " "), " ")
	if key = strings.TrimLeft(key, " "); !isToken(key, minKey, maxKey) {
		return readName(v, args, cmd)
	}
	cmd.Name, cmd.Text = name, room.KeyDigest(key)
	return ""
}

// readTrust reads a key, of which it keeps only a digest, or OFF, behind which one may stand.
func readTrust(v *verb, args string, cmd *room.Command) string {
	key := strings.Trim(args, " ")
	if first, rest, _ := strings.Cut(key, " "); strings.EqualFold(first, off) {
		cmd.Verb = room.Distrust
		if key = strings.TrimLeft(rest, " "); key == "" {
			return ""
		}
	}
	if !isToken(key, minKey, maxKey) {
		return v.lacks("a key of 16 to 64 letters, digits, - and _, or OFF")
	}
	cmd.Text = room.KeyDigest(key)
	return ""
}

// off is what stands behind a verb that ends something.
const off = "OFF"
