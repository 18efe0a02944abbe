package dialogue

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParseOptions(t *testing.T) {
	d, err := Parse("x.chat", "# words\n% announce-max=2 away-after=300ms recent=5 max-line=64 "+
		"password=open-sesame operator=ann:good-password operator=bob:better:one names=on motd=Welcome_to_all motd=Be_kind\n+ ann\n")
	want := Options{
		Sessions:    10,
		AnnounceMax: 2, AwayAfter: 300 * time.Millisecond, Recent: 5, MaxLine: 64,
		Password: "open-sesame", Operators: []Operator{{"ann", "good-password"}, {"bob", "better:one"}}, Names: true, MOTD: []string{"Welcome to all", "Be kind"},
	}
	if err != nil || !reflect.DeepEqual(d.Options, want) {
		t.Errorf("Parse gives the options %+v and %v, want %+v", d.Options, err, want)
	}
	if d, err = Parse("x.chat", "+ ann\n"); err != nil || !reflect.DeepEqual(d.Options, DefaultOptions()) {
		t.Errorf("Parse without %% gives the options %+v and %v, want %+v", d.Options, err, DefaultOptions())
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no statement", "+ ann\nhello\n", `x.chat:2: not a statement: "hello"`},
		{"sent by nobody", "ann> hello\n", `x.chat:1: no client "ann" is connected`},
		{"expected by nobody", "ann< hello\n", `x.chat:1: no client "ann" is connected`},
		{"after a cut", "+ ann\n- ann\nann> hello\n", `x.chat:3: no client "ann" is connected`},
		{"cut of nobody", "- ann\n", `x.chat:1: no client "ann" is connected`},
		{"half-close of nobody", "| ann\n", `x.chat:1: no client "ann" is connected`},
		{"no name", "+\n", `x.chat:1: "" can't be the name of a client`},
		{"no voice", "+ ann (latin)\n", `x.chat:1: no client speaks "(latin)"`},
		{"a voice of nobody", "+ (irc)\n", `x.chat:1: "(irc)" can't be the name of a client`},
		{"a name with a sign", "+ a>b\n", `x.chat:1: "a>b" can't be the name of a client`},
		{"no Go string", "+ ann\nann>> hello\n", "x.chat:2: not a Go string:  hello"},
		{"an empty expectation", "+ ann\nann<\n", "x.chat:2: an empty line can't be expected"},
		{"no regular expression", "+ ann\nann< ~ (\n", "x.chat:2: error parsing regexp"},
		{"no duration", "@ soon\n", "x.chat:1: time: invalid duration"},
		{"options twice", "% recent=1\n% recent=1\n", "x.chat:2: the options stand in line 1 already"},
		{"options too late", "+ ann\n% recent=1\n", "x.chat:2: options stand above all that is done"},
		{"no option", "% colour=red\n", "x.chat:1: option colour=red: no such option"},
		{"an operator without a password", "% operator=ann\n", "x.chat:1: option operator=ann: want a name, a colon and a password"},
		{"no switch", "% names=yes\n", "x.chat:1: option names=yes: want on or off"},
		{"no number", "% recent=few\n", "x.chat:1: option recent=few: strconv.Atoi"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Parse("x.chat", tt.text); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("Parse(%q) = %v, want %s", tt.text, err, tt.want)
			}
		})
	}
}
