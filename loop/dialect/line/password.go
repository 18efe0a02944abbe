package line

import (
	"crypto/sha256"
	"encoding/hex"
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

// readNameAndKey keeps of a client's key only a digest: nothing behind here could give the key away. Keys are random and have 96 bits
// or more, so that a plain hash can't be turned back.
func readNameAndKey(v *verb, args string, cmd *room.Command) string {
	name, key, _ := strings.Cut(strings.Trim(args, " "), " ")
	if key = strings.TrimLeft(key, " "); !isToken(key, minKey, maxKey) {
		return readName(v, args, cmd)
	}
	digest := sha256.Sum256([]byte(key))
	cmd.Name, cmd.Text = name, hex.EncodeToString(digest[:])
	return ""
}
