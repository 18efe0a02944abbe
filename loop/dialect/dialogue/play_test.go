package dialogue

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"
)

const two = `+ ann
ann< > Connected to the chat server (1 user online)
+ bob
bob< > Connected to the chat server (2 users online)
ann< > New user 127.0.1.2:40002 entered (2 users online)
`

func TestPlaySaysWhatFailed(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"another line", "# A line goes\n# to the others.\nann> hello\nbob< [ann] hello\n", []string{
			`x.chat:9 (A line goes to the others.): bob got "[127.0.1.1:40001] hello", want "[ann] hello"`,
			"\n\tann has waiting: []",
		}},
		{"no match", "ann> hello\nbob< ~ .* hell\n", []string{
			`x.chat:7: bob got "[127.0.1.1:40001] hello", want a match of ^(?:.* hell)$`,
		}},
		{"no line", "ann> hello\nann< hello\n", []string{
			`x.chat:7: ann got nothing came, want "hello"`, `bob has waiting: ["[127.0.1.1:40001] hello"]`,
		}},
		{"a line in the place of nothing", "ann> hello\nbob< -\n", []string{`x.chat:7: bob got "[127.0.1.1:40001] hello", want nothing`}},
		{"a line in the place of EOF", "ann> LIST\nann< EOF\n", []string{`x.chat:7: ann got "= LIST 2 `, `want EOF`}},
		{"EOF in the place of a line", "ann> END\nann< = END\nann< hello\n", []string{`x.chat:8: ann got EOF, want "hello"`, "EOF"}},
		{"nothing in the place of EOF", "ann< EOF\n", []string{"x.chat:6: ann got nothing came, want EOF"}},
		{"an unexpected line at the end", "ann> hello\n", []string{
			`x.chat:6 (at the end): bob got "[127.0.1.1:40001] hello", want nothing`,
		}},
		{"an unexpected line of one who left", "ann> END\nbob< ~ < .*\n", []string{`x.chat:7 (at the end): ann got "= END", want EOF`}},
		{"an unfinished line at the end", "ann>> \"hel\"\n", []string{"x.chat:6 (at the end): ann has sent a part of a line"}},
		{"a line that comes in clear", "ann> hello\nbob<tls [ann] hi\nbob<clear [ann] hello\n", []string{
			`x.chat:8: bob got "[127.0.1.1:40001] hello", want "[ann] hello"`,
		}},
		{"the same client twice", "+ ann\n", []string{"x.chat:6: ann is connected already"}},
		{"talk after the end", "ann> END\nann> hello\n", []string{"x.chat:7: ann can't send: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Parse("x.chat", two+tt.text)
			if err != nil {
				t.Fatal(err)
			}
			err = Play(d, NewPure(d.Options))
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("Play(%q) = %v, want %s", tt.text, err, want)
				}
			}
		})
	}
}

func TestPlayForgetsWhoWasCut(t *testing.T) {
	d, err := Parse("x.chat", two+"bob> hello\n- ann\nbob< < The user 127.0.1.1:40001 left (1 user online)\n+ ann\nann> ADD ana\n"+
		"ann< ~ > Connected .*\nann< ~ = RECENT .*\nann< ~ = .* hello\nann< = ADD ana\nbob< ~ > New .*\nbob< > 127.0.1.3:40003 is now called ana\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := Play(d, NewPure(d.Options)); err != nil {
		t.Error(err)
	}
}

func TestDrainEndsAPureStage(t *testing.T) {
	stage := NewPure(Options{Operators: []Operator{{"ann", "good-password"}}, MaxLine: 100})
	for n, client := range []string{"ann", "bob"} {
		if err := stage.Connect(client, Line, netip.AddrPortFrom(netip.MustParseAddr("127.0.1.1"), uint16(n+1))); err != nil {
			t.Fatal(err)
		}
	}
	if err := stage.Send("ann", "OPER ann good-password\nDRAIN\n"); err != nil {
		t.Fatal(err)
	}
	for client, want := range map[string]string{"ann": "= DRAIN\n! closing the server is shutting down\n", "bob": "! closing the server is shutting down\n"} {
		var got strings.Builder
		line, err := stage.Next(client, 0)
		for ; err == nil; line, err = stage.Next(client, 0) {
			got.WriteString(line + "\n")
		}
		if !errors.Is(err, io.EOF) || !strings.HasSuffix(got.String(), want) {
			t.Errorf("%s got %q and %v, want %q at its end, and EOF", client, got.String(), err, want)
		}
	}
}
