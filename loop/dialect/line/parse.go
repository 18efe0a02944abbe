package line

import (
	"bytes"
	"strings"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// Dialect is the line protocol. The zero value is ready, and may be used from several goroutines at once.
type Dialect struct{}

// Parse fills in what frame says: Verb, Name, Room, Text, N, Msg, Why, Right, Off, Look, ID and Seq of cmd, whatever they held. It returns false for a frame without
// words: one that is empty, or has nothing but spaces, TABs and what plain.Clean drops.
// frame is borrowed for the call. The strings in cmd are copies. They are clean, but for the Text of messages, topics, and of AWAY, KICK, BAN and SHUN, and those of ROOM: that is
// plain.Text of the words, and plain.Clean of it is what shows of them. All that hangs on what a line says, as the verb or a password that it gives away, is
// looked for in what shows of it.
//
// A line that names a verb and misuses it is a room.Refuse because it is room.Misused, and one that would be said and looks as if a password
// stood in it a room.Refuse because it room.GivesAway one. For a SEND with a readable size, its N
// is that size: the bytes of the file may be on their way, and are no lines.
func (Dialect) Parse(frame []byte, cmd *room.Command) bool {
	text := plain.Clean(nil, frame)
	if blank(text) {
		return false
	}
	cmd.Name, cmd.Text, cmd.N, cmd.Why, cmd.ID, cmd.Seq = "", "", room.None, 0, "", 0
	cmd.Room, cmd.Msg, cmd.Right, cmd.Off, cmd.Look = "", 0, 0, false, nil
	if text[0] == '/' {
		parseSlash(text[1:], cmd)
	} else if v, args := findVerb(text, cmd); v != nil {
		v.parse(args, cmd)
	} else if verb, yes := givesAway(text); yes {
		refuseGiven(verb, cmd)
	} else {
		say(text, cmd)
		heedPlea(cmd)
	}
	if &text[0] != &frame[0] {
		keepWords(frame, text, cmd)
	}
	return true
}

func say(text []byte, cmd *room.Command) {
	cmd.Verb, cmd.Text = room.Say, string(text)
}

// parseSlash reads a line without the slash in front of it.
func parseSlash(text []byte, cmd *room.Command) {
	if len(text) > 0 && text[0] == '/' {
		say(text, cmd)
		return
	}
	word, args := cutWord(text)
	v := bySlash[strings.ToLower(string(word))]
	if v != nil {
		v.parse(v.cutNumber(args, cmd), cmd)
	} else if verb, yes := givesAway(text); yes {
		refuseGiven(verb, cmd)
	} else {
		cmd.Because(room.Refusal{Why: room.NoSuchCommand, N: room.None})
	}
}

// findVerb returns the verb that text begins with, nil if it is none, and the arguments. A number goes into cmd.
func findVerb(text []byte, cmd *room.Command) (v *verb, args []byte) {
	// Most lines are talk, and most talk ends here.
	if text[0] < 'A' || text[0] > 'Z' {
		return nil, nil
	}
	word, args := cutWord(text)
	v = byName[string(word)]
	if v == nil {
		return nil, nil
	}
	args = v.cutNumber(args, cmd)
	second, rest := cutWord(args)
	if longer := byName[v.name+" "+string(second)]; longer != nil {
		return longer, rest
	}
	return v, args
}

// parse reads the arguments of v into cmd, or makes it a Refuse.
func (v *verb) parse(args []byte, cmd *room.Command) {
	cmd.Verb = v.means
	if complaint := v.read(v, string(args), cmd); complaint != "" {
		if v.means != room.Send {
			cmd.N = room.None // else it is bytes that follow
		}
		cmd.Because(room.Refusal{Why: room.Misused, Text: complaint, N: cmd.N})
	}
}

// cutWord cuts text at its first space, which belongs to neither part.
func cutWord(text []byte) (word, rest []byte) {
	word, rest, _ = bytes.Cut(text, []byte{' '})
	return word, rest
}

// blank says whether text has no words.
func blank[T string | []byte](text T) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != ' ' && text[i] != '\t' {
			return false
		}
	}
	return true
}
