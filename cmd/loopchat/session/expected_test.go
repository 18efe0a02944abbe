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
	reads  []string    // marks
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
	if e.Kind == ReadIs {
		o.reads = append(o.reads, e.Line)
	}
}

// state is all that the client knows, but topics.
func (o *observer) state() string {
	var b strings.Builder
	fmt.Fprintf(&b, "name %q away %v guarded %v current %q wish %+v", o.chat.Name, o.chat.Away, o.chat.Guarded, o.chat.Current().Name, o.wish)
	fmt.Fprintf(&b, " person %v ids %v reads %q", o.chat.Person, o.chat.IDs, o.reads)
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

	"> you joined #x", "> you left #go", "> you left #lobby", "> you told bob: x", "> ana is away", "! put-out of #go by eve: x", "! logged-out x",
	"= MISSED 5 #go", "= MISSED 999999999999 *", "= READ #go 57024000-9 4", "= READ bob 57024000-9 0", "= READ #go - 3", "= IDS OFF", "= IDS ON", "= REGISTER eve", "= UNREGISTER ana", "= KEEP ON",
	"@57024000-99 [eve] x", "= @57024000-99 2026-11-21T09:30:00Z [eve] x", "@57024000-99 > you told bob: x", "= SAID ABCDEFGH:7 @57024000-9",
	"= HISTORY 5 #go first", "= HISTORY 999999999999 bob", "= SEARCH 5 more", "= SEARCH 999999999999", "= EXPORT 5 more", "= FORGET ana 12",
	"= 2026-11-21T09:30:00Z #go [eve] x", "= @57024000-99 2026-11-21T09:30:00Z bob *bob* x", "> eve cleared what was said here", "= ROOM #go CLEAR",
	"= SESSION 1 since 2026-11-21T09:30:00Z idle 1 from x this", "= LOGOUT 1", "= RIGHT #go founder eve by eve at 2026-11-21T09:30:00Z", "= ROOM #go KEEP",
	"5 left (9 users online)", "x, 5 left (9 users online)", "joined #x", "told bob: x",
}

// stamp begins a line of recent messages, as it is without ids.
const stamp = "= 2026-11-21T09:30:00Z "

// hostileAnswers are ways by which words come that others have chosen. id is in front of a message.
var hostileAnswers = []struct {
	name, line string
	answer     func(id, words string) string
}{
	{"HELP", "HELP", func(_, words string) string {
		// What begins with another mark is never part of HELP.
		return "= What you can say\n= " + strings.TrimPrefix(words, "= ") + "\n= the end\n"
	}},
	{"/help more", "/help more", func(_, words string) string { return "= " + strings.TrimPrefix(words, "= ") + "\n" }},
	{"RECENT, a message", "RECENT 2", func(id, words string) string {
		return "= RECENT 2 #go\n= " + id + stamp[2:] + "[eve] " + words + "\n= " + id + stamp[2:] + "[eve] after\n"
	}},
	{"RECENT, an action", "/recent", func(id, words string) string {
		return "= RECENT 1 #go\n= " + id + stamp[2:] + "* eve " + words + "\n"
	}},
	{"HISTORY", "/history #go 2", func(id, words string) string {
		return "= HISTORY 2 #go first\n= " + id + stamp[2:] + "[eve] " + words + "\n= " + id + stamp[2:] + "* eve " + words + "\n"
	}},
	{"HISTORY, a conversation", "HISTORY eve", func(id, words string) string {
		return "= HISTORY 1 eve\n= " + id + stamp[2:] + "*eve* " + words + "\n"
	}},
	{"SEARCH", "/search x", func(id, words string) string {
		return "= SEARCH 3 more\n= " + id + stamp[2:] + "#go [eve] " + words + "\n= " + id + stamp[2:] + "#go * eve " + words + "\n= " + id + stamp[2:] + "eve *eve* " + words + "\n"
	}},
	{"EXPORT", "/export", func(id, words string) string {
		return "= EXPORT 1\n= " + id + stamp[2:] + "#go [ana] " + words + "\n"
	}},
	{"TOPIC", "TOPIC", func(_, words string) string { return "= TOPIC #go " + words + "\n" }},
	{"FILES", "FILES", func(_, words string) string {
		return "= FILES 2 of 2\n= STORED 5 2026-11-21T09:30:00Z eve 2c26 " + words + "\n= STORED 5 2026-11-21T09:30:00Z eve 2c26 x\n"
	}},
	{"ROOMS", "/rooms", func(_, words string) string { return "= ROOMS 1\n= ROOM #y 1 " + words + "\n" }},
	{"WHO", "WHO eve", func(_, words string) string {
		return "= WHO eve since 2026-11-21T09:30:00Z idle 1 rooms - away " + words + "\n"
	}},
	{"BANS", "BANS", func(_, words string) string { return "= BANS 1\n= BAN eve until forever by ann " + words + "\n" }},
	{"the rights of a room", "/room", func(_, words string) string {
		return "= RIGHTS #go 1\n= RIGHT #go ban eve until forever by ann at 2026-11-21T09:30:00Z " + words + "\n"
	}},
	{"a message", "TEXT TO #go hello", func(id, words string) string {
		return id + "[eve] " + words + "\n" + id + "#lobby * eve " + words + "\n" + id + "*eve* " + words + "\n"
	}},
	{"notices", "TEXT TO #go hello", func(_, words string) (lines string) {
		for _, name := range []string{"you", "7", "New", "Connected", "@57024000-9", "eve"} {
			for _, of := range []string{
				" is away: ", " set the topic: ", " was removed by an operator: ", " banned bob until forever: ", " was put out of the room by ann: ",
			} {
				lines += "> " + name + of + words + "\n#lobby > " + name + of + words + "\n"
			}
		}
		return lines + "! kicked " + words + "\n! put-out of #elsewhere by ann: " + words + "\n"
	}},
	{"what nobody has asked for", "TEXT TO #go hello", func(_, words string) string {
		return "= " + strings.TrimPrefix(words, "= ") + "\n"
	}},
}

// TestOnlyAnswersAreUnderstood: whatever the lines of an answer look like, they change nothing that was not asked for.
func TestOnlyAnswersAreUnderstood(t *testing.T) {
	for _, a := range hostileAnswers {
		t.Run(a.name, func(t *testing.T) {
			for _, words := range hostile {
				understood(t, Wish{Name: "ana"}, a.line, words, func(line string) string {
					switch line {
					case "ADD ana":
						return "= ADD ana\n"
					case "JOIN #go":
						return "= JOIN #go 2\n= TOPIC #go " + words + "\n= RECENT 1 #go\n" + stamp + "[bob] " + words + "\n"
					case a.line:
						return a.answer("", words)
					}
					return ""
				})
			}
		})
	}
}

// TestOnlyAnswersAreUnderstoodByPersons: a person is told more unasked, as of other connections; none of it can be made of what others say.
func TestOnlyAnswersAreUnderstoodByPersons(t *testing.T) {
	for _, a := range hostileAnswers {
		t.Run(a.name, func(t *testing.T) {
			for _, words := range hostile {
				if a.name == "what nobody has asked for" && strings.HasPrefix(words, "= READ") {
					continue // is how far the person has read by another connection
				}
				understood(t, Wish{Name: "ana", Password: "correct horse"}, a.line, words, func(line string) string {
					switch line {
					case "/ids on":
						return "= IDS ON\n"
					case "LOGIN ana correct horse":
						return "= LOGIN ana\n= JOIN #go 2\n= TOPIC #go " + words + "\n= MISSED 1 #go\n= @57024000-1 " + stamp[2:] + "[bob] " + words +
							"\n= MISSED 1 *\n= @57024000-2 " + stamp[2:] + "*bob* " + words + "\n= READ #go 57024000-1 0\n"
					case a.line:
						return a.answer("@57024000-3 ", words)
					}
					return ""
				})
			}
		})
	}
}

// understood checks that the answer to a line changes nothing of what the client knows, and that its words are shown.
func understood(t *testing.T, wish Wish, line, words string, answer func(line string) string) {
	t.Helper()
	o := &observer{fenced: make(chan string, 1), wish: wish}
	l, server, _ := linked(t, o.hear)
	go func() {
		fmt.Fprintf(server, "%s\n= RECENT 1 #lobby\n%s[bob] %s\n", hello, stamp, words)
		script(server, func(line string) string {
			if line == "LIST" {
				return "= LIST 2 ana bob\n"
			}
			return answer(line)
		})
	}()
	enter := wish
	enter.Rooms, enter.Back = []string{"#go"}, wish.Password != ""
	l.Enter(&enter)
	o.wait(t, l, "entered")
	l.Ask("LIST")
	o.wait(t, l, "before")
	before := o.state()
	if !strings.Contains(before, `name "ana" away false guarded false current "#go"`) || !strings.Contains(before, `#go 2 known true "ana bob"`) ||
		strings.Contains(before, "person true ids true") != (wish.Password != "") {
		t.Fatalf("%q: the client knows %s", words, before)
	}
	// Commands whose answers some of the words look like stand on both sides.
	l.Ask("LIST")
	l.Say(line)
	l.Ask("LIST")
	o.wait(t, l, "behind")
	if got := o.state(); got != before {
		t.Errorf("after %q in the answer to %s: %s, want %s", words, line, got, before)
	}
	if !strings.Contains(strings.Join(o.texts, "\n"), strings.TrimPrefix(words, "= ")) {
		t.Errorf("%q was not shown: %q", words, o.texts)
	}
	l.Close()
}
