package session

import (
	"slices"
	"strings"
	"testing"
)

// play applies lines of a server.
func play(lines ...string) *Chat {
	var c Chat
	for _, line := range lines {
		e := Parse(line)
		c.Apply(&e)
	}
	return &c
}

const hello = "> Connected to the chat server (2 users online)"

func TestChat(t *testing.T) {
	rows := []struct {
		name, lines string
		current     string
		rooms       string
		users       string // of the current room, with a * behind who is away
	}{
		{"greeted", "", "#lobby", "#lobby", ""},
		{"listed", "= LIST 2 bob ana(away)", "#lobby", "#lobby", "ana* bob"},
		{"listed in two lines", "= LIST 3 bob ana|= LIST 3 eve", "#lobby", "#lobby", "ana bob eve"},
		{"half of a list", "= LIST 2 bob ana|= LIST 3 x y", "#lobby", "#lobby", "ana bob"},
		{"entered and left", "= LIST 1 bob|> New user ana entered (2 users online)|< The user bob left (1 user online)", "#lobby", "#lobby", "ana"},
		{"renamed", "= LIST 2 x bob(away)|> x is now called ana|> bob is now called ben", "#lobby", "#lobby", "ana ben*"},
		{"away and back", "= LIST 2 ana bob|> ana is away: x|> bob is away|> bob is back", "#lobby", "#lobby", "ana* bob"},
		{"joined", "= JOIN #go 1|= LIST 1 ana", "#go", "#lobby #go", "ana"},
		{"joined again", "= JOIN #go 1|= JOIN #lobby 2|= LIST 1 ana", "#lobby", "#lobby #go", "ana"},
		{"parted from the current one", "= JOIN #go 1|= JOIN #b 1|= JOIN #go 1|= PART #go", "#b", "#lobby #b", ""},
		{"parted from another", "= JOIN #go 1|= JOIN #b 1|= PART #go", "#b", "#lobby #b", ""},
		{"parted from all", "= PART #lobby", "", "", ""},
		{"joined by another connection", "> you joined #go|= LIST 1 ana", "#lobby", "#lobby #go", "ana"},
		{"joined by another connection, and then here", "> you joined #go|= JOIN #go 2|= LIST 2 ana bob", "#go", "#lobby #go", "ana bob"},
		{"left by another connection", "= JOIN #go 1|> you left #go", "#lobby", "#lobby", ""},
		{"left by another connection what is not known", "> you left #go", "#lobby", "#lobby", ""},
		{"put out", "= JOIN #go 1|! put-out of #go by eve: words", "#lobby", "#lobby", ""},
		{"put out of another one", "= JOIN #go 1|= JOIN #b 1|! put-out of #go by eve: words", "#b", "#lobby #b", ""},
		{"told of another room", "= LIST 1 ana|= JOIN #go 1|= LIST 1 ana|#lobby > New user x entered (2 users online)", "#go", "#lobby #go", "ana"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := play(append([]string{hello}, strings.FieldsFunc(row.lines, func(r rune) bool { return r == '|' })...)...)
			current, users := "", ""
			if r := c.Current(); r != nil {
				current, users = r.Name, told(r)
			}
			var rooms []string
			for _, r := range c.Rooms() {
				rooms = append(rooms, r.Name)
			}
			if got := strings.Join(rooms, " "); current != row.current || got != row.rooms || users != row.users {
				t.Errorf("current %q, rooms %q, users %q; want %q, %q, %q", current, got, users, row.current, row.rooms, row.users)
			}
		})
	}
}

func told(r *Room) string {
	names := r.Users()
	for i, name := range names {
		if r.Away(name) {
			names[i] += "*"
		}
	}
	return strings.Join(names, " ")
}

func TestWish(t *testing.T) {
	w := Wish{Name: "ana", Password: "secret words", Rooms: []string{"#go"}}
	steps := []struct {
		line string
		want []string
	}{
		{"= LOGIN Ana", []string{"LOGIN Ana secret words", "JOIN #go"}},
		{"= JOIN #GO 1", []string{"LOGIN Ana secret words", "JOIN #go"}},
		{"= JOIN #b 1", []string{"LOGIN Ana secret words", "JOIN #go", "JOIN #b"}},
		{"= NICK bea", []string{"ADD bea", "JOIN #go", "JOIN #b"}},
		{"= PART #go", []string{"ADD bea", "JOIN #b"}},
		{"= PART #lobby", []string{"ADD bea", "JOIN #b", "PART #lobby"}},
		{"= JOIN #lobby 4", []string{"ADD bea", "JOIN #b"}},
	}
	for _, step := range steps {
		e := Parse(step.line)
		w.Follow(&e)
		if got := w.Lines(); !slices.Equal(got, step.want) {
			t.Errorf("after %q: Lines() = %q, want %q", step.line, got, step.want)
		}
	}
}

// TestWishOfPerson: on a server where an account stays with who takes another name, the password does as well.
func TestWishOfPerson(t *testing.T) {
	w := Wish{Name: "ana", Password: "secret words"}
	steps := []struct {
		line string
		want []string
	}{
		{"= IDS ON", []string{"LOGIN ana secret words"}},
		{"= LOGIN ana", []string{"LOGIN ana secret words"}},
		{"= NICK bea", []string{"LOGIN ana secret words"}},
		{"= LOGIN Ana", []string{"LOGIN Ana secret words"}},
		{"> you joined #go", []string{"LOGIN Ana secret words", "JOIN #go"}},
		{"= JOIN #b 1", []string{"LOGIN Ana secret words", "JOIN #go", "JOIN #b"}},
		{"! put-out of #b by eve", []string{"LOGIN Ana secret words", "JOIN #go"}},
		{"> you left #lobby", []string{"LOGIN Ana secret words", "JOIN #go", "PART #lobby"}},
		{"= UNREGISTER eve", []string{"LOGIN Ana secret words", "JOIN #go", "PART #lobby"}},
		{"= UNREGISTER ana", []string{"ADD Ana", "JOIN #go", "PART #lobby"}},
		{"= LOGIN eve", []string{"ADD eve", "JOIN #go", "PART #lobby"}},
	}
	for _, step := range steps {
		e := Parse(step.line)
		w.Follow(&e)
		if got := w.Lines(); !slices.Equal(got, step.want) {
			t.Errorf("after %q: Lines() = %q, want %q", step.line, got, step.want)
		}
	}
	w.Stay(play(hello, "= JOIN #x 1"))
	if got, want := w.Lines(), []string{"ADD eve", "JOIN #x"}; !slices.Equal(got, want) {
		t.Errorf("after Stay: Lines() = %q, want %q", got, want)
	}
}

// TestChatOfPerson: what the person does by another connection holds here, too.
func TestChatOfPerson(t *testing.T) {
	c := play(hello, "= LOGIN ana", "= LIST 2 ana bob", "> ana is away: lunch")
	if !c.Person || !c.Away || told(c.Current()) != "ana* bob" {
		t.Errorf("person %v, away %v, users %q; want true, true, ana* bob", c.Person, c.Away, told(c.Current()))
	}
	for _, line := range []string{"> ana is back", "> ana is now called bea", "> bob is away"} {
		e := Parse(line)
		c.Apply(&e)
	}
	if c.Away || c.Name != "bea" || told(c.Current()) != "bea bob*" {
		t.Errorf("away %v, name %q, users %q; want false, bea, bea bob*", c.Away, c.Name, told(c.Current()))
	}
}

func TestParseAddress(t *testing.T) {
	rows := []struct{ written, network, target string }{
		{"localhost:7778", "tcp", "localhost:7778"},
		{"localhost", "tcp", "localhost:7777"},
		{"::1", "tcp", "[::1]:7777"},
		{"[::1]", "tcp", "[::1]:7777"},
		{"[::1]:7", "tcp", "[::1]:7"},
		{"unix:///run/x.sock", "unix", "/run/x.sock"},
		{"unix://", "", ""},
		{"http://x", "", ""},
		{":7777", "", ""},
		{"", "", ""},
		{"a b", "", ""},
	}
	for _, row := range rows {
		t.Run(row.written, func(t *testing.T) {
			got, err := ParseAddress(row.written)
			if got.Network != row.network || got.Target != row.target || (err == nil) != (row.network != "") {
				t.Errorf("ParseAddress(%q) = %q %q, %v; want %q %q", row.written, got.Network, got.Target, err, row.network, row.target)
			}
		})
	}
}

func TestSafeName(t *testing.T) {
	rows := []struct{ name, want string }{
		{"notes.txt", "notes.txt"},
		{"my notes.txt", "my notes.txt"},
		{"../../etc/passwd", "passwd"},
		{`..\..\boot.ini`, "boot.ini"},
		{"/etc/passwd", "passwd"},
		{"..", "file"},
		{".", "file"},
		{"", "file"},
		{"dir/", "file"},
		{".bashrc", "_bashrc"},
		{"-rf", "_rf"},
		{"C:x|y?\x1b", "C_x_y__"},
		{"日本.txt", "日本.txt"},
		{"end. . ", "end"},
	}
	for _, row := range rows {
		if got := SafeName(row.name); got != row.want {
			t.Errorf("SafeName(%q) = %q, want %q", row.name, got, row.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for n := 1; n < 100; n++ {
		most := maxWait
		if n < 7 {
			most = min(maxWait, firstWait<<(n-1))
		}
		if got := backoff(n); got < most/2 || got > most {
			t.Errorf("backoff(%d) = %v, want between %v and %v", n, got, most/2, most)
		}
	}
}
