package irc

import (
	"slices"
	"strings"
	"testing"
)

// notHelped are commands that are only there to say that they are not.
var notHelped = []string{"CONNECT", "DIE", "REHASH", "RESTART", "SQUIT", "SUMMON", "USERS"}

func TestHelpHasEachCommand(t *testing.T) {
	for name := range commands {
		if _, has := helpTexts[name]; has == slices.Contains(notHelped, name) {
			t.Errorf("%s has help %v", name, has)
		}
	}
	for name, text := range helpTexts {
		if commands[name] == nil {
			t.Errorf("there is help for %s, which is no command", name)
		}
		if !strings.HasPrefix(text, name) || !strings.Contains(text, "\n") {
			t.Errorf("the help for %s is %q, want how it is written, and what it does", name, text)
		}
	}
}
