package irc_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"looproom/loop/dialect/irc"
	"looproom/loop/room"
)

// observer is a client of IRC that subscribes to keys of metadata, with what it knows of them by the lines that it reads.
type observer struct {
	*person
	knows map[string]map[string]string // values by key, of rooms and of who is in its own
	later map[string]bool              // the rooms of which it has to ask for them
	got   map[string]string            // the answer to GET; nil: it has not asked
}

// watched are the keys that it subscribes to. Others are set as well.
var watched = []string{"avatar", "url"}

func (o *observer) learns(c *observers, nick, command string, params []string) {
	switch command {
	case "JOIN":
		if !c.large(params[0]) {
			o.knows[nick] = nil // all that is set is told
		}
	case "NICK":
		now := params[len(params)-1]
		o.knows[now] = o.knows[nick]
		delete(o.knows, nick)
	case "BATCH":
		if in := params[min(2, len(params)-1)]; strings.HasPrefix(params[0], "+") && o.got == nil && o.rooms[in] != nil {
			o.knows[in] = nil
			for name := range o.rooms[in] {
				if !c.large(in) {
					o.knows[name] = nil
				}
			}
		}
	case "774":
		o.later[params[1]] = true
	case "METADATA":
		of := maps.Clone(o.knows[params[0]])
		if of == nil {
			of = map[string]string{}
		}
		if of[params[1]] = params[3]; params[3] == "" {
			delete(of, params[1])
		}
		o.knows[params[0]] = of
	case "761":
		if o.got != nil {
			o.got[params[2]] = params[4]
		}
	}
	maps.DeleteFunc(o.knows, func(name string, _ map[string]string) bool { return o.rooms[name] == nil && !o.meets(name) })
	maps.DeleteFunc(o.later, func(name string, _ bool) bool { return o.rooms[name] == nil })
}

// meets says whether it shares a room with somebody.
func (o *observer) meets(name string) bool {
	for _, names := range o.rooms {
		if names[name] {
			return true
		}
	}
	return name == o.nick
}

// observers are in one chat.
type observers struct {
	crowd
	all []*observer // by slot
}

// large says whether coming and going in a room is not told.
func (c *observers) large(in string) bool {
	n := 0
	for _, o := range c.all {
		if o != nil && o.rooms[in] != nil {
			n++
		}
	}
	return n > metadataAnnounceMax
}

const metadataAnnounceMax = 3

// comes has another client come in a slot, which is shown as nick if nobody is called so.
func (c *observers) comes(t *testing.T, slot int, nick string) {
	tag := uint32(1)
	if before := c.all[slot]; before != nil {
		tag = before.id.Tag() + 1
		c.apply(&room.Command{Verb: room.Disconnect, Client: before.id})
	}
	server := &irc.Server{Name: "irc.test", Network: "Test", Words: func(*room.Refusal) string { return "no" }}
	name := fmt.Sprintf("10.0.0.%d:%d", slot, 1000+tag)
	p := &person{
		t: t, id: room.NewClientID(uint32(slot), tag), rooms: map[string]map[string]bool{},
		irc: irc.NewClient(func() *irc.Server { return server }, irc.Conn{Host: name}),
	}
	o := &observer{person: p, knows: map[string]map[string]string{}, later: map[string]bool{}}
	p.also = func(nick, command string, params []string) { o.learns(c, nick, command, params) }
	c.all[slot] = o
	c.index.Add(p.id, p)
	c.apply(&room.Command{Verb: room.Connect, Off: true, Client: p.id, Name: name})
	for _, line := range []string{"CAP REQ :batch draft/metadata-2", "METADATA * SUB " + strings.Join(watched, " "), "METADATA * SET url :before", "NICK " + nick, "USER user 0 * :Real", "CAP END"} {
		c.says(p, line)
	}
}

// sync has each ask what it was to ask for later, of rooms that aren't large any more.
func (c *observers) sync() {
	for _, o := range c.all {
		if o == nil {
			continue
		}
		for in := range o.later {
			if !c.large(in) {
				delete(o.later, in)
				c.says(o.person, "METADATA "+in+" SYNC")
			}
		}
	}
}

// check compares what each knows of its rooms, and of who is in those that aren't large, with what GET tells.
func (c *observers) check(t *testing.T, step int, last string) {
	t.Helper()
	is := map[string]map[string]string{}
	for _, o := range c.all {
		if o == nil || o.nick == "" {
			continue
		}
		for in, names := range o.rooms {
			of := []string{in}
			if !c.large(in) {
				of = append(of, slices.Collect(maps.Keys(names))...)
			}
			for _, name := range of {
				if is[name] == nil {
					o.got = map[string]string{}
					c.says(o.person, "METADATA "+name+" GET "+strings.Join(watched, " "))
					is[name], o.got = o.got, nil
				}
				if name != o.nick && !maps.Equal(o.knows[name], is[name]) {
					t.Fatalf("step %d, %s: %s, who is in %v, has of %s %v, and GET tells %v", step, last, o.nick, o.rooms, name, o.knows[name], is[name])
				}
			}
		}
	}
}

// TestEachClientKnowsMetadata: by the lines that it reads alone a client knows at every moment what is set, of the keys that it subscribes to, of its rooms, and of everybody in those that aren't large.
func TestEachClientKnowsMetadata(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	c := &observers{crowd: crowd{state: room.New(room.Config{AnnounceMax: metadataAnnounceMax, Page: 100}), read: map[string]int{}}, all: make([]*observer, 8)}
	in, keys := slices.Sorted(maps.Keys(rooms)), append([]string{"mood"}, watched...)
	for step := range 5000 {
		slot := random.IntN(len(c.all))
		o, where, nick, key, value := c.all[slot], in[random.IntN(len(in))], fmt.Sprint("user", random.IntN(20)), keys[random.IntN(len(keys))], fmt.Sprint("v", random.IntN(3))
		if o == nil || o.nick == "" || random.IntN(60) == 0 {
			c.comes(t, slot, nick)
			continue
		}
		line := []string{
			"JOIN " + where, "JOIN " + where, "JOIN " + where, "PART " + where, "NICK " + nick, "METADATA * SET " + key + " " + value, "METADATA * SET " + key + " " + value, "METADATA * SET " + key,
			"METADATA * CLEAR", "METADATA " + where + " SET " + key + " " + value, "METADATA " + where + " CLEAR", "KICK " + where + " " + nick, "PRIVMSG " + where + " :words",
		}[random.IntN(13)]
		c.says(o.person, line)
		c.sync()
		c.check(t, step, o.nick+" says "+line)
	}
	for _, word := range []string{"METADATA", "774", "761"} {
		if c.read[word] < 50 {
			t.Errorf("%s was read %d times: the test has lost its point", word, c.read[word])
		}
	}
}
