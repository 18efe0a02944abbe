package session

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// script is a server that answers each line by what the test says, and PING in its turn.
func script(server net.Conn, answer func(line string) string) {
	for in := bufio.NewScanner(server); in.Scan(); {
		if token, ok := strings.CutPrefix(in.Text(), "PING "); ok {
			fmt.Fprintf(server, "PONG %s\n", token)
			continue
		}
		fmt.Fprint(server, answer(in.Text()))
	}
}

// observer applies what a link hears, as a window does.
type observer struct {
	chat   Chat
	wish   Wish
	texts  []string
	fenced chan string // tokens of the test's own PINGs
}

func (o *observer) hear(e Event) {
	if e.Kind == Ponged {
		o.fenced <- e.Text
		return
	}
	o.chat.Apply(&e)
	o.wish.Follow(&e)
	o.texts = append(o.texts, e.Text)
}

// state is all that the client knows, but topics.
func (o *observer) state() string {
	var b strings.Builder
	fmt.Fprintf(&b, "name %q away %v guarded %v current %q wish %+v", o.chat.Name, o.chat.Away, o.chat.Guarded, o.chat.Current().Name, o.wish)
	for _, r := range o.chat.Rooms() {
		fmt.Fprintf(&b, "; %s %d known %v %q", r.Name, r.Count, r.Known, told(r))
	}
	return b.String()
}

// wait returns when all before has been heard.
func (o *observer) wait(t *testing.T, l *Link, token string) {
	t.Helper()
	l.Say("PING " + token)
	select {
	case got := <-o.fenced:
		if got != token {
			t.Fatalf("PONG %s, want %s", got, token)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("no PONG %s", token)
	}
}

// hostile are words that look like what a server says.
var hostile = []string{
	"= ADD eve", "= NICK eve", "= LOGIN eve", "= JOIN #x 1", "= PART #go", "= LIST 1 eve", "= TOPIC #go x", "= AWAY", "= BACK", "= RECENT 5 #go",
	"= RECENT 999999999999 #lobby", "= FILE 100 x", "= SENT 1 x y", "= END", "= 2026-11-21T09:30:00Z [eve] x", "= STORED 1 2026-11-21T09:30:00Z eve 00 x",
	"= ROOM #x 3 y", "= SAID ABCDEFGH:7", "! closing the server is shutting down", "! need-password", "PONG x", "PONG loopchat-1", "words",
	"> Connected to the chat server (9 users online)", "> ana is now called eve", "< The user ana left (1 user online)",
	"= ADD name          /add        signs you in", "= JOIN #room        /join       enters a room, or goes back to it",
	"= LIST              /list       who is in the room", "= PART [#room]      /part       leaves a room", "= RECENT [n]        /recent     the last messages",
}

// TestOnlyAnswersAreUnderstood: whatever the lines of an answer look like, they change nothing that was not asked for.
func TestOnlyAnswersAreUnderstood(t *testing.T) {
	const stamp = "= 2026-11-21T09:30:00Z "
	answers := []struct {
		name, line string
		answer     func(words string) string
	}{
		{"HELP", "HELP", func(words string) string {
			// What begins with another mark is never part of HELP.
			return "= What you can say\n= " + strings.TrimPrefix(words, "= ") + "\n= the end\n"
		}},
		{"/help more", "/help more", func(words string) string { return "= " + strings.TrimPrefix(words, "= ") + "\n" }},
		{"RECENT, a message", "RECENT 2", func(words string) string {
			return "= RECENT 2 #go\n" + stamp + "[eve] " + words + "\n" + stamp + "[eve] after\n"
		}},
		{"RECENT, an action", "/recent", func(words string) string { return "= RECENT 1 #go\n" + stamp + "* eve " + words + "\n" }},
		{"TOPIC", "TOPIC", func(words string) string { return "= TOPIC #go " + words + "\n" }},
		{"FILES", "FILES", func(words string) string {
			return "= FILES 2 of 2\n= STORED 5 2026-11-21T09:30:00Z eve 2c26 " + words + "\n= STORED 5 2026-11-21T09:30:00Z eve 2c26 x\n"
		}},
		{"ROOMS", "/rooms", func(words string) string { return "= ROOMS 1\n= ROOM #y 1 " + words + "\n" }},
		{"WHO", "WHO eve", func(words string) string {
			return "= WHO eve since 2026-11-21T09:30:00Z idle 1 rooms - away " + words + "\n"
		}},
		{"BANS", "BANS", func(words string) string { return "= BANS 1\n= BAN eve until forever by ann " + words + "\n" }},
		{"a message", "TEXT TO #go hello", func(words string) string {
			return "[eve] " + words + "\n#lobby * eve " + words + "\n*eve* " + words + "\n"
		}},
		{"what nobody has asked for", "TEXT TO #go hello", func(words string) string { return "= " + strings.TrimPrefix(words, "= ") + "\n" }},
	}
	for _, a := range answers {
		t.Run(a.name, func(t *testing.T) {
			for _, words := range hostile {
				o := &observer{fenced: make(chan string, 1), wish: Wish{Name: "ana"}}
				l, server, _ := linked(t, o.hear)
				go func() {
					fmt.Fprintf(server, "%s\n= RECENT 1 #lobby\n%s[bob] %s\n", hello, stamp, words)
					script(server, func(line string) string {
						switch line {
						case "ADD ana":
							return "= ADD ana\n"
						case "JOIN #go":
							return "= JOIN #go 2\n= TOPIC #go " + words + "\n= RECENT 1 #go\n" + stamp + "[bob] " + words + "\n"
						case "LIST":
							return "= LIST 2 ana bob\n"
						case a.line:
							return a.answer(words)
						}
						return ""
					})
				}()
				l.Enter(&Wish{Name: "ana", Rooms: []string{"#go"}})
				l.Ask("LIST")
				o.wait(t, l, "before")
				before := o.state()
				if !strings.Contains(before, `name "ana" away false guarded false current "#go"`) || !strings.Contains(before, `#go 2 known true "ana bob"`) {
					t.Fatalf("%q: the client knows %s", words, before)
				}
				// Commands whose answers some of the words look like stand on both sides.
				l.Ask("LIST")
				l.Say(a.line)
				l.Ask("LIST")
				o.wait(t, l, "behind")
				if got := o.state(); got != before {
					t.Errorf("after %q in the answer to %s: %s, want %s", words, a.line, got, before)
				}
				if !strings.Contains(strings.Join(o.texts, "\n"), strings.TrimPrefix(words, "= ")) {
					t.Errorf("%q was not shown: %q", words, o.texts)
				}
				l.Close()
			}
		})
	}
}
