package irc_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop/dialect/irc"
	"looproom/loop/room"
	"looproom/loop/roomindex"
)

// person is a client of the test: of IRC, with what it knows by the lines that it reads, or of lines, about which nobody asks.
type person struct {
	t     *testing.T
	id    room.ClientID
	irc   *irc.Client // nil: it is one of lines
	nick  string
	rooms map[string]map[string]bool                  // who is where
	comes string                                      // the room in which it is, and has still to be told who else is
	names map[string]bool                             // the last answer to NAMES; nil: it has not come
	also  func(nick, command string, params []string) // is told of each line behind that. nil: nobody
}

// reads has it read lines.
func (p *person) reads(text []byte) {
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
		if strings.HasPrefix(line, "@") {
			_, line, _ = strings.Cut(line, " ")
		}
		from, rest, _ := strings.Cut(strings.TrimPrefix(line, ":"), " ")
		nick, _, _ := strings.Cut(from, "!")
		head, words, _ := strings.Cut(rest, " :")
		params := append(strings.Fields(head), words)
		p.learns(nick, params[0], params[1:], line)
		if p.also != nil {
			p.also(nick, params[0], params[1:])
		}
	}
}

func (p *person) learns(nick, command string, params []string, line string) {
	must := func(is bool) {
		if !is {
			p.t.Helper()
			p.t.Fatalf("%s, who knows %v, reads %q", p.nick, p.rooms, line)
		}
	}
	switch command {
	case "001":
		p.nick = params[0]
	case "JOIN":
		if nick == p.nick {
			must(p.rooms[params[0]] == nil)
			p.rooms[params[0]], p.comes = map[string]bool{}, params[0]
			return
		}
		must(p.rooms[params[0]] != nil && !p.rooms[params[0]][nick])
		p.rooms[params[0]][nick] = true
	case "PART", "KICK":
		own := command == "KICK" && nick == p.nick // what it has done itself it is told in any case
		if command == "KICK" {
			nick = params[1]
		}
		if must(own || p.rooms[params[0]][nick]); nick == p.nick {
			delete(p.rooms, params[0])
			return
		}
		delete(p.rooms[params[0]], nick)
	case "RENAME":
		if p.rooms[params[0]] == nil { // an operator of the server renames rooms in which it is not
			must(nick == p.nick)
			return
		}
		must(p.rooms[params[1]] == nil)
		p.rooms[params[1]] = p.rooms[params[0]]
		delete(p.rooms, params[0])
	case "QUIT":
		p.everywhere(nick, "", must)
	case "NICK":
		p.everywhere(nick, params[len(params)-1], must)
	case "353":
		if p.names == nil {
			p.names = map[string]bool{}
		}
		for name := range strings.FieldsSeq(params[3]) {
			name = strings.TrimLeft(name, "~&@%+")
			if p.names[name] = true; p.comes == params[2] {
				p.rooms[p.comes][name] = true
			}
		}
	case "366":
		p.comes = ""
	}
}

// everywhere takes a name out of all rooms, or puts another in its place.
func (p *person) everywhere(nick, now string, must func(bool)) {
	knew := nick == p.nick
	for _, names := range p.rooms {
		if names[nick] {
			knew = true
			if delete(names, nick); now != "" {
				names[now] = true
			}
		}
	}
	if must(knew); nick == p.nick {
		p.nick = now
	}
}

// crowd is clients of both kinds in one chat.
type crowd struct {
	state *room.State
	index roomindex.Index[*person]
	at    time.Duration
	of    []*person // by slot
	read  map[string]int
}

func (c *crowd) apply(cmd *room.Command) {
	c.at += time.Second
	cmd.At, cmd.Wall = c.at, c.at.Milliseconds()
	for _, e := range slices.Clone(c.state.Apply(cmd)) {
		c.index.Follow(&e)
		c.index.Audience(&e, func(p *person, _ bool) { c.tell(p, e) })
	}
}

// tell has a client read an event, to its end.
func (c *crowd) tell(p *person, e room.Event) {
	if p.irc == nil {
		return
	}
	if e.Scope != room.ToClient && !irc.Personal(e.Kind) {
		c.reads(p, irc.Append(nil, &e, p.irc.Set(), "irc.test"))
		return
	}
	rest := e.Rest
	c.reads(p, p.irc.Append(nil, &e))
	for more := rest != nil; more; {
		e.Continued = true
		if e.List, more = rest.Next(); !more {
			e.Rest = nil
		}
		c.reads(p, p.irc.Append(nil, &e))
	}
}

func (c *crowd) reads(p *person, text []byte) {
	for line := range strings.Lines(string(text)) {
		for _, word := range strings.Fields(line)[:2] {
			c.read[word]++
		}
	}
	if len(text) > 0 {
		p.reads(text)
	}
}

// says has a client of IRC say a line.
func (c *crowd) says(p *person, line string) {
	p.irc.Hear([]byte(line), func(cmd *room.Command) {
		one := *cmd
		one.Client = p.id
		c.apply(&one)
	})
}

// comes has another client come in a slot.
func (c *crowd) comes(t *testing.T, slot int, asIRC bool, nick string) {
	tag := uint32(1)
	if before := c.of[slot]; before != nil {
		tag = before.id.Tag() + 1
		c.apply(&room.Command{Verb: room.Disconnect, Client: before.id})
	}
	p := &person{t: t, id: room.NewClientID(uint32(slot), tag), rooms: map[string]map[string]bool{}}
	c.of[slot] = p
	c.index.Add(p.id, p)
	name := fmt.Sprintf("10.0.0.%d:%d", slot, 1000+tag)
	if !asIRC {
		c.apply(&room.Command{Verb: room.Connect, Client: p.id, Name: name})
		c.apply(&room.Command{Verb: room.SignIn, Client: p.id, Name: nick})
		return
	}
	server := &irc.Server{Name: "irc.test", Network: "Test", Words: func(*room.Refusal) string { return "no" }}
	p.irc = irc.NewClient(func() *irc.Server { return server }, irc.Conn{Host: name})
	c.apply(&room.Command{Verb: room.Connect, Off: true, Client: p.id, Name: name})
	if slot%3 > 1 { // those of IRC are the others as well
		c.says(p, "CAP REQ draft/channel-rename")
		c.says(p, "CAP END")
	}
	c.says(p, "NICK "+nick)
	c.says(p, "USER user 0 * :Real")
	if slot < 3 { // so that some put others out
		c.apply(&room.Command{Verb: room.Grant, Client: p.id, Name: "ops"})
	}
}

// check has each client of IRC ask who is in its rooms, and compares that with what it knows.
func (c *crowd) check(t *testing.T, step int, last string) {
	t.Helper()
	for _, p := range c.of {
		if p == nil || p.irc == nil {
			continue
		}
		for name, knows := range p.rooms {
			p.names = nil
			if c.says(p, "NAMES "+name); !maps.Equal(knows, p.names) {
				t.Fatalf("step %d, %s: %s has in %s\n%v, and reads\n%v", step, last, p.nick, name, knows, p.names)
			}
		}
		for _, r := range named {
			if p.rooms[r] == nil && p.nick != "" {
				p.names = nil
				if c.says(p, "NAMES "+r); p.names[p.nick] {
					t.Fatalf("step %d, %s: %s is in %s and doesn't know it", step, last, p.nick, r)
				}
			}
		}
	}
}

// rooms are those of the test.
var rooms = map[string]bool{"#lobby": true, "#one": true, "#two": true}

// named are these, and what they may be called besides.
var named = []string{"#five", "#four", "#lobby", "#one", "#six", "#three", "#two"}

// TestEachClientOfIRCKnowsWhoIsWhere: by the lines that it reads alone each knows at every moment who is in its rooms, as NAMES tells it, and what they are called: in rooms about as large as those in which coming and going is
// told one by one, whoever of either protocol comes, goes, speaks, is put out, called otherwise or calls a room so. It reads of nobody who comes that it knows, or goes that it doesn't.
func TestEachClientOfIRCKnowsWhoIsWhere(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c := &crowd{state: room.New(room.Config{AnnounceMax: 3, Page: 100, Operators: []string{"ops"}}), of: make([]*person, 12), read: map[string]int{}}
	joined := slices.Sorted(maps.Keys(rooms))
	for step := range 8000 {
		slot := random.IntN(len(c.of))
		p, in, nick := c.of[slot], joined[random.IntN(len(joined))], fmt.Sprint("user", random.IntN(30))
		what := min(random.IntN(15), 12)
		if p != nil && what == 7 && len(p.rooms[in]) > 0 {
			known := slices.Sorted(maps.Keys(p.rooms[in]))
			nick = known[random.IntN(len(known))]
		}
		if p == nil || what == 0 && random.IntN(5) == 0 || p.irc != nil && p.nick == "" {
			c.comes(t, slot, slot%3 > 0, nick)
			continue
		}
		other := named[random.IntN(len(named))]
		if p.irc != nil && what == 12 && len(p.rooms) > 0 {
			known := slices.Sorted(maps.Keys(p.rooms))
			in = known[random.IntN(len(known))]
		}
		line := []string{"JOIN " + in, "JOIN " + in, "JOIN " + in, "PART " + in, "PRIVMSG " + in + " :words", "NICK " + nick, "TOPIC " + in + " :words", "KICK " + in + " " + nick, "AWAY :words", "AWAY",
			"MODE " + in + " +o " + nick, "QUIT",
			"RENAME " + in + " " + other,
		}[what]
		if what == 11 && random.IntN(4) > 0 {
			continue
		}
		if p.irc != nil {
			if c.says(p, line); what == 11 {
				c.comes(t, slot, true, nick)
			}
		} else {
			name := nick
			switch {
			case what < 5:
				name = in
			case what == 12:
				name = other
			}
			c.apply(&room.Command{Verb: []room.Verb{room.Join, room.Join, room.Join, room.Part, room.Tell, room.Nick, room.Topic, room.PutOutOf, room.Away, room.Back, room.Govern, room.Ping, room.RenameRoom}[what], Client: p.id,
				Name: name, Room: in, Text: map[bool]string{true: "words"}[what > 3], Right: room.RightOperator, N: room.None})
		}
		c.check(t, step, line)
	}
	for _, word := range []string{"JOIN", "PART", "QUIT", "NICK", "KICK", "353", "RENAME"} {
		if c.read[word] < 50 {
			t.Errorf("%s was read %d times: the test has lost its point", word, c.read[word])
		}
	}
}
