package line

import (
	"strings"
	"testing"

	"looproom/loop/dialect"
	"looproom/loop/room"
)

// FuzzWhatShowsIsAllThatCounts: three clients, one of them an operator, say lines. All that is told of it is byte for byte as if they had said of each
// line what shows of it.
func FuzzWhatShowsIsAllThatCounts(f *testing.F) {
	hidden := strings.Repeat("\x02", room.MaxWords)
	for _, script := range []string{
		"0ADD ann\n1ADD bob\n2hello\n0\x02hi\x0f all\n1TEXT TO ann \x01VERSION\x01\n0\x1b\n2RECENT\n1/me \u202ewaves",
		"1ADD bob\n1TOPIC \x02all about Go\x0f\n2TOPIC\n1TOPIC \x02\n2ROOMS\n0JOIN #go\n0TOPIC \u2066x\n1JOIN #go\n2ROOMS",
		"1ADD bob\n1AWAY \x02lunch\n1AWAY lunch\n2WHO bob\n1AWAY l\x03unch\x02\n2LIST\n1\x02BACK\n1AWAY\x02\n2WHO bob",
		"0ADD ann\n1ADD bob\n0KICK bob \x02spam\x0f",
		"0ADD ann\n1ADD bob\n2ADD cem\n0BAN bob 90s \x02spam\x0f\n2NICK bob\n0KICK cem \u202e",
		"1ADD bob\n1TOPIC " + hidden + strings.Repeat("x", room.MaxWords) + "\n1TOPIC " + hidden + strings.Repeat("x", room.MaxWords+1) + "\n2TOPIC\n1AWAY " + hidden + hidden + "x",
		"1ADD bob\n1ME ID=annspho\x02ne:7 \x02waves\n1TEXT ID=annsphone:7 x\n1TEXT ID=annsphone:8 \x02\n1he\x02lp\n2he\x02lp\n2pa\x02ss opensesame\n2/da\x02nce",
	} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		asItIs, asItShows := newStand(), newStand()
		for said := range strings.SplitSeq(script, "\n") {
			if said == "" {
				continue
			}
			who, frame := uint32(said[0])%3, said[1:]
			got, want := asItIs.say(who, frame), asItShows.say(who, clean(frame))
			if got != want {
				t.Fatalf("%q by %d is told as %q, without what doesn't show as %q", frame, who, got, want)
			}
		}
	})
}

// stand is a room with three clients.
type stand struct{ state *room.State }

func newStand() stand {
	s := stand{room.New(room.Config{Recent: 20, AnnounceMax: 10, Operators: []string{"op"}})}
	for n, name := range []string{"10.0.0.1:1", "10.0.0.2:2", "10.0.0.3:3"} {
		s.do(&room.Command{Verb: room.Connect, Client: room.NewClientID(uint32(n), 1), Name: name})
	}
	s.do(&room.Command{Verb: room.Grant, Client: room.NewClientID(0, 1), Name: "op"})
	return s
}

// say has a client say a line, and returns what is told of it: to whom, and how it reads there.
func (s stand) say(who uint32, frame string) string {
	cmd := room.Command{Client: room.NewClientID(who, 1), Wall: 1000 * morning}
	if !(Dialect{}).Parse([]byte(frame), &cmd) {
		return ""
	}
	return s.do(&cmd)
}

func (s stand) do(cmd *room.Command) string {
	var told strings.Builder
	for _, e := range append([]room.Event(nil), s.state.Apply(cmd)...) {
		told.Write((Dialect{}).Append([]byte{'|', byte(e.Scope), byte(e.Client.Slot()), ' '}, &e, dialect.Reader{Here: e.Scope == room.ToClient}))
		if e.Kind == room.Asked && e.Ask.Verb == room.Ban && e.Ask.Refusal.Why == 0 { // as the server answers
			told.WriteString(s.do(&room.Command{Verb: room.SetBan, Client: room.NoClient, Name: e.Ask.Name, Text: e.Ask.Text, Wall: 1000 * morning}))
		}
	}
	return told.String()
}
