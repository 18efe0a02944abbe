package line

import (
	"strings"

	"looproom/loop/room"
)

// pleas are words that people say alone who look for a verb, by that verb.
var pleas = map[string]string{"help": "HELP", "?": "HELP", "commands": "HELP", "quit": "END", "exit": "END", ":q": "END"}

// longestPlea bounds the words that are looked up.
const longestPlea = len("commands")

// heedPlea makes a line that is said a room.Plea if it is one of these words alone.
func heedPlea(cmd *room.Command) {
	word := strings.TrimSpace(cmd.Text)
	if len(word) > longestPlea {
		return
	}
	if verb := pleas[strings.ToLower(word)]; verb != "" {
		cmd.Verb, cmd.Name = room.Plea, verb
	}
}

// hints are what those are told who may have meant a verb.
var hints = map[string]string{
	"HELP": "= Say HELP, in upper case, or /help to be told what you can do. TEXT help says the word to all.\n",
	"END":  "= Say END, in upper case, or /quit to leave. TEXT quit says the word to all.\n",
}

func appendHinted(dst []byte, e *room.Event) []byte { return append(dst, hints[e.Text]...) }
