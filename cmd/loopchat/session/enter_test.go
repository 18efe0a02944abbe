package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestLinkEntersAsPerson: who comes back by a password is where the server says that the person is, and else where they were before.
func TestLinkEntersAsPerson(t *testing.T) {
	rows := []struct {
		name    string
		wish    Wish
		ids     string // the answer to /ids on
		login   string
		says    string // behind LOGIN
		current string
		told    int64 // N of Ready
	}{
		{"the first time", Wish{Rooms: []string{"#go"}}, "= IDS ON", "= LOGIN ana|= JOIN #b 2", "JOIN #go", "#go", 1},
		{"back, and others of the person have stayed", Wish{Rooms: []string{"#go"}, Back: true}, "= IDS ON", "= LOGIN ana|= JOIN #b 2|= RECENT 0 #b", "", "#b", 1},
		{"back where nobody is", Wish{Rooms: []string{"#go"}, NoLobby: true, Back: true}, "= IDS ON", "= LOGIN ana", "JOIN #go|PART #lobby", "#go", 0},
		{"not in the lobby", Wish{Back: true}, "= IDS ON", "= LOGIN ana|= JOIN #a 1|= JOIN #b 2|= TOPIC #b x", "", "#b", 1},
		{"back by another name, which is kept", Wish{Name: "bea", Account: "ana", Back: true}, "= IDS ON", "= LOGIN ana|= NICK bea|= JOIN #go 1", "", "#go", 1},
		{"back by another name, which is forgotten", Wish{Name: "bea", Account: "ana", Back: true}, "= IDS ON", "= LOGIN ana", "NICK bea", "#lobby", 0},
		{"refused", Wish{Rooms: []string{"#go"}}, "= IDS ON", "! wrong-password wrong", "JOIN #go", "#go", 0},
		{"an old server", Wish{Rooms: []string{"#go"}, Back: true}, "! unknown-command no such command", "= LOGIN ana", "JOIN #go", "#go", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			wish := row.wish
			wish.Password = "correct horse"
			if wish.Name == "" {
				wish.Name = "ana"
			}
			o := &observer{fenced: make(chan string, 1), wish: wish}
			ready := make(chan int64, 1)
			l, server, _ := linked(t, func(e Event) {
				o.hear(e)
				if e.Kind == Ready {
					ready <- e.N
				}
			})
			var said []string
			go func() {
				fmt.Fprintln(server, hello)
				script(server, func(line string) string {
					if said = append(said, line); line == "/ids on" {
						return row.ids + "\n"
					}
					verb, args, _ := strings.Cut(line, " ")
					switch verb {
					case "LOGIN":
						return strings.ReplaceAll(row.login, "|", "\n") + "\n"
					case "JOIN":
						return "= JOIN " + args + " 1\n"
					}
					return "= " + line + "\n"
				})
			}()
			l.Enter(&wish)
			if told := <-ready; told != row.told {
				t.Errorf("Ready with N = %d, want %d", told, row.told)
			}
			o.wait(t, l, "over")
			want := []string{"/ids on", "LOGIN ana correct horse"}
			if row.says != "" {
				want = append(want, strings.Split(row.says, "|")...)
			}
			if !slices.Equal(said, want) {
				t.Errorf("the client said %q, want %q", said, want)
			}
			if got := o.chat.Current().Name; got != row.current {
				t.Errorf("the current room is %s, want %s", got, row.current)
			}
			if in := o.chat.Room(Lobby) != nil; in != (row.told == 0 && !row.wish.NoLobby) {
				t.Errorf("the client is in the lobby: %v", in)
			}
			if got := strings.Join(o.texts, "\n"); strings.Contains(got, "no such command") {
				t.Errorf("the person sees what was tried with the server: %q", got)
			}
		})
	}
}

// TestNewcomersMessagesAreNoAnswer: what a newcomer is told of the lobby is no answer to a LOGIN that has been sent before it came; what is told behind
// LOGIN is.
func TestNewcomersMessagesAreNoAnswer(t *testing.T) {
	x, a := expected{}, askOf("LOGIN ana correct horse")
	var tags []string
	for _, line := range []string{hello, "= RECENT 1 #lobby", stamp + "[bob] x", "= LOGIN ana", "= RECENT 1 #lobby", stamp + "[bob] y"} {
		e := Parse(line)
		x.judge(&e, a)
		if e.Kind == RecentFollows {
			tags = append(tags, e.Tag)
		}
	}
	if want := []string{"", LoggingIn}; !slices.Equal(tags, want) {
		t.Errorf("the two lists have tags %q, want %q", tags, want)
	}
}

// TestUnaskedIsForPersons: what comes unasked of other connections, and with ids, means something only to who has logged in and asked for ids.
func TestUnaskedIsForPersons(t *testing.T) {
	for _, line := range []string{"> you joined #go", "> you left #go", "> you told bob: words", "= READ #go 1-2 3", "@1-2 [ana] words", "@1-2 > you told bob: words"} {
		known := Parse(line)
		for _, x := range []expected{{}, {person: true}, {ids: true}, {person: true, ids: true}} {
			e := known
			x.judge(&e, nil)
			want := (x.person || known.Kind == Said) && (x.ids || known.ID.None())
			if got := e.Kind == known.Kind; got != want {
				t.Errorf("%q, person %v, ids %v: understood %v, want %v", line, x.person, x.ids, got, want)
			}
		}
	}
}
