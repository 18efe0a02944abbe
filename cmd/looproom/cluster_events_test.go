//go:build linux

package main_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var whoAndTags = regexp.MustCompile(`^@(?:batch=[^; ]+;)?(time=\S+;msgid=\S+) :([^!]+)!\S+ (.*?)\r?$`)

// asksForEvents is a client of IRC in #den that knows what was done there.
func asksForEvents(t *testing.T, s *server, nick string) *talker {
	t.Helper()
	c := dial(t, s, 1, nick)
	c.say("CAP REQ :batch server-time message-tags draft/chathistory draft/event-playback")
	c.enters(nick)
	c.say("JOIN #den")
	c.numeric("366")
	return c
}

// does has the client do something to #den and returns its tags, itself, and what was told of it.
func (c *talker) does(line, told string) string {
	c.t.Helper()
	got, _ := c.asksIRC(line, told)
	return whoAndTags.ReplaceAllString(got, "$1 $2 $3")
}

// playsBack returns what was said and done in #den, in the same form.
func (c *talker) playsBack() []string {
	c.t.Helper()
	_, lines := c.asksIRC("CHATHISTORY LATEST #den * 50", " BATCH -")
	var played []string
	for _, line := range lines {
		if strings.HasPrefix(line, "@batch=") {
			played = append(played, whoAndTags.ReplaceAllString(line, "$1 $2 $3"))
		}
	}
	return played
}

// TestClusterPlaysEventsBack: what was done to a room is told at every node as it was told when it happened, by the same ids; and by those a node has it again that was away.
func TestClusterPlaysEventsBack(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3, "--server-name", "looproom.test")
	ida, joe := asksForEvents(t, c.at[0], "ida"), asksForEvents(t, c.at[1], "joe")
	want := []string{
		ida.does("TOPIC #den :All about dens", " TOPIC #den "),
		ida.does("MODE #den +v joe", " MODE #den "),
	}
	c.kill(2)
	want = append(want,
		ida.does("MODE #den +m", " MODE #den "),
		ida.does("KICK #den joe :Out with you", " KICK #den "),
	)
	for _, line := range want {
		tags, _, _ := strings.Cut(line, " ")
		joe.until("@" + tags)
	}
	joe.say("JOIN #den")
	joe.numeric("366")
	c.restart(2)
	kim := asksForEvents(t, c.at[2], "kim")
	for _, client := range []*talker{ida, joe, kim} {
		if got := client.playsBack(); !slices.Equal(got, want) {
			t.Errorf("%s is told\n%s, want\n%s", client.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
