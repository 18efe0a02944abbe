package room

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// governors is a State with clients of both kinds: those of lines, by come, and newcomers who number what they ask for.
type governors struct {
	t *testing.T
	s *State
	// next is the number of the last command, and the time.
	next uint32
}

func newGovernors(t *testing.T, cfg Config) *governors { return &governors{t: t, s: New(cfg)} }

// do has client n say that.
func (g *governors) do(n uint32, cmd Command) []Event {
	g.next++
	cmd.Client, cmd.Wall = NewClientID(n, 1), 1000*int64(g.next)
	return slices.Clone(g.s.Apply(&cmd))
}

// enters has client n come as a newcomer of that name, from the host of its number.
func (g *governors) enters(n uint32, name string) {
	g.do(n, Command{Verb: Connect, Name: fmt.Sprintf("10.0.0.%d:%d", n, n), Host: fmt.Sprintf("host%d", n), Off: true})
	g.do(n, Command{Verb: Enter, Name: name, User: "u" + name, Real: "Real " + name, Tag: 1, Last: true})
}

// comes has client n come as one of lines, and take that name.
func (g *governors) comes(n uint32, name string) {
	g.do(n, Command{Verb: Connect, Name: fmt.Sprintf("10.0.0.%d:%d", n, n)})
	g.do(n, Command{Verb: SignIn, Name: name})
}

// joins has client n join the room, by a number if it is a newcomer.
func (g *governors) joins(n uint32, room string, tag uint32) []Event {
	return g.do(n, Command{Verb: Join, Name: room, Tag: tag, Last: tag != 0})
}

// of are the events of a kind among those.
func of(kind Kind, events []Event) (found []Event) {
	for _, e := range events {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// rights are those in the rows, as kind and target.
func rightsTold(e *Event) string {
	var told []string
	for _, row := range e.List {
		told = append(told, strings.TrimSpace(row.Right.String()+" "+row.Name))
	}
	return strings.Join(told, ",")
}

// want fails if what wasn't told so.
func (g *governors) want(what, got, want string) {
	g.t.Helper()
	if got != want {
		g.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// modes is what client n is told of the room's modes, or of its rights of the kind; "refused" if it isn't.
func (g *governors) modes(n uint32, room string, kind RightKind) string {
	g.t.Helper()
	events := g.do(n, Command{Verb: Modes, Room: room, Right: kind})
	if told := of(ModesAre, events); len(told) == 1 && told[0].Client == NewClientID(n, 1) {
		return rightsTold(&told[0])
	}
	if told := of(Refused, events); len(told) == 1 && told[0].Why == NotInRoom {
		return "refused"
	}
	return fmt.Sprint(events)
}

// TestWhoOpensARoomByANumber: without an account it is an operator of it, else its founder; and its topic is the operators'. Of lines nobody is told that.
func TestWhoOpensARoomByANumber(t *testing.T) {
	g := newGovernors(t, Config{})
	g.enters(1, "ann")
	g.enters(2, "bob")
	g.comes(3, "eve")
	g.do(2, Command{Verb: Registered, Name: "bob"})
	g.joins(1, "#ann", 7)
	opened := 1000 * int64(g.next)
	g.joins(2, "#bob", 7)
	g.joins(3, "#eve", 0)
	for _, row := range []struct {
		room   string
		n      uint32
		rights string
	}{{"#ann", 1, "op ann,topic"}, {"#bob", 2, "founder bob,topic"}, {"#eve", 3, ""}} {
		told := of(RightList, g.do(row.n, Command{Verb: Govern, Room: row.room}))
		g.want("the rights of "+row.room, rightsTold(&told[0]), row.rights)
	}
	if at := of(ModesAre, g.do(3, Command{Verb: Modes, Room: "#ann"}))[0].At; at != opened {
		t.Errorf("the room was opened at %d, want %d", at, opened)
	}

	// Its operators make others where there is no founder, and founders where there is one.
	g.joins(3, "#ann", 0)
	told := of(GovernDone, g.do(1, Command{Verb: Govern, Room: "#ann", Right: RightOperator, Name: "eve"}))
	g.want("made an operator", rightsTold(&told[0]), "op eve")
	g.want("by its name", told[0].List[0].Of.Name+"!"+told[0].List[0].Of.User+"@"+told[0].List[0].Of.Host, "eve!@10.0.0.3")
	governed := of(Governed, g.do(3, Command{Verb: Govern, Room: "#ann", Right: RightOperator, Name: "ann", Off: true}))
	g.want("no longer one", rightsTold(&governed[0]), "op ann")
	g.want("by whom", governed[0].Who+"!"+governed[0].User+"@"+governed[0].Host, "eve!@10.0.0.3")
}

// TestModesAreTold: to anybody, but of secret rooms, and addresses and invitations not to all.
func TestModesAreTold(t *testing.T) {
	g := newGovernors(t, Config{Operators: []string{"ops"}})
	g.enters(1, "ann")
	g.enters(2, "bob")
	g.enters(3, "ops")
	g.do(3, Command{Verb: Grant, Name: "ops"})
	g.joins(1, "#go", 7)
	for _, cmd := range []Command{
		{Right: RightKey, Text: "digest"}, {Right: RightLimit, N: 50}, {Right: RightBan, Name: "*!*@spam"}, {Right: RightBan, Name: "m:*!*@loud"}, {Right: RightExcept, Name: "a:eve"},
		{Right: RightInvex, Name: "bob!*@*"}, {Right: RightInvite, Name: "bob"},
	} {
		cmd.Verb, cmd.Room = Govern, "#go"
		g.do(1, cmd)
	}
	g.do(3, Command{Verb: Govern, Room: "#go", Right: RightBan, Name: "10.1.0.0/16"})
	g.want("the rules", g.modes(2, "#go", 0), "key,topic,limit")
	g.want("bans", g.modes(2, "#go", RightBan), "ban *!*@spam,ban m:*!*@loud")
	g.want("bans, to an operator of the server", g.modes(3, "#go", RightBan), "ban *!*@spam,ban m:*!*@loud,ban 10.1.0.0/16")
	g.want("exceptions", g.modes(2, "#go", RightExcept), "except a:eve")
	g.want("from the lock", g.modes(2, "#go", RightInvex), "invex bob!*@*")
	g.want("operators", g.modes(2, "#go", RightOperator), "op ann")
	g.want("invitations", g.modes(1, "#go", RightInvite), "invite bob")
	g.want("invitations, to others", g.modes(2, "#go", RightInvite), "")
	for _, row := range of(ModesAre, g.do(2, Command{Verb: Modes, Room: "#go"}))[0].List {
		if row.Right == RightKey && row.Text != "" || row.Right == RightLimit && row.Text != "50" {
			t.Errorf("%s has %q", row.Right, row.Text)
		}
	}
	g.do(1, Command{Verb: Govern, Room: "#go", Right: RightSecret})
	g.want("a secret room", g.modes(2, "#go", 0), "refused")
	g.want("a secret room, to an operator", g.modes(3, "#go", 0), "key,topic,limit,secret")
	g.want("no room", g.modes(2, "#nowhere", 0), "refused")
	no := of(Refused, g.do(2, Command{Verb: Tell, Name: "#go", Text: "hello"}))[0]
	g.want("told that there is a secret room", no.RoomName, "")
	g.do(1, Command{Verb: Govern, Room: "#go", Right: RightSecret, Off: true})
	no = of(Refused, g.do(2, Command{Verb: Tell, Name: "#go", Text: "hello"}))[0]
	g.want("told that there is a room", no.RoomName, "#go")
}

// TestBanThatStays: whom it means is kept out, and stays, without a word, if it is in the room; so by another name.
func TestBanThatStays(t *testing.T) {
	g := newGovernors(t, Config{})
	g.enters(1, "ann")
	g.enters(2, "bob")
	g.comes(3, "eve")
	g.joins(1, "#go", 7)
	g.joins(2, "#go", 7)
	g.joins(3, "#go", 0)
	ban := func(name string, off bool) {
		g.do(1, Command{Verb: Govern, Room: "#go", Right: RightBan, Name: name, Stays: true, Off: off})
	}
	says := func() string {
		if no := of(Refused, g.do(2, Command{Verb: Tell, Name: "#go", Text: "hello"})); len(no) > 0 {
			return string(no[0].Why.Code())
		}
		return "heard"
	}
	ban("bob!*@*", false)
	g.want("it says something", says(), "room-muted")
	g.do(2, Command{Verb: Nick, Name: "ben"})
	g.want("by another name", says(), "heard")
	g.do(2, Command{Verb: Nick, Name: "bob"})
	g.want("by its own", says(), "room-muted")
	if r := g.s.hall.rooms["#go"]; len(r.members) != 3 {
		t.Errorf("%d are in the room, want 3", len(r.members))
	}
	g.do(1, Command{Verb: Govern, Room: "#go", Right: RightBan, Name: "*!*@10.0.0.9"}) // which puts out whom it means
	g.want("while others are put out", says(), "room-muted")
	g.do(2, Command{Verb: Part, Name: "#go"})
	g.want("it comes back", string(of(Refused, g.joins(2, "#go", 7))[0].Why.Code()), "room-banned")
	ban("bob!*@*", true)
	g.joins(2, "#go", 7)
	g.want("no longer banned", says(), "heard")
}

// TestMarks: who is found, who writes to whom, and who is an operator.
func TestMarks(t *testing.T) {
	g := newGovernors(t, Config{Operators: []string{"ops"}, Sessions: 3})
	g.comes(1, "ann")
	g.enters(2, "bob")
	mark := func(n uint32, letters string, off bool) string {
		told := of(MarkedAs, g.do(n, Command{Verb: Mark, Name: letters, Off: off, Tag: 9}))
		if len(told) != 1 || told[0].Tag != 9 {
			t.Fatalf("%d is told %+v", n, told)
		}
		if changed := told[0].List; len(changed) > 0 {
			return map[bool]string{false: "+", true: "-"}[told[0].Off] + changed[0].Name + " " + told[0].Text
		}
		return told[0].Text
	}
	g.want("at first", mark(2, "", false), "+i")
	g.want("some that there are, twice, and some that there aren't", mark(2, "wBiow-B", false), "+wB +Biw")
	if g.s.census.visible != 0 {
		t.Errorf("%d are visible, want none", g.s.census.visible)
	}
	g.want("visible", mark(2, "ix", true), "-i +Bw")
	if p := viewerOf(turn{g.s, g.s.names.byName("ann"), &Command{Client: NewClientID(1, 1)}, nil}).portrait(g.s.names.byName("bob"), nil); p.Hidden || !p.Bot || g.s.census.visible != 1 {
		t.Errorf("bob is %+v, and %d are visible", p, g.s.census.visible)
	}
	g.do(2, Command{Verb: Grant, Name: "ops"})
	g.want("an operator", mark(2, "", false), "+Bwo")
	g.want("none any more", mark(2, "o", true), "-o +Bw")
	g.want("nor again", mark(2, "o", false), "+Bw")

	g.want("for those who are known", mark(2, "R", false), "+R +BRw")
	g.want("a stranger writes", string(of(Refused, g.do(1, Command{Verb: Tell, Name: "bob", Text: "hi"}))[0].Why.Code()), "not-registered")
	g.do(1, Command{Verb: Registered, Name: "ann"})
	if n := len(of(Whispered, g.do(1, Command{Verb: Tell, Name: "bob", Text: "hi"}))); n != 1 {
		t.Errorf("who has an account is heard %d times", n)
	}
	g.do(2, Command{Verb: Disconnect, N: None})
	if g.s.census.visible != 0 {
		t.Errorf("%d are visible behind all, want none", g.s.census.visible)
	}

	// A person's other sessions are told as well.
	g.do(3, Command{Verb: Connect, Name: "10.0.0.3:3", Off: true})
	g.do(3, Command{Verb: LogIn, Name: "ann"})
	g.do(3, Command{Verb: Enter, Name: "ann", User: "a", Tag: 1, Last: true})
	if told := of(MarkedAs, g.do(3, Command{Verb: Mark, Name: "w"})); len(told) != 2 || told[1].Client != NewClientID(1, 1) || told[1].Text != "+iw" {
		t.Errorf("they are told %+v", told)
	}
}

// TestInvitationsAreTold: those that there are to who is invited, in order.
func TestInvitationsAreTold(t *testing.T) {
	g := newGovernors(t, Config{})
	g.enters(1, "ann")
	g.enters(2, "bob")
	invited := func() string {
		var rooms []string
		for _, row := range of(InvitedTo, g.do(2, Command{Verb: Invitations}))[0].List {
			rooms = append(rooms, row.Name)
		}
		return strings.Join(rooms, " ")
	}
	g.want("at first", invited(), "")
	for _, room := range []string{"#two", "#one", "#other"} {
		g.joins(1, room, 7)
		if room != "#other" {
			events := g.do(1, Command{Verb: Govern, Room: room, Right: RightInvite, Name: "bob"})
			told := of(Invited, events)[0]
			g.want("invited by", told.Who+"!"+told.User+"@"+told.Host, "ann!uann@host1")
		}
	}
	g.want("then", invited(), "#one #two")
	g.joins(2, "#two", 7)
	g.want("once used", invited(), "#one")
}

// TestPutOutIsTold: to all where the room is small, and to a large one if it could see who that is.
func TestPutOutIsTold(t *testing.T) {
	g := newGovernors(t, Config{AnnounceMax: 2})
	for n := uint32(1); n <= 5; n++ {
		g.enters(n, string(rune('a'+n))+"nn")
		g.joins(n, "#go", 7)
	}
	kick := func(name string) []Event {
		return g.do(1, Command{Verb: PutOutOf, Room: "#go", Name: name, Text: "bye", Tag: 8})
	}
	if events := kick("fnn"); len(of(Expelled, events))+len(of(Vanished, events))+len(of(Left, events))+len(of(Governed, events)) != 0 || len(of(GovernDone, events)) != 1 {
		t.Errorf("of who was not seen is told %+v", events)
	}
	g.do(4, Command{Verb: Tell, Name: "#go", Text: "here I am", Tag: 3})
	events := kick("enn")
	told := of(Expelled, events)
	if len(told) != 1 || len(of(Vanished, events))+len(of(Governed, events)) != 0 || told[0].Scope != ToRoom {
		t.Fatalf("of who was seen is told %+v", events)
	}
	g.want("by whom", told[0].Who+"!"+told[0].User+"@"+told[0].Host, "bnn!ubnn@host1")
	g.want("of whom", told[0].List[0].Name+" "+told[0].List[0].Text, "enn bye")
	own := of(Refused, events)
	g.want("to itself", own[0].Who+"!"+own[0].User+"@"+own[0].Host, "bnn!ubnn@host1")
	g.do(3, Command{Verb: Part, Name: "#go"})
	events = kick("cnn")
	if told := of(Governed, events); len(told) != 1 || len(of(Expelled, events)) != 0 {
		t.Errorf("in a small room is told %+v", events)
	}
	if left := of(Left, events); len(left) != 1 || !left[0].Off {
		t.Errorf("who is put out leaves by %+v, want one that says so", left)
	}
	if left := of(Left, g.do(1, Command{Verb: Part, Name: "#go"})); len(left) != 0 {
		t.Errorf("the last one leaves by %+v", left)
	}
}

// TestWhoGetsARightShows: in a large room the others see it first; and who comes with one shows at once.
func TestWhoGetsARightShows(t *testing.T) {
	g := newGovernors(t, Config{AnnounceMax: 2})
	for n := uint32(1); n <= 4; n++ {
		g.enters(n, string(rune('a'+n))+"nn")
		g.joins(n, "#go", 7)
	}
	kinds := func(events []Event) (told []Kind) {
		for _, e := range events {
			if e.Kind == Appeared || e.Kind == Governed || e.Kind == Vanished {
				told = append(told, e.Kind)
			}
		}
		return told
	}
	if got := kinds(g.do(1, Command{Verb: Govern, Room: "#go", Right: RightVoice, Name: "enn"})); !slices.Equal(got, []Kind{Appeared, Governed}) {
		t.Errorf("a voice is told by %v, want that it appears first", got)
	}
	if got := kinds(g.do(1, Command{Verb: Govern, Room: "#go", Right: RightVoice, Name: "enn", Off: true})); !slices.Equal(got, []Kind{Governed}) {
		t.Errorf("that it is taken is told by %v", got)
	}
	if got := kinds(g.do(1, Command{Verb: Govern, Room: "#go", Right: RightInvite, Name: "dnn"})); len(got) != 0 {
		t.Errorf("an invitation of who is there is told by %v", got)
	}
	g.do(4, Command{Verb: Registered, Name: "enn"})
	g.do(1, Command{Verb: Govern, Room: "#go", Right: RightOperator, Name: "enn"})
	g.do(4, Command{Verb: Part, Name: "#go"})
	if got := kinds(g.joins(4, "#go", 7)); !slices.Equal(got, []Kind{Appeared}) {
		t.Errorf("who comes with a right is told by %v, want that it appears", got)
	}
}
