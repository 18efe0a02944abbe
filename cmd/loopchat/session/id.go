package session

import (
	"strconv"
	"strings"
)

// MessageID names a message on its server, for good: of two, the one that was said later is greater. The zero one is none.
type MessageID struct{ First, Second uint64 }

// parseID reads two numbers with a hyphen between them, as 57024000-42.
func parseID(s string) (MessageID, bool) {
	first, second, _ := strings.Cut(s, "-")
	a, wrong := strconv.ParseUint(first, 10, 64)
	b, alsoWrong := strconv.ParseUint(second, 10, 64)
	if id := (MessageID{a, b}); wrong == nil && alsoWrong == nil && id.String() == s {
		return id, true
	}
	return MessageID{}, false
}

// IsMessageID says whether s is an id as the protocol has it.
func IsMessageID(s string) bool { _, ok := parseID(s); return ok }

// cutID takes the id in front of a line, which has none where it is another's business what stands there.
func cutID(line string) (id MessageID, rest string) {
	mark, rest, _ := strings.Cut(line, " ")
	if id, ok := parseID(strings.TrimPrefix(mark, "@")); ok && mark[0] == '@' {
		return id, rest
	}
	return MessageID{}, line
}

// None says that there is no id.
func (id MessageID) None() bool { return id == MessageID{} }

// After says whether the message of id was said after that of other. Every message was after none.
func (id MessageID) After(other MessageID) bool {
	return id.First > other.First || id.First == other.First && id.Second > other.Second
}

// Later returns the greater one.
func (id MessageID) Later(other MessageID) MessageID {
	if id.After(other) {
		return id
	}
	return other
}

// String is the id as the protocol has it.
func (id MessageID) String() string {
	return strconv.FormatUint(id.First, 10) + "-" + strconv.FormatUint(id.Second, 10)
}
